"""The large numbers in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.domains.commitments.types import DueCounts
from careloop.domains.integrity.types import About, FlagRow, Severity
from careloop.domains.wallboards.bands import is_deferred
from careloop.domains.wallboards.queries import WallFigures
from careloop.domains.wallboards.reckoning import LEAST_JUDGED, QueueFigures, combined
from careloop.domains.wallboards.types import Figure, Level
from careloop.faces.web.wall.shown.types import Tile
from careloop.faces.web.wall.shown.watched import level_name
from careloop.faces.web.wall.wording import at_least, clock_time, lasting, share_said, so_many_of, source_name

__all__ = ["tiles_of"]

DOING: Final[Sequence[tuple[str | Promise, Sequence[str]]]] = (
    (lazily("free"), ("available",)),
    (lazily("ringing"), ("ringing",)),
    (lazily("talking"), ("contact", "hold")),
    (lazily("finishing"), ("wrap",)),
    (lazily("other work"), ("aux_productive", "training", "coaching", "meeting", "system_issue")),
    (lazily("on a break"), ("break",)),
)
"""What agents do, by the states of facts."""


def tiles_of(wall: WallFigures, levels: Mapping[str, Level], doubts: Sequence[FlagRow]) -> list[Tile]:
    """Put the large numbers into words. levels: what alarms, by figure. doubts: what severe checks found today."""
    total, is_known = wall.total, wall.total.is_open_known
    tiles = [
        Tile(
            key="waiting",
            label=_("Waiting for a first answer"),
            value=at_least(total.waiting, is_known=is_known),
            notes=[*_longest(wall), *_on_the_line(wall), *_not_known(wall)],
            is_faint=not is_known,
            level=_worst(levels, Figure.WAITING, Figure.LONGEST_WAIT),
        ),
        Tile(
            key="within",
            label=_("Within target today"),
            value=share_said(total.today),
            notes=[_of_target(total), *_this_half_hour(total)],
            level=_worst(levels, Figure.WITHIN_TARGET_TODAY, Figure.WITHIN_TARGET_NOW),
            is_faint=total.today.of < LEAST_JUDGED,
            doubt=_doubt(doubts, "service_level"),
        ),
        Tile(
            key="overdue",
            label=_("Waiting beyond the target"),
            value=at_least(total.overdue, is_known=is_known),
            notes=[*_due_soon(total), *_not_known(wall)],
            is_faint=not is_known,
            level=_worst(levels, Figure.OVERDUE),
        ),
        Tile(
            key="new",
            label=_("New from %(start)s to %(end)s")
            % {"start": clock_time(wall.periods.hour), "end": clock_time(wall.periods.half_hour)},
            value=at_least(total.new_hour, is_known=is_known),
            notes=[_usual(wall), _("today %(count)s") % {"count": at_least(total.new_today, is_known=is_known)}],
            is_faint=not is_known,
        ),
        Tile(
            key="answers",
            label=_("Answered today"),
            value=at_least(total.answers_today, is_known=is_known),
            notes=[
                _("this half hour %(count)s") % {"count": at_least(total.answers_half_hour, is_known=is_known)},
            ],
            is_faint=not is_known,
        ),
        Tile(
            key="abandoned",
            label=_("Given up today"),
            value=at_least(total.abandoned_today, is_known=is_known),
            notes=[_given_up(total)],
            is_faint=not is_known,
            level=_worst(levels, Figure.ABANDONED_TODAY),
            doubt=_doubt(doubts, "abandonment_rate"),
        ),
        Tile(
            key="unassigned",
            label=_("Cases unassigned"),
            value=number_format(wall.unassigned),
            notes=[_("new and open, in nobody's hands")],
            level=_worst(levels, Figure.UNASSIGNED),
        ),
    ]
    if wall.promises is not None:
        tiles.append(
            Tile(
                key="promises",
                label=_("Promises overdue"),
                value=number_format(wall.promises.overdue),
                notes=[_due_within_the_hour(wall.promises)],
                level=_worst(levels, Figure.PROMISES_OVERDUE, Figure.PROMISES_DUE_SOON),
                doubt=_doubt(doubts, "sla_attainment"),
            )
        )
    if wall.attendance is not None:
        tiles.append(
            Tile(
                key="people",
                label=_("Agents here"),
                value=number_format(wall.attendance.here),
                notes=[
                    _("away %(count)s") % {"count": number_format(wall.attendance.away)},
                    _("here means: has Careloop open"),
                ],
                level=_worst(levels, Figure.HERE),
            )
        )
    signed_in = _signed_in(wall)
    return tiles if signed_in is None else [*tiles, signed_in]


def _longest(wall: WallFigures) -> list[str]:
    if wall.total.oldest_at is not None:
        wait = lasting(max(0.0, (wall.at - wall.total.oldest_at).total_seconds()))
        return [_("longest %(wait)s") % {"wait": wait}]
    return [_("nobody")] if wall.total.is_open_known else []


def _on_the_line(wall: WallFigures) -> list[str]:
    """Say who stands waiting, where others who wait can do something else meanwhile: days of a mail hide a minute of a call."""
    standing_there = [queue for queue in wall.queues if not is_deferred(queue.channel)]
    if not standing_there or len(standing_there) == len(wall.queues):
        return []
    calls = combined(standing_there)
    if calls.waiting is None:
        return []
    count = at_least(calls.waiting, is_known=calls.is_open_known)
    if calls.oldest_at is None:
        return [_("of these on the line %(count)s") % {"count": count}]
    wait = lasting(max(0.0, (wall.at - calls.oldest_at).total_seconds()))
    return [_("of these on the line %(count)s, longest %(wait)s") % {"count": count, "wait": wait}]


def _due_soon(total: QueueFigures) -> list[str]:
    if total.due_soon is None:
        return []
    words = ngettext("%(count)d more within 30 min", "%(count)d more within 30 min", total.due_soon)
    return [words % {"count": total.due_soon}]


def _due_within_the_hour(promises: DueCounts) -> str:
    words = ngettext("%(count)d more due within the hour", "%(count)d more due within the hour", promises.due_soon)
    return words % {"count": promises.due_soon}


def _not_known(wall: WallFigures) -> list[str]:
    """Say of which sources it is not known who waits."""
    behind = [source_name(feed.source) for feed in wall.feeds if not feed.is_live]
    return [_("not known of %(sources)s") % {"sources": ", ".join(behind)}] if behind else []


def _signed_in(wall: WallFigures) -> Tile | None:
    """Say what the agents do, by us who is at work here and by other sources the others; None where none of those tells."""
    telling = [feed for feed in wall.feeds if feed.has_agents]
    if not telling:
        return None
    states = Counter[str](wall.working or {})
    for feed in telling:
        states.update(feed.agents or {})
    doing = [
        _("%(doing)s %(count)s") % {"doing": word, "count": number_format(count)}
        for word, group in DOING
        if (count := sum(states[state] for state in group))
    ]
    is_known = all(feed.is_live for feed in telling)
    names = ", ".join([*(["Careloop"] if wall.working else []), *(source_name(feed.source) for feed in telling)])
    return Tile(
        key="signed-in",
        label=_("Agents signed in"),
        value=at_least(states.total() or (0 if is_known else None), is_known=is_known),
        notes=[
            *([" · ".join(doing)] if doing else []),
            *([_("by %(source)s") % {"source": names}] if is_known else _not_known(wall)),
        ],
        is_faint=not is_known,
    )


def _doubt(doubts: Sequence[FlagRow], metric: str) -> str:
    """Say what a severe check found in the number that the catalogue calls so; who may look is led there from the boards."""
    for flag in doubts:
        if (
            flag.about is About.WHOLE
            and metric in flag.metrics
            and flag.severity is Severity.SEVERE
            and flag.is_doubtful
        ):
            return flag.sentence.get((get_language() or "en").lower()) or flag.sentence["en"]
    return ""


def _worst(levels: Mapping[str, Level], *figures: Figure) -> str:
    return level_name(max((levels.get(figure, Level.NONE) for figure in figures), default=Level.NONE))


def _of_target(total: QueueFigures) -> str:
    if not total.today.of:
        return _("nothing to judge yet")
    if total.target_seconds is None:
        return _("%(share)s, each by its queue's target") % {"share": so_many_of(total.today)}
    return _("%(share)s within %(target)s") % {
        "share": so_many_of(total.today),
        "target": lasting(total.target_seconds),
    }


def _this_half_hour(total: QueueFigures) -> list[str]:
    if total.half_hour.of:
        return [_("this half hour %(share)s") % {"share": so_many_of(total.half_hour)}]
    return [_("this half hour: none yet")] if total.is_open_known else []


def _given_up(total: QueueFigures) -> str:
    if not total.new_today and total.is_open_known:
        return _("nobody came yet")
    return _("of %(count)s who came today") % {"count": at_least(total.new_today, is_known=total.is_open_known)}


def _usual(wall: WallFigures) -> str:
    usual = wall.total.usual_hour
    if usual is None:
        return _("what is usual shows after a week")
    weekday = date_format(timezone.localtime(wall.periods.hour), "l")
    return _("usual on a %(weekday)s: %(count)s") % {
        "weekday": weekday,
        "count": number_format(usual, decimal_pos=None if usual % 1 else 0),
    }
