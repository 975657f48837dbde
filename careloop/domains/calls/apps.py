from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "careloop.domains.calls"
    label = "calls"
