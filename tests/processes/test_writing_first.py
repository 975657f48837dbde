"""A mail that we write first, at the act itself: whichever door it comes in by, it is signed and its headers are one line each."""

from typing import Any

import pytest

from careloop.domains.cases.errors import CaseUnclear, MayNotWorkOnCases
from careloop.domains.cases.queries import case_detail, find_cases
from careloop.domains.channels.queries import mailboxes
from careloop.domains.conversations.errors import MessageEmpty
from careloop.domains.conversations.queries import messages
from careloop.domains.conversations.types import MessageRow
from careloop.domains.customers.errors import AddressUnusable
from careloop.domains.customers.queries import customer_of_address
from careloop.domains.people.services import change_personal_settings
from careloop.domains.people.types import PersonalSettings
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import forward, reply, write_first
from careloop.processes.answering.types import Words
from tests.cast import NOW, House

pytestmark = pytest.mark.database
BREAK = "omar@customer.example\r\nBcc: victim@example.com"
HELLO = Words(text="It is ready.", html="<p>It is ready.</p>")


def write(house: House, *, by: str = "ada", **changes: Any) -> int:
    """Let somebody write to Lan first."""
    given = {"to": "Lan@Customer.example", "name": "Lan", "subject_line": "Your card", "words": HELLO, **changes}
    (box,) = mailboxes()
    return write_first(mailbox_id=box.id, team_id=None, actor=house.actor(by), at=NOW, **given)


def sent(house: House, case_id: int) -> MessageRow:
    """Return the last message of a case."""
    links = case_detail(case_id=case_id, viewer=house.actor("ada")).conversations
    return messages([(c.conversation_id, None, None) for c in links], limit=10, for_customer=False)[-1]


def sign(house: House) -> None:
    """Give Ada a signature."""
    settings = PersonalSettings(
        name="Ada", language="en", time_zone="UTC", theme="auto", signature="Ada\nNorth Help", mails_notifications=True
    )
    change_personal_settings(settings=settings, actor=house.actor("ada"), at=NOW)


def test_it_is_signed_as_answers_are(house: House) -> None:
    with workspace_scope(house.north):
        sign(house)

        message = sent(house, write(house))

    assert message.text == "It is ready.\n\nAda\nNorth Help"
    assert message.html == "<p>It is ready.</p><p>Ada<br>North Help</p>"


def test_a_name_alone_is_not_sent(house: House) -> None:
    with workspace_scope(house.north):
        sign(house)
        case_id = write(house)

        with pytest.raises(MessageEmpty):
            write(house, words=Words(text=" ", html=""))
        with pytest.raises(MessageEmpty):
            reply(case_id=case_id, words=Words(text="", html=""), actor=house.actor("ada"), at=NOW)


@pytest.mark.parametrize(
    "line",
    ["Your card\nBcc: victim@example.com", "Your card\r\n\r\nBcc: victim@example.com", "Your\x00 card\x85Bcc: x"],
)
def test_a_subject_is_one_line(house: House, line: str) -> None:
    with workspace_scope(house.north):
        case_id = write(house, subject_line=line)
        message = sent(house, case_id)
        case = case_detail(case_id=case_id, viewer=house.actor("ada")).row

    assert message.mail is not None
    assert message.mail.subject.isprintable()
    assert message.mail.subject.startswith("Your card ")
    assert message.mail.subject == case.subject


@pytest.mark.parametrize("changes", [{"to": BREAK}, {"cc": [BREAK]}, {"bcc": ["one", "two"]}])
def test_an_address_cannot_begin_another_header(house: House, changes: dict[str, Any]) -> None:
    with workspace_scope(house.north):
        with pytest.raises(AddressUnusable):
            write(house, **changes)

        assert find_cases(text="card", viewer=house.actor("ada")) == []
        assert customer_of_address("lan@customer.example") is None


@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
def test_nor_in_an_answer_or_a_forwarded_message(house: House, field: str) -> None:
    with workspace_scope(house.north):
        case_id, ada = write(house), house.actor("ada")
        before = sent(house, case_id)

        with pytest.raises(AddressUnusable):
            reply(case_id=case_id, words=HELLO, **{field: [BREAK]}, actor=ada, at=NOW)  # type: ignore[arg-type]
        with pytest.raises(AddressUnusable):
            forward(case_id=case_id, to="driver@parcels.example", cc=[BREAK], words=HELLO, actor=ada, at=NOW)

        assert sent(house, case_id) == before


@pytest.mark.parametrize("name", ["anh", "cole", "vera"])
def test_readers_write_to_nobody(house: House, name: str) -> None:
    with workspace_scope(house.north):
        with pytest.raises(MayNotWorkOnCases):
            write(house, by=name)

        assert customer_of_address("lan@customer.example") is None


def test_an_empty_subject_is_refused(house: House) -> None:
    with workspace_scope(house.north), pytest.raises(CaseUnclear):
        write(house, subject_line="\r\n")
