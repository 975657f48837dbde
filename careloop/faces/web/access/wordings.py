"""What the log says, as sentences in the reader's language. Rooms of this face add the wording of their domains' events.

`say("team.renamed", …)` gives an event a label for filters and a sentence with named places:
%(who)s, %(whom)s (the subject), %(label)s, and every field of the event.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.domains.people.queries import names_of
from careloop.domains.people.types import ROLE_LABELS
from careloop.kernel.actors import Role
from careloop.kernel.events import Event, Recorded

__all__ = ["Told", "labels", "name_subjects", "say", "worded"]

LABELLED: Final = lazily("%(who)s: %(label)s, %(whom)s")
"""What is said of an event that has no sentence of its own."""

Names = Mapping[int, str]
Places = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How one kind of event is told. sentence: as it is, or chosen by the event. places: further ones of the sentence."""

    label: str | Promise
    sentence: str | Promise | Callable[[Event], str | Promise]
    places: Callable[[Event], Places] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event as a person reads it. who: the person, customer or part of the house that acted."""

    id: int
    at: datetime
    name: str
    label: str
    who: str
    sentence: str


_wordings: dict[str, Wording] = {}
_namers: dict[str, Callable[[Iterable[int]], Names]] = {"user": names_of}


def say(
    name: str,
    *,
    label: str | Promise,
    sentence: str | Promise | Callable[[Event], str | Promise] = LABELLED,
    places: Callable[[Event], Places] | None = None,
) -> None:
    """Word an event.

    name: in the log, such as "case.closed".
    label: a few words for filters, such as _("Case closed").
    sentence: with named places, such as _("%(who)s closed %(whom)s."), or a function that chooses it; the label and what it
        is about unless given.
    places: makes further places from the event.
    """
    _wordings[name] = Wording(label=label, sentence=sentence, places=places)


def name_subjects(kind: str, namer: Callable[[Iterable[int]], Names]) -> None:
    """Say how the subjects of a kind, such as "team", are named: a function from primary keys to names."""
    _namers[kind] = namer


def labels() -> list[tuple[str, str]]:
    """Return every worded event's name and label, in the order of the labels."""
    return sorted(((name, str(wording.label)) for name, wording in _wordings.items()), key=lambda pair: pair[1])


def worded(events: Iterable[Recorded]) -> list[Told]:
    """Return events as people read them, with one question per kind of thing that is named."""
    found = list(events)
    named = _names(found)
    return [_told(recorded, named) for recorded in found]


def _told(recorded: Recorded, named: Mapping[tuple[str, int], str]) -> Told:
    event = recorded.event
    who, places = _who(event.actor, named), _places(event, named)
    # A newer Careloop may have written what this one cannot tell.
    wording = _wordings.get(recorded.name) or Wording(label=recorded.name, sentence=LABELLED, places=None)
    chosen = wording.sentence(event) if callable(wording.sentence) else wording.sentence
    more = wording.places(event) if wording.places else {}
    label = str(wording.label)
    return Told(
        id=recorded.id,
        at=event.at,
        name=recorded.name,
        label=label,
        who=who,
        sentence=str(chosen) % {**places, **more, "who": who, "label": label},
    )


def _names(events: Iterable[Recorded]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for recorded in events:
        for kind, key in _mentioned(recorded.event):
            wanted.setdefault(kind, set()).add(key)
    return {
        (kind, key): name
        for kind, keys in wanted.items()
        if kind in _namers
        for key, name in _namers[kind](keys).items()
    }


def _mentioned(event: Event) -> Iterable[tuple[str, int]]:
    for reference in (event.subject, event.actor):
        kind, _colon, key = reference.partition(":")
        if key.isdigit():
            yield kind, int(key)
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name.endswith("user_id") and isinstance(value, int):
            yield "user", value


def _who(actor: str, named: Mapping[tuple[str, int], str]) -> str:
    kind, _colon, key = actor.partition(":")
    if kind == "house":
        return "Careloop"
    if kind == "customer":
        return named.get((kind, int(key)), _("A customer"))
    return named.get((kind, int(key)) if key.isdigit() else (kind, 0), _("Somebody"))


def _places(event: Event, named: Mapping[tuple[str, int], str]) -> Places:
    kind, _colon, key = event.subject.partition(":")
    whom = named.get((kind, int(key)) if key.isdigit() else (kind, 0))
    places = {"whom": whom or key}
    for field in fields(event):
        if field.name not in {"subject", "actor", "at"}:
            places[field.name] = _fact(field.name, getattr(event, field.name), named)
    return places


def _fact(name: str, value: object, named: Mapping[tuple[str, int], str]) -> str:
    if isinstance(value, int) and name.endswith("user_id"):
        return named.get(("user", value), _("somebody"))
    if isinstance(value, str) and value in set(Role) and name in {"role", "was"}:
        return str(ROLE_LABELS[Role(value)])
    if isinstance(value, datetime):
        return str(formats.date_format(timezone.localtime(value), "DATE_FORMAT"))
    if isinstance(value, frozenset | tuple):
        return ", ".join(sorted(str(part) for part in value))
    return str(value)
