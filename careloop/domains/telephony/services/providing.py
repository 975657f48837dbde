"""Providers shaped like Twilio that call us for what happens to calls: kept as it came, answered at once, told afterwards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Final

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.queries import is_calendar
from careloop.domains.channels.rules import is_api_base
from careloop.domains.telephony import rules
from careloop.domains.telephony.errors import MayNotKeepPhones, NotTold, PbxUnclear
from careloop.domains.telephony.events import PbxChanged
from careloop.domains.telephony.models import CallHook, Provider
from careloop.domains.telephony.services.keeping import CONTROLS, locked
from careloop.domains.telephony.services.listening import note_names
from careloop.domains.telephony.types import CallHookKind, Offer, PbxKind
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.secrets import seal_secret

__all__ = [
    "API_BASE",
    "ProviderSettings",
    "answer_hook",
    "connect_provider",
    "count_fetch",
    "settle_hook",
    "store_hook",
]

API_BASE: Final = "https://api.twilio.com"
ACCOUNT: Final = re.compile(r"[A-Za-z0-9-]{3,80}")
NUMBER: Final = re.compile(r"\+\d{5,18}")
MOST_NUMBERS: Final = 10
LONGEST_QUEUE: Final = 120
OFFERS: Final = (Offer.END, Offer.TRANSFER)
"""What can be done with calls at a provider from here. Nobody is called from here, so nobody listens in either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """What a person says about a provider. An empty token keeps the stored one, as long as account and API stay the same.

    queue: in which its callers wait. calendar_id: outside these hours a message is taken; None is always open. numbers: of the
    agents' telephones, which ring at once. offers: which of `OFFERS` people may do from here.
    """

    account: str
    token: str = field(default="", repr=False)
    api_base: str = API_BASE
    queue: str
    calendar_id: int | None = None
    numbers: Sequence[str] = ()
    offers: Sequence[str] = ()


@act
def connect_provider(*, pbx_id: int, settings: ProviderSettings, actor: Actor, at: datetime) -> None:
    """Let a provider tell of the calls of a telephone system, or change how. Each number becomes an agent of it.

    Raises MayNotKeepPhones, PbxNotFound, NotTold, PbxUnclear. Records PbxChanged.
    """
    if not rules.may_keep_phones(actor):
        raise MayNotKeepPhones(_("Owners and managers connect telephone systems. Ask one of them."))
    pbx = locked(pbx_id)
    if pbx.kind != PbxKind.TOLD:
        raise NotTold(_("We listen to this telephone system ourselves. Add one that tells through the API."))
    provider = Provider.objects.filter(pbx_id=pbx_id).first() or Provider(pbx_id=pbx_id, key=token_hex(12))
    said = _checked(settings, provider)
    changed = tuple(name for name, value in said.items() if getattr(provider, name) != value)
    for name in changed:
        setattr(provider, name, said[name])
    provider.save()
    offers = [one.value for one in OFFERS if one in settings.offers]
    if pbx.offers != offers:
        pbx.offers, changed = offers, (*changed, "offers")
        pbx.save(update_fields=["offers"])
    note_names(pbx_id=pbx_id, names=provider.numbers, actor=actor, at=at)
    if changed:
        about = subject("pbx", pbx_id)
        record(PbxChanged(subject=about, actor=str(actor), at=at, change="changed", fields=changed))


@act
def store_hook(
    *, pbx_id: int, kind: CallHookKind, provider_id: str, call: str, body: bytes, actor: Actor, at: datetime
) -> int:
    """Keep what a provider called us for, and return its id: the same one however often and late it comes.

    provider_id: what makes it this call of ours and no other. call: the provider's name of the customer's call.
    """
    row, _is_new = CallHook.objects.get_or_create(
        pbx_id=pbx_id, provider_id=provider_id, defaults={"kind": kind, "call": call, "body": body, "received_at": at}
    )
    return row.pk


@act
def answer_hook(*, hook_id: int, answer: str, lets_go: bool) -> None:
    """Note what the provider was told to do, so that it is told the same when it asks again. lets_go: we end the call by it."""
    CallHook.objects.filter(pk=hook_id).update(answer=answer, lets_go=lets_go)


@act
def settle_hook(*, hook_id: int, at: datetime) -> None:
    """Note that what came with it was told."""
    CallHook.objects.filter(pk=hook_id).update(settled_at=at)


@act
def count_fetch(*, hook_id: int) -> int:
    """Count an attempt to fetch a recording, and return how many there were; to be committed before it is made."""
    CallHook.objects.filter(pk=hook_id).update(attempts=F("attempts") + 1)
    return CallHook.objects.values_list("attempts", flat=True).get(pk=hook_id)


def _checked(settings: ProviderSettings, provider: Provider) -> dict[str, object]:
    """Return what is to be stored."""
    said: dict[str, object] = {
        "account": settings.account.strip(),
        "api_base": settings.api_base.strip().rstrip("/"),
        "queue": settings.queue.strip(),
        "calendar_id": settings.calendar_id,
        "numbers": list(dict.fromkeys(re.sub(r"[\s().-]", "", one) for one in settings.numbers if one.strip())),
    }
    problems: dict[str, str | Promise] = {}
    if not ACCOUNT.fullmatch(str(said["account"])):
        problems["account"] = _("This is not an account of a provider. It consists of letters and digits.")
    if not is_api_base(str(said["api_base"])):
        problems["api_base"] = _("Write where the provider's API begins, such as https://api.twilio.com.")
    if not said["queue"] or len(settings.queue) > LONGEST_QUEUE or CONTROLS.search(settings.queue):
        problems["queue"] = _("Name the queue in which callers wait, in one line.")
    if settings.calendar_id not in {None, provider.calendar_id} and not is_calendar(settings.calendar_id or 0):
        problems["calendar_id"] = _("This calendar does not exist any more. Choose another one.")
    numbers = said["numbers"]
    if not isinstance(numbers, list) or len(numbers) > MOST_NUMBERS or not all(map(NUMBER.fullmatch, numbers)):
        problems["numbers"] = _("Write each number with + and its country first, one in each line, at most 10.")
    if set(settings.offers) - set(OFFERS):
        problems["offers"] = _("Choose what may be done from Careloop from the list.")
    is_elsewhere = (said["account"], said["api_base"]) != (provider.account, provider.api_base)
    if CONTROLS.search(settings.token) or (not settings.token and (is_elsewhere or not provider.token)):
        problems["token"] = _("Enter the token of the account.")
    for problem in problems.values():
        raise PbxUnclear(problem, fields=problems)
    return said | ({"token": seal_secret(settings.token)} if settings.token else {})
