"""Filters of numbers: what can be asked, offered as choices where the answers are known, and said in words."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from careloop.domains.boards import rules
from careloop.domains.cases import queries as cases
from careloop.domains.people import queries as people
from careloop.faces.web.boards.codes import CODES
from careloop.kernel.actors import Actor
from careloop.kernel.conditions import BadCondition, Field, Kind, Registry, Voice, from_json, words
from careloop.processes.lake.keys import ours
from careloop.processes.measuring.catalogue import dimensions, fields
from careloop.processes.measuring.policy import PEOPLE_DIMENSIONS

__all__ = ["conditions_words", "fields_for"]

NUMBERS: Final[dict[str, str | Promise]] = {
    "wait_s": _("Wait in seconds"),
    "ring_s": _("Ringing in seconds"),
    "talk_s": _("Talk in seconds"),
    "hold_s": _("Hold in seconds"),
    "hold_count": _("How often held"),
    "wrap_s": _("After-call work in seconds"),
    "transfer_count": _("How often transferred"),
    "agent_legs": _("How many agents"),
    "reopen_count": _("How often reopened"),
}


def fields_for(viewer: Actor, *, conditions: Mapping[str, Any] | None = None) -> Registry:
    """Return what this person may ask about, in their language. Within the scope of the workspace.

    conditions: a tree whose values are offered, too, also where nobody knows them any more.
    """
    used = _values(conditions or {})
    found = []
    for name, label in dimensions(language=get_language() or "en").items():
        if name in PEOPLE_DIMENSIONS and not rules.may_see_people(viewer):
            continue
        choices = {**_choices(name, viewer), **{value: value for value in used.get(name, ())}}
        choices |= _choices(name, viewer)
        kind = Kind.CHOICE if choices else Kind.TEXT
        found.append(Field(name=name, kind=kind, label=label[:1].upper() + label[1:], choices=choices))
    known = [
        Field(name=name, kind=Kind.NUMBER, label=str(label)) for name, label in NUMBERS.items() if fields().get(name)
    ]
    return Registry(*found, *known)


def conditions_words(conditions: Mapping[str, Any], *, viewer: Actor) -> str:
    """Say a filter in the reader's language; empty for everything."""
    if not conditions:
        return ""
    registry = fields_for(viewer, conditions=conditions)
    try:
        tree = from_json(dict(conditions), registry=registry)
    except BadCondition:
        return gettext("a filter that is not known here")
    voice = Voice(
        # What a field is called stands in the reader's language already; phrases do not.
        gettext=gettext,
        ngettext=ngettext,
        name_of=lambda _field, key: str(key),
        moment=str,
        number=lambda number: formats.localize(number),
    )
    return words(tree, registry=registry, voice=voice)


def _choices(name: str, viewer: Actor) -> dict[str, str]:
    match name:
        case "queue" | "team" | "owner_team":
            return {ours("team", team.id): team.name for team in people.teams_of(viewer)}
        case "agent" | "supervisor" | "evaluator":
            return {ours("user", person.id): person.name for person in people.people_of(viewer)}
        case "reason" | "reason_group":
            return {row.code: " › ".join(row.path) for row in cases.reasons()}
    return {code: str(label) for code, label in CODES.get(name, {}).items()}


def _values(tree: Any) -> dict[str, set[str]]:
    """Return every text that a condition as JSON holds a field against, whatever shape it has."""
    found: dict[str, set[str]] = {}
    parts = list(tree.values()) if isinstance(tree, Mapping) else tree if isinstance(tree, list) else []
    if isinstance(tree, Mapping) and isinstance(tree.get("field"), str):
        value = tree.get("value")
        held = value if isinstance(value, list) else [value]
        found[tree["field"]] = {text for text in held if isinstance(text, str)}
    for part in parts:
        for name, texts in _values(part).items():
            found.setdefault(name, set()).update(texts)
    return found
