"""Send a message again that did not get through: only a person decides that."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases.errors import MayNotWorkOnCases
from careloop.domains.conversations import services as conversations
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.timeline import visible_message
from careloop.processes.workspace import workspace_facts

__all__ = ["send_again"]


@act
def send_again(*, message_id: int, actor: Actor, at: datetime) -> None:
    """Queue a message of a case again. Raises MessageNotFound, MayNotWorkOnCases, AlreadyGone."""
    visible_message(message_id=message_id, viewer=actor)
    if not cases_rules.may_work(actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not answer in them."))
    conversations.send_again(message_id=message_id, may_send=workspace_facts().may_send, actor=actor, at=at)
