from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "careloop.domains.invoices"
    label = "invoices"
