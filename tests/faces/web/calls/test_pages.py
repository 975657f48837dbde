"""Who may open the pages of calls, what the card over every page shows, and what each act leads to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from careloop.domains.cases.queries import case_detail, notes_of, reasons
from careloop.domains.cases.services import Branch, publish_reasons
from careloop.domains.commitments.services import make_policy
from careloop.domains.commitments.states import About, Measure
from careloop.domains.commitments.types import PolicySettings
from careloop.domains.customers.services import create_customer
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import open_by_hand
from careloop.processes.answering.types import Words
from tests.calling import SEAT, connect, ringing, rows, talked, talking, waiting
from tests.cast import House
from tests.promising import follow

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]
CALLS = "/w/north/calls/"
SLOT = f"{CALLS}at-hand"


class Desk:
    """A telephone system with Ada's seat, and a customer who calls."""

    def __init__(self, house: House) -> None:
        self.house, self.at = house, clock.now() - timedelta(minutes=5)
        with workspace_scope(house.north):
            self.pbx_id = connect(user_id=house.ids["ada"], at=self.at)
            self.people = {SEAT: house.ids["ada"]}
            self.customer_id = self.customer("Minseo", "+82 10 1234 5678")
            self.case_id = open_by_hand(
                channel="voice",
                customer_id=self.customer_id,
                subject_line="Broken cup",
                words=Words(text="It came broken.", html="<p>It came broken.</p>"),
                team_id=None,
                assignee_id=None,
                actor=house.actor("ada"),
                at=self.at,
            )
            self.number = case_detail(case_id=self.case_id, viewer=HOUSE).row.number

    def customer(self, name: str, number: str) -> int:
        return create_customer(
            name=name, kind="phone", value=number, language="", source="by_hand", actor=HOUSE, at=self.at
        )

    def let(self, happen: Callable[..., int], **told: str) -> int:
        with workspace_scope(self.house.north):
            return happen(self.pbx_id, people=self.people, at=self.at, **told)


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


def text(answer: Any) -> str:
    return str(answer.content.decode())


class TestPromise:
    def test_is_told_with_its_reasons_while_the_caller_waits_and_after(self, desk: Desk, signed_in: SignedIn) -> None:
        with workspace_scope(desk.house.north):
            settings = PolicySettings(
                name="Nobody waits long", about=About.CALLS, targets={Measure.WAIT: {2: 3600}}, steps=()
            )
            make_policy(settings=settings, actor=HOUSE, at=desk.at)
        call_id = desk.let(waiting)
        follow()
        grace, page = signed_in("grace"), f"{CALLS}{call_id}/"

        going_on = text(grace.get(page))
        assert "Wait in line: billing" in going_on
        assert "The policy “Nobody waits long” promises that no caller waits longer than 1 h in a queue." in going_on
        assert "In the queues of the telephone system" in text(grace.get(f"{CALLS}on-the-floor"))
        desk.let(talking)
        follow()

        over = text(grace.get(page))
        assert "Kept" in over
        assert "when the caller came into the queue" in over
        assert signed_in("ines").get(page).status_code == 404


class TestSeeing:
    @pytest.mark.parametrize("who", ["olga", "mina", "grace", "ada", "anh"])
    def test_shows_calls_that_go_on_and_that_are_over(self, desk: Desk, signed_in: SignedIn, who: str) -> None:
        desk.let(talked, key="1.1")
        missed = desk.let(waiting, key="2.2", number="+15550009999")
        page = text(signed_in(who).get(CALLS))

        assert "Minseo" in page
        assert "3:07" in page
        assert "+15550009999" in page
        assert text(signed_in(who).get(f"{CALLS}{missed}/")).count("+15550009999") >= 1

    @pytest.mark.parametrize("who", ["cole", "vera"])
    def test_is_not_for_mere_readers(self, desk: Desk, signed_in: SignedIn, who: str) -> None:
        call_id, browser = desk.let(talked), signed_in(who)

        assert browser.get(CALLS).status_code == 403
        assert browser.get(f"{CALLS}{call_id}/").status_code == 404
        assert browser.post(f"{CALLS}{call_id}/case", {"number": desk.number}).status_code == 404
        assert browser.get(SLOT).status_code == 204
        assert CALLS not in text(browser.get("/w/north/cases/"))

    def test_is_not_for_strangers(self, desk: Desk, signed_in: SignedIn) -> None:
        call_id, ines = desk.let(talked), signed_in("ines")

        assert ines.get(f"/w/south/calls/{call_id}/").status_code == 404
        assert ines.post(f"/w/south/calls/{call_id}/caller", {"customer": desk.customer_id}).status_code == 404
        assert ines.get(CALLS).status_code == 404

    def test_shows_an_agent_only_their_own_when_asked(self, desk: Desk, signed_in: SignedIn) -> None:
        desk.let(talked, key="1.1")
        with workspace_scope(desk.house.north):
            talked(desk.pbx_id, people={SEAT: desk.house.ids["grace"]}, at=desk.at, key="2.2", number="+15550009999")

        assert "+15550009999" in text(signed_in("mina").get(CALLS))
        assert "+15550009999" not in text(signed_in("ada").get(CALLS))
        assert "Minseo" in text(signed_in("ada").get(f"{CALLS}?of=mine"))
        assert "Minseo" not in text(signed_in("grace").get(f"{CALLS}?of=mine"))

    def test_pages_through_the_past(self, desk: Desk, signed_in: SignedIn) -> None:
        for number in range(26):
            desk.let(talked, key=f"{number}.1", number=f"+1555000{1000 + number}")
        browser = signed_in("ada")
        first = text(browser.get(CALLS))
        cursor = first.partition("cursor=")[2].partition('"')[0]
        second = text(browser.get(f"{CALLS}?cursor={cursor}"))

        assert "+15550001025" in first
        assert "+15550001000" not in first
        assert "+15550001000" in second


class TestCard:
    def test_comes_to_whom_it_rings_at_and_nobody_else(self, desk: Desk, signed_in: SignedIn) -> None:
        desk.let(ringing)
        ada, grace = signed_in("ada"), signed_in("grace")

        card = text(ada.get(SLOT))
        assert "Minseo" in card
        assert "Broken cup" in card
        assert "Queue: billing" in card
        assert grace.get(SLOT).status_code == 204
        assert "call-slot" in text(ada.get(CALLS))
        assert "call-slot" not in text(grace.get(CALLS))

    def test_changes_only_when_the_call_does(self, desk: Desk, signed_in: SignedIn) -> None:
        desk.let(ringing)
        ada = signed_in("ada")
        key = text(ada.get(SLOT)).partition('name="shown_call" value="')[2].partition('"')[0]

        assert ada.get(SLOT, {"shown_call": key}).status_code == 204
        desk.let(talking)
        assert "Talking" in text(ada.get(SLOT, {"shown_call": key}))

    def test_asks_who_it_is_where_several_have_the_number(self, desk: Desk, signed_in: SignedIn) -> None:
        with workspace_scope(desk.house.north):
            other = desk.customer("Jiho", "+84 10 1234 5678")
        call_id, ada = desk.let(ringing), signed_in("ada")

        card = text(ada.get(SLOT))
        assert "Several customers have this number" in card
        ada.post(f"{CALLS}{call_id}/caller", {"customer": other})

        assert "Several customers" not in text(ada.get(SLOT))
        with workspace_scope(desk.house.north):
            assert rows()[0].customer == "Jiho"

    def test_goes_when_the_call_is_written_up(self, desk: Desk, signed_in: SignedIn) -> None:
        call_id, ada = desk.let(talked), signed_in("ada")
        card = text(ada.get(SLOT))
        key = card.partition('name="shown_call" value="')[2].partition('"')[0]
        assert "Write it up" in card

        assert ada.post(f"{CALLS}{call_id}/write-up", {"note": "Late"}).status_code == 302

        assert text(ada.get(SLOT, {"shown_call": key})).strip() == ""


class TestActing:
    def test_adds_the_call_to_a_case_and_its_note(self, desk: Desk, signed_in: SignedIn) -> None:
        call_id, ada = desk.let(talked), signed_in("ada")
        with workspace_scope(desk.house.north):
            publish_reasons(branches=[Branch(name="Delivery")], actor=desk.house.actor("mina"), at=desk.at)
            reason = reasons()[0].id

        added = ada.post(f"{CALLS}{call_id}/case", {"number": desk.number})
        unsaid = ada.post(f"{CALLS}{call_id}/write-up", {"note": "Sends a new one"})
        said = ada.post(f"{CALLS}{call_id}/write-up", {"note": "Sends a new one", "reason_id": reason})

        assert added.headers["Location"].endswith(f"/cases/{desk.number}")
        assert unsaid.status_code == 422
        assert "Sends a new one" in text(unsaid)
        assert said.status_code == 302
        page = text(ada.get(f"/w/north/cases/{desk.number}"))
        assert "added a call to the case" in page
        assert "Sends a new one" in page
        with workspace_scope(desk.house.north):
            assert [note.text for note in notes_of(case_id=desk.case_id, viewer=HOUSE)] == ["Sends a new one"]

    def test_opens_a_case_for_whoever_calls(self, desk: Desk, signed_in: SignedIn) -> None:
        call_id, ada = desk.let(talking, number="+15550009999"), signed_in("ada")
        form = text(ada.get(f"/w/north/cases/new?call={call_id}"))
        assert f'name="call" value="{call_id}"' in form
        assert "+15550009999" in form

        answer = ada.post(
            "/w/north/cases/new",
            {
                "call": call_id,
                "channel": "voice",
                "name": "Sora",
                "kind": "phone",
                "value": "+15550009999",
                "text": "Where is it?",
            },
        )

        assert answer.status_code == 302, text(answer)
        with workspace_scope(desk.house.north):
            row = rows()[0]
        assert (row.customer, answer.headers["Location"].rpartition("/")[2]) == ("Sora", str(row.case_number))

    def test_refuses_in_words_and_changes_nothing(self, desk: Desk, signed_in: SignedIn) -> None:
        call_id, ada = desk.let(talking), signed_in("ada")

        nowhere = ada.post(f"{CALLS}{call_id}/case", {"number": 99999})
        early = ada.post(f"{CALLS}{call_id}/write-up", {"note": "x"})
        reader = signed_in("anh").post(f"{CALLS}{call_id}/case", {"number": desk.number})

        assert (nowhere.status_code, early.status_code, reader.status_code) == (404, 409, 403)
        with workspace_scope(desk.house.north):
            assert (rows()[0].case_id, rows()[0].note) == (None, "")
