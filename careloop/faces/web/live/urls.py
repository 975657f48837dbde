"""Addresses of what happens now."""

from django.urls import URLPattern, URLResolver, path

from careloop.faces.web.live import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/live", views.live, name="live"),
    path("w/<slug:workspace>/cases/<int:number>/presence", views.presence, name="case_presence"),
]
