from django.apps import AppConfig


class WallboardsConfig(AppConfig):
    name = "careloop.domains.wallboards"
    label = "wallboards"
