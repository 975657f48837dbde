"""What programs were given lately."""

from datetime import datetime

from careloop.domains.workforce.fading import faded
from careloop.domains.workforce.models import Share
from careloop.kernel.acts import act
from careloop.kernel.scope import current_workspace

__all__ = ["note_given"]


@act
def note_given(*, weight: float, at: datetime) -> None:
    """Count work of the workspace in scope that was offered, or, with a weight below 0, that nobody took after all.

    For the process that offers, as the last thing of its transaction: everybody who offers for this workspace waits here for the
    others.
    """
    workspace_id = current_workspace()
    Share.objects.bulk_create([Share(workspace_id=workspace_id, given_at=at)], ignore_conflicts=True)
    share = Share.objects.select_for_update(no_key=True).get(pk=workspace_id)
    later = max(at, share.given_at)
    share.given = max(0.0, faded(share.given, since=share.given_at, at=later) + weight)
    share.given_at = later
    share.save(update_fields=["given", "given_at"])
