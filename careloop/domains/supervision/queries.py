"""Who asks for help now."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.supervision import rules
from careloop.domains.supervision.errors import HandNotFound
from careloop.domains.supervision.models import Hand
from careloop.domains.supervision.types import HandRow
from careloop.kernel.actors import Actor

__all__ = ["hand_of", "hands_up", "own_hand"]

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
    hand = Hand.objects.filter(user_id=viewer.user_id, lowered_at__isnull=True).first()
    return None if hand is None else _row(hand)


def hand_of(viewer: Actor, *, hand_id: int) -> HandRow:
    """Return a hand that is up, or was: one's own, or any for who sees all. Raises HandNotFound."""
    hand = Hand.objects.filter(pk=hand_id).first()
    if hand is None or not (hand.user_id == viewer.user_id or rules.may_see_hands(viewer)):
        raise HandNotFound(_("Nobody asked for help like that."))
    return _row(hand)


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
