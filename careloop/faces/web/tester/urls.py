"""Addresses of the tester: `/w/<workspace>/admin/tester/…`."""

from django.urls import URLPattern, URLResolver, path

from careloop.faces.web.tester import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/admin/tester/", views.tester, name="admin_tester"),
]
