"""A floor where customers wait: matters on several channels in two teams, and a slow, plain count of what happened to them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from careloop.domains.contacts import services as contacts
from careloop.domains.contacts.events import ContactOpened, SegmentAnswered, SegmentLeft, SegmentQueued
from careloop.domains.contacts.services import Word
from careloop.domains.conversations.services import start
from careloop.domains.conversations.types import NewConversation
from careloop.domains.customers.services import recognize
from careloop.domains.customers.types import Met
from careloop.domains.people.services import create_team
from careloop.domains.wallboards.counting import COUNTS
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import Recorded, events_between
from careloop.kernel.readers import catch_up, number_events
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House

__all__ = ["CHANNELS", "QUIET", "Floor", "Leg", "legs_of", "open_floor", "read_all"]

QUIET = timedelta(hours=72)
CHANNELS = ("email", "voice", "web_form")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """conversations: one on each of CHANNELS, then again. teams: two of them."""

    house: House
    omar: int
    conversations: Sequence[int]
    teams: Sequence[int]

    def team(self, number: int) -> int | None:
        """Return a team, or None for the number 2: whoever comes."""
        return (*self.teams, None)[number]

    def writes(self, number: int, *, at: datetime, team: int = 0) -> None:
        """Let the customer write in a conversation."""
        word = Word(
            conversation_id=self.conversations[number],
            customer_id=self.omar,
            channel=CHANNELS[number % len(CHANNELS)],
            team_id=self.team(team),
            at=at,
        )
        contacts.customers_wrote([word], quiet=QUIET, actor=HOUSE)

    def answers(self, number: int, *, at: datetime, who: str = "ada") -> None:
        contacts.human_answered(
            conversation_id=self.conversations[number],
            agent_id=self.house.ids[who],
            quiet=QUIET,
            actor=self.house.actor(who),
            at=at,
        )

    def hands_over(self, number: int, *, at: datetime, team: int) -> None:
        contacts.hand_over(
            conversation_ids=[self.conversations[number]],
            team_id=self.team(team),
            agent_id=None,
            quiet=QUIET,
            actor=HOUSE,
            at=at,
        )

    def ends(self, number: int, *, at: datetime) -> None:
        """End a matter without a person's doing; who waits still has given up."""
        contacts.matter_solved(conversation_ids=[self.conversations[number]], actor=HOUSE, at=at)


def open_floor(house: House, *, matters: int = 6) -> Floor:
    """Make the workspace in scope ready: two teams, and conversations in which nobody has written yet."""
    met = Met(address="omar@customer.example", name="Omar", language="en", at=NOW)
    omar = recognize([met], source="mail", actor=HOUSE)[met.address]
    new = [
        NewConversation(
            channel=CHANNELS[n % len(CHANNELS)],
            audience="customer",
            customer_id=omar,
            mailbox_id=None,
            subject_line=f"Matter {n}",
            at=NOW,
        )
        for n in range(matters)
    ]
    conversations = start(new, actor=HOUSE)
    names = (f"Billing {conversations[0]}", f"Network {conversations[0]}")
    teams = [create_team(name=name, actor=HOUSE, at=NOW) for name in names]
    return Floor(house=house, omar=omar, conversations=conversations, teams=teams)


def read_all(*, batch: int = 500) -> None:
    """Give positions, and let the counters read to the end of the log."""
    while number_events() + catch_up(COUNTS, batch=batch):
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One segment, as its events tell it."""

    contact_id: int
    sequence: int
    team_id: int | None
    channel: str
    queued_at: datetime
    left_at: datetime | None = None
    exit: str = ""

    @property
    def wait(self) -> timedelta:
        assert self.left_at is not None
        return self.left_at - self.queued_at


def legs_of(workspace_id: int) -> list[Leg]:
    """Tell every segment of a workspace from its log, plainly."""
    with workspace_scope(workspace_id):
        log: list[Recorded] = events_between(0, 2**62, limit=100_000)
    channels: dict[int, str] = {}
    legs: dict[int, Leg] = {}
    for one in log:
        event: Any = one.event
        if isinstance(event, ContactOpened):
            channels[one.subject_id] = event.channel
        elif isinstance(event, SegmentQueued):
            legs[event.segment_id] = Leg(
                contact_id=one.subject_id,
                sequence=event.sequence,
                team_id=event.team_id,
                channel=channels[one.subject_id],
                queued_at=event.at,
            )
        elif isinstance(event, SegmentAnswered):
            legs[event.segment_id] = replace(legs[event.segment_id], left_at=event.at, exit="answered")
        elif isinstance(event, SegmentLeft):
            legs[event.segment_id] = replace(legs[event.segment_id], left_at=event.at, exit=event.exit)
    return list(legs.values())
