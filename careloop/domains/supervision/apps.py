from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "careloop.domains.supervision"
    label = "supervision"
