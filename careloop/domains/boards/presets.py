"""Boards that every workspace has, as SYSTEM_VIEWS are for cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.boards.types import Comparison, TileContent, TileKind, Width

__all__ = ["DETERMINANTS", "SYSTEM_BOARDS", "Preset"]

DETERMINANTS: Final = (
    "asa",
    "avg_queue_time",
    "fcr_issue",
    "abandonment_rate",
    "att",
    "adherence",
    "acw",
    "blocked_rate",
    "avg_time_to_abandon",
    "contacts_per_8h",
    "agent_turnover",
    "contact_volume",
    "service_level",
)
"""The thirteen operational determinants of the 514-center study, in its order (metrics.md §6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A board as every workspace has it."""

    name: str | Promise
    note: str | Promise
    period: str
    tiles: tuple[TileContent, ...]
    is_personal: bool = False


def _of_channels(*channels: str) -> Mapping[str, Any]:
    return {"field": "channel", "operator": "any_of", "value": list(channels)}


# Who calls or chats waits at the other end; who writes goes on with the day: no one target suits both.
LIVE: Final = _of_channels("voice", "chat", "video")
WRITTEN: Final = _of_channels("email", "web_form", "messaging", "social")
SOON: Final = {"target_s": "20"}
WITHIN_A_DAY: Final = {"target_s": "86400"}
MOST: Final = 0.9
"""So many single promises are usually to be kept; whoever promises another share says so on a board of their own."""


def _number(
    metric: str, where: Mapping[str, Any] | None = None, options: Mapping[str, str] | None = None
) -> TileContent:
    return TileContent(kind=TileKind.NUMBER, metric=metric, options=options or {}, conditions=where or {})


def _determinant(metric: str) -> TileContent:
    """Return one of the thirteen; what the study measured of calls is asked of those who wait at the other end."""
    if metric == "service_level":
        return _number(metric, LIVE, SOON)
    is_of_waiting = metric in {"asa", "avg_queue_time", "abandonment_rate", "avg_time_to_abandon"}
    return _number(metric, LIVE if is_of_waiting else None)


def _wide(kind: TileKind, metric: str, by: str = "", width: Width = Width.HALF, **more: Any) -> TileContent:
    return TileContent(kind=kind, metric=metric, by=by, width=width, comparison=Comparison.NONE, **more)


def _kept(measure: str, *, level: str = "item", target: float = MOST) -> TileContent:
    """Return how much of what was promised was kept: of single promises, or of whole ones such as "70 % within the day"."""
    return TileContent(
        kind=TileKind.NUMBER,
        metric="sla_attainment",
        options={"measure": measure, "level": level},
        comparison=Comparison.TARGET,
        target=target,
    )


SYSTEM_BOARDS: Final[Mapping[str, Preset]] = {
    "operations": Preset(
        name=_("Operations"),
        note=_("How customers got through, and what it took."),
        period="last_7_days",
        tiles=(
            _number("service_level", LIVE, SOON),
            _number("service_level", WRITTEN, WITHIN_A_DAY),
            _number("abandonment_rate", LIVE),
            _number("contact_volume"),
            _wide(TileKind.SERIES, "service_level", "day", conditions=LIVE, options=SOON),
            _wide(TileKind.SERIES, "contact_volume", "day"),
            _wide(TileKind.HEAT_MAP, "contact_volume"),
            _wide(TileKind.DISTRIBUTION, "avg_queue_time", conditions=LIVE),
            _number("aht"),
            _number("occupancy"),
            _number("transfer_rate"),
            _number("fcr_issue"),
            _wide(TileKind.TABLE, "service_level", "queue", conditions=LIVE, options=SOON),
            _wide(TileKind.TABLE, "service_level", "queue", conditions=WRITTEN, options=WITHIN_A_DAY),
        ),
    ),
    "determinants": Preset(
        name=_("The thirteen determinants"),
        note=_(
            "What a study of 514 call centers measured. Only two of them moved with satisfaction, so see for yourself."
        ),
        period="last_28_days",
        tiles=tuple(map(_determinant, DETERMINANTS)),
    ),
    "cases": Preset(
        name=_("Cases"),
        note=_("How matters were solved, and what is still open."),
        period="last_28_days",
        tiles=(
            _number("first_response_time"),
            _number("resolution_time"),
            _number("resolution_rate"),
            _number("reopen_rate"),
            _number("backlog"),
            _number("backlog_age"),
            _number("sla_attainment"),
            _number("contacts_per_resolution"),
            _wide(TileKind.SERIES, "first_response_time", "day"),
            _wide(TileKind.SERIES, "backlog", "day"),
            _wide(TileKind.TABLE, "resolution_time", "reason", Width.WHOLE),
        ),
    ),
    "promises": Preset(
        name=_("Promises"),
        note=_("What was promised to customers, and how much of it was kept."),
        period="last_28_days",
        tiles=(
            _kept("first_response"),
            _kept("next_response"),
            _kept("resolution"),
            _kept("resolution", level="commitment", target=1.0),
            _kept("wait"),
            _kept("task"),
            _wide(TileKind.SERIES, "sla_attainment", "day", options={"measure": "first_response"}),
            _wide(TileKind.SERIES, "sla_attainment", "day", options={"measure": "resolution"}),
            _wide(TileKind.TABLE, "sla_attainment", "policy", options={"measure": "first_response"}),
            _wide(TileKind.TABLE, "sla_attainment", "policy", options={"measure": "resolution"}),
            _wide(TileKind.TABLE, "sla_attainment", "policy", options={"measure": "resolution", "level": "commitment"}),
            _wide(TileKind.TABLE, "sla_attainment", "policy", options={"measure": "wait"}),
            _wide(TileKind.TABLE, "sla_attainment", "policy", options={"measure": "task"}),
            _wide(TileKind.TABLE, "sla_attainment", "priority", options={"measure": "resolution"}),
            _wide(TileKind.TABLE, "sla_attainment", "owner_team", options={"measure": "first_response"}),
            _wide(TileKind.TABLE, "sla_attainment", "owner_team", options={"measure": "resolution"}),
        ),
    ),
    "own": Preset(
        name=_("My own card"),
        note=_("Your numbers beside your team's. It is no ranking, and chance has its part in each."),
        period="last_28_days",
        is_personal=True,
        tiles=(
            _number("aht"),
            _number("att"),
            _number("hold_time"),
            _number("acw"),
            _number("transfer_rate"),
            _number("fcr_contact"),
            _number("agent_csat"),
            _number("qa_score"),
        ),
    ),
    "client": Preset(
        name=_("Client report"),
        note=_("What the client of this program reads."),
        period="last_month",
        tiles=(
            _number("contact_volume"),
            _number("service_level", LIVE, SOON),
            _number("service_level", WRITTEN, WITHIN_A_DAY),
            _number("abandonment_rate", LIVE),
            _number("fcr_issue"),
            _number("resolution_time"),
            _number("sla_attainment"),
            _number("csat"),
            _wide(TileKind.SERIES, "contact_volume", "day"),
            _wide(TileKind.TABLE, "contact_volume", "channel"),
        ),
    ),
}
"""By their keys, in the order in which people see them."""
