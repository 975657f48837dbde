"""Acts of those who ask for help, and of those who come."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import names_of
from careloop.domains.supervision import rules
from careloop.domains.supervision.errors import (
    HandIsDown,
    HandNotFound,
    HandTaken,
    HelpUnclear,
    MayNotAskForHelp,
    MayNotHelp,
)
from careloop.domains.supervision.events import HandLowered, HandRaised, HandTakenUp
from careloop.domains.supervision.models import Hand
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["lower_hand", "raise_hand", "take_up_hand"]

MOST_LETTERS: Final = 200


@act
def raise_hand(
    *, about: str = "", case_id: int | None = None, chat_id: int | None = None, actor: Actor, at: datetime
) -> int:
    """Ask for help, and return the primary key of the raised hand; asked twice, it is raised once.

    about: a word about what, at most 200 characters; may be empty. case_id, chat_id: what one has before one, as far as one may see
    it; that is for the caller to know.

    Raises MayNotAskForHelp, HelpUnclear. Records HandRaised.
    """
    if not rules.may_raise(actor):
        raise MayNotAskForHelp(_("Your role serves no customers, so nobody is called to help."))
    if len(about.strip()) > MOST_LETTERS:
        problem = _("Say it in at most 200 letters; the rest you tell whoever comes.")
        raise HelpUnclear(problem, fields={"about": problem})
    hand = Hand(user_id=actor.id, about=about.strip(), case_id=case_id, chat_id=chat_id, raised_at=at)
    try:
        with attempt():
            hand.save()
    except IntegrityError:
        known = Hand.objects.filter(user_id=actor.id, lowered_at__isnull=True).values_list("pk", flat=True).first()
        if known is None:
            raise
        return known
    record(
        HandRaised(
            subject=subject("hand", hand.pk),
            actor=str(actor),
            at=at,
            user_id=hand.user_id,
            case_id=case_id,
            chat_id=chat_id,
        )
    )
    return hand.pk


@act
def take_up_hand(*, hand_id: int, actor: Actor, at: datetime) -> None:
    """Say that one is on the way to somebody who asks for help; said twice, nothing more happens. Of two who say so, one goes.

    Raises MayNotHelp, HandNotFound, HandIsDown, HandTaken. Records HandTakenUp.
    """
    if not rules.may_help(actor):
        raise MayNotHelp(_("Only somebody who leads or manages can come to help."))
    hand = _locked(hand_id)
    if hand.lowered_at is not None:
        raise HandIsDown(_("This is over: help is not needed any more."))
    if hand.helper_id == actor.user_id:
        return
    if hand.helper_id is not None:
        name = names_of([hand.helper_id]).get(hand.helper_id, "")
        raise HandTaken(_now("%(name)s is on the way already.") % {"name": name})
    hand.helper_id, hand.taken_at = actor.user_id, at
    hand.save(update_fields=["helper_id", "taken_at"])
    record(
        HandTakenUp(
            subject=subject("hand", hand.pk),
            actor=str(actor),
            at=at,
            user_id=hand.user_id,
            helper_id=actor.id,
            waited_s=_seconds(hand, at),
        )
    )


@act
def lower_hand(*, hand_id: int, actor: Actor, at: datetime) -> None:
    """Say that help is not needed any more: whoever asked, or whoever leads. Said twice, it is over once.

    Raises HandNotFound, also for those to whom it is no matter. Records HandLowered.
    """
    hand = _locked(hand_id)
    if hand.user_id != actor.user_id and not rules.may_help(actor):
        raise HandNotFound(_("Nobody asked for help like that."))
    if hand.lowered_at is not None:
        return
    hand.lowered_at = at
    hand.save(update_fields=["lowered_at"])
    record(
        HandLowered(
            subject=subject("hand", hand.pk),
            actor=str(actor),
            at=at,
            user_id=hand.user_id,
            helper_id=hand.helper_id,
            lasted_s=_seconds(hand, at),
        )
    )


def _locked(hand_id: int) -> Hand:
    hand = Hand.objects.select_for_update().filter(pk=hand_id).first()
    if hand is None:
        raise HandNotFound(_("Nobody asked for help like that."))
    return hand


def _seconds(hand: Hand, at: datetime) -> int:
    return max(0, int((at - hand.raised_at).total_seconds()))
