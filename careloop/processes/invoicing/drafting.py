"""Work out what a month comes to, and freeze it."""

import io
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from careloop.domains.invoices import queries, rules, services
from careloop.domains.invoices.errors import MayNotSeeInvoices, NotIssuable
from careloop.domains.invoices.types import Amounts, StatementRow
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.kernel.actors import Actor
from careloop.kernel.blobs import open_blob, store_blob
from careloop.kernel.scope import workspace_scope
from careloop.processes.invoicing.months import span_of_month
from careloop.processes.measuring.errors import QuestionUnclear
from careloop.processes.measuring.lakes import NO_LAKE, insight, lake_root, lake_state

if TYPE_CHECKING:
    from careloop.insight.facts import Facts

__all__ = ["Draft", "draft", "issue_month"]

# Facts that come later than this many statements afterwards change no bill any more.
CORRECTED_STATEMENTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a month would come to, were it issued now. rows: plain rows of `careloop.insight.invoices`."""

    month: date
    own: Amounts
    corrections: Amounts
    rows: list[dict[str, Any]]
    correction_count: int
    complete_until: datetime | None
    newest_known: date | None


def draft(*, month: date, workspace: WorkspaceFacts, viewer: Actor) -> Draft:
    """Work a month out, outside any scope. month: its first day. Raises MayNotSeeInvoices, QuestionUnclear, MeasuringMissing."""
    invoices = insight("invoices")
    zone = ZoneInfo(workspace.time_zone)
    with workspace_scope(workspace.id):
        if not rules.may_issue(viewer):
            raise MayNotSeeInvoices(_("What is not issued yet is for owners and managers."))
        issued = queries.statements(viewer)
    if lake_state(workspace.id) == NO_LAKE:
        raise QuestionUnclear(_("There are no facts in this workspace yet."))
    # A reader of its own: a year of contacts keeps no board waiting.
    facts = insight("facts").read(lake_root(workspace.id), memory_mb=512)
    since, until = span_of_month(month, zone=zone)
    own = invoices.month_rows(facts, month=f"{month:%Y-%m}", since=since, until=until)
    changed: list[dict[str, Any]] = []
    for earlier in issued[:CORRECTED_STATEMENTS]:
        name = f"{earlier.month:%Y-%m}"
        # The month keeps the zone by which it was stated, also when the workspace has moved.
        since, until = span_of_month(earlier.month, zone=ZoneInfo(earlier.zone))
        now = invoices.month_rows(facts, month=name, since=since, until=until)
        changed += invoices.corrections(now, stated=_stated(issued, name, workspace.id))
    complete_until = _complete_until(facts)
    return Draft(
        month=month,
        own=_amounts(invoices.totals(own)),
        corrections=_amounts(invoices.totals(changed)),
        rows=[*own, *changed],
        correction_count=len(changed),
        complete_until=complete_until,
        newest_known=issued[0].month if issued else None,
    )


def issue_month(*, month: date, workspace: WorkspaceFacts, actor: Actor, at: datetime) -> int:
    """Freeze what a month comes to, outside any scope, and return the statement.

    Raises MayNotSeeInvoices, NotIssuable, IssuedAlready, QuestionUnclear, MeasuringMissing. Records InvoiceIssued.
    """
    zone = ZoneInfo(workspace.time_zone)
    until = span_of_month(month, zone=zone)[1]
    found = draft(month=month, workspace=workspace, viewer=actor)
    if at < until:
        raise NotIssuable(_("This month is not over yet."))
    if found.complete_until is not None and found.complete_until < until:
        raise NotIssuable(_("The data of this month are not complete yet. Issue it once all sources have delivered."))
    file = io.BytesIO()
    insight("invoices").write(found.rows, file)
    file.seek(0)
    with workspace_scope(workspace.id):
        sha256, _size = store_blob(file)
        return services.issue(
            month=month,
            zone=workspace.time_zone,
            own=found.own,
            corrections=found.corrections,
            correction_count=found.correction_count,
            row_count=len(found.rows),
            sha256=sha256,
            complete_until=found.complete_until,
            newest_known=found.newest_known,
            actor=actor,
            at=at,
        )


def _stated(issued: list[StatementRow], month: str, workspace_id: int) -> list[dict[str, Any]]:
    """Return all that was stated of a month so far: its own rows, and what later statements corrected."""
    rows: list[dict[str, Any]] = []
    with workspace_scope(workspace_id):
        for one in issued:
            if f"{one.month:%Y-%m}" >= month:
                with open_blob(one.sha256) as file:
                    rows += insight("invoices").rows_of(file, month=month)
    return rows


def _complete_until(facts: "Facts") -> datetime | None:
    found: datetime | None = insight("kpis.asking.sources").complete_until(facts, ("contact", "contact_segment"))
    return found


def _amounts(totals: Any) -> Amounts:
    given = asdict(totals)
    return Amounts(handled_seconds=given.pop("handled_s"), **given)
