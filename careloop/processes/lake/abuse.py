"""Abusive contacts, folded into facts: pure, from what the log says of some cases, oldest first."""

from collections.abc import Sequence
from typing import Any

from careloop.domains.supervision import events as e
from careloop.kernel.events import Recorded
from careloop.processes.lake.naming import ours

__all__ = ["abuse_of"]

Row = dict[str, Any]


def abuse_of(story: Sequence[Recorded]) -> list[Row]:
    """Return who was abused in which contact of a case, and the most that was done to protect them.

    A contact that was ended says more than a rest afterwards, and a rest more than a warning.
    """
    rows: dict[int, Row] = {}
    for one in story:
        match one.event:
            case e.AbuseNoted() as event:
                row = rows.setdefault(
                    event.abuse_id,
                    {
                        "abuse_event_id": ours("abuse", event.abuse_id),
                        "contact_id": ours("contact", event.contact_id),
                        "agent_id": ours("user", event.user_id),
                        "at": event.at,
                        "protective_action": None,
                    },
                )
                row["kind"] = event.kind
            case e.AbuseWarned() as event if event.abuse_id in rows:
                rows[event.abuse_id]["protective_action"] = rows[event.abuse_id]["protective_action"] or "warning"
            case e.AbuseRestGiven() as event if event.abuse_id in rows:
                if rows[event.abuse_id]["protective_action"] != "end_contact":
                    rows[event.abuse_id]["protective_action"] = "break"
            case e.AbuseContactEnded() as event if event.abuse_id in rows:
                rows[event.abuse_id]["protective_action"] = "end_contact"
            case _:
                pass
    return list(rows.values())
