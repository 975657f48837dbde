from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "careloop.domains.workspaces"
    label = "workspaces"
