from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "careloop.faces.portal"
    label = "portal"
