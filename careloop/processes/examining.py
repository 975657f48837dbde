"""The integrity checks, made whenever the facts have changed, and what they found given to the flags (metrics.md §0.7).

A check of a month is made again when a file has changed that may hold rows of that month, in a table that the check reads, and
once a day whatever happened, since some rows read differently only because time passed.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from careloop.domains.integrity.queries import last_examination, open_months
from careloop.domains.integrity.services import take_findings
from careloop.domains.integrity.types import About, Examination, Finding, Method, Part, Severity
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.scope import workspace_scope
from careloop.kernel.shelter import Sheltering, unsheltered
from careloop.processes.invoicing.months import span_of_month
from careloop.processes.lake.keys import number_of
from careloop.processes.measuring.lakes import bounded_database, insight, lake_root
from careloop.processes.workspace import workspace_facts

if TYPE_CHECKING:
    from careloop.insight.facts.manifest import Manifest
    from careloop.insight.facts.marks import Marks
    from careloop.insight.kpis.examining import Examined

__all__ = ["EVERY", "EXAMINER", "examine", "is_examination_due"]

log = logging.getLogger(__name__)

EXAMINER: Final = Actor(kind=ActorKind.HOUSE, name="integrity")
EVERY: Final = timedelta(minutes=10)
"""While facts arrive all the time, they are looked at at most so often: what is gamed is not gamed in minutes."""
MEMORY_MB: Final = 512
OLDER_MONTHS: Final = 6
MOST_TOLD_PARTS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What a check was made of the last time.

    at: when it was tried. on: the local day on which it was made of all months; None where that failed. months: first days.
    terms: what held for all facts. marks: of the tables that it read.
    """

    at: datetime
    on: date | None = None
    months: tuple[date, ...] = ()
    terms: str = ""
    marks: "Marks" = field(default_factory=dict)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "_Seen":
        return cls(
            at=datetime.fromisoformat(told["at"]),
            on=date.fromisoformat(told["on"]) if told["on"] else None,
            months=tuple(map(date.fromisoformat, told["months"])),
            terms=told["terms"],
            marks=told["marks"],
        )

    def told(self) -> dict[str, Any]:
        months = [month.isoformat() for month in self.months]
        on = self.on.isoformat() if self.on else None
        return {"at": self.at.isoformat(), "on": on, "months": months, "terms": self.terms, "marks": self.marks}


@dataclass(slots=True, kw_only=True)
class _Turn:
    """What is looked at this time, and what came of it.

    months: first days. terms, marks: of the facts. seen: by check. looked: checks and months. last: see Examination.
    """

    workspace_id: int
    zone: ZoneInfo
    at: datetime
    months: tuple[date, ...]
    terms: str
    marks: "Marks"
    seen: dict[str, _Seen]
    found: list[Finding] = field(default_factory=list)
    looked: set[tuple[str, date]] = field(default_factory=set)
    last: str = ""

    @property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()


def is_examination_due(workspace_id: int, *, at: datetime) -> bool:
    """Tell whether the checks of a workspace have to be made, outside any scope; never brings libraries along."""
    with workspace_scope(workspace_id):
        before, zone = last_examination(), ZoneInfo(workspace_facts().time_zone)
    if before is not None and at - before.at < EVERY:
        return False
    manifest = _manifest(workspace_id)
    return manifest is not None and _is_due(before, insight("facts.marks").word_of(manifest), at=at, zone=zone)


def examine(
    workspace_id: int,
    *,
    at: datetime,
    sheltering: Sheltering = unsheltered,
    is_over: Callable[[], bool] = lambda: False,
) -> int:
    """Make the checks of one workspace, outside any scope, and return how many flags were opened.

    at: now. sheltering: a check that fails waits there, and keeps no other from being made. is_over: asked between two checks;
    those that are left are made the next time, before all others.

    This month and the one before are looked at, and older ones in which a flag is open. Nothing is written before all is looked
    at: who dies on the way has changed nothing, and the next turn finds the same.
    """
    manifest, marks = _manifest(workspace_id), insight("facts.marks")
    if manifest is None:
        return 0
    with workspace_scope(workspace_id):
        zone = ZoneInfo(workspace_facts().time_zone)
        before, word = last_examination(), marks.word_of(manifest)
        if not _is_due(before, word, at=at, zone=zone):
            return 0
        months = _months(at.astimezone(zone).date())
        months += open_months(before=months[-1], most=OLDER_MONTHS)
    told = {} if before is None else before.seen
    turn = _Turn(
        workspace_id=workspace_id,
        zone=zone,
        at=at,
        months=tuple(months),
        terms=marks.terms_of(manifest),
        marks=marks.marks_of(manifest, months=months),
        seen={check: _Seen.read(seen) for check, seen in told.items() if check in insight("kpis.checks").CHECKS},
    )
    began = time.monotonic()
    _carry_out(turn, manifest, sheltering=sheltering, is_over=is_over)
    examination = Examination(
        at=at,
        lake=word,
        last=turn.last,
        seconds=time.monotonic() - began,
        seen={check: seen.told() for check, seen in turn.seen.items()},
    )
    with workspace_scope(workspace_id):
        return take_findings(turn.found, looked=turn.looked, examination=examination, actor=EXAMINER)


def _manifest(workspace_id: int) -> "Manifest | None":
    found: Manifest | None = insight("facts.manifest").load(lake_root(workspace_id))
    return found


def _is_due(before: Examination | None, word: str, *, at: datetime, zone: ZoneInfo) -> bool:
    if before is None:
        return True
    is_another_day = before.at.astimezone(zone).date() < at.astimezone(zone).date()
    return at - before.at >= EVERY and bool(before.lake != word or before.last or is_another_day)


def _carry_out(turn: _Turn, manifest: "Manifest", *, sheltering: Sheltering, is_over: Callable[[], bool]) -> None:
    """Make the checks that are due, those first that were made the longest ago."""
    checks = insight("kpis.checks").CHECKS
    due = {check: months for check in checks if (months := _months_due(turn, check))}
    if not due:
        return
    database = bounded_database(memory_mb=MEMORY_MB)
    facts = insight("facts").read(lake_root(turn.workspace_id), state=manifest, within=database)
    names = sorted(due, key=lambda check: turn.seen[check].at.isoformat() if check in turn.seen else "")
    for number, check in enumerate(names, start=1):
        # One that fails is due again, but after all others.
        turn.seen[check] = _Seen(at=turn.at)
        sheltering(f"integrity {check}", turn.workspace_id, partial(_look, turn, facts, check, due[check]))
        if number < len(names) and is_over():
            turn.last = check
            told = {"workspace_id": turn.workspace_id, "made": number, "left": len(names) - number}
            log.warning("integrity.unfinished", extra=told)
            return


def _months_due(turn: _Turn, check: str) -> list[date]:
    seen = turn.seen.get(check)
    is_known = seen is not None and seen.on == turn.today and seen.terms == turn.terms
    if seen is None or not is_known or not set(turn.months) <= set(seen.months):
        return list(turn.months)
    touched: list[date] = insight("facts.marks").months_touched(seen.marks, turn.marks, months=turn.months)
    return touched


def _look(turn: _Turn, facts: Any, check: str, months: Sequence[date]) -> int:
    spans = {month: span_of_month(month, zone=turn.zone) for month in months}
    results = insight("kpis.examining").examined(facts, check, months=spans)
    if results is not None:
        for month, span in spans.items():
            turn.found.extend(_findings(check, month, span, results.found.get(month, ())))
            turn.looked.add((check, month))
    tables = () if results is None else results.tables
    turn.seen[check] = _Seen(
        at=turn.at,
        on=turn.today,
        months=turn.months,
        terms=turn.terms,
        marks={table: turn.marks.get(table, {}) for table in sorted(tables)},
    )
    return 1


def _findings(
    check: str, month: date, span: tuple[datetime, datetime], results: Sequence["Examined"]
) -> Iterator[Finding]:
    known = insight("kpis.checks").CHECKS[check]
    sentence = {language: known.sentence.spoken(language) for language in insight("kpis.words").LANGUAGES}
    common: Mapping[str, Any] = {
        "check": check,
        "sentence": sentence,
        "metrics": insight("kpis.examining").guarded(check),
        "month": month,
        "since": span[0],
        "until": span[1],
        "limit": known.limit,
    }
    parts = [one for one in results if one.of and one.is_sure]
    parts.sort(key=lambda one: (-(one.count or 0.0), -one.value, one.key))
    told = tuple(
        Part(of=one.of, key=one.key, value=one.value, count=one.count, of_count=one.of_count)
        for one in parts[:MOST_TOLD_PARTS]
    )
    yield from (
        Finding(
            **common,
            about=About(one.of),
            key=one.key,
            user_id=number_of("user", one.key) if one.of == About.AGENT else None,
            method=Method(one.method),
            severity=Severity(one.severity.value),
            value=one.value,
            count=one.count,
            of_count=one.of_count,
            is_sure=one.is_sure,
            is_above=one.is_above,
            parts=() if one.of else told,
        )
        for one in results
        if one.of in About.values
    )


def _months(today: date) -> list[date]:
    this = today.replace(day=1)
    return [this, (this - timedelta(days=1)).replace(day=1)]
