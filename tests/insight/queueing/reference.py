"""The golden file, read."""

import csv
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ENDLESS", "IMPATIENT", "ROWS", "Row"]

FILE = Path(__file__).resolve().parents[1] / "reference" / "erlang.csv"

ENDLESS = {
    "c_stable": "is_stable",
    "c_p_wait": "wait_share",
    "c_asa_s": "answer_seconds",
    "c_service_level": "service_level_offered",
    "c_occupancy": "occupancy",
}
IMPATIENT = {
    "a_p_abandon": "abandon_share",
    "a_p_wait": "wait_share",
    "a_mean_wait_all_s": "wait_seconds",
    "a_mean_wait_served_s": "answer_seconds",
    "a_service_level_offered": "service_level_offered",
    "a_service_level_excl_abandon_within_target": "service_level_ex_abandon",
    "a_occupancy": "occupancy",
    "a_mean_queue_length": "queue_length",
}
"""Fields of an outcome by column of the file, for Erlang C and Erlang A."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case: what goes in, and the expected figures by column; None is "not defined"."""

    case_id: str
    calls_per_hour: float
    handle_seconds: float
    agents: int
    patience_seconds: float | None
    target_seconds: float
    expected: dict[str, float | None]


def _row(cells: dict[str, str]) -> Row:
    return Row(
        case_id=cells["case_id"],
        calls_per_hour=float(cells["arrival_rate_per_hour"]),
        handle_seconds=float(cells["aht_s"]),
        agents=int(cells["agents"]),
        patience_seconds=float(cells["patience_s"]) if cells["patience_s"] else None,
        target_seconds=float(cells["target_wait_s"]),
        expected={
            name: float(cell) if cell else None
            for name, cell in cells.items()
            if name.startswith(("a_", "c_", "erlang_b", "offered"))
        },
    )


with FILE.open(encoding="utf-8", newline="") as _file:
    ROWS = [_row(cells) for cells in csv.DictReader(_file)]
