from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "careloop.domains.channels"
    label = "channels"
