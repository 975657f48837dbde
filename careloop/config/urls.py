"""Every address of the house."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("careloop.faces.web.access.urls")),
    path("", include("careloop.faces.web.casepage.urls")),
    path("", include("careloop.faces.web.files.urls")),
    path("", include("careloop.faces.web.live.urls")),
]
