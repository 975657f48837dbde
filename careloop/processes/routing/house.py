"""Who acts when nobody does."""

from typing import Final

from careloop.kernel.actors import Actor, ActorKind

__all__ = ["ROUTER"]

ROUTER: Final = Actor(kind=ActorKind.HOUSE, name="routing")
