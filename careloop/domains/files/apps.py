from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "careloop.domains.files"
    label = "files"
