"""Rows of queues in words."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from careloop.domains.conversations.types import Channel
from careloop.domains.wallboards.reckoning import QueueFigures
from careloop.faces.web.boards.codes import CODES
from careloop.faces.web.wall.shown.types import QueueShown
from careloop.faces.web.wall.wording import at_least, lasting, share_said, so_many_of

__all__ = ["queue_row"]


def queue_row(queue: QueueFigures, names: Mapping[int, str], at: datetime) -> QueueShown:
    """Put a queue into words. names: of teams. at: now."""
    is_known = queue.is_open_known
    return QueueShown(
        name=queue.queue or (_("No team") if queue.team_id is None else names.get(queue.team_id, "")),
        channel=_channel(queue.channel),
        target="" if queue.target_seconds is None else lasting(queue.target_seconds),
        waiting=_counted(queue.waiting, is_known=is_known),
        longest=_longest(queue, at),
        overdue=_counted(queue.overdue, is_known=is_known),
        is_overdue=bool(queue.overdue),
        is_open_known=is_known,
        today=share_said(queue.today),
        today_of=so_many_of(queue.today) if queue.today.of else "",
        half_hour=so_many_of(queue.half_hour) if queue.half_hour.of else "–",
        new_today=_counted(queue.new_today, is_known=is_known),
        answers_today=_counted(queue.answers_today, is_known=is_known),
        abandoned_today=_counted(queue.abandoned_today, is_known=is_known),
    )


def _channel(code: str) -> str:
    """Return what a channel is called, of ours or of facts."""
    return str(Channel(code).label if code in Channel.values else CODES["channel"].get(code, code))


def _counted(count: int | None, *, is_known: bool) -> str:
    return at_least(count, is_known=is_known) if is_known or count else _("unknown")


def _longest(queue: QueueFigures, at: datetime) -> str:
    if queue.oldest_at is not None:
        # Another system's clock may be ahead of ours.
        return lasting(max(0.0, (at - queue.oldest_at).total_seconds()))
    return "–" if queue.is_open_known else _("unknown")
