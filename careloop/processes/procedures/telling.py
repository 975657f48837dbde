"""Tell those who are asked for an approval, also when it is only now their turn, and those who asked what came of it."""

from collections.abc import Sequence

from careloop.domains.cases.queries import case_briefs
from careloop.domains.notifications.services import notify
from careloop.domains.notifications.types import Kind, Notice
from careloop.domains.procedures.events import ApprovalGiven, ApprovalRefused
from careloop.domains.procedures.queries import waiting_approvals
from careloop.domains.procedures.services import note_told
from careloop.kernel.events import Recorded

__all__ = ["tell_approvers", "tell_requesters"]


def tell_approvers(recorded: Sequence[Recorded]) -> None:
    """Tell whoever is asked for an approval now and has not heard of it.

    It is asked again after every event that can change who is asked: somebody left, is away, has another role or team, or the case
    has another team. So the deputy of an approver who left hears of what the approver leaves behind.
    """
    about = {one.subject_id for one in recorded if one.event.subject.startswith("case:")}
    is_of_people = any(not one.event.subject.startswith("case:") for one in recorded)
    now, last = max(one.event.at for one in recorded), recorded[-1]
    newest = {one.subject_id: one for one in recorded if one.event.subject.startswith("case:")}
    waiting = waiting_approvals(at=now, case_ids=None if is_of_people else about)
    fresh = [(row, row.approvers.asked - row.told_ids) for row in waiting if row.approvers.asked - row.told_ids]
    cases = case_briefs({row.case_id for row, _people in fresh})
    for row, people in fresh:
        cause = newest.get(row.case_id, last)
        asked_by = row.step.asked.user_id if row.step.asked is not None else None
        notify(
            [
                Notice(
                    user_id=user_id,
                    kind=Kind.APPROVAL_ASKED,
                    case_id=row.case_id,
                    case_number=cases[row.case_id].number,
                    actor=f"user:{asked_by}" if asked_by is not None else cause.event.actor,
                    event_id=cause.id,
                    at=cause.event.at,
                )
                for user_id in sorted(people)
            ]
        )
        note_told(request_id=row.id, user_ids=people)


def tell_requesters(recorded: Sequence[Recorded]) -> None:
    """Tell whoever asked for an approval that they have it, or that it was refused."""
    ended = [
        (one, one.event)
        for one in recorded
        if isinstance(one.event, ApprovalRefused)
        or (isinstance(one.event, ApprovalGiven) and one.event.next_rung is None)
    ]
    cases = case_briefs({one.subject_id for one, _event in ended})
    notify(
        [
            Notice(
                user_id=event.asked_by,
                kind=Kind.APPROVAL_REFUSED if isinstance(event, ApprovalRefused) else Kind.APPROVAL_GIVEN,
                case_id=one.subject_id,
                case_number=cases[one.subject_id].number,
                actor=event.actor,
                event_id=one.id,
                at=event.at,
            )
            for one, event in ended
            if event.asked_by is not None and one.subject_id in cases
        ]
    )
