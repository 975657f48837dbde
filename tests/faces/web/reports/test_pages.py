"""Reports and invoice basis on their pages: who gets in, and what a form does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from careloop.domains.boards.queries import board
from careloop.domains.reports.schedule import Frequency, Schedule
from careloop.domains.reports.types import ReportContent
from careloop.domains.workspaces.services import change_workspace_settings
from careloop.faces.web.reports.shown import report_shown
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.reporting import Errand
from careloop.processes.workspace import workspace_facts
from tests.cast import House
from tests.processes.reporting.calls import bring_calls

pytestmark = pytest.mark.database


def test_a_report_is_made_looked_at_and_deleted(house: House, signed_in: Callable[[str], Client]) -> None:
    grace = signed_in("grace")
    given = {
        "name": "Weekly",
        "board_key": "operations",
        "period": "last_week",
        "frequency": "weekly",
        "weekday": "1",
        "at": "08:00",
        "clock": "workspace",
        "readers": [str(house.ids["ada"])],
    }

    made = grace.post("/w/north/reports/new", given)

    assert made.status_code == 302
    assert "Ada" in grace.get(made["Location"]).content.decode()
    assert "Weekly" in signed_in("ada").get("/w/north/reports/").content.decode()
    assert signed_in("mina").post(f"{made['Location']}/removal").status_code == 302
    assert grace.get(made["Location"]).status_code == 404


def test_a_report_goes_by_days_of_operation(house: House, tmp_path: Path, settings: Any) -> None:
    settings.LAKE_ROOT = tmp_path / "lake"
    bring_calls(settings.LAKE_ROOT / str(house.north))
    with workspace_scope(house.north):
        wanted = replace(workspace_facts().settings, day_begins="05:00", time_zone="Asia/Seoul")
        change_workspace_settings(settings=wanted, actor=house.actor("olga"), at=clock.now())
    with workspace_scope(house.north):
        errand = Errand(
            report_id=0,
            content=ReportContent(
                name="Daily",
                board_key="client",
                schedule=Schedule(frequency=Frequency.DAILY, at=time(8)),
                period="yesterday",
            ),
            board=board(key="client", viewer=house.actor("grace")),
            viewer=house.actor("grace"),
            workspace=workspace_facts(),
            language="en",
            time_zone="UTC",
            # 02:00 on the fifth in Seoul: the fourth is not over, and yesterday is the third.
            due_at=datetime(2026, 11, 4, 17, tzinfo=UTC),
        )

    shown = report_shown(errand)

    assert (shown.period, shown.zone) == ("11/03/2026", "Asia/Seoul, days from 05:00")
    volume = shown.sections[0]
    assert volume.found
    assert volume.found.main.total
    assert volume.found.main.total.value == 24
    assert "since=2026-11-03" in volume.href


def test_an_invoice_is_issued_and_read_by_the_client(
    house: House, signed_in: Callable[[str], Client], settings: Any, tmp_path: Path
) -> None:
    settings.LAKE_ROOT, settings.BLOB_ROOT = tmp_path / "lake", tmp_path / "blobs"
    bring_calls(settings.LAKE_ROOT / str(house.north))

    assert signed_in("mina").post("/w/north/invoices/2026-10/issue").status_code == 302

    vera = signed_in("vera")
    page = vera.get("/w/north/invoices/2026-10").content.decode()
    assert "126" in page
    assert page.count('aria-current="page"') >= 1
    assert vera.get("/w/north/invoices/2026-10?rows=correction").status_code == 200
    assert vera.get("/w/north/invoices/2026-09").status_code == 403
    assert signed_in("grace").get("/w/north/invoices/2026-10").status_code == 403
    assert vera.get("/w/north/invoices/2026-13").status_code == 404
