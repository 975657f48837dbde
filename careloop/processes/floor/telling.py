"""A message to a team, or to everybody at work: who that is at this moment."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import people_choices, teams_of
from careloop.domains.queues.rules import SERVING
from careloop.domains.supervision import services as supervision
from careloop.domains.supervision.errors import MessageUnclear
from careloop.domains.workforce.queries import seats_of
from careloop.domains.workforce.states import State
from careloop.kernel.actors import Actor, Role
from careloop.kernel.acts import act

__all__ = ["tell_everybody", "tell_team"]


@act
def tell_team(*, team_id: int, text: str, actor: Actor, at: datetime) -> int:
    """Tell everybody of a team something, and return the message's primary key. Refusals as supervision.services.send_message."""
    team = next((one for one in teams_of(actor) if one.id == team_id), None)
    if team is None:
        problem = _("This team does not exist any more. Choose another one.")
        raise MessageUnclear(problem, fields={"team_id": problem})
    people = _serving(actor) & set(team.member_ids)
    return supervision.send_message(text=text, team_id=team_id, user_ids=people, actor=actor, at=at)


@act
def tell_everybody(*, text: str, actor: Actor, at: datetime) -> int:
    """Tell everybody at work something, and return the message's primary key. Refusals as supervision.services.send_message."""
    here = {row.user_id for row in seats_of(actor) if row.state is not State.OFFLINE}
    return supervision.send_message(text=text, team_id=None, user_ids=_serving(actor) & here, actor=actor, at=at)


def _serving(actor: Actor) -> set[int]:
    return {user_id for user_id, _name, role in people_choices(actor) if Role(role) in SERVING}
