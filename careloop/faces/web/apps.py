from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "careloop.faces.web"
    label = "web"
