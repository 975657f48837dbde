"""Addresses of calls: `/w/<workspace>/calls/…`."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.calls import acts, pages

_calls: list[URLPattern | URLResolver] = [
    path("", pages.call_list, name="call_list"),
    path("at-hand", pages.call_slot, name="call_slot"),
    path("<int:call_id>/", pages.call, name="call"),
    path("<int:call_id>/caller", acts.caller, name="call_caller"),
    path("<int:call_id>/case", acts.case, name="call_case"),
    path("<int:call_id>/write-up", acts.writing_up, name="call_write_up"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("w/<slug:workspace>/calls/", include(_calls))]
