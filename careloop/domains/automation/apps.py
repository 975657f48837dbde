from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "careloop.domains.automation"
    label = "automation"
