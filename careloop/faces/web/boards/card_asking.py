"""What somebody asks of the card of a number: read from its address, checked, and answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careloop.domains.boards import queries
from careloop.domains.boards.errors import BoardNotFound
from careloop.domains.boards.types import BoardRow, TileContent, TileKind
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.faces.web.boards.periods import Chosen, period_or
from careloop.kernel.actors import Actor, Role
from careloop.kernel.errors import Refusal
from careloop.processes.measuring.asking import outcomes
from careloop.processes.measuring.catalogue import card, dimensions, times
from careloop.processes.measuring.errors import QuestionUnclear
from careloop.processes.measuring.policy import PEOPLE_DIMENSIONS, allowed, of_reader
from careloop.processes.measuring.types import Answer, Question

__all__ = ["CardAsked", "asked_for"]

USUAL_PERIOD = "last_28_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAsked:
    """The questions of a card. split, split_before: by a dimension. target: of the tile. query: the rest of the address."""

    metric: str
    chosen: Chosen
    main: Question
    before: Question
    split: Question | None
    split_before: Question | None
    by: str
    is_mine: bool
    target: float | None
    query: Mapping[str, str]
    board: BoardRow | None

    def measured(self, *, workspace_id: int, now: datetime) -> dict[str, Answer]:
        """Answer them, outside any scope; the split is left out where the number cannot be split so."""
        parts = {"main": self.main, "before": self.before, "split": self.split, "split_before": self.split_before}
        wanted = {name: question for name, question in parts.items() if question is not None}
        found = outcomes(list(wanted.values()), workspace_id=workspace_id, now=now).found
        answered: dict[str, Answer] = {}
        for place, name in enumerate(wanted):
            match found[place]:
                case Answer() as answer:
                    answered[name] = answer
                case Refusal() as refusal if name in {"main", "before"} or not isinstance(refusal, QuestionUnclear):
                    raise refusal
        return answered


def asked_for(given: QueryDict, *, metric: str, viewer: Actor, workspace: WorkspaceFacts, now: datetime) -> CardAsked:
    """Read the address of a card, within the scope of the workspace.

    `board` and `tile` name the tile that led here; `o-NAME`, `filter` and `by` ask differently. A client viewer reads tiles of the
    client's report as they are. Raises MayNotSeeNumbers, BoardNotFound, MetricUnknown.
    """
    board, content = _origin(given, metric, viewer)
    usual = content.period or (board.period if board else USUAL_PERIOD)
    chosen = period_or(usual, given, now=now, workspace=workspace)
    by = ""
    if not viewer.has_role(Role.CLIENT_VIEWER):
        content = _differently(given, content)
        language = get_language() or "en"
        by = (
            given.get("by", "")
            if given.get("by", "") in {*dimensions(language=language), *times(language=language)}
            else ""
        )
    question = Question(
        metric=metric,
        since=chosen.span.since,
        until=chosen.span.until,
        options=content.options,
        conditions=content.conditions,
        as_of=_day(given.get("as_of", "")),
        day_begins_s=chosen.span.day_begins_s,
    )
    is_mine = board is not None and board.is_personal
    if is_mine:
        question = of_reader(question, viewer=viewer)
        by = "" if by in PEOPLE_DIMENSIONS else by
    else:
        allowed(replace(question, by=(by,) if by else ()), viewer=viewer)
    since, until = chosen.span.before
    before = replace(question, since=since, until=until)
    query = {
        name: value
        for name, value in given.items()
        if name in {"board", "tile", "filter", "as_of"} or name.startswith("o-")
    }
    return CardAsked(
        metric=metric,
        chosen=chosen,
        main=question,
        before=before,
        split=replace(question, by=(by,)) if by else None,
        split_before=replace(before, by=(by,)) if by else None,
        by=by,
        is_mine=is_mine,
        target=content.target,
        query={name: str(value) for name, value in query.items() if value},
        board=board,
    )


def _origin(given: QueryDict, metric: str, viewer: Actor) -> tuple[BoardRow | None, TileContent]:
    if "board" in given and "tile" in given:
        board, row = queries.tile(board_key=given.get("board", ""), key=given.get("tile", ""), viewer=viewer)
        if row.content.metric != metric:
            raise BoardNotFound(_("There is no such tile on this board."))
        return board, row.content
    if viewer.has_role(Role.CLIENT_VIEWER):
        raise BoardNotFound(_("There is no such tile on this board."))
    return None, TileContent(kind=TileKind.NUMBER, metric=metric)


def _differently(given: QueryDict, content: TileContent) -> TileContent:
    options = {name.removeprefix("o-"): str(value) for name, value in given.items() if name.startswith("o-") and value}
    day = _day(given.get("as_of", ""))
    known = {option.name for option in card(content.metric, language="en", as_of=day).options}
    options = {name: value for name, value in options.items() if name in known}
    conditions: Mapping[str, Any] = content.conditions
    if given.get("filter"):
        try:
            loaded = json.loads(given.get("filter", ""))
        except (ValueError, RecursionError):
            loaded = None
        conditions = loaded if isinstance(loaded, dict) else conditions
    return replace(content, options={**content.options, **options}, conditions=conditions)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
