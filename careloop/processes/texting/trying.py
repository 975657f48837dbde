"""Try a number before it goes live: whether its provider lets us in."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.channels import rules
from careloop.domains.channels import services as channels
from careloop.domains.channels.errors import MayNotKeepMailboxes
from careloop.gateways.texting import check
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.scope import workspace_scope
from careloop.processes.texting.house import account_of

__all__ = ["try_messenger"]


def try_messenger(*, workspace_id: int, messenger_id: int, actor: Actor) -> tuple[str, str]:
    """Ask the provider whether it lets us in; return a code of what is wrong and its words, both empty when all is well.

    Asks the network outside any transaction, so no scope may be open. Raises MayNotKeepMailboxes, MessengerNotFound, Unreadable.
    """
    if not rules.may_keep_mailboxes(actor):
        raise MayNotKeepMailboxes(_("Owners and managers connect numbers. Ask one of them."))
    with workspace_scope(workspace_id):
        account = account_of(messenger_id)
    code, detail = check(account)
    with workspace_scope(workspace_id):
        if code:
            channels.note_messenger_failure(
                messenger_id=messenger_id, reason=code, detail=detail, actor=actor, at=clock.now()
            )
        else:
            channels.note_messenger_works(messenger_id=messenger_id, actor=actor, at=clock.now())
    return code, detail
