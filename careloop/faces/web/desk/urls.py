"""Addresses of the desk, all within a workspace."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.desk.views import cases

_desk: list[URLPattern | URLResolver] = [
    path("cases/", cases.case_list, name="case_list"),
    path("views/counts", cases.view_counts, name="view_counts"),
    path("views/<slug:key>", cases.case_view, name="case_view"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("w/<slug:workspace>/", include(_desk))]
