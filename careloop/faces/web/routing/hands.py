"""Raised hands in words: who needs help, with what, and who is on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.cases.queries import case_briefs, case_id_of_number
from careloop.domains.chats.errors import ChatNotFound
from careloop.domains.chats.queries import chat_rows, chat_seen_by
from careloop.domains.people.queries import names_of
from careloop.domains.supervision.queries import hands_up, own_hand
from careloop.domains.supervision.rules import may_help
from careloop.domains.supervision.types import HandRow
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.kernel.actors import Actor

__all__ = ["HandShown", "before_them", "hand_shown", "hands_shown", "own_hand_shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandShown:
    """Somebody needs help, in words. title, href: what they had before them, or empty. helper: who is on the way, or empty.

    may_take: the reader can say that they go. may_lower: the reader can say that it is over.
    """

    id: int
    name: str
    about: str
    title: str
    href: str
    raised_at: datetime
    helper: str
    taken_at: datetime | None
    may_take: bool
    may_lower: bool


def hands_shown(request: HttpRequest) -> list[HandShown]:
    """Return everybody who asks for help, the longest waiting first."""
    actor = actor_of(request)
    return _shown(hands_up(actor), actor=actor, workspace_key=workspace_of(request).key)


def hand_shown(row: HandRow, *, actor: Actor, workspace_key: str) -> HandShown:
    """Return one raised hand in words."""
    return _shown([row], actor=actor, workspace_key=workspace_key)[0]


def own_hand_shown(request: HttpRequest) -> HandShown | None:
    """Return what the reader asks help for, None when they do not."""
    actor = actor_of(request)
    row = own_hand(actor)
    return None if row is None else hand_shown(row, actor=actor, workspace_key=workspace_of(request).key)


def before_them(path: str, *, viewer: Actor, workspace_key: str) -> dict[str, int]:
    """Return what somebody has before them by the address of their page: `case_id` or `chat_id`, or nothing."""
    try:
        found = resolve(path.partition("?")[0])
    except Resolver404:
        return {}
    given: dict[str, Any] = found.kwargs
    if given.get("workspace") != workspace_key:
        return {}
    try:
        if found.url_name == "case":
            return {"case_id": case_id_of_number(number=given["number"], viewer=viewer)}
        if found.url_name == "chat":
            return {"chat_id": chat_seen_by(viewer, chat_id=given["chat_id"]).id}
    except (CaseNotFound, ChatNotFound):
        pass
    return {}


def _shown(rows: Sequence[HandRow], *, actor: Actor, workspace_key: str) -> list[HandShown]:
    chats = chat_rows({row.chat_id for row in rows if row.chat_id is not None})
    briefs = case_briefs({row.case_id for row in rows if row.case_id is not None})
    names = names_of({row.user_id for row in rows} | {row.helper_id for row in rows if row.helper_id is not None})
    found = []
    for row in rows:
        chat, case = chats.get(row.chat_id or 0), briefs.get(row.case_id or 0)
        title, href = "", ""
        if chat is not None:
            title, href = f"#{chat.case_number} {chat.subject}", reverse("chat", args=[workspace_key, chat.id])
        elif case is not None:
            title, href = f"#{case.number} {case.subject}", reverse("case", args=[workspace_key, case.number])
        found.append(
            HandShown(
                id=row.id,
                name=names.get(row.user_id, _("Somebody")),
                about=row.about,
                title=title,
                href=href,
                raised_at=row.raised_at,
                helper=names.get(row.helper_id, _("Somebody")) if row.helper_id is not None else "",
                taken_at=row.taken_at,
                may_take=may_help(actor) and row.helper_id is None,
                may_lower=may_help(actor) or row.user_id == actor.user_id,
            )
        )
    return found
