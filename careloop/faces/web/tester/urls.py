"""Addresses of the tester: `/w/<workspace>/admin/tester/…`."""

from django.urls import URLPattern, URLResolver, path

from careloop.faces.web.tester import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/admin/tester/", views.tester, name="admin_tester"),
    path("w/<slug:workspace>/admin/tester/calls", views.tester_call, name="admin_tester_call"),
    path(
        "w/<slug:workspace>/admin/tester/calls/<int:call_id>/answer",
        views.tester_picking_up,
        name="admin_tester_answer",
    ),
    path(
        "w/<slug:workspace>/admin/tester/calls/<int:call_id>/ending",
        views.tester_hanging_up,
        name="admin_tester_ending",
    ),
]
