"""What protects people from customers who abuse them: each step is done once, and nothing of it is ever undone."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import names_of
from careloop.domains.supervision import rules
from careloop.domains.supervision.errors import (
    AbuseNotFound,
    AbuseUnclear,
    AlreadyEnded,
    AlreadyRested,
    AlreadyWarned,
    MayNotGiveRest,
    MayNotNoteAbuse,
    NotWarned,
)
from careloop.domains.supervision.events import AbuseContactEnded, AbuseNoted, AbuseRestGiven, AbuseWarned
from careloop.domains.supervision.models import Abuse
from careloop.domains.supervision.states import AT_ONCE, REST_MINUTES, AbuseKind
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["end_contact", "give_rest", "note_abuse", "warn"]

REST_WITHIN: Final = timedelta(hours=12)
"""So long after the abuse a rest still belongs to it."""


@act
def note_abuse(
    *, case_id: int, chat_id: int | None, contact_id: int, kind: AbuseKind, actor: Actor, at: datetime
) -> int:
    """Write down that a customer abused the actor in a contact, and return its primary key; noted twice, it stands once.

    Said again, it stands as it was, unless it became worse: then it stands as what ends a contact at once.

    chat_id: where it is a chat. That the actor may see the case is for the caller to know.

    Raises MayNotNoteAbuse, AbuseUnclear. Records AbuseNoted.
    """
    if not rules.may_note_abuse(actor):
        raise MayNotNoteAbuse(_("Your role serves no customers, so there is nothing to protect you from here."))
    if kind not in AbuseKind:
        problem = _("Choose one of the entries in the list.")
        raise AbuseUnclear(problem, fields={"kind": problem})
    row = Abuse(user_id=actor.id, case_id=case_id, chat_id=chat_id, contact_id=contact_id, kind=kind, noted_at=at)
    try:
        with attempt():
            row.save()
    except IntegrityError:
        row = Abuse.objects.select_for_update().get(contact_id=contact_id, user_id=actor.id)
        if row.kind in AT_ONCE or kind not in AT_ONCE:
            return row.pk
        row.kind = kind
        row.save(update_fields=["kind"])
    record(
        AbuseNoted(
            subject=subject("case", case_id),
            actor=str(actor),
            at=at,
            abuse_id=row.pk,
            contact_id=contact_id,
            chat_id=chat_id,
            user_id=actor.id,
            kind=kind,
        )
    )
    return row.pk


@act
def warn(*, abuse_id: int, is_sent: bool, actor: Actor, at: datetime) -> None:
    """Note that the customer was warned: once in a contact, whoever does it.

    is_sent: as words of ours; not where it was said by mouth. For the process that holds the case and sends them.

    Raises AbuseNotFound, AlreadyWarned, AlreadyEnded. Records AbuseWarned.
    """
    row = _locked(abuse_id, actor)
    _refuse_if_ended(row)
    warned = Abuse.objects.filter(contact_id=row.contact_id, warned_at__isnull=False).first()
    if warned is not None and warned.warned_at is not None:
        raise AlreadyWarned(
            _now("%(name)s warned this customer at %(time)s. One warning is enough: if it goes on, end the contact.")
            % {"name": _name(warned), "time": f"{localtime(warned.warned_at):%H:%M}"}
        )
    row.warned_at = at
    row.save(update_fields=["warned_at"])
    record(
        AbuseWarned(
            subject=subject("case", row.case_id),
            actor=str(actor),
            at=at,
            abuse_id=row.pk,
            contact_id=row.contact_id,
            user_id=row.user_id,
            is_sent=is_sent,
        )
    )


@act
def end_contact(*, abuse_id: int, actor: Actor, at: datetime) -> None:
    """Note that the contact was ended to protect whoever had it: after a warning, and at once for what nobody has to bear twice.

    For the process that holds the case and ends the contact.

    Raises AbuseNotFound, NotWarned, AlreadyEnded. Records AbuseContactEnded.
    """
    row = _locked(abuse_id, actor)
    _refuse_if_ended(row)
    is_warned = Abuse.objects.filter(contact_id=row.contact_id, warned_at__isnull=False).exists()
    if not is_warned and row.kind not in AT_ONCE:
        raise NotWarned(
            _(
                "Warn the customer first. Only after threats, or words and pictures of a sexual kind, a contact ends at once."
            )
        )
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    record(
        AbuseContactEnded(
            subject=subject("case", row.case_id),
            actor=str(actor),
            at=at,
            abuse_id=row.pk,
            contact_id=row.contact_id,
            user_id=row.user_id,
            kind=row.kind,
            is_warned=is_warned,
        )
    )


@act
def give_rest(*, abuse_id: int, minutes: int, actor: Actor, at: datetime) -> int:
    """Note that whoever was abused rests, and return who that is: they take it themselves, or whoever leads gives it to them.

    minutes: one of states.REST_MINUTES. For the process that puts them there.

    Raises AbuseNotFound, MayNotGiveRest, AbuseUnclear, AlreadyRested. Records AbuseRestGiven.
    """
    row = Abuse.objects.select_for_update().filter(pk=abuse_id).first()
    if row is None or not (row.user_id == actor.user_id or rules.may_see_abuse(actor)):
        raise AbuseNotFound(_("Nobody wrote down an abusive contact like that."))
    if not rules.may_give_rest(actor, user_id=row.user_id):
        raise MayNotGiveRest(_("Only they themselves, or somebody who leads or manages, say that they rest."))
    if minutes not in REST_MINUTES:
        problem = _("Choose one of the entries in the list.")
        raise AbuseUnclear(problem, fields={"minutes": problem})
    if row.rested_at is not None:
        raise AlreadyRested(_("The rest after this contact was taken already."))
    if at > row.noted_at + REST_WITHIN:
        raise AlreadyRested(_("This is long over. A rest belongs to the hours after the contact."))
    row.rested_at, row.rest_s = at, minutes * 60
    row.save(update_fields=["rested_at", "rest_s"])
    record(
        AbuseRestGiven(
            subject=subject("case", row.case_id),
            actor=str(actor),
            at=at,
            abuse_id=row.pk,
            contact_id=row.contact_id,
            user_id=row.user_id,
            rest_s=minutes * 60,
        )
    )
    return row.user_id


def _locked(abuse_id: int, actor: Actor) -> Abuse:
    row = Abuse.objects.select_for_update().filter(pk=abuse_id, user_id=actor.user_id or 0).first()
    if row is None:
        raise AbuseNotFound(_("Nobody wrote down an abusive contact like that."))
    return row


def _refuse_if_ended(row: Abuse) -> None:
    ended = Abuse.objects.filter(contact_id=row.contact_id, ended_at__isnull=False).first()
    if ended is not None and ended.ended_at is not None:
        raise AlreadyEnded(
            _now("%(name)s ended this contact at %(time)s.")
            % {"name": _name(ended), "time": f"{localtime(ended.ended_at):%H:%M}"}
        )


def _name(row: Abuse) -> str:
    return names_of([row.user_id]).get(row.user_id, "")
