"""Every address of the house."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("careloop.faces.api.urls")),
    path("", include("careloop.faces.web.access.urls")),
    path("", include("careloop.faces.web.forms_admin.urls")),
    path("", include("careloop.faces.web.mail_admin.urls")),
    path("", include("careloop.faces.web.phones.urls")),
    path("", include("careloop.faces.web.tester.urls")),
    path("", include("careloop.faces.web.texting.urls")),
    path("", include("careloop.faces.web.chats.urls")),
    path("", include("careloop.faces.web.calls.urls")),
    path("", include("careloop.faces.web.promises.urls")),
    path("", include("careloop.faces.web.procedures.urls")),
    path("", include("careloop.faces.web.tasks.urls")),
    path("", include("careloop.faces.web.rules.urls")),
    path("", include("careloop.faces.web.webhooks.urls")),
    path("", include("careloop.faces.web.routing.urls")),
    path("", include("careloop.faces.web.desk.urls")),
    path("", include("careloop.faces.web.casepage.urls")),
    path("", include("careloop.faces.web.boards.urls")),
    path("", include("careloop.faces.web.flags.urls")),
    path("", include("careloop.faces.web.reports.urls")),
    path("", include("careloop.faces.web.invoices.urls")),
    path("", include("careloop.faces.web.files.urls")),
    path("", include("careloop.faces.web.live.urls")),
    path("", include("careloop.faces.web.wall.urls")),
    path("", include("careloop.faces.inbound.urls")),
    path("", include("careloop.faces.portal.urls")),
]
