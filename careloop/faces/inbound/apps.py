from django.apps import AppConfig


class InboundConfig(AppConfig):
    name = "careloop.faces.inbound"
    label = "inbound"
