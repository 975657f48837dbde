"""Acts of those who tell their teams something, and of those who read it."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.supervision import rules
from careloop.domains.supervision.errors import MayNotTellTeams, MessageNotFound, MessageUnclear
from careloop.domains.supervision.events import TeamMessageRead, TeamMessageSent
from careloop.domains.supervision.models import Recipient, TeamMessage
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject

__all__ = ["read_message", "send_message"]

MOST_LETTERS_OF_MESSAGE: Final = 300


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
