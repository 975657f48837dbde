"""The descriptions of fact tables hold together."""

import pytest

from careloop.insight.facts.tables import ENVELOPE, TABLES, Kind, Table
from tools.facts import PAGE, page

every_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())


class TestTables:
    def test_the_page_is_current(self) -> None:
        assert PAGE.read_text(encoding="utf-8") == page()

    @every_table
    def test_each_column_has_one_name_and_a_meaning_that_is_a_sentence(self, table: Table) -> None:
        names = [column.name for column in (*table.columns, *ENVELOPE)]

        assert len(names) == len(set(names))
        assert all(column.meaning.endswith(".") for column in table.columns)
        assert table.meaning.endswith(".")

    @every_table
    def test_what_names_and_lays_out_a_row_is_always_known(self, table: Table) -> None:
        needed = {*table.key, *([table.instant] if table.instant else [])}

        assert needed <= {column.name for column in table.columns if not column.is_optional}
        assert table.instant is None or table.column(table.instant).kind is Kind.INSTANT

    @every_table
    def test_an_enum_has_words_and_nothing_else_has(self, table: Table) -> None:
        assert all(bool(column.members) == (column.kind is Kind.ENUM) for column in table.columns)

    @every_table
    def test_durations_carry_their_unit(self, table: Table) -> None:
        durations = [column.name for column in table.columns if column.kind is Kind.SECONDS]

        assert [name for name in durations if not name.endswith("_s")] == []

    @every_table
    def test_no_column_is_named_like_a_derived_one(self, table: Table) -> None:
        derived = {f"{name}_{part}" for name in table.instants for part in ("us", "slot")}

        assert derived & {column.name for column in table.columns} == set()
