"""Stories folded into facts: pure, from what the log says of one subject, oldest first.

Rows are mappings by the column names of docs/reference/facts.md. Whoever asks adds what the log does not say: pseudonyms in the
place of customers' keys, and which case a conversation belongs to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from careloop.domains.contacts import events as contacts
from careloop.domains.conversations import events as conversations
from careloop.domains.conversations.types import Channel
from careloop.domains.people import events as people
from careloop.insight.facts.tables.vocabulary import MessageSender
from careloop.kernel.actors import Role
from careloop.kernel.events import Recorded
from careloop.processes.lake.naming import CHANNELS, SENDERS, ours, ours_or_none

__all__ = ["ContactStory", "agent_of", "contact_of", "memberships_of", "messages_of"]

Row = dict[str, Any]
# Written down by hand: it is known when somebody spoke to the customer, and when the matter was over, not when the call was.
SPOKEN_BY_HAND = frozenset({Channel.VOICE, Channel.IN_PERSON})


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactStory:
    """A contact and its segments. customer_id, conversation_id: primary keys of ours."""

    customer_id: int
    conversation_id: int
    contact: Row
    segments: tuple[Row, ...]


def contact_of(story: Sequence[Recorded]) -> ContactStory | None:
    """Fold what happened to one contact; None without its beginning."""
    opened = next((one.event for one in story if isinstance(one.event, contacts.ContactOpened)), None)
    if opened is None:
        return None
    key = ours("contact", story[0].subject_id)
    channel = CHANNELS[opened.channel]
    contact: Row = {
        "contact_id": key,
        "channel": channel,
        "direction": opened.direction,
        "arrived_at": opened.at,
        "ended_at": None,
        "outcome": "open",
    }
    segments: dict[int, Row] = {}
    for one in story:
        match one.event:
            case contacts.SegmentQueued() as event:
                segments[event.segment_id] = {
                    "segment_id": ours("segment", event.segment_id),
                    "contact_id": key,
                    "seq": event.sequence,
                    "queue_id": ours_or_none("team", event.team_id),
                    "channel": channel,
                    "queued_at": event.at,
                }
            case contacts.SegmentAnswered() as event:
                segments[event.segment_id] |= {
                    "agent_id": ours("user", event.agent_id),
                    "answered_at": event.at,
                    "left_queue_at": event.at,
                    "exit": "answered",
                }
            case contacts.SegmentLeft() as event:
                segments[event.segment_id] |= {"left_queue_at": event.at, "exit": event.exit}
            case contacts.SegmentReleased() as event if opened.channel not in SPOKEN_BY_HAND:
                segments[event.segment_id] |= {"released_at": event.at}
            case contacts.ContactEnded() as event:
                contact |= {"ended_at": event.at, "outcome": event.outcome}
            case _:
                pass
    legs = sorted(segments.values(), key=lambda row: row["seq"])
    contact["agent_legs"] = sum("answered_at" in leg for leg in legs)
    contact["transfer_count"] = len(legs) - 1
    return ContactStory(
        customer_id=opened.customer_id, conversation_id=opened.conversation_id, contact=contact, segments=tuple(legs)
    )


def messages_of(story: Sequence[Recorded]) -> list[Row]:
    """Fold the words of one conversation; `customer` is a primary key of ours. One that was recalled only takes itself away."""
    rows: dict[int, Row] = {}
    for one in story:
        match one.event:
            case conversations.MessageReceived() as event:
                is_customer = SENDERS[event.author] == MessageSender.CUSTOMER
                more = {"customer": event.customer_id if is_customer else None}
                rows[event.message_id] = _message(one, event) | more
            case conversations.MessageWritten() as event:
                rows[event.message_id] = _message(one, event) | {"agent_id": ours_or_none("user", event.user_id)}
            case conversations.MessageRecalled() as event if event.message_id in rows:
                rows[event.message_id] = {"message_id": rows[event.message_id]["message_id"], "is_retracted": True}
            case _:
                pass
    return list(rows.values())


def _message(one: Recorded, event: conversations.MessageReceived | conversations.MessageWritten) -> Row:
    return {
        "message_id": ours("message", event.message_id),
        "conversation_id": ours("conversation", one.subject_id),
        "channel": CHANNELS[event.channel],
        "sender": SENDERS[event.author],
        "at": event.at,
        "is_auto": event.is_auto,
    }


def agent_of(story: Sequence[Recorded], *, zone: tzinfo, is_in_team: bool) -> Row | None:
    """Fold somebody's membership; None for who never served customers.

    zone: of the workspace, for days. is_in_team: was ever in a team, and so serves customers whatever the role is called.
    """
    row: Row = {}
    serves = is_in_team
    for one in story:
        match one.event:
            case people.PersonJoined() as event:
                row |= {"role": event.role, "separation_date": None}
                row.setdefault("hire_date", event.at.astimezone(zone).date())
            case people.RoleChanged() as event:
                row["role"] = event.role
            case people.PersonLeft() as event:
                row["separation_date"] = event.at.astimezone(zone).date()
            case _:
                pass
        serves = serves or row.get("role") in {Role.AGENT, Role.LEAD}
    return {"agent_id": ours("user", story[0].subject_id), **row} if serves and "hire_date" in row else None


@dataclass(slots=True)
class _Team:
    since: dict[int, Row] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def end(self, user_id: int, at: Any) -> None:
        if (row := self.since.pop(user_id, None)) is not None:
            row["valid_to"] = at


def memberships_of(story: Sequence[Recorded]) -> list[Row]:
    """Fold who was in which team when, from what happened to teams and to the people in them."""
    teams: dict[int, _Team] = {}
    for one in story:
        match one.event:
            case people.TeamMemberAdded() as event:
                team = teams.setdefault(one.subject_id, _Team())
                row: Row = {
                    "agent_id": ours("user", event.user_id),
                    "team_id": ours("team", one.subject_id),
                    "valid_from": event.at,
                    "valid_to": None,
                }
                team.since[event.user_id] = row
                team.rows.append(row)
            case people.TeamMemberRemoved() as event:
                teams.setdefault(one.subject_id, _Team()).end(event.user_id, event.at)
            case people.PersonLeft() as event:
                for team in teams.values():
                    team.end(one.subject_id, event.at)
            case _:
                pass
    return [row for team in teams.values() for row in team.rows]
