"""Say that one is away, and who stands in."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import people_choices
from careloop.domains.procedures.approvers import APPROVING
from careloop.domains.procedures.errors import ApprovalNotYours, BadAbsence
from careloop.domains.procedures.events import AbsenceBegun, AbsenceEnded
from careloop.domains.procedures.models import Absence
from careloop.domains.procedures.rules import may_approve_at_all
from careloop.kernel.actors import HOUSE, Actor, Role
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.timers import clear_timer, set_timer

__all__ = ["ABSENCE_OVER", "begin_absence", "end_absence"]

ABSENCE_OVER: Final = "procedures.absence_over"
"""The timer at the end of an absence. Its subject is the user."""


@act
def begin_absence(*, until: datetime | None, deputy_id: int | None, actor: Actor, at: datetime) -> None:
    """Let a person be away from now on, so that approvals go to their deputy.

    until: when they are back; None when they do not know. deputy_id: somebody who sees every case; None for nobody in particular.

    Raises ApprovalNotYours for somebody who approves nothing, BadAbsence. Records AbsenceBegun.
    """
    if actor.user_id is None or not may_approve_at_all(actor):
        raise ApprovalNotYours(_("Your role approves nothing, so nobody needs to stand in for you."))
    if until is not None and until <= at:
        problem = _("This moment is over. Choose a later one.")
        raise BadAbsence(problem, fields={"until": problem})
    able = {user_id for user_id, _name, role in people_choices(HOUSE) if Role(role) in APPROVING}
    if deputy_id is not None and (deputy_id not in able or deputy_id == actor.user_id):
        problem = _("Choose a colleague who sees every case.")
        raise BadAbsence(problem, fields={"deputy": problem})
    Absence.objects.update_or_create(
        user_id=actor.user_id, defaults={"since": at, "until": until, "deputy_id": deputy_id}
    )
    if until is None:
        clear_timer(ABSENCE_OVER, subject_id=actor.user_id)
    else:
        set_timer(kind=ABSENCE_OVER, subject_id=actor.user_id, due_at=until)
    about = subject("user", actor.user_id)
    record(AbsenceBegun(subject=about, actor=str(actor), at=at, deputy_id=deputy_id))


@act
def end_absence(*, actor: Actor, at: datetime) -> None:
    """Let a person be back. Records AbsenceEnded unless they were not away."""
    if Absence.objects.filter(user_id=actor.user_id or 0).delete()[0]:
        clear_timer(ABSENCE_OVER, subject_id=actor.user_id or 0)
        record(AbsenceEnded(subject=subject("user", actor.user_id or 0), actor=str(actor), at=at))
