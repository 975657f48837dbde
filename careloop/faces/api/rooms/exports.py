"""Facts as files: what there is, asking for one, how far it is, and the file."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from careloop.domains.boards.services import note_export
from careloop.domains.exports import queries, services
from careloop.domains.exports.types import ExportAsked, ExportRow
from careloop.domains.people.queries import own_account
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.files import handed_out
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.exports import ExportGiven, ExportList, ExportShown, TableList
from careloop.faces.api.visits import Visit, visit_of
from careloop.insight.facts.tables import TABLES
from careloop.processes.exporting import ask_export, held_tables

__all__ = ["room", "zone_of"]

room = Room()


@room.opens("GET", "/facts", Scope.NUMBERS_READ, TableList, also=[Scope.CASES_READ])
def list_fact_tables(request: HttpRequest) -> Any:
    """List the tables of facts that have rows and can be had as a file."""
    visit = visit_of(request)
    queries.check_reader(visit.actor)
    return {
        "items": [
            {
                "name": name,
                "meaning": TABLES[name].meaning,
                "rows": rows,
                "key": TABLES[name].key,
                "instant": TABLES[name].instant,
            }
            for name, rows in held_tables(visit.workspace.id).items()
        ]
    }


@room.opens("GET", "/exports", Scope.NUMBERS_READ, ExportList, also=[Scope.CASES_READ])
def list_exports(request: HttpRequest) -> Any:
    """List the files that the token's maker asked for, the newest first."""
    return {"items": [_shown(row) for row in queries.exports_of(visit_of(request).actor)]}


@room.opens("POST", "/exports", Scope.NUMBERS_READ, ExportShown, status=201, also=[Scope.CASES_READ])
def ask_for_export(request: HttpRequest, given: ExportGiven) -> Any:
    """Ask for the rows of a table in a period as a file, which a worker writes."""
    visit = visit_of(request)
    asked = ExportAsked(
        table=given.table,
        file_format=given.format,
        since=given.since,
        until=given.until,
        zone=given.zone or zone_of(visit),
    )
    export_id = ask_export(asked=asked, actor=visit.actor, at=visit.at)
    return Status(201, _shown(queries.export(export_id=export_id, viewer=visit.actor)))


@room.opens("GET", "/exports/{export_id}", Scope.NUMBERS_READ, ExportShown, also=[Scope.CASES_READ])
def get_export(request: HttpRequest, export_id: PathId) -> Any:
    """Get how far a file is."""
    return _shown(queries.export(export_id=export_id, viewer=visit_of(request).actor))


@room.opens("GET", "/exports/{export_id}/content", Scope.NUMBERS_READ, Any, also=[Scope.CASES_READ])
def download_export(request: HttpRequest, export_id: PathId) -> Any:
    """Download a file that is ready; who did stands in the log."""
    visit = visit_of(request)
    row = queries.finished_export(export_id=export_id, viewer=visit.actor)
    name = f"{row.asked.table}-{visit.workspace.key}-{row.asked.since:%Y%m%d}.{row.asked.file_format}"
    answer = handed_out(request, sha256=row.sha256, name=name)
    note_export(
        table=row.asked.table,
        file_format=row.asked.file_format,
        row_count=row.rows_written,
        actor=visit.actor,
        at=visit.at,
    )
    return answer


@room.opens("DELETE", "/exports/{export_id}", Scope.NUMBERS_READ, None, status=204, also=[Scope.CASES_READ])
def remove_export(request: HttpRequest, export_id: PathId) -> Any:
    """Throw a file away, also one that is being written."""
    visit = visit_of(request)
    services.remove(export_id=export_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


def zone_of(visit: Visit) -> str:
    """Return the time zone of the token's maker, or the workspace's."""
    return own_account(visit.actor.user_id).settings.time_zone if visit.actor.user_id else visit.workspace.time_zone


def _shown(row: ExportRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "table": row.asked.table,
        "format": row.asked.file_format,
        "since": row.asked.since,
        "until": row.asked.until,
        "zone": row.asked.zone,
        "asked_at": row.asked_at,
        "state": row.state.value,
        "why": row.why.value,
        "reason": str(row.why.label) if row.why else "",
        "rows_written": row.rows_written,
        "rows_in_all": row.rows_in_all,
        "size": row.size,
        "settled_at": row.settled_at,
        "expires_at": row.expires_at,
    }
