"""Addresses of flags, all within a workspace."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.flags import views

_flags: list[URLPattern | URLResolver] = [
    path("", views.flag_list, name="flag_list"),
    path("<int:flag_id>", views.flag, name="flag"),
    path("<int:flag_id>/contacts", views.flag_contacts, name="flag_contacts"),
    path("<int:flag_id>/answer", views.flag_answer, name="flag_answer"),
    path("<int:flag_id>/doubt", views.flag_doubt, name="flag_doubt"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("w/<slug:workspace>/flags/", include(_flags))]
