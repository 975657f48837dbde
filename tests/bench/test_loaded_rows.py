"""The rows that the benchmark of the inbox loads are rows as the services write them."""

import re
from typing import Any

import pytest
from psycopg import Connection, connect

from bench.stage.house import FreshHouse
from bench.stage.loading import ONLY, ROOTS, STRIDE, multiply
from bench.stage.template import make_template
from careloop.domains.cases.queries import case_detail, case_id_of_number
from careloop.domains.channels.services import MailboxSettings, add_mailbox
from careloop.domains.conversations.queries import messages
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.founding import equip_workspace
from tests.cast import NOW, open_house
from tests.mailing import receive, written

pytestmark = pytest.mark.database

CASES = 7
ADDRESS = "help@bench.example"
# Times, what names the copy, and the end of an address that the database reads from it.
NEW_IN_EACH = {"at", "subject", "waiting_since", "tail"}
DEFINITIONS = (
    (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
    ),
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    "SELECT relname, relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
)


@pytest.fixture
def loaded(committed: None, database_url: str) -> FreshHouse:
    """A house with a template of seven cases, copied twice."""
    cast = open_house()
    with workspace_scope(cast.north):
        equip_workspace(actor=HOUSE, at=NOW)
        settings = MailboxSettings(name="Help", address=ADDRESS, sender_name="Help", smtp_host="smtp.bench.example")
        mailboxes = {ADDRESS: add_mailbox(settings=settings, actor=HOUSE, at=NOW)}
    house = FreshHouse(
        home=None,  # type: ignore[arg-type]  # the tests' own server
        workspace_id=cast.north,
        agent_id=cast.ids["ada"],
        mailboxes=mailboxes,
        server=database_url,
    )
    make_template(house, cases=CASES)
    return house


def definitions(house: FreshHouse) -> list[set[tuple[str, ...]]]:
    """What PostgreSQL says of the schema, without the casts and brackets that it writes anew when it reads its own words."""
    with connect(house.server) as owner:
        return [
            {
                tuple(re.sub(r"::[a-z ]+(\[\])?|[()]", "", str(value)) for value in row)
                for row in owner.execute(question)
            }
            for question in DEFINITIONS
        ]


def load(house: FreshHouse) -> None:
    with connect(house.server) as owner:
        multiply(owner, workspace_id=house.workspace_id, first=1, last=2)


def rows(owner: Connection[Any], table: str, low: int, high: int) -> list[dict[str, Any]]:
    key = "message_id" if table == "conversations_mail" else "id"
    # Not by number: whatever ran before in this database has used up some.
    here = "(SELECT id FROM workspaces_workspace WHERE key = 'north')"
    only = f"{key} BETWEEN {low + 1} AND {high} AND workspace_id = {here}{ONLY.get(table, '')}"
    found = owner.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE {only} ORDER BY {key}")
    return [row[0] for row in found]


def told_apart(value: Any) -> Any:
    """Return a value without what tells copies apart: numbers, and the number of the copy behind a text."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list):
        return [told_apart(part) for part in value]
    if isinstance(value, dict):
        return {name: told_apart(part) for name, part in value.items()}
    return value.removesuffix(".2")


class TestLoadedRows:
    def test_each_copy_has_every_row_with_the_same_columns_filled(self, loaded: FreshHouse) -> None:
        load(loaded)

        with connect(loaded.server) as owner:
            for table in ROOTS:
                template, copy = rows(owner, table, 0, STRIDE), rows(owner, table, 2 * STRIDE, 3 * STRIDE)
                assert len(copy) == len(template), table
                for was, now in zip(template, copy, strict=True):
                    same = {name for name in was if not name.endswith("_at") and name not in NEW_IN_EACH}
                    assert {n: told_apart(now[n]) for n in same} == {n: told_apart(was[n]) for n in same}, table
                    assert {n for n, v in now.items() if v is None} == {n for n, v in was.items() if v is None}, table

    def test_the_template_fills_every_copied_table_but_files_and_others(self, loaded: FreshHouse) -> None:
        with connect(loaded.server) as owner:
            empty = {table for table in ROOTS if not rows(owner, table, 0, STRIDE)}

        # A contact's timer has rung by the time a later clock reads it.
        assert empty - {"kernel_timer"} == {"conversations_attachment", "cases_participant"}

    def test_constraints_indexes_and_walls_are_the_same_afterwards(self, loaded: FreshHouse) -> None:
        before = definitions(loaded)

        load(loaded)

        assert [a ^ b for a, b in zip(before, definitions(loaded), strict=True)] == [set()] * len(DEFINITIONS)

    def test_a_copied_case_reads_like_its_original(self, loaded: FreshHouse) -> None:
        load(loaded)

        with workspace_scope(loaded.workspace_id):
            second = case_id_of_number(number=2, viewer=HOUSE)
            details = [case_detail(case_id=case_id, viewer=HOUSE) for case_id in (second, 2 * STRIDE + second)]
            said = [
                messages([(c.conversation_id, None, None) for c in detail.conversations], limit=9, for_customer=True)
                for detail in details
            ]
            assert case_id_of_number(number=2 * CASES + 2, viewer=HOUSE) == 2 * STRIDE + second
        assert details[1].row.subject == details[0].row.subject
        assert [m.text for m in said[1]] == [m.text for m in said[0]]

    def test_the_house_goes_on_behind_the_copies(self, loaded: FreshHouse) -> None:
        load(loaded)

        with workspace_scope(loaded.workspace_id):
            raw = receive(written(text="Something new", at=NOW), at=NOW)
            newest = case_id_of_number(number=3 * CASES + 1, viewer=HOUSE)
        assert raw.state == "accepted"
        assert newest > 2 * STRIDE
