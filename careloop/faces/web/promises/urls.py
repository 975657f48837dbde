"""Addresses of what is promised: `/w/<workspace>/admin/hours/…` and `/w/<workspace>/admin/promises/…`."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.promises.views import calendars, policies

_hours: list[URLPattern | URLResolver] = [
    path("", calendars.calendar_list, name="admin_calendars"),
    path("new", calendars.calendar_new, name="admin_calendar_new"),
    path("<int:calendar_id>", calendars.calendar_form, name="admin_calendar"),
    path("<int:calendar_id>/days", calendars.calendar_days, name="admin_calendar_days"),
    path("<int:calendar_id>/days/removal", calendars.calendar_day_removal, name="admin_calendar_day_removal"),
    path("<int:calendar_id>/use", calendars.calendar_use, name="admin_calendar_use"),
    path("<int:calendar_id>/retirement", calendars.calendar_retirement, name="admin_calendar_retirement"),
]

_promises: list[URLPattern | URLResolver] = [
    path("", policies.policy_list, name="admin_policies"),
    path("new", policies.policy_new, name="admin_policy_new"),
    path("<int:policy_id>", policies.policy_form, name="admin_policy"),
    path("<int:policy_id>/place", policies.policy_place, name="admin_policy_place"),
    path("<int:policy_id>/retirement", policies.policy_retirement, name="admin_policy_retirement"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/admin/hours/", include(_hours)),
    path("w/<slug:workspace>/admin/promises/", include(_promises)),
]
