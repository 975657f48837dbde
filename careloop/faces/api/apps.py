from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "careloop.faces.api"
    label = "api"
