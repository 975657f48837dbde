"""Whoever leads is called by the bell when somebody asks for help, until one of them goes there or it is over."""

from collections.abc import Callable

import pytest

from careloop.domains.notifications.queries import notices_of, unread_count
from careloop.domains.people.services import add_to_team, create_team
from careloop.domains.supervision import services
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.supervising import leads_of
from tests.cast import NOW, House
from tests.processes.conftest import bare_house, house
from tests.processes.lake.test_following import settle
from tests.routing import later

__all__ = ["bare_house", "house"]

pytestmark = pytest.mark.database


def unread(house: House) -> dict[str, int]:
    with workspace_scope(house.north):
        return {name: unread_count(viewer=house.actor(name)) for name in ("ada", "grace", "mina", "olga")}


@pytest.mark.parametrize(
    "over",
    [
        lambda house, hand: services.take_up_hand(hand_id=hand, actor=house.actor("mina"), at=later(9)),
        lambda house, hand: services.lower_hand(hand_id=hand, actor=house.actor("ada"), at=later(9)),
    ],
)
def test_rings_once_and_falls_silent(house: House, over: Callable[[House, int], None]) -> None:
    with workspace_scope(house.north):
        hand = services.raise_hand(about="He shouts", actor=house.actor("ada"), at=NOW)
        services.raise_hand(actor=house.actor("ada"), at=later(1))
    settle(later(2))
    assert unread(house) == {"ada": 0, "grace": 1, "mina": 0, "olga": 0}
    with workspace_scope(house.north):
        (notice,) = notices_of(viewer=house.actor("grace")).items
    assert (notice.kind, notice.hand_id, notice.case_id) == ("help_asked", hand, None)

    with workspace_scope(house.north):
        over(house, hand)
    settle(later(10))

    assert unread(house) == {"ada": 0, "grace": 0, "mina": 0, "olga": 0}


def test_what_is_over_before_anybody_heard_of_it_rings_nowhere(house: House) -> None:
    with workspace_scope(house.north):
        hand = services.raise_hand(actor=house.actor("ada"), at=NOW)
        services.lower_hand(hand_id=hand, actor=house.actor("ada"), at=later(1))
    settle(later(2))

    assert unread(house) == {"ada": 0, "grace": 0, "mina": 0, "olga": 0}


def test_goes_to_the_leads_of_the_team_first(house: House) -> None:
    with workspace_scope(house.north):
        team = create_team(name="Parcels", actor=HOUSE, at=NOW)
        for name in ("ada", "grace"):
            add_to_team(team_id=team, user_id=house.ids[name], actor=HOUSE, at=NOW)

        assert leads_of(house.ids["ada"]) == {house.ids["grace"]}
        # Nobody leads the only lead: whoever manages does.
        assert leads_of(house.ids["grace"]) == {house.ids["mina"], house.ids["olga"]}
