from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "careloop.domains.contacts"
    label = "contacts"
