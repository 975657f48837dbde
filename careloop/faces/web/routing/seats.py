"""What the reader of a page does now, and what they can choose instead."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from careloop.domains.people.queries import names_of
from careloop.domains.workforce.queries import seat_of
from careloop.domains.workforce.rules import may_set_own
from careloop.domains.workforce.states import PROTECTION, REASONS, State
from careloop.domains.workforce.types import SeatRow
from careloop.faces.web.actors import actor_of
from careloop.faces.web.casepage.typed import FormUnclear
from careloop.faces.web.routing.hands import HandShown, own_hand_shown
from careloop.faces.web.routing.wording import TONES, reason_said
from careloop.kernel import clock

__all__ = ["CHOICES", "Doing", "SeatShown", "forced_by_name", "own_seat", "read_doing", "seat_shown"]

ORDER = (
    State.AVAILABLE,
    State.AUX_PRODUCTIVE,
    State.MEETING,
    State.COACHING,
    State.TRAINING,
    State.BREAK,
    State.SYSTEM_ISSUE,
    State.OFFLINE,
)
GIVEN_BY_THE_HOUSE = frozenset({"dropped_off", "no_answer", PROTECTION})
"""Reasons that follow from what happened; nobody chooses them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """A state, with a reason or none, that can be chosen. value: as forms send it. tone: of its mark."""

    value: str
    label: str | Promise
    tone: str
    reasons: Sequence[tuple[str, str | Promise]] = ()


CHOICES = tuple(
    Doing(
        value=state.value,
        label=state.label,
        tone=TONES[state],
        reasons=tuple(
            (f"{state.value}:{code}", label)
            for code, label in REASONS.get(state, {}).items()
            if code not in GIVEN_BY_THE_HOUSE
        ),
    )
    for state in ORDER
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatShown:
    """What somebody does, in words. chosen: what comes when the customer is gone, where that is something else; or empty.

    forced_by: who put them there, by name, or empty. wrap_seconds: how long writing up still lasts, 0 when they do not.
    rests_until: the end of a rest after an abusive contact that is not over; else None.
    held: what they have in hand, in all. hand: what the reader asks help for; None for others, and when they do not.
    """

    state: State
    label: str | Promise
    reason: str
    tone: str
    since: datetime
    chosen: str | Promise
    forced_by: str
    wrap_seconds: int
    rests_until: datetime | None
    held: int
    hand: HandShown | None = None


def seat_shown(row: SeatRow, *, forced_by: str, now: datetime) -> SeatShown:
    """Word what somebody does. forced_by: who put them there, by name, or empty."""
    is_passing = row.chosen is not row.state and row.chosen is not State.AVAILABLE
    wraps_until = row.wraps_until if row.state is State.WRAP else None
    return SeatShown(
        state=row.state,
        label=row.state.label,
        reason=reason_said(row.state, row.reason),
        tone=TONES[row.state],
        since=row.since,
        chosen=row.chosen.label if is_passing else "",
        forced_by=forced_by,
        wrap_seconds=max(0, int((wraps_until - now).total_seconds())) if wraps_until else 0,
        rests_until=row.rests_until if row.rests_until is not None and row.rests_until > now else None,
        held=sum(row.held.values()),
    )


def own_seat(request: HttpRequest) -> SeatShown | None:
    """Return what the reader does now; None for whoever serves no customers."""
    actor, now = actor_of(request), clock.now()
    if actor.user_id is None or not may_set_own(actor):
        return None
    row = seat_of(actor, user_id=actor.user_id, at=now)
    shown = seat_shown(row, forced_by=forced_by_name(row.forced_by), now=now)
    return replace(shown, hand=own_hand_shown(request))


def forced_by_name(actor: str) -> str:
    """Return who put somebody into a state, by name; the house for its own doing, empty for nobody."""
    kind, _colon, key = actor.partition(":")
    if kind == "user" and key.isdecimal():
        return names_of([int(key)]).get(int(key), _("Somebody"))
    return "Careloop" if actor else ""


def read_doing(text: str) -> tuple[State, str]:
    """Read a state and its reason as a form sends them: "break:meal" or "available". Raises FormUnclear."""
    state, _colon, reason = text.partition(":")
    if state not in State.values:
        raise FormUnclear(_("Choose one of the entries in the list."))
    return State(state), reason
