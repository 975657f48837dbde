from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "careloop.domains.reports"
    label = "reports"
