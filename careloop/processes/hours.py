"""What several domains know of opening hours: who counts in them, so that nothing is taken out of use that is still needed."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careloop.domains.calendars import rules, services
from careloop.domains.calendars.errors import CalendarInUse
from careloop.domains.commitments.queries import policies_of
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.acts import act

__all__ = ["retire_calendar"]


@act
def retire_calendar(*, calendar_id: int, actor: Actor, at: datetime) -> None:
    """Take a calendar out of use, once nothing new is promised in its hours.

    Raises as `calendars.services.retire_calendar`, and CalendarInUse with the names of the policies that count in it.
    """
    if rules.may_change(actor) and (names := _policies_counting_in(calendar_id)):
        words = ngettext(
            "The policy %(policies)s promises in these hours. Let it count in others first, or take it out of use.",
            "The policies %(policies)s promise in these hours. Let them count in others first, or take them out of use.",
            len(names),
        )
        raise CalendarInUse(words % {"policies": ", ".join(_("“%(name)s”") % {"name": name} for name in names)})
    services.retire_calendar(calendar_id=calendar_id, actor=actor, at=at)


def _policies_counting_in(calendar_id: int) -> list[str]:
    """Return the names of the policies that promise in the hours of a calendar, in the order in which they are asked."""
    return [row.settings.name for row in policies_of(HOUSE) if row.settings.calendar_id == calendar_id]
