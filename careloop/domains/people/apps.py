from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "careloop.domains.people"
    label = "people"
