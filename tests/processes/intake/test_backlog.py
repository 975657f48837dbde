"""Many mails at once become what they would have become one by one."""

from collections import Counter
from datetime import timedelta

import pytest

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import SYSTEM_VIEWS, case_detail, cases
from careloop.domains.channels.queries import mailboxes, raw_mails_named
from careloop.domains.channels.services import store_raw
from careloop.domains.channels.types import Arrived, RawRow
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import messages
from careloop.domains.conversations.types import Inbound
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.intake import settle, settle_waiting
from careloop.processes.working import drain
from tests.cast import NOW, House
from tests.mailing import written

pytestmark = pytest.mark.database


def mail(number: int, *, sender: str = "", answers: str = "", text: str = "") -> bytes:
    return written(
        text=text or f"Question {number}",
        sender=sender or f"Customer {number} <c{number}@customer.example>",
        subject=f"Matter {number}",
        message_id=f"<m{number}@customer.example>",
        answers=answers,
        at=NOW + timedelta(minutes=number),
    )


def store(house: House, *raws: bytes) -> None:
    with workspace_scope(house.north):
        (box,) = mailboxes()
        store_raw(
            [
                Arrived(mailbox_id=box.id, provider_id=f"1:{number}", raw=raw, received_at=None)
                for number, raw in enumerate(raws)
            ],
            is_silent=False,
            actor=HOUSE,
            at=NOW,
        )


def outcomes(house: House) -> list[RawRow]:
    with workspace_scope(house.north):
        (box,) = mailboxes()
        return list(raw_mails_named([f"1:{number}" for number in range(200)], mailbox_id=box.id).values())


def story(house: House) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return every case as (subject, requester, what was said in order), whatever their numbers are."""
    with workspace_scope(house.north):
        page = cases(viewer=HOUSE, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=NOW)
        details = [case_detail(case_id=row.id, viewer=HOUSE) for row in page.items]
        return sorted(
            (
                detail.row.subject,
                detail.row.requester,
                tuple(
                    m.text
                    for m in messages(
                        [(c.conversation_id, None, None) for c in detail.conversations], limit=99, for_customer=False
                    )
                ),
            )
            for detail in details
        )


ENTANGLED = [
    mail(1),
    mail(2),
    mail(3, sender="Customer 1 <c1@customer.example>"),
    mail(4, sender="Customer 1 <c1@customer.example>", answers="m1@customer.example"),
    mail(2),
    mail(5, sender="Eve <eve@elsewhere.example>", answers="m4@customer.example"),
    b"",
    mail(6, sender="Customer 1 <c1@customer.example>", answers="m4@customer.example"),
    mail(7, sender="Customer 2 <c2@customer.example>", answers="m2@customer.example"),
]


def test_a_backlog_ends_as_if_settled_one_by_one(house: House) -> None:
    store(house, *ENTANGLED)
    settle_waiting(at=NOW)
    together, states = story(house), [(row.state, row.reason) for row in outcomes(house)]

    assert states == [
        ("accepted", ""),
        ("accepted", ""),
        ("accepted", ""),
        ("accepted", ""),
        ("duplicate", ""),
        ("accepted", ""),
        ("quarantined", "empty"),
        ("accepted", ""),
        ("accepted", ""),
    ]
    assert together == [
        ("Matter 1", "Customer 1", ("Question 1", "Question 4", "Question 6")),
        ("Matter 2", "Customer 2", ("Question 2", "Question 7")),
        ("Matter 3", "Customer 1", ("Question 3",)),
        ("Matter 5", "Eve", ("Question 5",)),
    ]


def test_one_by_one_is_the_same_story(house: House) -> None:
    store(house, *ENTANGLED)
    for row in outcomes(house):
        with workspace_scope(house.north):
            settle(raw_ids=[row.id], at=NOW)
    alone = story(house)

    assert [subject for subject, _requester, _said in alone] == ["Matter 1", "Matter 2", "Matter 3", "Matter 5"]
    assert alone[0][2] == ("Question 1", "Question 4", "Question 6")


def test_one_that_cannot_be_written_goes_to_quarantine_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(words: list[Inbound], **rest: object) -> list[int]:
        if any("poison" in word.text for word in words):
            raise ValueError("bad blood")
        return receive(words, **rest)  # type: ignore[arg-type]  # as it was called

    receive = conversations.receive
    monkeypatch.setattr("careloop.domains.conversations.services.receive", refuse)
    store(house, *[mail(number, text="poison" if number == 5 else "") for number in range(12)])

    settle_waiting(at=NOW)

    rows = outcomes(house)
    assert Counter(row.state for row in rows) == {"accepted": 11, "quarantined": 1}
    assert (rows[5].reason, rows[5].detail) == ("failed", "ValueError: bad blood")
    assert len(story(house)) == 11


def test_one_sender_in_a_backlog_meets_his_cap(house: House) -> None:
    store(house, *[mail(number, sender="Robot <robot@customer.example>") for number in range(53)])

    settle_waiting(at=NOW + timedelta(minutes=30))

    assert Counter((row.state, row.reason) for row in outcomes(house)) == {
        ("accepted", ""): 50,
        ("quarantined", "too_many"): 3,
    }


def test_one_customer_in_a_backlog_gets_five_receipts(house: House) -> None:
    store(house, *[mail(number, sender="Nervous <n@customer.example>") for number in range(7)])

    settle_waiting(at=NOW)
    drain()

    received = [text for _subject, _requester, said in story(house) for text in said if "we have received" in text]
    assert len(received) == 5
