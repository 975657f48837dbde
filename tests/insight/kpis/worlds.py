"""Small worlds of facts as plain rows, and what plain Python says of them: the slow side of every comparison."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from careloop.insight.facts import Facts

__all__ = ["Fact", "World", "utc"]

Fact = Mapping[str, Any]


def utc(text: str) -> datetime:
    """Read a moment in UTC, such as 2026-03-29T00:30."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class World:
    """tables: rows by table. zone: of the workspace. watermark: of the only source. since, until: the period asked for.

    day_begins_s: when a day of operation begins, in local seconds since midnight.
    """

    tables: Mapping[str, Sequence[Fact]]
    zone: str = "UTC"
    watermark: datetime = field(default_factory=lambda: utc("2026-06-01"))
    since: datetime | None = None
    until: datetime | None = None
    day_begins_s: int = 0

    @property
    def facts(self) -> Facts:
        return Facts.of(self.tables, zone=self.zone, watermarks={"memory": self.watermark})

    def offset(self, day: date) -> timedelta:
        """How far clocks are ahead of UTC at the noon of a day."""
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(self.zone))
        return noon.utcoffset() or timedelta()

    def rows(self, table: str) -> Sequence[Fact]:
        return self.tables.get(table, ())

    def counted(self, table: str) -> list[Fact]:
        """Rows without tests, ghosts, duplicate dials and spam."""
        flags = ("is_test", "is_ghost", "is_duplicate_dial", "is_spam")
        bad = {
            other: {row[f"{other}_id"] for row in self.rows(other) if any(row.get(flag) for flag in flags)}
            for other in ("contact", "case")
        }
        return [
            row
            for row in self.rows(table)
            if not any(row.get(flag) for flag in flags)
            and not any(row.get(f"{other}_id") in ids for other, ids in bad.items() if table != other)
        ]

    def find(self, table: str, **key: object) -> Fact:
        """The first row with these values, or nothing."""
        return next((row for row in self.rows(table) if all(row.get(k) == v for k, v in key.items())), {})

    def dimension(self, row: Fact, name: str, at: datetime | date) -> object:
        """Say what a row is of, looked up step by step."""
        moment = at if isinstance(at, datetime) else None
        # A day counts for the team that has its noon.
        noon = moment or datetime(at.year, at.month, at.day, 12, tzinfo=UTC)
        local = moment.astimezone(ZoneInfo(self.zone)) if moment else None
        begins = timedelta(seconds=self.day_begins_s)
        day = (local.replace(tzinfo=None) - begins).date() if local else at
        assert isinstance(day, date)
        match name:
            case "day":
                return day
            case "week":
                return day - timedelta(days=day.weekday())
            case "month":
                return day.replace(day=1)
            case "weekday":
                return day.isoweekday()
            case "half_hour" | "quarter_hour" | "hour" | "time_of_day":
                assert local is not None
                length = {"hour": 60, "quarter_hour": 15}.get(name, 30)
                start = local.replace(minute=local.minute // length * length, second=0, microsecond=0)
                return f"{start:%H:%M}" if name == "time_of_day" else self._first_of(start, local)
            case "team" if "team_id" in row:
                return row["team_id"]
            case "team":
                known = row if "segment_id" in row or "agent_id" in row else self._last_leg(row)
                return self._team(known.get("agent_id"), noon)
        if name in ("queue", "agent") and "segment_id" not in row and f"{name}_id" not in row:
            row = self._last_leg(row)
        column = {"queue": "queue_id", "agent": "agent_id", "reason": "reason_code"}.get(name, name)
        contact = self.find("contact", contact_id=row.get("contact_id")) if row.get("contact_id") else {}
        case = self.find("case", case_id=row.get("case_id") or contact.get("case_id"))
        for known in (row, contact, case):
            if column in known:
                return known[column]
        return None

    def _first_of(self, start: datetime, local: datetime) -> datetime:
        """Say where a bucket starts: with a move of the clock, where it moved within it."""
        last = local.astimezone(UTC)
        quarters = [
            last.replace(minute=last.minute // 15 * 15, second=0, microsecond=0) - n * timedelta(minutes=15)
            for n in range(4)
        ]
        of_bucket = [
            moment
            for moment in (each.astimezone(ZoneInfo(self.zone)) for each in quarters)
            if moment.utcoffset() == local.utcoffset() and moment.replace(tzinfo=None) >= start.replace(tzinfo=None)
        ]
        return of_bucket[-1]

    def _last_leg(self, row: Fact) -> Fact:
        """A whole contact belongs to who handled it last."""
        legs = [leg for leg in self.rows("contact_segment") if leg["contact_id"] == row.get("contact_id")]
        answered = [leg for leg in legs if leg["exit"] == "answered"]
        return max(answered, key=lambda leg: leg["seq"], default={"agent_id": None, "queue_id": None})

    def _team(self, agent: object, moment: datetime) -> object:
        if agent is None:
            return None
        for row in self.rows("agent_team"):
            if row["agent_id"] == agent and row["valid_from"] <= moment < (row.get("valid_to") or utc("2999-01-01")):
                return row["team_id"]
        return None

    def is_within(self, at: datetime | date) -> bool:
        if isinstance(at, datetime):
            return (self.since is None or at >= self.since) and (self.until is None or at < self.until)
        zone, begins = ZoneInfo(self.zone), timedelta(seconds=self.day_begins_s)

        def date_of(moment: datetime) -> date:
            return (moment.astimezone(zone).replace(tzinfo=None) - begins).date()

        return (self.since is None or at >= date_of(self.since)) and (self.until is None or at < date_of(self.until))

    def pieces(self, start: datetime, end: datetime | None) -> Iterator[tuple[datetime, float]]:
        """Cut a span at the edges of the period and at every quarter of an hour; yield starts and seconds."""
        low = max(start, self.since) if self.since else start
        high = end or self.until or self.watermark
        high = min(high, self.until) if self.until else high
        while low < high:
            edge = low.replace(minute=low.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)
            stop = min(edge, high)
            yield low, (stop - low).total_seconds()
            low = stop
