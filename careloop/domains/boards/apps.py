from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "careloop.domains.boards"
    label = "boards"
