"""`careloop lake`: where the facts stand, what is wrong with them, and how to make them again."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily
from django.utils.translation import ngettext

from careloop.domains.integrity.queries import last_examination
from careloop.domains.integrity.types import Examination
from careloop.domains.workspaces.queries import workspace_keys, workspace_of_key
from careloop.faces.cli.answers import AnsweringCommand
from careloop.faces.cli.extras import LAKE_PACKAGES, require_extra
from careloop.kernel import clock
from careloop.kernel.errors import NotFound
from careloop.kernel.scope import workspace_scope
from careloop.kernel.shelter import Shelter

if TYPE_CHECKING:
    from careloop.insight.cell_record import Lag

SHOWN_ROWS = 20


class Command(AnsweringCommand):
    purpose = lazily("Say how far the facts have come that all numbers are made of, check them, or make them again.")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("what", choices=["status", "check", "rebuild", "refresh"], help=_("What to do."))
        parser.add_argument("--workspace", metavar="KEY", help=_("Only this workspace; otherwise all."))
        parser.add_argument(
            "--seconds",
            type=float,
            metavar="N",
            help=_(
                "For refresh: leave the rest for the next time after so long, and half as long again for the checks."
            ),
        )

    def handle(
        self, *, what: str, workspace: str | None, seconds: float | None, as_json: bool, **_options: Any
    ) -> None:
        require_extra("analytics", packages=LAKE_PACKAGES)
        ends = None if seconds is None else time.monotonic() + seconds
        acts: dict[str, Callable[[Path, int], tuple[list[str], dict[str, Any]]]] = {
            "status": _status,
            "check": _check,
            "rebuild": _rebuild,
            "refresh": partial(_refresh, ends=ends),
        }
        act = acts[what]
        lines: list[str] = []
        facts: list[dict[str, Any]] = []
        ids: dict[str, int] = {}
        for key in workspace_keys() if workspace is None else [workspace]:
            found = workspace_of_key(key)
            if found is None:
                raise NotFound(_("There is no workspace “%(key)s”.") % {"key": key})
            ids[key] = found.id
            words, told = act(Path(settings.LAKE_ROOT), found.id)
            lines += [f"{key}: {line}" for line in words]
            facts.append({"workspace": key, **told})
        if what == "refresh":
            # Boards of all workspaces come first: somebody looks at them now.
            ends = None if seconds is None else time.monotonic() + seconds / 2
            for told in facts:
                words, more = _examine(ids[told["workspace"]], ends=ends)
                lines += [f"{told['workspace']}: {line}" for line in words]
                told.update(more)
        self.answer(as_json=as_json, words="\n".join(lines), facts={"workspaces": facts})


# What needs the packages of the extra is imported where it is used: by now they have been looked for.
def _status(root: Path, workspace_id: int) -> tuple[list[str], dict[str, Any]]:
    from careloop.processes.lake.following import state_of

    state = state_of(root, workspace_id)
    through, cells = state.complete_through, state.cells
    with workspace_scope(workspace_id):
        examined = last_examination()
    told = {
        "folder": state.folder,
        "behind": state.behind,
        "files": state.files,
        "complete_through": None if through is None else through.isoformat(),
        "cells_taken_at": cells.taken_at.isoformat() if cells and cells.taken_at else None,
        "cells_lag_facts": bool(cells and cells.has_new_facts),
        "examined_at": None if examined is None else examined.at.isoformat(),
        "examination_seconds": None if examined is None else round(examined.seconds, 1),
        "examination_is_complete": examined is not None and not examined.last,
    }
    if through is None:
        return [_("There are no facts yet. They begin when “careloop work” runs.")], told
    behind = ngettext("%(count)s event is still to be read.", "%(count)s events are still to be read.", state.behind)
    words = [
        _("Complete through %(moment)s (UTC).") % {"moment": f"{through:%Y-%m-%d %H:%M}"},
        behind % {"count": state.behind},
        _("The files lie in %(folder)s.") % {"folder": state.folder},
        _lag_in_words(cells),
        _examination_in_words(examined),
    ]
    return [" ".join(words)], told


def _lag_in_words(cells: "Lag | None") -> str:
    if cells is None or cells.taken_at is None:
        return _("Nothing is added up for boards yet; until then they read all facts.")
    moment = {"moment": f"{cells.taken_at:%Y-%m-%d %H:%M}"}
    if cells.has_new_facts:
        return _("Boards are added up from the facts of %(moment)s (UTC); others have come since.") % moment
    return _("Boards are added up from the facts of %(moment)s (UTC); none have come since.") % moment


def _examination_in_words(examined: Examination | None) -> str:
    if examined is None:
        return _("No integrity checks have been made yet.")
    told = {"moment": f"{examined.at:%Y-%m-%d %H:%M}", "seconds": f"{examined.seconds:.1f}"}
    if examined.last:
        return _("Some integrity checks were made at %(moment)s (UTC), in %(seconds)s s; the others follow.") % told
    return _("Integrity checks were made at %(moment)s (UTC), in %(seconds)s s.") % told


def _refresh(root: Path, workspace_id: int, *, ends: float | None) -> tuple[list[str], dict[str, Any]]:
    from careloop.insight.facts.errors import LakeBusy
    from careloop.processes.measuring.beforehand import is_due, refresh

    lake = root / str(workspace_id)
    if not is_due(lake, now=clock.now()):
        return [_("Boards are up to date.")], {"families": 0, "scanned": 0, "is_complete": True}
    try:
        done = refresh(lake, workspace_id, seconds=None if ends is None else max(0.0, ends - time.monotonic()))
    except LakeBusy:
        return [_("Another process is at it already.")], {"families": 0, "scanned": 0, "is_complete": False}
    told = {"families": done.families, "scanned": done.scanned, "is_complete": done.is_complete}
    if not done.is_complete:
        return [_("Time ran out; the next time goes on from here.")], told
    words = ngettext("%(count)s table was added up anew.", "%(count)s tables were added up anew.", done.scanned)
    return [words % {"count": done.scanned}], told


def _examine(workspace_id: int, *, ends: float | None) -> tuple[list[str], dict[str, Any]]:
    from careloop.processes.examining import examine

    opened = examine(
        workspace_id,
        at=clock.now(),
        sheltering=Shelter(),
        is_over=lambda: ends is not None and time.monotonic() > ends,
    )
    words = ngettext("%(count)s flag was opened.", "%(count)s flags were opened.", opened) % {"count": opened}
    return [words] if opened else [], {"flags_opened": opened}


def _check(root: Path, workspace_id: int) -> tuple[list[str], dict[str, Any]]:
    from careloop.processes.lake.following import lake_of
    from careloop.processes.lake.words import imbalance_in_words, reason_in_words

    store = lake_of(root, workspace_id)
    checked = store.check(at=clock.now())
    aside = store.quarantined()
    words = [imbalance_in_words(found.imbalance, count=found.count) for found in checked.findings]
    for row in store.quarantined_rows(limit=SHOWN_ROWS):
        why = reason_in_words(row.reason, column=row.column, value=row.value)
        place = {"table": row.table, "source": row.source, "why": why}
        words.append(_("Set aside from %(table)s (%(source)s): %(why)s") % place)
    if (count := sum(aside.values())) > SHOWN_ROWS:
        in_all = ngettext("%(count)s row is set aside in all.", "%(count)s rows are set aside in all.", count)
        words.append(in_all % {"count": count})
    told = {
        "findings": [
            {"imbalance": found.imbalance, "count": found.count, "examples": found.examples}
            for found in checked.findings
        ],
        "quarantined": [
            {"table": table, "source": source, "reason": reason, "count": number}
            for (table, source, reason), number in aside.items()
        ],
    }
    return words or [_("Everything adds up, and nothing is set aside.")], told


def _rebuild(root: Path, workspace_id: int) -> tuple[list[str], dict[str, Any]]:
    from careloop.processes.lake.rebuilding import rebuild

    count = rebuild(root, workspace_id, at=clock.now())
    return [ngettext("%(count)s event was read.", "%(count)s events were read.", count) % {"count": count}], {
        "events": count
    }
