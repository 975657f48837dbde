"""Which tables of facts a workspace could save."""

from collections.abc import Mapping

from careloop.processes.measuring.lakes import insight, lake_root

__all__ = ["held_tables"]


def held_tables(workspace_id: int) -> Mapping[str, int]:
    """Return about how many rows there are, by the name of each table that has any; empty where there are no facts yet.

    Raises MeasuringMissing.
    """
    found: Mapping[str, int] = insight("rows").held_tables(lake_root(workspace_id))
    return found
