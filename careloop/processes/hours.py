"""What several domains know of opening hours: who counts in them, so that nothing is taken out of use that is still needed."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careloop.domains.calendars import rules, services
from careloop.domains.calendars.errors import CalendarInUse
from careloop.domains.chats.queries import widgets
from careloop.domains.commitments.queries import policies_of
from careloop.domains.queues.queries import queues_in_hours
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.acts import act

__all__ = ["retire_calendar"]


@act
def retire_calendar(*, calendar_id: int, actor: Actor, at: datetime) -> None:
    """Take a calendar out of use, once nothing new is promised in its hours, and nothing opens by them.

    Raises as `calendars.services.retire_calendar`, and CalendarInUse with the names of the policies that count in it, or of the
    queues or chats that are open by it.
    """
    if rules.may_change(actor):
        _refuse_if_needed(calendar_id)
    services.retire_calendar(calendar_id=calendar_id, actor=actor, at=at)


def _refuse_if_needed(calendar_id: int) -> None:
    if names := _policies_counting_in(calendar_id):
        words = ngettext(
            "The policy %(policies)s promises in these hours. Let it count in others first, or take it out of use.",
            "The policies %(policies)s promise in these hours. Let them count in others first, or take them out of use.",
            len(names),
        )
        raise CalendarInUse(words % {"policies": _quoted(names)})
    if names := [row.settings.name for row in queues_in_hours([calendar_id])]:
        words = ngettext(
            "The queue %(queues)s is open in these hours. Choose others for it first.",
            "The queues %(queues)s are open in these hours. Choose others for them first.",
            len(names),
        )
        raise CalendarInUse(words % {"queues": _quoted(names)})
    shown = [row.settings for row in widgets() if row.settings.is_active]
    if names := [settings.name for settings in shown if settings.calendar_id == calendar_id]:
        words = ngettext(
            "The chat %(widgets)s is open in these hours. Choose others for it first.",
            "The chats %(widgets)s are open in these hours. Choose others for them first.",
            len(names),
        )
        raise CalendarInUse(words % {"widgets": _quoted(names)})


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(_("“%(name)s”") % {"name": name} for name in names)


def _policies_counting_in(calendar_id: int) -> list[str]:
    """Return the names of the policies that promise in the hours of a calendar, in the order in which they are asked."""
    return [row.settings.name for row in policies_of(HOUSE) if row.settings.calendar_id == calendar_id]
