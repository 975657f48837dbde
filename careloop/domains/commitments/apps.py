from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "careloop.domains.commitments"
    label = "commitments"
