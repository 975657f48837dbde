"""Acts on contacts. Each reads the course, asks course.py for the next one, and writes what differs."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from careloop.domains.contacts import course as courses
from careloop.domains.contacts.course import Course, Leg
from careloop.domains.contacts.events import (
    ContactEnded,
    ContactOpened,
    SegmentAnswered,
    SegmentLeft,
    SegmentQueued,
    SegmentReleased,
)
from careloop.domains.contacts.models import Contact, Segment
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import Event, record, record_all, subject
from careloop.kernel.statements import Asked, Statement, ask
from careloop.kernel.timers import clear_timer, clear_timers, set_timer

__all__ = ["QUIET", "Word", "customers_wrote", "end_quiet", "hand_over", "human_answered", "matter_solved"]

QUIET = "contact.quiet"
"""The timer that ends a contact some hours after our last reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A customer's word in a conversation. team_id: whose queue it arrived in. by: who says it to us, if not who brings it in."""

    conversation_id: int
    customer_id: int
    channel: str
    team_id: int | None
    at: datetime
    by: Actor | None = None


@act
def customers_wrote(words: Sequence[Word], *, quiet: timedelta, actor: Actor) -> None:
    """Let customers' words join the open contacts of their conversations, or begin new ones.

    words: at most one of each conversation.
    quiet: how long after our last reply a contact is over; one that time has overtaken is ended first, at its due moment.

    Records ContactOpened and SegmentQueued for new ones.
    """
    open_ones = _open_ones([word.conversation_id for word in words])
    first_words, joined, answered_back = [], list[Contact](), list[int]()
    for word in words:
        contact, course = open_ones.get(word.conversation_id, (None, None))
        if contact is not None and course is not None:
            due = courses.quiet_end(course, quiet=quiet)
            if due is None or word.at <= due:
                now = courses.customer_wrote(course, at=word.at)
                contact.last_inbound_at = now.last_inbound_at
                joined.append(contact)
                if due is not None and courses.quiet_end(now, quiet=quiet) is None:
                    answered_back.append(contact.pk)
                continue
            _save(contact, course, courses.ended(course, at=due, agent_id=None), quiet=quiet, actor=word.by or actor)
        first_words.append(word)
    if joined:
        ask(_JOINED, [[contact.pk for contact in joined], [contact.last_inbound_at for contact in joined]])
    clear_timers(QUIET, subject_ids=answered_back)
    _begin(first_words, actor)


@act
def human_answered(*, conversation_id: int, agent_id: int, quiet: timedelta, actor: Actor, at: datetime) -> None:
    """Note an agent's answer, if the conversation has an open contact. Records what it changes on the segments."""
    for contact, course in _open_ones([conversation_id]).values():
        _save(contact, course, courses.answered(course, agent_id=agent_id, at=at), quiet=quiet, actor=actor)


@act
def hand_over(
    *,
    conversation_ids: list[int],
    team_id: int | None,
    agent_id: int | None,
    quiet: timedelta,
    actor: Actor,
    at: datetime,
) -> None:
    """Note that a matter moved to another team or person. Records SegmentLeft or SegmentReleased, and SegmentQueued."""
    for contact, course in _open_ones(conversation_ids).values():
        moved = courses.handed_over(course, team_id=team_id, agent_id=agent_id, at=at)
        _save(contact, course, moved, quiet=quiet, actor=actor)


@act
def matter_solved(*, conversation_ids: list[int], actor: Actor, at: datetime) -> None:
    """End the open contacts of a matter that is solved. Records ContactEnded."""
    for contact, course in _open_ones(conversation_ids).values():
        over = courses.ended(course, at=at, agent_id=actor.user_id)
        _save(contact, course, over, quiet=timedelta(0), actor=actor)


@act
def end_quiet(*, contact_id: int, quiet: timedelta, actor: Actor, at: datetime) -> None:
    """End a contact that silence has ended by now; one that came alive again is left alone. Records ContactEnded."""
    contact = Contact.objects.select_for_update().filter(pk=contact_id, ended_at__isnull=True).first()
    if contact is None:
        return
    course = _courses([contact])[contact.pk]
    due = courses.quiet_end(course, quiet=quiet)
    if due is None:
        return
    if due > at:
        set_timer(kind=QUIET, subject_id=contact_id, due_at=due)
        return
    _save(contact, course, courses.ended(course, at=due, agent_id=None), quiet=quiet, actor=actor)


_JOINED = """
UPDATE contacts_contact SET last_inbound_at = joined.at FROM unnest(%s::bigint[], %s::timestamptz[]) AS joined (id, at)
WHERE contacts_contact.id = joined.id RETURNING contacts_contact.id
"""


_OPEN = Statement(
    lambda: (
        Contact.objects.select_for_update()
        .filter(conversation__among=Asked("conversation_ids"), ended_at__isnull=True)
        .order_by("pk")
        .values()
    )
)
_LEGS = Statement(
    lambda: (
        Segment.objects.filter(contact__among=Asked("contact_ids"))
        .order_by("sequence")
        .values("contact_id", "team_id", "queued_at", "agent_id", "answered_at", "left_at", "released_at", "exit")
    )
)


def _open_ones(conversation_ids: Collection[int]) -> dict[int, tuple[Contact, Course]]:
    """Return by conversation the open contact and its course, the contacts locked in the order of their ids."""
    contacts = _OPEN.as_models(Contact, conversation_ids=list(conversation_ids)) if conversation_ids else []
    known = _courses(contacts)
    return {contact.conversation_id: (contact, known[contact.pk]) for contact in contacts}


def _courses(contacts: Sequence[Contact]) -> dict[int, Course]:
    legs: defaultdict[int, list[Leg]] = defaultdict(list)
    found = _LEGS.by_name(contact_ids=[contact.pk for contact in contacts]) if contacts else []
    for row in found:
        legs[row.pop("contact_id")].append(Leg(**row))
    return {
        contact.pk: Course(
            arrived_at=contact.arrived_at,
            last_inbound_at=contact.last_inbound_at,
            last_reply_at=contact.last_reply_at,
            ended_at=contact.ended_at,
            legs=tuple(legs[contact.pk]),
        )
        for contact in contacts
    }


def _begin(words: Sequence[Word], actor: Actor) -> None:
    contacts = Contact.objects.bulk_create(
        [
            Contact(
                conversation_id=word.conversation_id,
                customer_id=word.customer_id,
                channel=word.channel,
                direction="inbound",
                arrived_at=word.at,
                last_inbound_at=word.at,
            )
            for word in words
        ]
    )
    first_legs = [courses.opened(at=word.at, team_id=word.team_id).legs[0] for word in words]
    segments = Segment.objects.bulk_create(
        [
            Segment(contact=contact, sequence=1, team_id=leg.team_id, queued_at=leg.queued_at)
            for contact, leg in zip(contacts, first_legs, strict=True)
        ]
    )
    for word, contact, segment, leg in zip(words, contacts, segments, first_legs, strict=True):
        by = word.by or actor
        record(
            ContactOpened(
                subject=subject("contact", contact.pk),
                actor=str(by),
                at=contact.arrived_at,
                conversation_id=contact.conversation_id,
                customer_id=contact.customer_id,
                channel=contact.channel,
                direction=contact.direction,
            )
        )
        record_all(_news_of(contact, segment, None, leg, actor=by))


def _save(contact: Contact, was: Course, now: Course, *, quiet: timedelta, actor: Actor) -> None:
    if was == now:
        return
    _write(contact, was.legs, now, actor=actor)
    due = courses.quiet_end(now, quiet=quiet) if now.ended_at is None else None
    if due is not None:
        set_timer(kind=QUIET, subject_id=contact.pk, due_at=due)
    elif courses.quiet_end(was, quiet=quiet) is not None:
        clear_timer(QUIET, subject_id=contact.pk)


def _write(contact: Contact, legs_before: tuple[Leg, ...], now: Course, *, actor: Actor) -> None:
    events = _saved_legs(contact, legs_before, now, actor=actor)
    contact.last_inbound_at, contact.last_reply_at = now.last_inbound_at, now.last_reply_at
    if now.ended_at is not None:
        contact.ended_at, contact.outcome = now.ended_at, courses.outcome_of(now)
        events.append(
            ContactEnded(
                subject=subject("contact", contact.pk),
                actor=str(actor),
                at=now.ended_at,
                outcome=contact.outcome,
                arrived_at=now.arrived_at,
            )
        )
    contact.save(update_fields=["last_inbound_at", "last_reply_at", "ended_at", "outcome"])
    record_all(events)


def _saved_legs(contact: Contact, legs_before: tuple[Leg, ...], now: Course, *, actor: Actor) -> list[Event]:
    """Save the legs that differ and return what happened to them."""
    events: list[Event] = []
    for index, leg in enumerate(now.legs):
        before = legs_before[index] if index < len(legs_before) else None
        if leg != before:
            segment = _saved_leg(contact, index + 1, leg, is_new=before is None)
            events += _news_of(contact, segment, before, leg, actor=actor)
    return events


def _saved_leg(contact: Contact, sequence: int, leg: Leg, *, is_new: bool) -> Segment:
    facts = {
        "team_id": leg.team_id,
        "agent_id": leg.agent_id,
        "queued_at": leg.queued_at,
        "answered_at": leg.answered_at,
        "left_at": leg.left_at,
        "released_at": leg.released_at,
        "exit": leg.exit,
    }
    if is_new:
        return Segment.objects.create(contact=contact, sequence=sequence, **facts)
    segment = Segment.objects.get(contact=contact, sequence=sequence)
    for name, value in facts.items():
        setattr(segment, name, value)
    segment.save(update_fields=list(facts))
    return segment


def _news_of(contact: Contact, segment: Segment, before: Leg | None, leg: Leg, *, actor: Actor) -> list[Event]:
    about = subject("contact", contact.pk)
    by, sequence = str(actor), segment.sequence
    news: list[Event] = []
    if before is None:
        news.append(
            SegmentQueued(
                subject=about,
                actor=by,
                at=leg.queued_at,
                segment_id=segment.pk,
                sequence=sequence,
                team_id=leg.team_id,
            )
        )
    if leg.answered_at is not None and leg.agent_id is not None and (before is None or before.answered_at is None):
        news.append(
            SegmentAnswered(
                subject=about,
                actor=by,
                at=leg.answered_at,
                segment_id=segment.pk,
                sequence=sequence,
                agent_id=leg.agent_id,
                queued_at=leg.queued_at,
            )
        )
    if leg.answered_at is None and leg.left_at is not None:
        news.append(
            SegmentLeft(
                subject=about, actor=by, at=leg.left_at, segment_id=segment.pk, sequence=sequence, exit=leg.exit
            )
        )
    if leg.released_at is not None and leg.agent_id is not None and (before is None or before.released_at is None):
        news.append(
            SegmentReleased(
                subject=about,
                actor=by,
                at=leg.released_at,
                segment_id=segment.pk,
                sequence=sequence,
                agent_id=leg.agent_id,
            )
        )
    return news
