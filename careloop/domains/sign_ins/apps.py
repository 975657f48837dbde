from django.apps import AppConfig


class SignInsConfig(AppConfig):
    name = "careloop.domains.sign_ins"
    label = "sign_ins"
