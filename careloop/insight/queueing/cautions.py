"""What a staffing answer does not know: values for the faces to put into words."""

from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "BackOfficeWork",
    "Caution",
    "CertainForecast",
    "Concurrency",
    "EndlessPatience",
    "SensitiveToPatience",
    "SeveralSkills",
    "ShortInterval",
    "cautions",
]

SETTLING_HANDLES = 2.0
"""An interval shorter than so many contacts is over before the queue settles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortInterval:
    """Work carries over from one interval into the next: use lagged load."""

    interval_seconds: float
    handle_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CertainForecast:
    """Demand was taken as known; more or fewer contacts cost more service level than they give back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralSkills:
    """Agents serve several queues, or some contacts go first: only a simulation knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concurrency:
    """Agents hold several contacts at once; the handle time must be the one at that concurrency."""

    slots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOfficeWork:
    """Agents also work on what does not wait in this queue: that needs a model of the backlog."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndlessPatience:
    """No patience was given, so that nobody hangs up: more agents than it takes, and no answer where load exceeds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitiveToPatience:
    """With patience shorter or longer by PATIENCE_SPREAD, another number of agents is needed."""

    agents_if_shorter: int
    agents_if_longer: int


Caution: TypeAlias = (
    ShortInterval
    | CertainForecast
    | SeveralSkills
    | Concurrency
    | BackOfficeWork
    | EndlessPatience
    | SensitiveToPatience
)


def cautions(
    *,
    interval_seconds: float,
    handle_seconds: float,
    has_patience: bool,
    has_demand_spread: bool,
    slots: int = 1,
    has_several_skills: bool = False,
    has_back_office_work: bool = False,
    agents_by_patience: tuple[int, int, int] | None = None,
) -> list[Caution]:
    """Return what must be said beside a staffing answer.

    interval_seconds: for which it is made. handle_seconds: mean talk plus wrap-up. slots: contacts at once per agent.
    has_patience: whether callers may hang up. has_demand_spread: whether the uncertainty of the forecast is in it.
    has_several_skills: whether agents serve several queues, or some contacts go first.
    agents_by_patience: agents needed with shorter, given and longer patience; None where there is none.
    """
    found: list[Caution] = []
    if not has_patience:
        found.append(EndlessPatience())
    if interval_seconds < SETTLING_HANDLES * handle_seconds:
        found.append(ShortInterval(interval_seconds=interval_seconds, handle_seconds=handle_seconds))
    if not has_demand_spread:
        found.append(CertainForecast())
    if agents_by_patience is not None and len(set(agents_by_patience)) > 1:
        shorter, _given, longer = agents_by_patience
        found.append(SensitiveToPatience(agents_if_shorter=shorter, agents_if_longer=longer))
    if slots > 1:
        found.append(Concurrency(slots=slots))
    if has_several_skills:
        found.append(SeveralSkills())
    if has_back_office_work:
        found.append(BackOfficeWork())
    return found
