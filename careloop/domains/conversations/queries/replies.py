"""Saved replies."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from careloop.domains.conversations.models import SavedReply
from careloop.domains.conversations.types import SavedReplyRow
from careloop.kernel.actors import Actor

__all__ = ["replies_known_to", "shared_replies"]


def replies_known_to(*, viewer: Actor, text: str = "", limit: int = 50) -> list[SavedReplyRow]:
    """Return the viewer's own and the shared saved replies, the most used first; those named like `text` when given."""
    found = SavedReply.objects.filter(Q(owner__isnull=True) | Q(owner_id=viewer.user_id))
    if text:
        found = found.filter(name__icontains=text)
    return _rows(found.order_by("-used_count", "name", "pk")[:limit])


def shared_replies(reply_ids: Collection[int]) -> list[SavedReplyRow]:
    """Return some of the replies that are kept for everybody, in the order asked for. For the house."""
    found = {row.id: row for row in _rows(SavedReply.objects.filter(owner__isnull=True, pk__in=reply_ids))}
    return [found[key] for key in dict.fromkeys(reply_ids) if key in found]


def _rows(found: QuerySet[SavedReply]) -> list[SavedReplyRow]:
    return [
        SavedReplyRow(
            id=r.pk,
            name=r.name,
            language=r.language,
            html=r.html,
            is_own=r.owner_id is not None,
            used_count=r.used_count,
        )
        for r in found
    ]
