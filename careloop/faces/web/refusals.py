"""The one translator from a refusal to what a browser shows."""

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from careloop.kernel.errors import Refusal

__all__ = ["refused", "show_refusal_in"]


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return a refusal as a page, or as the part that htmx puts in place, with the refusal's own status."""
    template = "web/refusal.html#part" if getattr(request, "htmx", False) else "web/refusal.html"
    return render(request, template, {"refusal": refusal}, status=refusal.status)


def show_refusal_in(form: BaseForm, refusal: Refusal) -> None:
    """Put a refusal's sentences beside the fields they are about, or above the form."""
    named = {name: words for name, words in refusal.fields.items() if name in form.fields}
    if not named:
        form.add_error(None, str(refusal))
    for name, words in named.items():
        form.add_error(name, str(words))
