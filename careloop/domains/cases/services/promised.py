"""When what was promised is due: kept beside the case, so that lists sort and ask by it."""

from collections.abc import Mapping
from datetime import datetime

from careloop.domains.cases.models import Case
from careloop.kernel.acts import act

__all__ = ["note_due"]


@act
def note_due(due: Mapping[int, datetime | None]) -> None:
    """Keep when the next promise of some cases is due. For those who promise, in the transaction of their act.

    due: by case; None when nothing is due.

    Records nothing: what becomes of a promise is theirs to tell. Cases that were erased since are left out.
    """
    known = dict(Case.objects.filter(pk__in=due).values_list("pk", "due_at"))
    moved = [case_id for case_id, due_at in known.items() if due_at != due[case_id]]
    if not moved:
        return
    # In the order in which every act locks cases, so that none waits for another in a circle.
    locked = (
        Case.objects.select_for_update(no_key=True).filter(pk__in=moved).order_by("pk").values_list("pk", flat=True)
    )
    Case.objects.bulk_update([Case(pk=case_id, due_at=due[case_id]) for case_id in locked], ["due_at"])
