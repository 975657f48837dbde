"""Addresses of a workspace's telephone systems: `/w/<workspace>/admin/phones/…`."""

from django.urls import URLPattern, URLResolver, path

from careloop.faces.web.phones import provider, views

_phone = "w/<slug:workspace>/admin/phones/<int:pbx_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/admin/phones/", views.phone_list, name="admin_phones"),
    path("w/<slug:workspace>/admin/phones/new", views.phone_new, name="admin_phone_new"),
    path("w/<slug:workspace>/admin/phones/new-by-api", views.phone_new_told, name="admin_phone_new_told"),
    path(_phone, views.phone_page, name="admin_phone"),
    path(f"{_phone}settings", views.phone_settings, name="admin_phone_settings"),
    path(f"{_phone}provider", provider.phone_provider, name="admin_phone_provider"),
    path(f"{_phone}checks", views.checks, name="admin_phone_checks"),
    path(f"{_phone}opening", views.opening, name="admin_phone_opening"),
    path(f"{_phone}pause", views.pause, name="admin_phone_pause"),
    path(f"{_phone}people", views.people, name="admin_phone_people"),
]
