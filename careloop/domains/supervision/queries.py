"""Who asks for help now, what was said to teams, and who was abused."""

from collections import defaultdict
from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from careloop.domains.supervision import rules
from careloop.domains.supervision.errors import HandNotFound
from careloop.domains.supervision.models import Abuse, Hand, Recipient, TeamMessage
from careloop.domains.supervision.types import AbuseRow, HandRow, MessageRow, SentRow
from careloop.kernel.actors import Actor

__all__ = ["abuse_in", "hand_of", "hands_by_id", "hands_up", "messages_sent", "own_hand", "unread_messages"]

MOST = 100


def hands_up(viewer: Actor) -> list[HandRow]:
    """Return who asks for help, the longest waiting first; at most 100."""
    if not rules.may_see_hands(viewer):
        return []
    return [_row(hand) for hand in Hand.objects.filter(lowered_at__isnull=True).order_by("raised_at", "pk")[:MOST]]


def own_hand(viewer: Actor) -> HandRow | None:
    """Return what the viewer asks help for, None when they do not."""
    if not rules.may_raise(viewer):
        return None
    hand = Hand.objects.filter(user_id=viewer.id, lowered_at__isnull=True).first()
    return None if hand is None else _row(hand)


def hand_of(viewer: Actor, *, hand_id: int) -> HandRow:
    """Return a hand that is up, or was: one's own, or any for who sees all. Raises HandNotFound."""
    hand = Hand.objects.filter(pk=hand_id).first()
    if hand is None or not (hand.user_id == viewer.user_id or rules.may_see_hands(viewer)):
        raise HandNotFound(_("Nobody asked for help like that."))
    return _row(hand)


def hands_by_id(hand_ids: Collection[int]) -> dict[int, HandRow]:
    """Return some hands that are up, or were, for the house and for notices about them."""
    return {hand.pk: _row(hand) for hand in Hand.objects.filter(pk__in=set(hand_ids))} if hand_ids else {}


def unread_messages(viewer: Actor) -> list[MessageRow]:
    """Return what was said to the viewer and they have not read, the oldest first; at most 20."""
    if viewer.user_id is None:
        return []
    unread = Recipient.objects.filter(user_id=viewer.user_id, read_at__isnull=True).order_by("message_id")
    return [_message(one.message) for one in unread.select_related("message")[:20]]


def messages_sent(viewer: Actor, *, limit: int = 5) -> list[SentRow]:
    """Return the newest messages to teams, the newest first, with who has read them; for who may send one."""
    if not rules.may_tell_teams(viewer):
        return []
    sent = list(TeamMessage.objects.order_by("-pk")[:limit])
    readers: dict[int, list[int]] = defaultdict(list)
    others: dict[int, list[int]] = defaultdict(list)
    for one in Recipient.objects.filter(message__in=sent).order_by("read_at", "user_id"):
        (others if one.read_at is None else readers)[one.message_id].append(one.user_id)
    return [
        SentRow(
            message=_message(one), team_id=one.team_id, readers=tuple(readers[one.pk]), others=tuple(others[one.pk])
        )
        for one in sent
    ]


def abuse_in(viewer: Actor, *, case_id: int) -> list[AbuseRow]:
    """Return what was written down about abuse in a case, the newest first, at most 100; that it is seen is settled before."""
    if not rules.may_see_abuse(viewer):
        return []
    return [_abuse(row) for row in Abuse.objects.filter(case_id=case_id).order_by("-pk")[:MOST]]


def _abuse(row: Abuse) -> AbuseRow:
    return AbuseRow(
        id=row.pk,
        user_id=row.user_id,
        case_id=row.case_id,
        chat_id=row.chat_id,
        contact_id=row.contact_id,
        kind=row.kind,
        noted_at=row.noted_at,
        warned_at=row.warned_at,
        ended_at=row.ended_at,
        rested_at=row.rested_at,
        rest_s=row.rest_s,
    )


def _message(row: TeamMessage) -> MessageRow:
    return MessageRow(id=row.pk, sender_id=row.sender_id, text=row.text, sent_at=row.sent_at)


def _row(hand: Hand) -> HandRow:
    return HandRow(
        id=hand.pk,
        user_id=hand.user_id,
        about=hand.about,
        case_id=hand.case_id,
        chat_id=hand.chat_id,
        raised_at=hand.raised_at,
        helper_id=hand.helper_id,
        taken_at=hand.taken_at,
        lowered_at=hand.lowered_at,
    )
