"""The pattern pages on their own, without the rest of the house, and the little that islands ask a server for."""

import json
import threading
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path

from careloop.ui.patterns import patterns, public_patterns

REPLIES = [{"label": "Refund", "detail": "Billing", "html": "<p>We have <b>refunded</b> it.</p>"}]
PEOPLE = [{"label": "김민서", "detail": "Billing", "id": 7}]
streams: list[str] = []
closing = threading.Event()
arriving = threading.Event()


def composer(request: HttpRequest) -> HttpResponse:
    return render(request, "tests/composer.html")


def found(request: HttpRequest, what: str) -> JsonResponse:
    return JsonResponse({"replies": REPLIES, "people": PEOPLE}[what], safe=False)


def draft(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


def upload(request: HttpRequest) -> JsonResponse:
    arriving.wait(timeout=20)
    return JsonResponse({"id": 31}, status=201)


def live_page(request: HttpRequest) -> HttpResponse:
    return render(request, "tests/live.html")


def live(request: HttpRequest) -> StreamingHttpResponse:
    streams.append(request.get_full_path())

    def events() -> Iterator[str]:
        yield f"id: 8\ndata: {json.dumps({'name': 'case.created'})}\n\n"
        closing.wait(timeout=20)

    return StreamingHttpResponse(events(), content_type="text/event-stream")


def live_count(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(streams)))


urlpatterns = [
    path("patterns/", patterns),
    path("public/", public_patterns),
    path("composer/", composer),
    path("found/<str:what>/", found),
    path("drafts/", draft),
    path("uploads/", upload),
    path("live-page/", live_page),
    path("live/", live),
    path("live-count/", live_count),
]

PAGES = {
    "tests/composer.html": """{% extends "ui/shell_plain.html" %}{% block title %}Composer{% endblock %}{% block main %}<h1>x</h1>
<c-composer action="#x" key="try" draft_url="/drafts/" upload_url="/uploads/"
 replies_url="/found/replies/" people_url="/found/people/" />
{% endblock %}""",
    "tests/live.html": """{% extends "ui/shell_plain.html" %}{% block title %}Live{% endblock %}{% block main %}<h1>x</h1>
<live-stream data-url="/live/" data-since="7"></live-stream>
<c-new-pill event="case.created" one="{count} new case" other="{count} new cases" href="#x" />{% endblock %}""",
}

LOADERS: list[Any] = [
    "tests.ui.scraps.Loader",
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]

SETTINGS: dict[str, Any] = {
    "ROOT_URLCONF": "tests.ui.pages",
    "ALLOWED_HOSTS": ["*"],
    "MIDDLEWARE": [
        "csp.middleware.CSPMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [("django.template.loaders.cached.Loader", LOADERS)],
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.i18n",
                    "careloop.ui.context.appearance",
                ],
                "builtins": [
                    "django_cotton.templatetags.cotton",
                    "django.templatetags.i18n",
                    "careloop.ui.templatetags.ui",
                    "careloop.ui.templatetags.components",
                ],
            },
        }
    ],
}
