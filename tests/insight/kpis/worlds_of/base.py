"""What every such world has: a few contacts, teams, a period."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.insight.kpis.strategies import CUSTOMERS, RARELY, REASONS, ZONES, moments
from tests.insight.kpis.worlds import World, utc

__all__ = ["Rows", "Tables", "later", "maybe", "often", "people", "world_of"]

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def often() -> st.SearchStrategy[bool | None]:
    """Yes, no or nobody knows."""
    return st.sampled_from((True, True, False, None))


def later(draw: st.DrawFn, at: datetime, *hours: float | None) -> datetime | None:
    """Draw a moment so many hours after another, or none."""
    chosen = draw(st.sampled_from(hours))
    return None if chosen is None else at + timedelta(hours=chosen)


@st.composite
def people(draw: st.DrawFn) -> Tables:
    """Contacts and teams."""
    contacts: Rows = []
    for number in range(4):
        at = draw(moments())
        contacts.append(
            {
                "contact_id": f"c{number}",
                "channel": draw(st.sampled_from(("voice", "chat"))),
                "direction": draw(st.sampled_from(("inbound", "inbound", "outbound"))),
                "customer_id": draw(CUSTOMERS),
                "arrived_at": at,
                "ended_at": later(draw, at, 0, 0.2, 3),
                "outcome": draw(st.sampled_from(("handled", "handled", "contained", "blocked"))),
                "reason_code": draw(REASONS),
                "is_test": draw(RARELY),
            }
        )
        contacts[-1]["reason_group"] = contacts[-1]["reason_code"]
    teams = [
        {"agent_id": "a1", "team_id": "red", "valid_from": utc("2026-01-01"), "valid_to": utc("2026-03-29T12:00")},
        {"agent_id": "a1", "team_id": "blue", "valid_from": utc("2026-03-29T12:00"), "valid_to": None},
        {"agent_id": "a2", "team_id": "red", "valid_from": utc("2026-01-01"), "valid_to": None},
    ]
    return {"contact": contacts, "agent_team": teams}


def world_of(draw: st.DrawFn, tables: Tables, *, watermark: datetime | None = None) -> World:
    """Put a world together: what was drawn, with people, a zone and a period."""
    tables = draw(people()) | tables
    channels = {contact["contact_id"]: contact["channel"] for contact in tables["contact"]}
    for leg in tables.get("contact_segment", ()):
        leg.setdefault("channel", channels.get(leg["contact_id"]))
    return World(
        tables=tables,
        zone=draw(st.sampled_from(ZONES)),
        since=draw(st.sampled_from((None, utc("2026-03-28T12:00"), utc("2026-03-29T00:10:01")))),
        until=draw(st.sampled_from((None, utc("2026-03-30"), utc("2026-03-29T23:59:59.5")))),
        watermark=watermark or utc("2026-06-01"),
    )
