from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "careloop.domains.cases"
    label = "cases"
