"""Questions about contacts; answers are frozen rows."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.utils.translation import gettext_lazy as _

from careloop.domains.contacts import rules
from careloop.domains.contacts.errors import ContactNotFound
from careloop.domains.contacts.models import Contact, Segment
from careloop.domains.contacts.types import ContactRow, SegmentRow
from careloop.kernel.actors import Actor
from careloop.kernel.paging import Order, Page, paged

__all__ = [
    "channels_of",
    "contact",
    "contact_ids_of",
    "contacts",
    "contacts_of_conversations",
    "conversations_of_contacts",
]


def contacts(
    *, viewer: Actor, customer_id: int | None = None, cursor: str | None = None, limit: int = 50
) -> Page[ContactRow]:
    """Return one page of the contacts the viewer may look over, the newest first, in two queries.

    customer_id: only this customer's.

    Raises BadCursor.
    """
    found = Contact.objects.all() if rules.may_see_all(viewer) else Contact.objects.none()
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    page = paged(found, order=[Order(column="id")], cursor=cursor, limit=limit)
    return Page(items=_rows(page.items), next_cursor=page.next_cursor)


def contact(*, contact_id: int, viewer: Actor) -> ContactRow:
    """Return one contact. Raises ContactNotFound, also for those who may not look over contacts."""
    found = Contact.objects.filter(pk=contact_id) if rules.may_see_all(viewer) else Contact.objects.none()
    for row in _rows(list(found)):
        return row
    raise ContactNotFound(_("There is no such contact."))


def contacts_of_conversations(conversation_ids: Collection[int], *, limit: int = 200) -> list[ContactRow]:
    """Return the newest contacts of some conversations, oldest first; that the case is seen is settled before."""
    found = Contact.objects.filter(conversation_id__in=conversation_ids).order_by("-arrived_at", "-pk")[:limit]
    return _rows(list(reversed(found)))


def channels_of(contact_ids: Collection[int]) -> dict[int, str]:
    """Return the channel of each of some contacts, for readers of the log."""
    return dict(Contact.objects.filter(pk__in=contact_ids).values_list("pk", "channel"))


def conversations_of_contacts(contact_ids: Collection[int]) -> dict[int, int]:
    """Return the conversation of each of some contacts that has one; whoever shows it asks for the reader's cases first."""
    found = Contact.objects.filter(pk__in=contact_ids, conversation_id__isnull=False)
    return dict(found.values_list("pk", "conversation_id")) if contact_ids else {}


def contact_ids_of(conversation_ids: Collection[int]) -> list[int]:
    """Return the primary keys of all contacts of some conversations, ascending; for the house's own work."""
    found = Contact.objects.filter(conversation_id__in=conversation_ids).order_by("pk")
    return list(found.values_list("pk", flat=True)) if conversation_ids else []


def _rows(found: Sequence[Contact]) -> list[ContactRow]:
    segments: defaultdict[int, list[SegmentRow]] = defaultdict(list)
    for s in Segment.objects.filter(contact__in=found).order_by("contact_id", "sequence"):
        segments[s.contact_id].append(
            SegmentRow(
                sequence=s.sequence,
                team_id=s.team_id,
                agent_id=s.agent_id,
                queued_at=s.queued_at,
                answered_at=s.answered_at,
                left_at=s.left_at,
                released_at=s.released_at,
                exit=s.exit,
            )
        )
    return [
        ContactRow(
            id=c.pk,
            conversation_id=c.conversation_id,
            customer_id=c.customer_id,
            channel=c.channel,
            direction=c.direction,
            arrived_at=c.arrived_at,
            ended_at=c.ended_at,
            outcome=c.outcome,
            segments=tuple(segments[c.pk]),
        )
        for c in found
    ]
