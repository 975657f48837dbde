"""Who of those who lead hears of what happens to their people."""

from collections.abc import Sequence

from careloop.domains.cases.queries import case_briefs
from careloop.domains.notifications.services import mark_hand_read, notify
from careloop.domains.notifications.types import Kind, Notice
from careloop.domains.people.queries import people_choices, teams_of
from careloop.domains.supervision.events import AbuseContactEnded, AbuseNoted, HandLowered, HandRaised, HandTakenUp
from careloop.domains.supervision.queries import hands_by_id
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.events import Recorded

__all__ = ["call_leads", "leads_of", "tell_leads"]


def leads_of(user_id: int) -> set[int]:
    """Return who leads somebody: the team leads of their teams; else all team leads; else whoever manages."""
    by_role: dict[Role, set[int]] = {role: set() for role in Role}
    for one, _name, role in people_choices(HOUSE):
        by_role[Role(role)].add(one)
    mates = {mate for team in teams_of(HOUSE) if user_id in team.member_ids for mate in team.member_ids}
    leads = by_role[Role.LEAD] - {user_id}
    return (leads & mates) or leads or (by_role[Role.MANAGER] | by_role[Role.OWNER]) - {user_id}


def tell_leads(recorded: Sequence[Recorded]) -> None:
    """Tell those who lead somebody that a customer abused them, and that a contact was ended because of it."""
    cases = case_briefs({one.subject_id for one in recorded})
    for one in recorded:
        event = one.event
        if not isinstance(event, AbuseNoted | AbuseContactEnded) or one.subject_id not in cases:
            continue
        notify(
            [
                Notice(
                    user_id=lead,
                    kind=Kind.ABUSE_NOTED if isinstance(event, AbuseNoted) else Kind.ABUSE_ENDED,
                    case_id=one.subject_id,
                    case_number=cases[one.subject_id].number,
                    actor=event.actor,
                    event_id=one.id,
                    at=event.at,
                )
                for lead in sorted(leads_of(event.user_id))
                if event.actor != f"user:{lead}"
            ]
        )


def call_leads(recorded: Sequence[Recorded]) -> None:
    """Tell those who lead somebody that they ask for help, until one of them goes there or it is over."""
    rows = hands_by_id({one.subject_id for one in recorded})
    for one in recorded:
        match one.event:
            case HandRaised() as event:
                row = rows.get(one.subject_id)
                if row is None or row.lowered_at is not None or row.helper_id is not None:
                    continue  # nobody needs to come any more
                notify(
                    [
                        Notice(
                            user_id=lead,
                            kind=Kind.HELP_ASKED,
                            hand_id=one.subject_id,
                            actor=event.actor,
                            event_id=one.id,
                            at=event.at,
                        )
                        for lead in sorted(leads_of(event.user_id))
                    ]
                )
            case HandTakenUp() | HandLowered() as event:
                mark_hand_read(hand_id=one.subject_id, at=event.at)
            case _:
                pass
