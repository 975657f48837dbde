"""Telephone systems that are not heard, for pages that show calls."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from careloop.domains.calls import rules
from careloop.domains.telephony.hearing import unheard
from careloop.kernel.actors import Actor

__all__ = ["silence_shown"]


def silence_shown(actor: Actor, *, at: datetime) -> list[tuple[str, str]]:
    """Return the name of each telephone system that is not heard, and since when; nothing for who sees no calls."""
    if not rules.may_see(actor):
        return []
    today = timezone.localtime(at).date()
    found = []
    for one in unheard(at=at):
        since = timezone.localtime(one.since)
        form = "TIME_FORMAT" if since.date() == today else "SHORT_DATETIME_FORMAT"
        found.append((one.name, date_format(since, form)))
    return found
