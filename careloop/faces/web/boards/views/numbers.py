"""The card of a number: what it is, what it is made of, how far it can be trusted, and the contacts behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily
from django.views.decorators.http import require_safe

from careloop.domains.boards import rules
from careloop.domains.boards.errors import MayNotSeeNumbers
from careloop.domains.cases.queries import cases_by_id, visible_case_ids
from careloop.domains.contacts.queries import conversations_of_contacts
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.boards.card_asking import CardAsked, asked_for
from careloop.faces.web.boards.cards import card_shown
from careloop.faces.web.boards.figures import scale_of
from careloop.faces.web.boards.keys import key_words, names_in
from careloop.faces.web.boards.saving import SaveAs
from careloop.faces.web.boards.wording import moment_words
from careloop.faces.web.refusals import refused
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.lake.keys import number_of
from careloop.processes.measuring.behind import Behind, RowBehind, rows_behind
from careloop.processes.measuring.catalogue import MetricCard, card, cards, dimensions

__all__ = ["number", "number_contacts", "number_list"]

FAMILIES: Final[Mapping[str, str | Promise]] = {
    "A": lazily("Access and speed"),
    "B": lazily("Handling, productivity and workforce"),
    "C": lazily("Resolution, cases and routing"),
    "D": lazily("The customer's voice"),
    "E": lazily("Loyalty, churn and demand"),
    "F": lazily("Complaints, problems and permanent fixes"),
    "G": lazily("Quality"),
    "H": lazily("Knowledge and procedures"),
    "I": lazily("People"),
    "J": lazily("Data health and goals"),
}
"""By the first letter of their code, as the catalogue of metrics has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindShown:
    """One row behind a number, in words. case_number: where there is a case that the reader sees. cells: what else is known."""

    at: str
    id: str
    case_number: int | None
    cells: Sequence[str]


@require_safe
def number_list(request: HttpRequest) -> HttpResponse:
    """List every number of the catalogue."""
    if not rules.may_see_catalogue(actor_of(request)):
        raise MayNotSeeNumbers(_("The whole catalogue is for those who answer customers and those who lead them."))
    words = " ".join(request.GET.get("q", "").split())[:80]
    found = [one for one in cards(language=get_language() or "en") if _fits(one, words)]
    families = [(code, title, [one for one in found if one.code[:1] == code]) for code, title in FAMILIES.items()]
    context = {"families": [family for family in families if family[2]], "words": words}
    return render(request, "boards/numbers.html", context)


def _fits(metric: MetricCard, words: str) -> bool:
    """Say whether each word stands in the metric's name, its codes or what it counts."""
    text = f"{metric.name} {metric.code} {metric.id} {metric.numerator} {metric.denominator}".casefold()
    return all(word in text for word in words.casefold().split())


@opens_own_scope
@require_safe
def number(request: HttpRequest, metric: str) -> HttpResponse:
    """Show the card of a number, as a page or as a dialog."""
    workspace, viewer, now = workspace_of(request), actor_of(request), clock.now()
    try:
        with workspace_scope(workspace.id):
            asked = asked_for(request.GET, metric=metric, viewer=viewer, workspace=workspace, now=now)
        found = asked.measured(workspace_id=workspace.id, now=now)
        is_part = request.htmx and request.htmx.target == "number-dialog"  # type: ignore[attr-defined]
        with workspace_scope(workspace.id):
            context = {"card": card_shown(asked, found, viewer=viewer, workspace=workspace)}
            return render(request, "boards/card.html#dialog" if is_part else "boards/card.html", context)
    except Refusal as refusal:
        with workspace_scope(workspace.id):
            return refused(request, refusal)


@opens_own_scope
@require_safe
def number_contacts(request: HttpRequest, metric: str) -> HttpResponse:
    """Show a page of the contacts behind a number; with a link to the case where the reader sees it."""
    workspace, viewer, now = workspace_of(request), actor_of(request), clock.now()
    page = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() and len(request.GET["page"]) < 6 else 0
    try:
        with workspace_scope(workspace.id):
            asked = asked_for(request.GET, metric=metric, viewer=viewer, workspace=workspace, now=now)
        total = asked.measured(workspace_id=workspace.id, now=now)["main"].total
        is_hidden = total is None or total.standing == "hidden"
        behind = (
            Behind(rows=(), has_more=False)
            if is_hidden
            else rows_behind(
                asked.main,
                workspace_id=workspace.id,
                page=page,
                names_people=rules.may_see_people(viewer) or asked.is_mine,
            )
        )
        with workspace_scope(workspace.id):
            known = card(metric, language=get_language() or "en", options=asked.main.options)
            heads, rows, place_count = _shown(behind.rows, known, asked, viewer)
            base = reverse("number_contacts", args=[workspace.key, metric])
            query = urlencode({**asked.query, **asked.chosen.query, "page": str(page + 1)})
            context = {
                "rows": rows,
                "heads": heads,
                "place_count": place_count,
                "is_hidden": is_hidden,
                "older": f"{base}?{query}" if behind.has_more else "",
                "key": workspace.key,
                "save_as": SaveAs(path=base, query=urlencode({**asked.query, **asked.chosen.query}))
                if rows and rules.may_export(viewer)
                else None,
            }
            return render(request, "boards/behind.html", context)
    except Refusal as refusal:
        with workspace_scope(workspace.id):
            return refused(request, refusal)


def _shown(
    rows: Sequence[RowBehind], metric: MetricCard, asked: CardAsked, viewer: Actor
) -> tuple[list[str], list[BehindShown], int]:
    """Put rows into words: when, what, where, who (for those who may know), and what each brings.

    Returns the heads of columns, the rows, and how many columns come before the figures.
    """
    words = dimensions(language=get_language() or "en")
    places = [
        (name, column)
        for name, column in (("queue", "queue_id"), ("agent", "agent_id"))
        if any(column in row.ids for row in rows)
    ]
    brings = [
        name for name in ("value", "numerator", "denominator") if any(getattr(row, name) is not None for row in rows)
    ]
    names = names_in((name, row.ids.get(column)) for row in rows for name, column in places)
    numbers = _case_numbers(rows, viewer)
    scale = scale_of(metric.unit, *(row.value for row in rows))
    heads = {"value": metric.name, "numerator": _("Counts above"), "denominator": _("Counts below")}
    shown = [
        BehindShown(
            at=moment_words(row.at.isoformat()) if row.at else "",
            id=row.ids.get("contact_id") or next(iter(row.ids.values()), ""),
            case_number=numbers.get(row.ids.get("case_id", "")) or numbers.get(row.ids.get("contact_id", "")),
            cells=[
                *(key_words(name, row.ids[column], names) if column in row.ids else "" for name, column in places),
                *(_brought(getattr(row, name), scale.say if name == "value" else None) for name in brings),
            ],
        )
        for row in rows
    ]
    columns = [
        _("When"),
        _("Contact"),
        *(capfirst(words[name]) for name, _column in places),
        *(heads[name] for name in brings),
    ]
    return columns, shown, 2 + len(places)


def _case_numbers(rows: Sequence[RowBehind], viewer: Actor) -> dict[str, int]:
    """Return the number of the case that each row is about, by the name of the case or of the contact, where they see it."""
    cases = {
        key: number for row in rows if (number := number_of("case", key := row.ids.get("case_id", ""))) is not None
    }
    contacts = {
        key: number
        for row in rows
        if (number := number_of("contact", key := row.ids.get("contact_id", ""))) is not None
    }
    conversations = conversations_of_contacts(set(contacts.values()))
    led = visible_case_ids(set(conversations.values()), viewer=viewer)
    cases |= {key: led[of] for key, number in contacts.items() if (of := conversations.get(number)) in led}
    found = cases_by_id(set(cases.values()), viewer=viewer)
    return {key: found[case_id].number for key, case_id in cases.items() if case_id in found}


def _brought(value: float | None, say: Callable[[float], str] | None) -> str:
    if value is None:
        return ""
    return say(value) if say else str(number_format(value, 0 if float(value).is_integer() else 1))
