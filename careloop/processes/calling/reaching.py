"""How what goes on in a call is changed: on the telephone system, or at the provider whose webhooks tell of it."""

from contextlib import AbstractContextManager, nullcontext
from typing import Final, Protocol

from django.conf import settings

from careloop.domains.telephony import queries
from careloop.domains.telephony.types import CallHookKind, PbxRow
from careloop.gateways.telephony import Handover, ProviderSwitch, open_switch
from careloop.gateways.texting import Account
from careloop.processes.phone_trial import account_of
from careloop.processes.workspace import workspace_facts

__all__ = ["ANSWER_SECONDS", "Changing", "way_to"]

ANSWER_SECONDS: Final = 8.0


class Changing(Protocol):
    """What every telephone system does with calls that go on, as `gateways.telephony.Switch` says it."""

    def hang_up(self, call: str) -> None: ...

    def transfer(self, order: Handover) -> None: ...


def way_to(row: PbxRow) -> AbstractContextManager[Changing]:
    """Return the way to a telephone system, to be entered outside any transaction. Raises PbxNotFound, Unreadable."""
    if not row.is_told:
        return open_switch(account_of(queries.pbx_server(row.id), timeout_seconds=ANSWER_SECONDS))
    known = queries.provider_account(row.id)
    account = Account(api_base=known.api_base, account=known.account, token=known.token, timeout_seconds=ANSWER_SECONDS)
    base = f"{settings.PUBLIC_URL.rstrip('/')}/in/{workspace_facts().key}/phones/{known.key}/"
    return nullcontext(
        ProviderSwitch(account, legs_url=f"{base}{CallHookKind.LEG}", next_url=f"{base}{CallHookKind.PASSED}")
    )
