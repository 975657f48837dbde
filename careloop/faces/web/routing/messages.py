"""Messages to teams in words: who said what when, and who has read it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from careloop.domains.people.queries import names_of, team_names_of
from careloop.domains.supervision.queries import messages_sent, unread_messages
from careloop.kernel.actors import Actor
from careloop.processes.floor.wording import joined

__all__ = ["MessageShown", "SentShown", "sent_shown", "unread_shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageShown:
    """A message to the reader."""

    id: int
    sender: str
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentShown:
    """A message as whoever leads sees it. to: the team. readers, others: who has read it and who has not, as one line each."""

    message: MessageShown
    to: str
    readers: str
    others: str


def unread_shown(viewer: Actor) -> list[MessageShown]:
    """Return what the reader has not read, the oldest first."""
    rows = unread_messages(viewer)
    names = names_of({row.sender_id for row in rows})
    return [
        MessageShown(id=row.id, sender=names.get(row.sender_id, _("Somebody")), text=row.text, sent_at=row.sent_at)
        for row in rows
    ]


def sent_shown(viewer: Actor) -> list[SentShown]:
    """Return the newest messages to teams, with who has read them."""
    rows = messages_sent(viewer)
    teams = team_names_of({row.team_id for row in rows if row.team_id is not None})
    people = {user_id for row in rows for user_id in (row.message.sender_id, *row.readers, *row.others)}
    names = names_of(people)
    return [
        SentShown(
            message=MessageShown(
                id=row.message.id,
                sender=names.get(row.message.sender_id, _("Somebody")),
                text=row.message.text,
                sent_at=row.message.sent_at,
            ),
            to=teams.get(row.team_id or 0, _("Everybody at work")),
            readers=joined(sorted(names.get(one, _("Somebody")) for one in row.readers)),
            others=joined(sorted(names.get(one, _("Somebody")) for one in row.others)),
        )
        for row in rows
    ]
