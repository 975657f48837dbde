from django.apps import AppConfig


class QueuesConfig(AppConfig):
    name = "careloop.domains.queues"
    label = "queues"
