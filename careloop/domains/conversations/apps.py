from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "careloop.domains.conversations"
    label = "conversations"
