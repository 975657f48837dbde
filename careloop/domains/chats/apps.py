from django.apps import AppConfig


class ChatsConfig(AppConfig):
    name = "careloop.domains.chats"
    label = "chats"
