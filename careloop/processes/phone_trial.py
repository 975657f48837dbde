"""Try a telephone system before it is listened to: what works, and what it would tell."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from careloop.domains.telephony import queries, rules
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.errors import MayNotKeepPhones, NotTold
from careloop.domains.telephony.types import PbxServer
from careloop.gateways.telephony import Account, PhoneTrouble, Security, connect
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.scope import workspace_scope

__all__ = ["PhoneTrial", "account_of", "try_pbx"]

TRIAL_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTrial:
    """How it went. trouble: its code, empty when all went well; detail: the other side's words.

    queues: by name, with how many wait in each. agents: names that the queues know. call_count: channels that are open now.
    """

    trouble: str = ""
    detail: str = ""
    queues: tuple[tuple[str, int], ...] = ()
    agents: tuple[str, ...] = ()
    call_count: int = 0


def try_pbx(*, workspace_id: int, pbx_id: int, actor: Actor, timeout_seconds: float = TRIAL_SECONDS) -> PhoneTrial:
    """Sign in and ask how the queues stand; nothing is kept but the names of their agents.

    Asks the network outside any transaction, so no scope may be open. Raises MayNotKeepPhones, PbxNotFound, NotTold, Unreadable.
    """
    if not rules.may_keep_phones(actor):
        raise MayNotKeepPhones(_("Owners and managers connect telephone systems. Ask one of them."))
    with workspace_scope(workspace_id):
        if queries.pbx(pbx_id).is_told:
            raise NotTold(_("This telephone system tells of its calls itself. There is no connection to check."))
        server = queries.pbx_server(pbx_id)
    try:
        with connect(account_of(server, timeout_seconds=timeout_seconds)) as line:
            seen = line.snapshot()
    except PhoneTrouble as trouble:
        return PhoneTrial(trouble=trouble.code, detail=trouble.detail)
    agents = tuple(sorted({one.fields.get("Name", "") for one in seen.members} - {""}))
    with workspace_scope(workspace_id):
        telephony.note_names(pbx_id=pbx_id, names=agents, actor=actor, at=clock.now())
    return PhoneTrial(
        queues=tuple(
            (queue, sum(one.fields.get("Queue") == queue for one in seen.callers))
            for queue in sorted({one.fields.get("Queue", "") for one in seen.queues} - {""})
        ),
        agents=agents,
        call_count=len(seen.channels),
    )


def account_of(server: PbxServer, *, timeout_seconds: float) -> Account:
    """Return a telephone system as the gateway wants it."""
    return Account(
        host=server.host,
        port=server.port,
        security=Security(server.security),
        user=server.user,
        secret=server.secret,
        timeout_seconds=timeout_seconds,
    )
