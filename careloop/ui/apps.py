"""Django's handle on the kit, so that its templates, tags and built files are found."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The kit has templates and static files, and no tables."""

    name = "careloop.ui"
    label = "ui"
