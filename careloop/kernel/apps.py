from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "careloop.kernel"
    label = "kernel"
