from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "careloop.domains.procedures"
    label = "procedures"
