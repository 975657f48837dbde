from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "careloop.domains.exports"
    label = "exports"
