"""Addresses of a workspace's text numbers: `/w/<workspace>/admin/texts/…`."""

from django.urls import URLPattern, URLResolver, path

from careloop.faces.web.texting import views

_number = "w/<slug:workspace>/admin/texts/<int:messenger_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/admin/texts/", views.text_list, name="admin_texts"),
    path("w/<slug:workspace>/admin/texts/new", views.text_new, name="admin_text_new"),
    path(_number, views.text_page, name="admin_text"),
    path(f"{_number}settings", views.text_settings, name="admin_text_settings"),
    path(f"{_number}checks", views.checks, name="admin_text_checks"),
    path(f"{_number}opening", views.opening, name="admin_text_opening"),
    path(f"{_number}pause", views.pause, name="admin_text_pause"),
    path(f"{_number}quarantine/<int:hook_id>/retry", views.retry, name="admin_text_retry"),
    path(f"{_number}quarantine/<int:hook_id>/discarding", views.discarding, name="admin_text_discarding"),
]
