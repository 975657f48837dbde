"""Rows of policies and clocks, read as the values that are counted with."""

from collections.abc import Mapping, Sequence
from math import inf

from django.db.models import F

from careloop.domains.commitments.clock import Promise, Turn
from careloop.domains.commitments.models import ClockTurn, PolicyVersion
from careloop.domains.commitments.states import About
from careloop.kernel.hours import Calendar

__all__ = ["current_versions", "turns_of"]


def current_versions(about: About | None = None) -> list[PolicyVersion]:
    """Return what the policies in use say now, in the order in which they are asked. about: only those; None for all."""
    rows = PolicyVersion.objects.filter(policy__is_active=True, version=F("policy__version"))
    if about is not None:
        rows = rows.filter(policy__about=about)
    return list(rows.select_related("policy").order_by("policy__position", "policy_id"))


def turns_of(turns: Sequence[ClockTurn], hours: Mapping[int, Calendar]) -> list[Turn]:
    """Return the turns of one clock as values, in the order given.

    turns: with their versions. hours: of every calendar, by its id. As long as nothing was promised, time counts in the hours of
    the promise that came next: the customer waited since then.
    """
    read: list[Turn] = []
    calendar: Calendar | None = None
    for turn in reversed(turns):
        if turn.version is not None:
            calendar = None if turn.version.calendar_id is None else hours[turn.version.calendar_id]
        target_s = inf if turn.target_s is None else float(turn.target_s)
        read.append(Turn(at=turn.at, promise=Promise(target_s=target_s, calendar=calendar), runs=turn.runs))
    return read[::-1]
