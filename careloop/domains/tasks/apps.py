from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "careloop.domains.tasks"
    label = "tasks"
