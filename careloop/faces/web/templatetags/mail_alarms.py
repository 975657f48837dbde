"""The alarm that mail is not being read, for any page of a workspace."""

from typing import Any

from django import template

from careloop.domains.channels.queries import FETCH_LAG, late_mailboxes
from careloop.domains.channels.rules import may_keep_mailboxes
from careloop.faces.web.actors import actor_of
from careloop.kernel import clock

__all__ = ["mailbox_alarms", "register"]

register = template.Library()


@register.inclusion_tag("mail_admin/alarms.html", takes_context=True)
def mailbox_alarms(context: dict[str, Any]) -> dict[str, Any]:
    """Print a warning for each mailbox that was not read for too long, to those who can mend it; one query for them only."""
    request = context["request"]
    late = late_mailboxes(before=clock.now() - FETCH_LAG) if may_keep_mailboxes(actor_of(request)) else []
    return {"request": request, "late": late}
