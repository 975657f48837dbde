"""Saved replies with their variables filled in, what is left unfilled, and the signature under an answer."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.utils.html import escape, linebreaks
from django.utils.translation import ngettext

from careloop.domains.cases import queries as cases_queries
from careloop.domains.conversations.queries import replies_known_to, shared_replies
from careloop.kernel.actors import Actor
from careloop.processes.answering.errors import PlacesUnfilled
from careloop.processes.answering.types import Words
from careloop.processes.workspace import name_of, signature_of, workspace_facts

__all__ = ["Phrase", "filled", "phrase_in", "phrases", "refuse_unfilled", "signed", "unfilled_places"]

VARIABLE = re.compile(r"\{\{\s*([a-z_]{1,40})\s*\}\}")
PLACE = re.compile(r"\{\{[^{}\n]{1,80}\}\}")
"""Whatever looks like a variable, also one that nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A saved reply, ready to be put into an answer. html: variables filled in; one that is not known stands as it was."""

    id: int
    name: str
    html: str
    is_own: bool


def phrases(*, case_id: int | None, text: str, viewer: Actor, limit: int = 8) -> list[Phrase]:
    """Return the viewer's saved replies for a case, those named like `text` when given. Raises CaseNotFound.

    case_id: None for a new mail; what depends on a case then stands as it was.
    """
    values = _values(case_id, viewer)
    return [
        Phrase(id=row.id, name=row.name, html=filled(row.html, values), is_own=row.is_own)
        for row in replies_known_to(viewer=viewer, text=text, limit=limit)
    ]


def phrase_in(
    language: str, *, reply_ids: Collection[int], case_id: int, viewer: Actor, usual: str = ""
) -> Phrase | None:
    """Return the one of some shared replies that speaks a customer's language, filled in for a case; None when all are gone.

    language: the customer's, or empty. usual: the language of those of whom none is known. Where none of the replies speaks
    it, the first one is taken.
    """
    rows = shared_replies(reply_ids)
    wanted = language or usual
    row = next((one for one in rows if one.language == wanted), rows[0] if rows else None)
    if row is None:
        return None
    values = _values(case_id, viewer)
    return Phrase(id=row.id, name=row.name, html=filled(row.html, values), is_own=False)


def filled(html: str, values: Mapping[str, str]) -> str:
    """Put values in the places of variables such as {{ customer }}; values are text and cannot become markup."""
    return VARIABLE.sub(lambda found: escape(values[found[1]]) if found[1] in values else found[0], html)


def unfilled_places(words: Words) -> list[str]:
    """Return the places such as {{ customer }} that still stand in a text and that its writer did not say to leave, each once."""
    return [place for place in dict.fromkeys(PLACE.findall(words.text)) if place not in words.left_open]


def refuse_unfilled(words: Words) -> None:
    """Keep a text with unfilled places in the house until its writer has filled them or said to leave them.

    Raises PlacesUnfilled.
    """
    places = unfilled_places(words)
    if places:
        raise PlacesUnfilled(
            ngettext(
                "This text still has an unfilled place: %(places)s. Fill it in, or say that it is to be sent as it stands.",
                "This text still has unfilled places: %(places)s. Fill them in, or say that they are to be sent as they stand.",
                len(places),
            )
            % {"places": ", ".join(places)}
        )


def signed(words: Words, *, actor: Actor) -> Words:
    """Return the words with the writer's signature under them, once; no words get none, so that nobody sends a name alone."""
    signature = signature_of(actor)
    if not signature or not words.text.strip() or words.text.rstrip().endswith(signature):
        return words
    html = f"{words.html}{linebreaks(signature, autoescape=True)}" if words.html else ""
    return replace(words, text=f"{words.text.rstrip()}\n\n{signature}", html=html)


def _values(case_id: int | None, viewer: Actor) -> dict[str, str]:
    house = workspace_facts().settings.name
    known = {"agent": name_of(viewer) or house, "workspace": house}
    if case_id is None:
        return known
    row = cases_queries.case_detail(case_id=case_id, viewer=viewer).row
    return {
        **known,
        "customer": row.requester,
        "number": str(row.number),
        "subject": row.subject,
    }
