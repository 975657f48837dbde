"""Abusive contacts of a case in words: what happened, what was done, and what can be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from careloop.domains.calls.queries import talk_about
from careloop.domains.cases.types import CaseDetail
from careloop.domains.chats.queries import live_chat_of_case
from careloop.domains.customers.queries import rows_of
from careloop.domains.people.queries import names_of
from careloop.domains.supervision.queries import abuse_in
from careloop.domains.supervision.rules import may_give_rest, may_note_abuse
from careloop.domains.supervision.states import REST_MINUTES, AbuseKind
from careloop.domains.supervision.types import AbuseRow
from careloop.domains.telephony.queries import pbx
from careloop.domains.telephony.types import Offer
from careloop.kernel.actors import Actor
from careloop.processes.protecting import ending_words, warning_words

__all__ = ["AbuseForm", "AbuseShown", "EndingForm", "protection_context"]


def _rests() -> list[tuple[str, str]]:
    return [
        ("", _now("No rest")),
        *((str(one), ngettext("%(count)d minute", "%(count)d minutes", one) % {"count": one}) for one in REST_MINUTES),
    ]


class AbuseForm(forms.Form):
    """What the customer did."""

    kind = forms.ChoiceField(label=_("What the customer did"), choices=AbuseKind.choices)

    def __init__(self, posted: QueryDict | None = None, *, prefix: str = "") -> None:
        super().__init__(posted, auto_id=f"{prefix}%s")


class EndingForm(AbuseForm):
    """And how long one rests afterwards."""

    minutes = forms.TypedChoiceField(
        label=_("Rest afterwards"),
        choices=_rests,
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Nothing is offered to you until it is over, and it counts as work."),
    )

    def __init__(self, posted: QueryDict | None = None) -> None:
        super().__init__(posted, prefix="ending_")


@dataclass(frozen=True, slots=True, kw_only=True)
class AbuseShown:
    """Somebody was abused, in words. rest_minutes: of their rest; 0 for none. may_rest: the reader can say that they rest."""

    id: int
    person: str
    kind: str | Promise
    noted_at: datetime
    warned_at: datetime | None
    ended_at: datetime | None
    rested_at: datetime | None
    rest_minutes: int
    may_rest: bool


def protection_context(detail: CaseDetail, *, viewer: Actor) -> dict[str, Any]:
    """Return what stands on the page of the abusive contacts of a case that the viewer sees."""
    rows = abuse_in(viewer, case_id=detail.row.id)
    customer = rows_of([detail.row.requester_id])[detail.row.requester_id]
    chat = live_chat_of_case(detail.row.id)
    language = customer.language or (chat.language if chat is not None else "")
    return {
        "case": detail.row,
        "rows": _shown(rows, viewer=viewer),
        "chat": chat,
        "may_act": may_note_abuse(viewer),
        "ends_call": _ends_call(detail.row.id, viewer),
        "warning": warning_words(language or "en"),
        "ending": ending_words(language or "en"),
        "language": language or "en",
        "rests": [choice for choice in _rests() if choice[0]],
    }


def _ends_call(case_id: int, viewer: Actor) -> bool:
    """Say whether the viewer talks to the customer on a telephone system that lets us end the call."""
    talk = talk_about(case_id, agent_id=viewer.user_id or 0)
    return talk is not None and Offer.END in pbx(talk.pbx_id).offers


def _shown(rows: Sequence[AbuseRow], *, viewer: Actor) -> list[AbuseShown]:
    names = names_of({row.user_id for row in rows})
    return [
        AbuseShown(
            id=row.id,
            person=names.get(row.user_id) or _now("Somebody"),
            kind=AbuseKind(row.kind).label,
            noted_at=row.noted_at,
            warned_at=row.warned_at,
            ended_at=row.ended_at,
            rested_at=row.rested_at,
            rest_minutes=(row.rest_s or 0) // 60,
            may_rest=row.rested_at is None and may_give_rest(viewer, user_id=row.user_id),
        )
        for row in rows
    ]
