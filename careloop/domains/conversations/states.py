"""The way of a message out of the house, as data (docs/reasons/sending.md)."""

from collections.abc import Mapping

from careloop.domains.conversations.models import DeliveryState as D

__all__ = ["MOVES", "WORRYING"]

MOVES: Mapping[D, frozenset[D]] = {
    D.SCHEDULED: frozenset({D.QUEUED, D.RECALLED}),
    D.QUEUED: frozenset({D.SENDING, D.FAILED}),
    # `sending` is committed before the wire: whoever finds it after a crash cannot know, and says so.
    D.SENDING: frozenset({D.SENT, D.PAUSED, D.FAILED, D.UNCERTAIN}),
    D.PAUSED: frozenset({D.QUEUED, D.FAILED}),
    D.SENT: frozenset({D.DELIVERED, D.DELAYED, D.BOUNCED}),
    D.DELAYED: frozenset({D.DELIVERED, D.BOUNCED, D.DELAYED}),
    D.DELIVERED: frozenset({D.BOUNCED}),
    # Only a person sends again, or decides that it did arrive.
    D.UNCERTAIN: frozenset({D.QUEUED, D.SENT, D.DELIVERED, D.BOUNCED, D.DELAYED}),
    D.FAILED: frozenset({D.QUEUED}),
    D.BOUNCED: frozenset({D.QUEUED}),
    D.RECALLED: frozenset(),
    D.NOT_SENT: frozenset(),
}

WORRYING = frozenset({D.BOUNCED, D.FAILED, D.UNCERTAIN})
