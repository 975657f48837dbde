"""Boards that the terminal knows by name: metrics that are read side by side."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["BOARDS"]

BOARDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # The thirteen operational determinants of the 514-center study (Feinberg et al. 2000), in its order.
        "determinants": (
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
        ),
        "operations": (
            "service_level",
            "abandonment_rate",
            "asa",
            "avg_queue_time",
            "contact_volume",
            "aht",
            "occupancy",
            "transfer_rate",
        ),
        "cases": (
            "first_response_time",
            "resolution_time",
            "resolution_rate",
            "reopen_rate",
            "backlog",
            "backlog_age",
        ),
    }
)
