from django.apps import AppConfig


class IntegrityConfig(AppConfig):
    name = "careloop.domains.integrity"
    label = "integrity"
