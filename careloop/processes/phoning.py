"""From what telephone systems send to facts: stored first, understood later, by the rules by which their logs are read."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from careloop.domains.telephony import queries
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.types import TOLD_CONTEXT, TOLD_OUTBOUND, Meaning, PbxRow
from careloop.domains.workforce.pauses import FACTS_OF_PAUSES
from careloop.gateways.telephony import Event, Snapshot
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.scope import workspace_scope
from careloop.kernel.shelter import Sheltering, unsheltered
from careloop.processes.lake.keys import ours
from careloop.processes.measuring.lakes import insight, lake_root

if TYPE_CHECKING:
    from careloop.insight.imports.calls import Settings
    from careloop.insight.imports.live import Live

__all__ = [
    "OF_ACTS",
    "PHONES",
    "QUIET",
    "Folded",
    "Folds",
    "close_folds",
    "connected_text",
    "event_texts",
    "fold_phones",
    "standing_text",
]

log = logging.getLogger(__name__)

PHONES: Final = Actor(kind=ActorKind.HOUSE, name="phones")

RECALLED: Final = timedelta(hours=24)
"""A call that has lasted longer is given up, as in a log (`calls.assembly`)."""
KEPT: Final = timedelta(days=30)
OF_ACTS: Final = frozenset({"OriginateResponse", "DialEnd", "MixMonitorMute"})
"""Events that say what came of acts of ours; they bear on calls, and on no fact."""
QUIET: Final = timedelta(seconds=60)
"""For so long after its end, what is told late of a call by a program is taken in. Then it is counted."""
AT_A_TIME: Final = 200
THROUGH_EVERY: Final = timedelta(seconds=10)
SWEEP_EVERY: Final = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class Folded:
    """A telephone system that is being folded. settings: with which it was opened. through: until when its facts are complete."""

    live: "Live"
    settings: "Settings"
    through: datetime | None = None
    swept_at: datetime | None = None


Folds = dict[tuple[int, int], Folded]
"""By workspace and telephone system; kept by the caller, empty after a start."""


def connected_text(at: str) -> str:
    """Return the frame that says from when on we hear. at: by the telephone system's clock, in seconds since 1970."""
    return f"Event: {insight('imports.ami').CONNECTED}\nTimestamp: {at}\n\n"


def event_texts(events: Sequence[Event], *, at: datetime) -> str:
    """Return the events that bear on calls and agents, as they came. at: for those without a stamp of the telephone system."""
    is_wanted = insight("imports.ami").is_wanted
    return "".join(
        _stamped(one, f"{at.timestamp():.6f}") for one in events if one.name in OF_ACTS or is_wanted(one.text + "\n")
    )


def standing_text(seen: Snapshot) -> str:
    """Return how everything stands, as frames that the fold understands."""
    frames = (*seen.members, *seen.callers, *seen.channels)
    end = f"Event: {insight('imports.ami').STANDING}\nTimestamp: {seen.at}\n\n"
    return "".join(_stamped(one, seen.at) for one in frames) + end


def fold_phones(folds: Folds, *, at: datetime, sheltering: Sheltering = unsheltered) -> int:
    """Make facts of what live telephone systems have sent, and return how many of their pieces were new. at: now."""
    found = queries.live_pbxes_everywhere()
    for key in folds.keys() - set(found):
        _close(folds, key)
    return sum(
        sheltering("phone", pbx_id, partial(_fold, workspace_id, pbx_id, folds, at=at))
        for workspace_id, pbx_id in found
    )


def close_folds(folds: Folds) -> None:
    """Close all that is being folded; what was not said to be kept is done again by whoever goes on."""
    for key in list(folds):
        _close(folds, key)


def _fold(workspace_id: int, pbx_id: int, folds: Folds, *, at: datetime) -> int:
    key = (workspace_id, pbx_id)
    try:
        with workspace_scope(workspace_id):
            row, people = queries.pbx(pbx_id), queries.people_behind(pbx_id)
        settings = _settings(workspace_id, row, people)
        if key in folds and folds[key].settings != settings:
            _close(folds, key)
        if key not in folds:
            folds[key] = Folded(live=_opened(workspace_id, row, settings, at=at), settings=settings)
        return _take(workspace_id, row, folds[key], at=at)
    except BaseException:
        # What it remembers may be ahead of what is kept.
        _close(folds, key)
        raise


def _take(workspace_id: int, row: PbxRow, folded: Folded, *, at: datetime) -> int:
    with workspace_scope(workspace_id):
        known = _known_through(row, at=at)
        pieces = queries.pieces_after(row.id, number=folded.live.until, limit=AT_A_TIME)
    heard = known if row.connected_at and len(pieces) < AT_A_TIME else None
    is_later = heard is not None and (folded.through is None or heard - folded.through >= THROUGH_EVERY)
    if pieces or is_later:
        rejected = folded.live.report.rejected.total()
        insight("imports.loading").load(
            lake_root(workspace_id), folded.live.steps(pieces), source=row.source, at=at, through=heard
        )
        if (more := folded.live.report.rejected.total() - rejected) > 0:
            log.warning("phone.events_rejected", extra={"pbx_id": row.id, "count": more})
        folded.through = heard or folded.through
    if folded.swept_at is None or at - folded.swept_at >= SWEEP_EVERY:
        with workspace_scope(workspace_id):
            telephony.forget_pieces(before=at - KEPT, actor=PHONES, at=at)
            telephony.forget_heard(before=at - KEPT, actor=PHONES, at=at)
        folded.swept_at = at
    return len(pieces)


def _known_through(row: PbxRow, *, at: datetime) -> datetime | None:
    """Return until when everything is known that a telephone system has to say; its pieces are to be read afterwards.

    A provider calls when something happens, and says nothing while nothing does.
    """
    if not row.is_told or row.heard_at is None:
        return row.heard_at
    until = (row.heard_at if queries.provider_of(row.id) is None else at) - QUIET
    return min(until, queries.told_through(row.id) or until)


def _settings(workspace_id: int, row: PbxRow, people: dict[str, int]) -> "Settings":
    custom = insight("imports.events").Custom
    state_of = insight("facts.tables.vocabulary").AgentState
    events = {TOLD_OUTBOUND: custom.OUTBOUND} if row.is_told else row.user_events
    made: Settings = insight("imports.calls").Settings(
        source=row.source,
        contact_key=insight("imports.loading").contact_key(lake_root(workspace_id)),
        custom={
            name: custom.CALLBACK if meaning == Meaning.PROMISE else custom(meaning) for name, meaning in events.items()
        },
        counts_callbacks=Meaning.PROMISE not in row.user_events.values(),
        inbound=(TOLD_CONTEXT,) if row.is_told else row.inbound,
        people={name: ours("user", user_id) for name, user_id in people.items()},
        pauses={reason: state_of(state) for reason, state in FACTS_OF_PAUSES.items()},
    )
    return made


def _opened(workspace_id: int, row: PbxRow, settings: "Settings", *, at: datetime) -> "Live":
    """Open what a telephone system's fold remembers, and let it know again who waits and talks."""
    root = lake_root(workspace_id)
    folder = insight("imports.loading").work_folder(root)
    memory = folder / f"{row.source}.live.duckdb"
    insight("imports.people").put_under_their_names(
        root, settings.people, source=row.source, memory=folder / f"{row.source}.people.duckdb", at=at
    )
    live: Live = insight("imports.live").Live(settings=settings, memory=memory)
    live.open()
    try:
        live.recall(_earlier(workspace_id, row.id, until=live.until, since=at - RECALLED))
    except BaseException:
        live.close()
        raise
    return live


def _earlier(workspace_id: int, pbx_id: int, *, until: int, since: datetime) -> Iterator[tuple[int, bytes]]:
    number = 0
    while True:
        with workspace_scope(workspace_id):
            pieces = queries.pieces_since(pbx_id, since=since, until=until, after=number, limit=AT_A_TIME)
        if not pieces:
            return
        yield from pieces
        number = pieces[-1][0]


def _close(folds: Folds, key: tuple[int, int]) -> None:
    folded = folds.pop(key, None)
    if folded is not None:
        with suppress(Exception):
            folded.live.close()


def _stamped(event: Event, at: str) -> str:
    stamp = "" if event.fields.get("Timestamp") else f"\nTimestamp: {at}"
    return f"{event.text}{stamp}\n\n"
