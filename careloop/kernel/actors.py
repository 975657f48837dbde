"""Who acts: a person of the operation, a customer, a token, or the house itself."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["HOUSE", "Actor", "ActorKind", "Role"]


class Role(StrEnum):
    """What a person is in a workspace, from the most to the least powerful."""

    OWNER = "owner"
    MANAGER = "manager"
    ANALYST = "analyst"
    LEAD = "lead"
    AGENT = "agent"
    COLLEAGUE = "colleague"
    CLIENT_VIEWER = "client_viewer"


class ActorKind(StrEnum):
    USER = "user"
    CUSTOMER = "customer"
    HOUSE = "house"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who asks for an act in one workspace.

    kind: a user of the operation, a customer, or the house.
    id: primary key of the user or customer; 0 for the house.
    role: the user's role in this workspace; None for customers and the house.
    team_ids: the user's teams in this workspace.
    scopes: what an API token allows, such as "cases:write"; None when a person acts without a token.
    name: for the house, which process acts, such as "intake".
    """

    kind: ActorKind
    id: int = 0
    role: Role | None = None
    team_ids: frozenset[int] = frozenset()
    scopes: frozenset[str] | None = None
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name or self.id}"

    @property
    def is_house(self) -> bool:
        return self.kind is ActorKind.HOUSE

    @property
    def is_customer(self) -> bool:
        return self.kind is ActorKind.CUSTOMER

    @property
    def user_id(self) -> int | None:
        """The user's primary key, or None for customers and the house."""
        return self.id if self.kind is ActorKind.USER else None

    def has_role(self, *roles: Role) -> bool:
        """Say whether this is a user with one of the roles."""
        return self.role in roles

    def allows(self, scope: str) -> bool:
        """Say whether the token this actor came with, if any, allows the scope."""
        return self.scopes is None or scope in self.scopes


HOUSE = Actor(kind=ActorKind.HOUSE, name="careloop")
