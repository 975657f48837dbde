"""Addresses that providers call: `/in/<workspace>/…`. Their keyword is `program`; `workspace` stands for our own people's pages."""

from django.urls import URLPattern, URLResolver, path

from careloop.faces.inbound import calls, texts

_text = "in/<slug:program>/texts/<slug:key>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_text}messages", texts.messages, name="inbound_texts"),
    path(f"{_text}statuses/<int:message_id>", texts.statuses, name="inbound_text_statuses"),
    path("in/<slug:program>/phones/<slug:key>/<slug:kind>", calls.call_hooks, name="inbound_call_hooks"),
]
