"""Acts of those who ask for help, of those who come, and of those who tell their teams something."""

from collections.abc import Collection
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
    MayNotTellTeams,
    MessageNotFound,
    MessageUnclear,
)
from careloop.domains.supervision.events import HandLowered, HandRaised, HandTakenUp, TeamMessageRead, TeamMessageSent
from careloop.domains.supervision.models import Hand, Recipient, TeamMessage
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["MOST_LETTERS", "lower_hand", "raise_hand", "read_message", "send_message", "take_up_hand"]

MOST_LETTERS: Final = 200
MOST_LETTERS_OF_MESSAGE: Final = 300


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


@act
def send_message(*, text: str, team_id: int | None, user_ids: Collection[int], actor: Actor, at: datetime) -> int:
    """Tell some people something that stays before their eyes until they have read it; return the message's primary key.

    text: 1 to 300 characters. team_id: None for everybody at work. user_ids: who that is; that is for the caller to know.

    Raises MayNotTellTeams, MessageUnclear. Records TeamMessageSent.
    """
    if not rules.may_tell_teams(actor):
        raise MayNotTellTeams(_("Only somebody who leads or manages can send a message to a team."))
    if not 1 <= len(text.strip()) <= MOST_LETTERS_OF_MESSAGE:
        problem = _("Write a message of at most 300 letters.")
        raise MessageUnclear(problem, fields={"text": problem})
    others = sorted(set(user_ids) - {actor.id})
    if not others:
        raise MessageUnclear(_("Nobody would get this message now. Choose a team, or send it when people are at work."))
    message = TeamMessage.objects.create(sender_id=actor.id, team_id=team_id, text=text.strip(), sent_at=at)
    Recipient.objects.bulk_create([Recipient(message=message, user_id=user_id) for user_id in others])
    record(
        TeamMessageSent(
            subject=subject("team_message", message.pk),
            actor=str(actor),
            at=at,
            team_id=team_id,
            recipient_count=len(others),
        )
    )
    return message.pk


@act
def read_message(*, message_id: int, actor: Actor, at: datetime) -> None:
    """Say that one has read a message; said twice, it was read once. Raises MessageNotFound. Records TeamMessageRead."""
    row = Recipient.objects.select_for_update().filter(message_id=message_id, user_id=actor.user_id or 0).first()
    if row is None:
        raise MessageNotFound(_("There is no such message to you."))
    if row.read_at is not None:
        return
    row.read_at = at
    row.save(update_fields=["read_at"])
    record(TeamMessageRead(subject=subject("team_message", message_id), actor=str(actor), at=at, user_id=row.user_id))


def _locked(hand_id: int) -> Hand:
    hand = Hand.objects.select_for_update().filter(pk=hand_id).first()
    if hand is None:
        raise HandNotFound(_("Nobody asked for help like that."))
    return hand


def _seconds(hand: Hand, at: datetime) -> int:
    return max(0, int((at - hand.raised_at).total_seconds()))
