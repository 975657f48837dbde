"""The people that tests are about, and the two houses they work in.

In `north`, one person of each role: Olga (owner), Mina (manager), Anh (quality analyst), Grace (team lead), Ada (agent),
Cole (colleague in another department) and Vera (reads for the client). In `south` works Ines, who must never see
anything of north's.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from careloop.domains.people.queries import actor_for
from careloop.domains.people.services import add_member, create_user
from careloop.domains.workspaces.services import create_operation, create_workspace
from careloop.kernel.actors import HOUSE, Actor, Role
from careloop.kernel.scope import operation_scope, workspace_scope

__all__ = ["NOW", "PASSWORD", "House", "open_house"]

NOW: Final = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PASSWORD: Final = "rain on the tin roof"

STAFF: Final = {
    "olga": Role.OWNER,
    "mina": Role.MANAGER,
    "anh": Role.ANALYST,
    "grace": Role.LEAD,
    "ada": Role.AGENT,
    "cole": Role.COLLEAGUE,
    "vera": Role.CLIENT_VIEWER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Two workspaces of one operation, and who works there.

    north, south: primary keys of the workspaces with these keys. ids: primary keys of accounts by first name.
    """

    north: int
    south: int
    ids: dict[str, int]

    def actor(self, name: str) -> Actor:
        """Return somebody as an actor of the workspace in scope, in which they have to be a member."""
        workspace_id = self.south if name == "ines" else self.north
        found = actor_for(self.ids[name], workspace_id)
        assert found is not None
        return found


def open_house() -> House:
    """Make the operation, both workspaces and everybody in them."""
    with operation_scope():
        create_operation(name="Careful Hands", actor=HOUSE, at=NOW)
        north, south = (
            create_workspace(
                key=key,
                name=key.title(),
                language="en",
                time_zone="Asia/Seoul",
                accent_color="#2f6f5e",
                may_send=True,
                actor=HOUSE,
                at=NOW,
            )
            for key in ("north", "south")
        )
        ids = {
            name: create_user(
                email=f"{name}@example.com",
                name=name.title(),
                password=PASSWORD,
                language="en",
                time_zone="UTC",
                actor=HOUSE,
                at=NOW,
            )
            for name in (*STAFF, "ines")
        }
    with workspace_scope(north):
        for name, role in STAFF.items():
            add_member(user_id=ids[name], role=role, actor=HOUSE, at=NOW)
    with workspace_scope(south):
        add_member(user_id=ids["ines"], role=Role.OWNER, actor=HOUSE, at=NOW)
    return House(north=north, south=south, ids=ids)
