"""Doubted numbers, and answering for them."""

from typing import Any

from django.http import HttpRequest
from ninja import Query

from careloop.domains.integrity import queries, services
from careloop.domains.integrity.states import State
from careloop.domains.integrity.types import FlagFilter, Severity
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.flags import AnswerGiven, DoubtGiven, DoubtPage, DoubtShown, FlagsAsked
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/flags", Scope.NUMBERS_READ, DoubtPage)
def list_flags(request: HttpRequest, asked: Query[FlagsAsked]) -> Any:
    """List what the integrity checks found, the newest first."""
    wanted = FlagFilter(
        state=State(asked.state) if asked.state else None,
        severity=Severity(asked.severity) if asked.severity else None,
        metric=asked.metric,
    )
    return queries.flags(viewer=visit_of(request).actor, wanted=wanted, cursor=asked.cursor, limit=asked.limit)


@room.opens("GET", "/flags/{flag_id}", Scope.NUMBERS_READ, DoubtShown)
def get_flag(request: HttpRequest, flag_id: PathId) -> Any:
    """Get a flag with what was said to it."""
    return queries.flag(flag_id=flag_id, viewer=visit_of(request).actor)


@room.opens("POST", "/flags/{flag_id}/answer", Scope.NUMBERS_WRITE, DoubtShown)
def answer_flag(request: HttpRequest, flag_id: PathId, given: AnswerGiven) -> Any:
    """Say what is behind a flag."""
    visit = visit_of(request)
    services.answer(flag_id=flag_id, said=given.said, words=given.words, actor=visit.actor, at=visit.at)
    return queries.flag(flag_id=flag_id, viewer=visit.actor)


@room.opens("POST", "/flags/{flag_id}/doubt", Scope.NUMBERS_WRITE, DoubtShown)
def doubt_flag(request: HttpRequest, flag_id: PathId, given: DoubtGiven) -> Any:
    """Open an answered flag again, because the answer does not hold."""
    visit = visit_of(request)
    services.doubt(flag_id=flag_id, words=given.words, actor=visit.actor, at=visit.at)
    return queries.flag(flag_id=flag_id, viewer=visit.actor)
