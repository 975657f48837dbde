"""A month is frozen once; what comes later is a correction in the next one."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from careloop.domains.invoices.errors import IssuedAlready, MayNotSeeInvoices, NotIssuable, StatementNotFound
from careloop.domains.invoices.queries import statement, statements
from careloop.domains.workspaces.queries import workspace_of_id
from careloop.insight.facts import FactStore
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from careloop.processes.invoicing import issuable_months, issue_month, lines_of
from careloop.processes.measuring.errors import QuestionUnclear
from careloop.processes.sweeping import sweep_blobs
from tests.cast import House
from tests.processes.reporting.calls import bring_calls, call

pytestmark = pytest.mark.database

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
AT = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def billed(house: House, settings: Any, tmp_path: Path) -> House:
    """North with calls from 26 October to 15 November, all complete."""
    settings.LAKE_ROOT, settings.BLOB_ROOT = tmp_path / "lake", tmp_path / "blobs"
    bring_calls(settings.LAKE_ROOT / str(house.north))
    store = FactStore(settings.LAKE_ROOT / str(house.north))
    for table, row in zip(("contact", "contact_segment"), call(0, 0), strict=True):
        store.append(table, [row], source="phone", at=AT - timedelta(days=2), complete_through=AT - timedelta(days=1))
    return house


def issue(house: House, month: date, *, by: str = "mina", at: datetime = AT) -> None:
    with workspace_scope(house.north):
        workspace, actor = workspace_of_id(house.north), house.actor(by)
    assert workspace is not None
    issue_month(month=month, workspace=workspace, actor=actor, at=at)


def late(house: House, settings: Any, *, day: int, place: int, **changes: Any) -> None:
    """Let a correction of one call arrive after October was issued."""
    contact, segment = call(day, place)
    store = FactStore(settings.LAKE_ROOT / str(house.north))
    store.append("contact_segment", [segment | changes], source="phone", at=AT)
    store.append("contact", [contact], source="phone", at=AT)


class TestIssuing:
    def test_freezes_contacts_and_minutes(self, billed: House) -> None:
        issue(billed, OCTOBER)

        with workspace_scope(billed.north):
            row = statement(month=OCTOBER, viewer=billed.actor("vera"))
            page = lines_of(row, kind="contact", page=0, size=50)
        # Six days of 24 calls, of which three are given up; 150 seconds each.
        assert (row.own.contacts, row.own.handled_seconds, row.own.unmeasured) == (126, 126 * 150.0, 0)
        assert (row.own.kept, row.own.made, row.correction_count) == (0, 0, 0)
        assert (len(page.lines), page.has_more) == (50, True)
        assert {(line.kind, line.handled_s, line.basis) for line in page.lines} == {("contact", 150.0, "call")}

    def test_what_changes_later_stands_in_the_next_one(self, billed: House, settings: Any) -> None:
        issue(billed, OCTOBER)
        late(billed, settings, day=0, place=0, talk_s=400.0, released_at=None, wrap_ended_at=None)

        issue(billed, NOVEMBER)

        with workspace_scope(billed.north):
            october, november = (statement(month=month, viewer=billed.actor("olga")) for month in (OCTOBER, NOVEMBER))
            (line,) = lines_of(november, kind="correction", page=0, size=50).lines
        assert october.own.handled_seconds == 126 * 150.0
        assert november.own.contacts == 15 * 21
        assert (november.corrections.contacts, november.corrections.handled_seconds) == (0, 300.0)
        assert (line.month, line.item_id, line.handled_s) == ("2026-10", "0-0", 300.0)

    def test_is_told_once(self, billed: House) -> None:
        issue(billed, OCTOBER)

        with pytest.raises(IssuedAlready):
            issue(billed, OCTOBER)
        with workspace_scope(billed.north):
            assert len(statements(billed.actor("mina"))) == 1
            assert [one.name for one in trail(limit=1)] == ["invoice.issued"]

    def test_goes_forward_only(self, billed: House) -> None:
        issue(billed, NOVEMBER)

        with pytest.raises(NotIssuable):
            issue(billed, OCTOBER)

    def test_waits_for_the_end_of_the_month_and_for_its_data(self, billed: House) -> None:
        with pytest.raises(NotIssuable, match="not over"):
            issue(billed, NOVEMBER, at=datetime(2026, 11, 30, 14, 59, tzinfo=UTC))
        with pytest.raises(NotIssuable, match="not complete"):
            issue(billed, date(2026, 12, 1), at=datetime(2027, 1, 1, tzinfo=UTC))

    def test_needs_facts(self, house: House, settings: Any, tmp_path: Path) -> None:
        settings.LAKE_ROOT = tmp_path / "lake"

        with pytest.raises(QuestionUnclear):
            issue(house, OCTOBER)

    def test_its_rows_are_not_swept_away(self, billed: House) -> None:
        issue(billed, OCTOBER)

        sweep_blobs(at=datetime.now(UTC) + timedelta(days=30))

        with workspace_scope(billed.north):
            row = statement(month=OCTOBER, viewer=billed.actor("mina"))
            assert lines_of(row, kind="", page=0, size=1).lines


class TestPolicy:
    @pytest.mark.parametrize("name", ["anh", "grace", "ada", "cole"])
    def test_others_see_nothing(self, billed: House, name: str) -> None:
        issue(billed, OCTOBER)

        with workspace_scope(billed.north), pytest.raises(MayNotSeeInvoices):
            statements(billed.actor(name))

    @pytest.mark.parametrize("name", ["anh", "grace", "ada", "cole", "vera"])
    def test_others_issue_nothing(self, billed: House, name: str) -> None:
        with pytest.raises(MayNotSeeInvoices):
            issue(billed, OCTOBER, by=name)

    def test_another_workspace_has_its_own(self, billed: House) -> None:
        issue(billed, OCTOBER)

        with workspace_scope(billed.south):
            assert statements(billed.actor("ines")) == []
            with pytest.raises(StatementNotFound):
                statement(month=OCTOBER, viewer=billed.actor("ines"))


def test_months_on_offer_are_over_and_follow_the_last() -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Seoul")

    # In Seoul November is over nine hours earlier than in UTC.
    now = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    begun = date(2024, 3, 5)
    assert issuable_months(oldest=begun, newest=date(2026, 9, 1), now=now, zone=zone) == [NOVEMBER, OCTOBER]
    assert len(issuable_months(oldest=begun, newest=None, now=now, zone=zone)) == 12
    assert issuable_months(oldest=date(2026, 10, 20), newest=None, now=now, zone=zone) == [NOVEMBER, OCTOBER]
    assert issuable_months(oldest=None, newest=None, now=now, zone=zone) == []
