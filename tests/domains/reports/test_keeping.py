"""Who keeps which reports, and for whom."""

from datetime import time, timedelta
from typing import Any

import pytest

from careloop.domains.boards.errors import BoardNotFound
from careloop.domains.boards.services import make_board
from careloop.domains.reports.errors import MayNotKeepReports, ReportNotFound, ReportUnclear
from careloop.domains.reports.queries import report, reports_of
from careloop.domains.reports.schedule import Clock, Frequency, Schedule
from careloop.domains.reports.services import (
    ask_for,
    change_report,
    delete_report,
    make_report,
    pause_report,
    resume_report,
)
from careloop.domains.reports.types import ReportContent
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House

pytestmark = pytest.mark.database


def content(**more: Any) -> ReportContent:
    usual: dict[str, Any] = {"name": "Weekly", "board_key": "operations", "schedule": weekly()}
    return ReportContent(**{**usual, **more})


def weekly(**more: Any) -> Schedule:
    return Schedule(**{"frequency": Frequency.WEEKLY, "at": time(9, 0), "weekday": 1, **more})


def made(north: House, *readers: str, by: str = "grace", **more: Any) -> int:
    return make_report(
        content=content(**more), reader_ids=[north.ids[name] for name in readers], actor=north.actor(by), at=NOW
    )


class TestMaking:
    def test_plans_the_first_mail_in_the_workspaces_time(self, north: House) -> None:
        row = report(report_id=made(north, "grace", "ada"), viewer=north.actor("grace"))

        assert [reader.name for reader in row.readers] == ["Grace", "Ada"]
        # NOW is Monday 18:00 in Seoul.
        assert {reader.next_at for reader in row.readers} == {NOW + timedelta(days=6, hours=15)}

    def test_or_in_each_readers_own(self, north: House) -> None:
        row = report(report_id=made(north, "grace", clock=Clock.READER), viewer=north.actor("grace"))

        # Grace lives in UTC, where it is exactly nine.
        assert row.readers[0].next_at == NOW + timedelta(days=7)

    def test_is_for_leaders_towards_others(self, north: House) -> None:
        with pytest.raises(MayNotKeepReports):
            made(north, "ada", "grace", by="ada")

        assert reports_of(north.actor("grace")) == []

    def test_is_for_agents_towards_themselves(self, north: House) -> None:
        report_id = made(north, "ada", by="ada")

        assert [row.id for row in reports_of(north.actor("ada"))] == [report_id]

    @pytest.mark.parametrize("name", ["cole", "vera"])
    def test_is_not_for_colleagues_and_the_client(self, north: House, name: str) -> None:
        with pytest.raises(MayNotKeepReports):
            made(north, name, by=name, board_key="client")

    def test_gives_the_client_the_client_report_only(self, north: House) -> None:
        made(north, "vera", board_key="client")
        with pytest.raises(ReportUnclear, match="Vera may not see this board"):
            made(north, "vera", board_key="operations")

    def test_addresses_members_only(self, north: House) -> None:
        with pytest.raises(ReportUnclear, match="members of this workspace"):
            made(north, "ines")

    def test_sends_nobody_a_board_that_only_its_maker_sees(self, north: House) -> None:
        own = make_board(name="Mine", period="yesterday", is_shared=False, actor=north.actor("grace"), at=NOW)

        made(north, "grace", board_key=str(own))
        with pytest.raises(ReportUnclear, match="Ada may not see this board"):
            made(north, "ada", board_key=str(own))
        with pytest.raises(BoardNotFound):
            made(north, "mina", by="mina", board_key=str(own))

    @pytest.mark.parametrize(
        "more",
        [
            {"name": " "},
            {"name": "x" * 81},
            {"period": "last_eon"},
            {"schedule": weekly(weekday=None)},
            {"schedule": weekly(weekday=8)},
            {"schedule": weekly(month_day=3)},
            {"schedule": Schedule(frequency=Frequency.MONTHLY, at=time(9, 0), month_day=32)},
        ],
    )
    def test_refuses_what_makes_no_sense(self, north: House, more: dict[str, Any]) -> None:
        with pytest.raises(ReportUnclear):
            made(north, "grace", **more)

        assert reports_of(north.actor("grace")) == []

    def test_refuses_a_report_for_nobody(self, north: House) -> None:
        with pytest.raises(ReportUnclear):
            made(north)


class TestKeeping:
    def test_changes_readers_and_times(self, north: House) -> None:
        report_id = made(north, "grace", "ada")

        change_report(
            report_id=report_id,
            content=content(schedule=Schedule(frequency=Frequency.DAILY, at=time(20, 0))),
            reader_ids=[north.ids["ada"], north.ids["mina"]],
            actor=north.actor("mina"),
            at=NOW,
        )

        row = report(report_id=report_id, viewer=north.actor("grace"))
        assert [(one.name, one.next_at) for one in row.readers] == [
            ("Ada", NOW + timedelta(hours=2)),
            ("Mina", NOW + timedelta(hours=2)),
        ]

    def test_rests_and_comes_again(self, north: House) -> None:
        report_id, grace = made(north, "grace"), north.actor("grace")

        pause_report(report_id=report_id, actor=grace, at=NOW)
        assert report(report_id=report_id, viewer=grace).readers[0].next_at is None
        with pytest.raises(ReportUnclear):
            pause_report(report_id=report_id, actor=grace, at=NOW)
        resume_report(report_id=report_id, actor=grace, at=NOW)

        assert report(report_id=report_id, viewer=grace).readers[0].next_at is not None
        assert [one.name for one in trail(limit=3)] == ["report.changed", "report.changed", "report.made"]

    def test_a_reader_sees_it_and_changes_nothing(self, north: House) -> None:
        report_id, ada = made(north, "ada", "mina"), north.actor("ada")

        assert [reader.name for reader in report(report_id=report_id, viewer=ada).readers] == ["Ada"]
        with pytest.raises(MayNotKeepReports):
            pause_report(report_id=report_id, actor=ada, at=NOW)

    def test_a_stranger_does_not_learn_that_it_exists(self, north: House) -> None:
        report_id, ada = made(north, "grace"), north.actor("ada")

        for act in (pause_report, delete_report, ask_for):
            with pytest.raises(ReportNotFound):
                act(report_id=report_id, actor=ada, at=NOW)
        with pytest.raises(ReportNotFound):
            report(report_id=report_id, viewer=ada)

    def test_another_workspace_sees_nothing(self, house: House) -> None:
        with workspace_scope(house.north):
            report_id = made(house, "grace")
        with workspace_scope(house.south):
            assert reports_of(house.actor("ines")) == []
            with pytest.raises(ReportNotFound):
                report(report_id=report_id, viewer=house.actor("ines"))
