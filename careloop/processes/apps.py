from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "careloop.processes"
    label = "processes"
