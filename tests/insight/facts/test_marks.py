"""What has changed is told by month; what has not is never told."""

from datetime import UTC, date, datetime

import pytest

from careloop.insight.facts.manifest import Entry, Manifest, Role
from careloop.insight.facts.marks import marks_of, months_touched, terms_of, word_of

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
MONTHS = (MAY, APRIL)


def file(day: str, *, table: str = "contact", path: str = "", moved_from: tuple[str, ...] = ()) -> Entry:
    return Entry(
        path=path or f"{table}/{day}",
        table=table,
        day=day,
        role=Role.BASE,
        rows=3,
        layout="1",
        least="a",
        greatest="z",
        moved_from=moved_from,
    )


HELD = (file("2026-02-11"), file("2026-04-12"), file("2026-05-20"), file("", table="agent"))


def touched(*more: Entry, held: tuple[Entry, ...] = HELD, read: tuple[str, ...] = ("contact", "agent")) -> list[date]:
    """Return the months that another file touches, for somebody who read some tables."""
    before = marks_of(Manifest(entries=HELD), months=MONTHS)
    now = marks_of(Manifest(entries=(*held, *more)), months=MONTHS)
    return months_touched({table: before.get(table, {}) for table in read}, now, months=MONTHS)


@pytest.mark.parametrize(
    ("entry", "months"),
    [
        (file("2026-05-21"), [MAY]),
        (file("2026-06-02"), []),
        # Noon in Seoul of the first of May, and of the last of April in Honolulu.
        (file("2026-05-01"), [MAY, APRIL]),
        (file("2026-04-30"), [MAY, APRIL]),
        # Rows of May may look back at those of April, never the other way round.
        (file("2026-04-02", path="another"), [MAY, APRIL]),
        (file("2026-05-21", moved_from=("2026-04-12",)), [MAY, APRIL]),
        (file("2026-01-05"), [MAY, APRIL]),
        (file("", table="agent", path="agent/2"), [MAY, APRIL]),
        (file("2026-05-21", table="survey_answer"), []),
    ],
)
def test_a_file_touches_the_months_of_its_rows_and_those_after(entry: Entry, months: list[date]) -> None:
    assert touched(entry) == months


def test_a_file_that_is_gone_touches_as_one_that_came() -> None:
    assert touched(held=HELD[:2] + HELD[3:]) == [MAY]
    assert touched(held=HELD[1:]) == [MAY, APRIL]


def test_a_table_that_had_no_rows_touches_whoever_looked_for_them() -> None:
    assert touched(file("2026-05-21", table="callback"), read=("callback",)) == [MAY]


def test_the_same_files_touch_nothing_in_whatever_order() -> None:
    assert touched(held=HELD[::-1]) == []
    assert word_of(Manifest(entries=HELD)) == word_of(Manifest(entries=HELD[::-1], number=9))


def test_time_that_passes_is_no_other_word_but_another_zone_or_source_is() -> None:
    bare = Manifest(entries=HELD)
    later = Manifest(entries=HELD, watermarks={"queue_log": datetime(2026, 5, 21, tzinfo=UTC)})
    assert word_of(later) == word_of(bare)
    for other in (Manifest(entries=HELD, zone="Asia/Seoul"), Manifest(entries=HELD, given={"case": ("us",)})):
        assert terms_of(other) != terms_of(bare)
        assert word_of(other) != word_of(bare)
