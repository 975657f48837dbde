from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "careloop.domains.webhooks"
    label = "webhooks"
