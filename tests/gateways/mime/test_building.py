"""Our own mail: what is built is what is read."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.gateways.mime import (
    Address,
    Automatic,
    Limits,
    OriginKind,
    OutgoingAttachment,
    OutgoingMail,
    UnsafeHeader,
    build,
    new_message_id,
    origin,
    parse,
    reply_subject,
    safe_filename,
    trimmed_references,
)

MAIL = OutgoingMail(
    message_id="m-1@help.example",
    date=datetime(2026, 11, 3, 14, 15, tzinfo=timezone(timedelta(hours=9))),
    from_=Address(name="고객센터", address="help@help.example"),
    to=(Address(name="Kim, Minsu", address="kim@example.com"),),
    subject="Re: 문의하신 내용에 대한 답변입니다 " * 3,
    text="안녕하세요.\n.\nFrom here on\n",
    loop_mark="mark",
)
PRINTABLE = st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp"), exclude_characters="\ufffe\uffff")
LINES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff\ufeff") | st.just("\n"),
    max_size=300,
)
ONE_LINE = st.text(PRINTABLE, max_size=120).map(lambda text: one_line(text))
NAMES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp"), exclude_characters="\"'\ufffe\uffff"), max_size=80
).map(lambda text: one_line(text))
ADDRESSES = st.builds(
    Address,
    name=NAMES,
    address=st.from_regex(r"[a-z0-9][a-z0-9.+_-]{0,20}[a-z0-9]@[a-z0-9]{1,20}\.example", fullmatch=True),
)
IDS = st.from_regex(r"[A-Za-z0-9.$_-]{1,60}@[a-z0-9.-]{1,30}", fullmatch=True)
FILES = st.builds(
    OutgoingAttachment,
    filename=st.from_regex(r"[가-힣a-zA-Z0-9 ]{1,60}\.(pdf|txt|한글)", fullmatch=True),
    content_type=st.sampled_from(["application/pdf", "image/png", "text/csv"]),
    payload=st.binary(max_size=300),
)
MAILS = st.builds(
    OutgoingMail,
    message_id=IDS,
    date=st.integers(946684800, 3786912000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    from_=ADDRESSES,
    to=st.lists(ADDRESSES, min_size=1, max_size=3, unique_by=lambda one: one.address).map(tuple),
    cc=st.lists(ADDRESSES, max_size=2, unique_by=lambda one: one.address).map(tuple),
    reply_to=st.lists(ADDRESSES, max_size=1).map(tuple),
    subject=ONE_LINE,
    text=LINES,
    html=st.none() | LINES.map(lambda text: f"<p>{text}</p>"),
    loop_mark=st.just("mark"),
    in_reply_to=st.none() | IDS,
    references=st.lists(IDS, max_size=5, unique=True).map(tuple),
    attachments=st.lists(FILES, max_size=2).map(tuple),
    automatic=st.sampled_from(Automatic),
)  # fmt: skip


def one_line(text: str) -> str:
    """Write a line as reading leaves it: composed, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


class TestBuild:
    @given(MAILS)
    def test_is_read_back_as_it_was(self, mail: OutgoingMail) -> None:
        read = parse(build(mail), limits=Limits())

        assert read.message_id == mail.message_id
        assert read.date == mail.date
        assert read.from_ == mail.from_
        assert (read.to, read.cc, read.reply_to) == (mail.to, mail.cc, mail.reply_to)
        assert read.subject == mail.subject
        assert read.in_reply_to == ((mail.in_reply_to,) if mail.in_reply_to else ())
        assert read.references == trimmed_references(mail.references, mail.in_reply_to)
        if mail.text.strip():
            assert unicode_equal(read.text, mail.text)
        if mail.html is not None:
            assert unicode_equal(read.html or "", mail.html)
        assert [(one.filename, one.payload) for one in read.attachments] == [
            (safe_filename(one.filename, fallback="x"), one.payload) for one in mail.attachments
        ]
        assert not read.repaired

    @given(MAILS)
    def test_is_fit_for_every_server(self, mail: OutgoingMail) -> None:
        raw = build(mail)

        assert raw.isascii()
        assert b"\n" not in raw.replace(b"\r\n", b"")
        assert b"\r" not in raw.replace(b"\r\n", b"")
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        assert build(mail) == raw

    def test_keeps_the_date_and_its_zone(self) -> None:
        assert b"Date: Tue, 03 Nov 2026 14:15:00 +0900\r\n" in build(MAIL)

    def test_shows_images_inside_the_html(self) -> None:
        image = OutgoingAttachment(filename="p.png", content_type="image/png", payload=b"png", content_id="pic@1")

        read = parse(build(replace(MAIL, html='<img src="cid:pic@1">', attachments=(image,))), limits=Limits())

        assert [(one.content_id, one.is_inline) for one in read.attachments] == [("pic@1", True)]

    def test_is_known_again_as_our_own(self) -> None:
        read = parse(build(MAIL), limits=Limits())

        assert origin(read, loop_mark="mark").kind is OriginKind.OWN_LOOP

    def test_says_when_a_machine_wrote(self) -> None:
        automatic = parse(build(replace(MAIL, automatic=Automatic.REPLIED)), limits=Limits())
        by_hand = parse(build(MAIL), limits=Limits())

        assert automatic.header("auto-submitted") == "auto-replied"
        assert automatic.header("x-auto-response-suppress") == "All"
        assert origin(automatic, loop_mark="other").kind is OriginKind.AUTO_REPLY
        assert by_hand.header("auto-submitted") is None
        assert by_hand.header("precedence") is None

    @pytest.mark.parametrize(
        "change",
        [
            {"subject": "x\r\nBcc: victim@example.com"},
            {"subject": "x\nBcc: victim@example.com"},
            {"from_": Address(name="x\r\nBcc: v@example.com", address="a@b.example")},
            {"to": (Address(name="", address="a@b.example\r\nBcc: v@example.com"),)},
            {"to": (Address(name="", address="a@b.example, v@example.com"),)},
            {"to": (Address(name="", address="nobody"),)},
            {"message_id": "x> <y@z"},
            {"in_reply_to": "x@y\r\nBcc: v@example.com"},
            {"references": ("a b@c",)},
            {"loop_mark": "m\r\nBcc: v@example.com"},
        ],
    )
    def test_refuses_injected_headers(self, change: dict[str, object]) -> None:
        with pytest.raises(UnsafeHeader):
            build(replace(MAIL, **change))  # type: ignore[arg-type]


def unicode_equal(read: str, written: str) -> bool:
    """Compare apart from composition, which reading makes uniform."""
    return read == unicodedata.normalize("NFC", written)


class TestReplySubject:
    @pytest.mark.parametrize(
        "subject",
        [
            "Router",
            "Re: Router",
            "RE: re: Router",
            "Re[2]: Router",
            "답장: RE: Router",
            "回复：Router",
            "Trả lời: Router",
        ],
    )
    def test_has_one_prefix(self, subject: str) -> None:
        assert reply_subject(subject) == "Re: Router"

    def test_leaves_ordinary_words_alone(self) -> None:
        assert reply_subject("Refund: order 7") == "Re: Refund: order 7"


class TestTrimmedReferences:
    def test_keeps_the_first_and_the_last(self) -> None:
        chain = tuple(f"{number}@x" for number in range(100))

        trimmed = trimmed_references(chain, "99@x")

        assert (trimmed[0], trimmed[-1], len(trimmed)) == ("0@x", "99@x", 20)


class TestNewMessageId:
    def test_is_new_each_time(self) -> None:
        assert new_message_id("help.example") != new_message_id("help.example")
        assert new_message_id("help.example").endswith("@help.example")
