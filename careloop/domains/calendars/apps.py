from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "careloop.domains.calendars"
    label = "calendars"
