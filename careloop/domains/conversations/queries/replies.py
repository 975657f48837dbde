"""Saved replies."""

from django.db.models import Q

from careloop.domains.conversations.models import SavedReply
from careloop.domains.conversations.types import SavedReplyRow
from careloop.kernel.actors import Actor

__all__ = ["replies_known_to"]


def replies_known_to(*, viewer: Actor, text: str = "", limit: int = 50) -> list[SavedReplyRow]:
    """Return the viewer's own and the shared saved replies, the most used first; those named like `text` when given."""
    found = SavedReply.objects.filter(Q(owner__isnull=True) | Q(owner_id=viewer.user_id))
    if text:
        found = found.filter(name__icontains=text)
    return [
        SavedReplyRow(
            id=r.pk,
            name=r.name,
            language=r.language,
            html=r.html,
            is_own=r.owner_id is not None,
            used_count=r.used_count,
        )
        for r in found.order_by("-used_count", "name", "pk")[:limit]
    ]
