"""What a tile comes to: its questions, checked and answered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from careloop.domains.boards.errors import BoardUnclear
from careloop.domains.boards.periods import Span, span_of
from careloop.domains.boards.types import BoardRow, Comparison, TileContent, TileKind
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal
from careloop.kernel.sentences import Unusable
from careloop.processes.measuring.asking import answers, outcomes
from careloop.processes.measuring.catalogue import card, dimensions, times
from careloop.processes.measuring.lakes import insight
from careloop.processes.measuring.policy import allowed, of_reader, of_team
from careloop.processes.measuring.types import Answer, Question

__all__ = ["Asked", "TileAnswer", "asked", "bucket_of", "checked", "measured", "measured_together"]

HEAT: Final = ("weekday", "time_of_day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The questions of a tile, for a reader who may ask them.

    main: in its period. trend: the same by buckets of time. before: in the period before. team: of the reader's teams.
    """

    content: TileContent
    span: Span
    main: Question
    trend: Question | None = None
    before: Question | None = None
    team: Question | None = None

    def parts(self) -> dict[str, Question]:
        """Return the questions by the names of their answers."""
        named = {"main": self.main, "trend": self.trend, "before": self.before, "team": self.team}
        return {name: question for name, question in named.items() if question is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class TileAnswer:
    """What the questions of a tile came to; see Asked."""

    asked: Asked
    main: Answer
    trend: Answer | None = None
    before: Answer | None = None
    team: Answer | None = None


def asked(
    content: TileContent, *, board: BoardRow, span: Span | None, viewer: Actor, workspace: WorkspaceFacts, now: datetime
) -> Asked:
    """Turn a tile into questions, within the scope of the workspace.

    span: chosen for the whole board; None for the tile's own period.

    Raises MayNotSeeNumbers, MetricUnknown, MeasuringMissing.
    """
    if span is None:
        zone = ZoneInfo(workspace.time_zone)
        span = span_of(content.period or board.period, now=now, zone=zone, day_begins_s=workspace.day_begins_s)
    question = Question(
        metric=content.metric,
        since=span.since,
        until=span.until,
        options=content.options,
        by=_by(content, span),
        conditions=content.conditions,
        is_spread=content.kind is TileKind.DISTRIBUTION,
        day_begins_s=span.day_begins_s,
    )
    mine = of_reader(question, viewer=viewer) if board.is_personal else allowed(question, viewer=viewer)
    if content.kind is not TileKind.NUMBER:
        return Asked(content=content, span=span, main=mine)
    since, until = span.before
    return Asked(
        content=content,
        span=span,
        main=mine,
        trend=replace(mine, by=(bucket_of(span),), with_intervals=False),
        before=replace(mine, since=since, until=until) if content.comparison is Comparison.PREVIOUS else None,
        team=of_team(question, viewer=viewer) if board.is_personal else None,
    )


def measured(tile: Asked, *, workspace_id: int, now: datetime) -> TileAnswer:
    """Answer the questions of a tile, outside any scope. Raises QuestionUnclear, QuestionTooLong, MeasuringMissing."""
    wanted = tile.parts()
    found = answers(list(wanted.values()), workspace_id=workspace_id, now=now)
    return TileAnswer(asked=tile, **dict(zip(wanted, found, strict=True)))


def measured_together(
    tiles: Mapping[str, Asked], *, workspace_id: int, now: datetime, without_scans: bool = False
) -> dict[str, TileAnswer | Refusal | None]:
    """Answer the questions of several tiles in one go and from one state of the facts, outside any scope.

    without_scans: whether a tile that stored cells cannot answer is left waiting, as None.

    Raises MeasuringMissing.
    """
    places = [(key, name) for key, tile in tiles.items() for name in tile.parts()]
    questions = [question for tile in tiles.values() for question in tile.parts().values()]
    told = outcomes(questions, workspace_id=workspace_id, now=now, without_scans=without_scans)
    found: dict[str, TileAnswer | Refusal | None] = {}
    for key, tile in tiles.items():
        mine = {name: place for place, (whose, name) in enumerate(places) if whose == key}
        came = [told.found[place] for place in mine.values() if place in told.found]
        refused = next((one for one in came if isinstance(one, Refusal)), None)
        if refused is not None:
            found[key] = refused
        elif told.waiting & set(mine.values()):
            found[key] = None
        else:
            parts = [one for one in came if isinstance(one, Answer)]
            found[key] = TileAnswer(asked=tile, **dict(zip(mine, parts, strict=True)))
    return found


def bucket_of(span: Span) -> str:
    """Return the bucket of time in which a line over a span is neither a dot nor a thicket."""
    length = span.until - span.since
    if length <= timedelta(days=2):
        return "hour"
    return "day" if length <= timedelta(days=93) else "week"


def checked(content: TileContent, *, viewer: Actor, workspace: WorkspaceFacts, now: datetime) -> TileContent:
    """Return what a tile may hold: the metric exists, its options and conditions are understood, the maker may see it.

    Raises MetricUnknown, MayNotSeeNumbers, BoardUnclear.
    """
    kpis = insight("kpis")
    known = card(content.metric, language="en")
    try:
        kpis.Asked.of(kpis.metric(known.id), dict(content.options))
        if content.conditions:
            insight("kpis.asking.filters").condition(dict(content.conditions))
    except Unusable as error:
        raise BoardUnclear(error.sentence(_)) from error
    match content.kind:
        case TileKind.TABLE:
            if content.by not in {*dimensions(language="en"), *times(language="en")}:
                raise BoardUnclear(_("Say by what the table splits the number."))
        case TileKind.SERIES:
            if content.by and content.by not in {"half_hour", "hour", "day", "week", "month"}:
                raise BoardUnclear(_("A line over time goes by half hours, hours, days, weeks or months."))
        case _:
            content = replace(content, by="")
    if content.kind is not TileKind.NUMBER:
        content = replace(content, comparison=Comparison.NONE, target=None)
    board = BoardRow(key="", name="", period="last_7_days", tiles=())
    asked(content, board=board, span=None, viewer=viewer, workspace=workspace, now=now)
    return content


def _by(content: TileContent, span: Span) -> tuple[str, ...]:
    match content.kind:
        case TileKind.SERIES:
            return (content.by or bucket_of(span),)
        case TileKind.HEAT_MAP:
            return HEAT
        case TileKind.TABLE:
            return (content.by,)
    return ()
