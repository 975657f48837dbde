"""What a queue does to the people in it: one shape for both models."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Self

import numpy as np

from careloop.insight.queueing.inputs import Booleans, Floats

__all__ = ["Outcome", "ServiceLevel"]


class ServiceLevel(StrEnum):
    """Whom the service level counts; names as in the catalogue of metrics. Without abandonment all three are one.

    OFFERED: answered in time among all. EX_ABANDON: among all but those who left within the target wait.
    EX_SHORT: among all but those who left within the first seconds, which is the house's default.
    """

    OFFERED = "offered"
    EX_ABANDON = "ex_abandon_within_target"
    EX_SHORT = "offered_ex_short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The long run of a queue with given demand and agents; all fields have the common shape of the inputs. NaN: not defined.

    is_stable: whether the queue settles at all; always so where callers abandon.
    wait_share: those who wait at all (P_w). abandon_share: those who hang up (P_ab); NaN in Erlang C, which knows none.
    wait_seconds: mean wait of all contacts, E[W]; other tools print this one as "ASA" of Erlang A.
    answer_seconds: mean wait of those answered, E[W | served]: the house's ASA. abandon_seconds: of those who hang up.
    delayed_seconds: mean wait of those who wait at all, E[W | W > 0].
    service_level_offered, service_level_ex_abandon, service_level_ex_short: see ServiceLevel.
    occupancy: share of their time that agents work on contacts. queue_length: mean number of people waiting.
    """

    is_stable: Booleans
    wait_share: Floats
    abandon_share: Floats
    wait_seconds: Floats
    answer_seconds: Floats
    abandon_seconds: Floats
    delayed_seconds: Floats
    service_level_offered: Floats
    service_level_ex_abandon: Floats
    service_level_ex_short: Floats
    occupancy: Floats
    queue_length: Floats

    def service_level(self, variant: ServiceLevel) -> Floats:
        """Return the service level under one way of counting."""
        match variant:
            case ServiceLevel.OFFERED:
                return self.service_level_offered
            case ServiceLevel.EX_ABANDON:
                return self.service_level_ex_abandon
            case ServiceLevel.EX_SHORT:
                return self.service_level_ex_short

    def shaped(self, shape: tuple[int, ...]) -> Self:
        """Return the same with every field in another shape of as many cells."""
        return type(self)(**{field.name: getattr(self, field.name).reshape(shape)[()] for field in fields(self)})

    def at(self, index: int) -> dict[str, float | bool | None]:
        """Return one cell of a one-dimensional outcome as plain values, None for what is not defined."""
        cell = {field.name: np.atleast_1d(getattr(self, field.name))[index].item() for field in fields(self)}
        return {name: None if value != value else value for name, value in cell.items()}  # NaN is not equal to itself
