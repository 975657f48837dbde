from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "careloop.domains.workforce"
    label = "workforce"
