from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "careloop.faces.cli"
    label = "cli"
