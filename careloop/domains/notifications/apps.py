from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "careloop.domains.notifications"
    label = "notifications"
