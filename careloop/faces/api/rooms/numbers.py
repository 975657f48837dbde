"""The catalogue, and what its numbers come to. Measuring takes its time, so no transaction waits for it."""

import json
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Query

from careloop.domains.boards import rules
from careloop.domains.boards.errors import MayNotSeeNumbers
from careloop.domains.boards.services import note_export
from careloop.domains.people.types import Scope
from careloop.domains.workspaces.types import seconds_of
from careloop.faces.api.problems import InvalidInput
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.exports import zone_of
from careloop.faces.api.shapes.boards import (
    BehindAsked,
    BehindFileAsked,
    BehindPage,
    FileAsked,
    MeasurementAsked,
    MeasurementFileAsked,
    MeasurementShown,
    MetricList,
    NumberAsked,
)
from careloop.faces.api.visits import Visit, visit_of
from careloop.insight.changes import period_before
from careloop.kernel.actors import Actor
from careloop.kernel.scope import workspace_scope
from careloop.kernel.streaming import stream
from careloop.processes.measuring.asking import answers
from careloop.processes.measuring.behind import rows_behind, table_behind
from careloop.processes.measuring.catalogue import card, cards
from careloop.processes.measuring.comparing import comparison
from careloop.processes.measuring.errors import QuestionUnclear
from careloop.processes.measuring.exporting import FileFormat, table_pieces
from careloop.processes.measuring.policy import allowed
from careloop.processes.measuring.sheets import SheetPart, keys_as_text, sheet_of
from careloop.processes.measuring.types import Question

__all__ = ["room"]

room = Room()


@room.opens("GET", "/metrics", Scope.NUMBERS_READ, MetricList)
def list_metrics(request: HttpRequest) -> Any:
    """List every metric of the catalogue, in the language of the request."""
    _refuse_unless_reader(visit_of(request).actor)
    return {"items": cards(language=get_language() or "en")}


@room.opens("GET", "/measurements", Scope.NUMBERS_READ, MeasurementShown)
def measure(request: HttpRequest, asked: Query[MeasurementAsked]) -> Any:
    """Measure one metric in a period, with its interval, for all and for each part; beside another period, if asked."""
    visit = visit_of(request)
    question = _question(asked, visit, by=asked.by)
    questions = [question]
    if asked.compare:
        since, until = _other_period(asked.compare, question, visit.workspace.time_zone)
        questions.append(replace(question, since=since, until=until))
    found = answers(questions, workspace_id=visit.workspace.id, now=visit.at)
    shown = {one.name: getattr(found[0], one.name) for one in fields(found[0])}
    return {**shown, "comparison": comparison(*found, questions=questions) if asked.compare else None}


@room.opens("GET", "/measurements/content", Scope.NUMBERS_READ, Any)
def save_measurement(request: HttpRequest, asked: Query[MeasurementFileAsked]) -> Any:
    """Measure one metric and download what it comes to, one row for each number."""
    visit = visit_of(request)
    question = _question(asked, visit, by=asked.by)
    (answer,) = answers([question], workspace_id=visit.workspace.id, now=visit.at)
    metric = card(question.metric, language=get_language() or "en", options=question.options)
    table = sheet_of([SheetPart(metric=metric, question=question, answer=answer, of=keys_as_text)])
    return _handed(request, asked, table, name=question.metric)


@room.opens("GET", "/measurements/contacts", Scope.NUMBERS_READ, BehindPage, also=[Scope.CASES_READ])
def list_contacts_behind(request: HttpRequest, asked: Query[BehindAsked]) -> Any:
    """List the contacts, cases or stretches of time of which a number is made, in the order of time."""
    visit = visit_of(request)
    question = _question(asked, visit)
    if _is_hidden(question, visit):
        return {"items": [], "next_page": None, "is_hidden": True}
    found = rows_behind(
        question,
        workspace_id=visit.workspace.id,
        page=asked.page,
        size=asked.limit,
        names_people=rules.may_see_people(visit.actor),
    )
    return {"items": found.rows, "next_page": asked.page + 1 if found.has_more else None, "is_hidden": False}


@room.opens("GET", "/measurements/contacts/content", Scope.NUMBERS_READ, Any, also=[Scope.CASES_READ])
def save_contacts_behind(request: HttpRequest, asked: Query[BehindFileAsked]) -> Any:
    """Download all rows behind a number; who did stands in the log."""
    visit = visit_of(request)
    question = _question(asked, visit)
    if not rules.may_export(visit.actor):
        raise MayNotSeeNumbers(_("Facts are saved as files by team leads and above."))
    if _is_hidden(question, visit):
        raise QuestionUnclear(_("The contacts are not shown, because the number is not."))
    table = table_behind(question, workspace_id=visit.workspace.id, names_people=True)
    if table is None:
        raise QuestionUnclear(_("There are no facts in this workspace yet."))
    answer = _handed(request, asked, table, name=f"{question.metric}-contacts")
    with workspace_scope(visit.workspace.id):
        note_export(
            table=question.metric,
            file_format=asked.format,
            row_count=table.num_rows,
            actor=visit.actor,
            at=visit.at,
        )
    return answer


def _question(asked: NumberAsked, visit: Visit, *, by: str = "") -> Question:
    """Return what is asked, by one who may ask it."""
    _refuse_unless_reader(visit.actor)
    if asked.since >= asked.until:
        raise InvalidInput(_("The period ends before it begins."), fields={"until": _("Choose a later moment.")})
    question = Question(
        metric=asked.metric,
        since=asked.since,
        until=asked.until,
        by=tuple(name for name in by.split(",") if name),
        conditions=_object("conditions", asked.conditions),
        options={name: str(value) for name, value in _object("options", asked.options).items()},
        as_of=asked.as_of,
        day_begins_s=visit.workspace.day_begins_s if asked.day_begins is None else seconds_of(asked.day_begins),
    )
    return allowed(question, viewer=visit.actor)


def _other_period(text: str, question: Question, zone: str) -> tuple[datetime, datetime]:
    if text == "previous":
        return period_before(question.since, question.until, zone=zone, day_begins_s=question.day_begins_s)
    try:
        since, until = (datetime.fromisoformat(part) for part in text.split("..", 1))
    except ValueError:
        since = until = question.since
    if since.tzinfo is None or until.tzinfo is None or since >= until:
        words: dict[str, str | Promise] = {
            "compare": _("Write two moments with their time zones and two dots between them, the earlier one first.")
        }
        raise InvalidInput(_("The period to compare with cannot be read."), fields=words)
    return since, until


def _is_hidden(question: Question, visit: Visit) -> bool:
    (answer,) = answers([question], workspace_id=visit.workspace.id, now=visit.at)
    return answer.total is None or answer.total.standing == "hidden"


def _handed(request: HttpRequest, asked: FileAsked, table: Any, *, name: str) -> StreamingHttpResponse:
    visit, file_format = visit_of(request), FileFormat(asked.format)
    if asked.zone is not None and asked.zone not in available_timezones():
        raise InvalidInput(_("There is no such time zone."), fields={"zone": _("Write one such as Asia/Seoul.")})
    with workspace_scope(visit.workspace.id):
        zone = asked.zone or zone_of(visit)
    answer = stream(request, table_pieces(table, file_format, zone=zone), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{visit.workspace.key}.{file_format.value}"'
    return answer


def _refuse_unless_reader(viewer: Actor) -> None:
    if not rules.may_see_catalogue(viewer):
        raise MayNotSeeNumbers(_("The whole catalogue is for those who answer customers and those who lead them."))


def _object(name: str, text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        loaded = None
    if not isinstance(loaded, dict):
        raise InvalidInput(_("This is no JSON object."), fields={name: _("Write a JSON object.")})
    return loaded
