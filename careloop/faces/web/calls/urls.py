"""Addresses of calls: `/w/<workspace>/calls/…`."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.calls import acts, outgoing, pages, recording

_calls: list[URLPattern | URLResolver] = [
    path("", pages.call_list, name="call_list"),
    path("at-hand", pages.call_slot, name="call_slot"),
    path("outgoing", outgoing.outgoing, name="call_outgoing"),
    path("customers/<int:customer_id>/refusal", outgoing.refusal, name="calls_refusal"),
    path("customers/<int:customer_id>/permission", outgoing.permission, name="calls_permission"),
    path("<int:call_id>/", pages.call, name="call"),
    path("on-the-floor", pages.floor_calls, name="floor_calls"),
    path("<int:call_id>/intervention", outgoing.intervention, name="call_intervention"),
    path("<int:call_id>/ending", outgoing.ending, name="call_ending"),
    path("<int:call_id>/transfer", outgoing.transfer, name="call_transfer"),
    path("<int:call_id>/recording-consent", recording.consent, name="call_consent"),
    path("<int:call_id>/recording-pause", recording.pause, name="call_recording_pause"),
    path("<int:call_id>/recording-resumption", recording.resumption, name="call_recording_resumption"),
    path("<int:call_id>/recording-opening", recording.opening, name="call_recording_opening"),
    path("<int:call_id>/return-call", outgoing.back, name="call_back"),
    path("<int:call_id>/callback", acts.callback, name="call_callback"),
    path("<int:call_id>/caller", acts.caller, name="call_caller"),
    path("<int:call_id>/case", acts.case, name="call_case"),
    path("<int:call_id>/write-up", acts.writing_up, name="call_write_up"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("w/<slug:workspace>/calls/", include(_calls))]
