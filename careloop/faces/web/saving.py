"""A form that keeps something: shown, saved, or shown again with what is wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel.errors import Refusal

__all__ = ["saved_or_shown"]


def saved_or_shown(
    request: HttpRequest, form: BaseForm, template: str, context: Mapping[str, Any], *, save: Callable[[], HttpResponse]
) -> HttpResponse:
    """Save what is posted and return what `save` answers; show the form when nothing is posted, or what is wrong is beside it.

    context: what the template needs besides `form`. save: does the act with the valid form; its refusal is shown in the form.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return save()
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
    return render(request, template, {"form": form, **context}, status=status)
