"""People answer flags, and doubt answers."""

from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from careloop.domains.integrity import rules
from careloop.domains.integrity.errors import (
    AlreadyAnswered,
    AnswerUnclear,
    FlagIsOver,
    FlagNotFound,
    MayNotAnswerFlags,
    NotAnswered,
)
from careloop.domains.integrity.events import FlagAnswered, FlagReopened
from careloop.domains.integrity.models import Flag, FlagStep
from careloop.domains.integrity.states import Reason, Said, State, Step
from careloop.domains.integrity.types import About
from careloop.domains.people.queries import names_of
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject

__all__ = ["LEAST_WORDS", "MOST_WORDS", "answer", "doubt"]

LEAST_WORDS: Final = 10
MOST_WORDS: Final = 4_000


@act
def answer(*, flag_id: int, said: str, words: str, actor: Actor, at: datetime) -> None:
    """Say what is behind a flag.

    said: one of Said. words: why, what was corrected, or to whom it was handed on; 10 to 4000 characters.

    Raises FlagNotFound, MayNotAnswerFlags, AlreadyAnswered, FlagIsOver, AnswerUnclear. Records FlagAnswered.
    """
    flag = _locked(flag_id, actor)
    words = words.strip()
    fields: dict[str, str | Promise] = {}
    if said not in Said.values:
        fields["said"] = _("Choose one of the three answers.")
    fields |= _unclear(words)
    match State(flag.state):
        case State.ANSWERED:
            raise AlreadyAnswered(
                _("%(name)s answered this on %(moment)s. Doubt the answer first, if it is wrong.") % _by(flag)
            )
        case State.GONE:
            raise FlagIsOver(_("This is over: the data do not show it any more. There is nothing left to answer."))
    if fields:
        raise AnswerUnclear(_("The answer is not kept yet: something is missing."), fields=fields)
    flag.state, flag.said, flag.words = State.ANSWERED, said, words
    flag.answered_by_id, flag.answered_at, flag.answered_amount = actor.user_id, at, flag.amount
    flag.save(update_fields=["state", "said", "words", "answered_by", "answered_at", "answered_amount"])
    _step(flag, Step.ANSWERED, actor=actor, at=at, said=said, words=words)
    about = subject("flag", flag.pk)
    record(
        FlagAnswered(
            subject=about, actor=str(actor), at=at, check=flag.check_id, severity=flag.severity, said=Said(said).value
        )
    )


@act
def doubt(*, flag_id: int, words: str, actor: Actor, at: datetime) -> None:
    """Open an answered flag again, because the answer does not hold.

    words: why; 10 to 4000 characters.

    Raises FlagNotFound, MayNotAnswerFlags, NotAnswered, AnswerUnclear. Records FlagReopened.
    """
    flag = _locked(flag_id, actor)
    words = words.strip()
    if flag.state != State.ANSWERED:
        raise NotAnswered(_("There is no answer to doubt."))
    if fields := _unclear(words):
        raise AnswerUnclear(_("Say why the answer does not hold."), fields=fields)
    flag.state, flag.said, flag.words = State.OPEN, "", ""
    flag.answered_by_id, flag.answered_at, flag.answered_amount = None, None, None
    flag.save(update_fields=["state", "said", "words", "answered_by", "answered_at", "answered_amount"])
    _step(flag, Step.REOPENED, actor=actor, at=at, reason=Reason.DOUBTED, words=words)
    record(
        FlagReopened(
            subject=subject("flag", flag.pk),
            actor=str(actor),
            at=at,
            check=flag.check_id,
            severity=flag.severity,
            reason=Reason.DOUBTED.value,
            value=flag.value,
        )
    )


def _locked(flag_id: int, actor: Actor) -> Flag:
    flag = Flag.objects.select_for_update().filter(pk=flag_id).first()
    if flag is None or not rules.may_see(actor, about=About(flag.about), user_id=flag.user_id):
        raise FlagNotFound(_("There is no such flag."))
    if not rules.may_answer_some(actor):
        raise MayNotAnswerFlags(_("Owners, managers and quality analysts answer for numbers. Tell one of them."))
    if not rules.may_answer(actor, user_id=flag.user_id):
        raise MayNotAnswerFlags(_("This flag is about your own work, so somebody else answers it."))
    return flag


def _unclear(words: str) -> dict[str, str | Promise]:
    if len(words) < LEAST_WORDS:
        return {
            "words": _("Write a sentence that somebody understands in a year: what is behind it, and how you know.")
        }
    if len(words) > MOST_WORDS:
        return {"words": _("Keep it below %(most)d characters.") % {"most": MOST_WORDS}}
    return {}


def _by(flag: Flag) -> dict[str, str]:
    moment = date_format(timezone.localtime(flag.answered_at), "DATETIME_FORMAT") if flag.answered_at else ""
    names = names_of([flag.answered_by_id] if flag.answered_by_id else [])
    return {"name": names.get(flag.answered_by_id or 0, _("Somebody")), "moment": moment}


def _step(flag: Flag, step: Step, *, actor: Actor, at: datetime, words: str, said: str = "", reason: str = "") -> None:
    FlagStep.objects.create(
        flag=flag,
        step=step,
        at=at,
        user_id=actor.user_id,
        said=said,
        reason=reason,
        words=words,
        value=flag.value,
        count=flag.count,
    )
