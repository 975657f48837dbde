"""Locks: whatever happens at once, the promise holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from careloop.domains.people import queries, services
from careloop.domains.people.errors import InvitationAccepted, LastOwner
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.errors import Refusal
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, PASSWORD, open_house


def _at_once(workspace_id: int, acts: list[Callable[[], Any]]) -> list[Refusal | None]:
    """Let acts begin together, each on its own connection, and return what each was refused with."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Refusal | None:
        try:
            with workspace_scope(workspace_id):
                barrier.wait(timeout=10)
                act()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_of_two_last_owners_who_leave_at_once_one_stays(committed: None) -> None:
    house = open_house()
    with workspace_scope(house.north):
        services.change_role(user_id=house.ids["mina"], role=Role.OWNER, actor=house.actor("olga"), at=NOW)
        leaving = {name: house.actor(name) for name in ("olga", "mina")}

    refusals = _at_once(
        house.north,
        [
            lambda name=name: services.end_membership(user_id=house.ids[name], actor=leaving[name], at=NOW)  # type: ignore[misc]
            for name in leaving
        ],
    )

    assert [type(refusal) for refusal in refusals if refusal] == [LastOwner]
    with workspace_scope(house.north):
        owners = [person for person in queries.people_of(HOUSE) if person.role is Role.OWNER]
        assert len(owners) == 1
        assert len(trail(names=["person.left"], limit=5)) == 1


def test_of_four_who_use_one_invitation_at_once_one_comes_in(committed: None) -> None:
    house = open_house()
    with workspace_scope(house.north):
        issued = services.invite(
            email="minh@example.com", role=Role.AGENT, link="{token}", actor=house.actor("olga"), at=NOW
        )

    refusals = _at_once(
        house.north,
        [
            lambda: services.accept_invitation_with_new_account(
                token=issued.token, name="Minh", password=PASSWORD, language="vi", time_zone="UTC", at=NOW
            )
        ]
        * 4,
    )

    assert [type(refusal) for refusal in refusals].count(InvitationAccepted) == 3
    with workspace_scope(house.north):
        assert [person.name for person in queries.people_of(HOUSE, matching="minh")] == ["Minh"]
        assert len(trail(names=["person.joined"], limit=50)) == 8
