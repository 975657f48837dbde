"""Reading ugly mails kept as files, and anything else that bytes can be."""

import tracemalloc
from base64 import encodebytes
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.gateways.mime import (
    Limits,
    ParsedMail,
    Unreadable,
    UnreadableReason,
    authentication,
    delivery_report,
    origin,
    parse,
    safe_filename,
    sanitize,
    spam_hint,
    split_reply,
)
from tests.mails.make import FOLDER, MAILS

LIMITS = Limits()


def read(name: str) -> ParsedMail:
    return parse((FOLDER / f"{name}.eml").read_bytes(), limits=LIMITS)


class TestMails:
    def test_are_what_the_code_writes(self) -> None:
        files = {path.stem: path.read_bytes() for path in Path(FOLDER).glob("*.eml")}

        assert files == MAILS


class TestParse:
    def test_reads_an_ordinary_mail(self) -> None:
        mail = read("plain")

        assert mail.message_id == "plain@example.com"
        assert not mail.message_id_is_synthesized
        assert mail.from_ is not None
        assert (mail.from_.name, mail.from_.address) == ("홍길동", "hong@example.com")
        assert [one.address for one in mail.to] == ["help@example.org"]
        assert mail.date == datetime(2026, 11, 3, 5, 15, tzinfo=UTC)
        assert (mail.subject, mail.text, mail.html) == ("Hello", "인터넷이 안 됩니다.\n", None)
        assert not mail.repaired

    @pytest.mark.parametrize(
        ("name", "text", "repaired"),
        [
            ("no_body", "", False),
            ("bare_line_feeds", "one\ntwo\n", False),
            ("utf8_declared_but_euc_kr", "안녕하세요. 주문한 상품이 아직 도착하지 않았습니다.", True),
            ("utf8_declared_but_gb18030", "您好，我的订单还没有收到，请帮我查一下物流。", True),
            (
                "utf8_declared_but_latin1",
                "Après la mise à jour, le modem ne démarre plus et le voyant est éteint.",
                True,
            ),
            (
                "utf8_declared_but_windows_1258",
                "Tôi chưa nhận được hàng, nhờ anh chị kiểm tra giúp đơn hàng của tôi.",
                True,
            ),
            ("no_charset_euc_kr", "홍길동입니다", True),
            ("unknown_charset", "여전히 안 돼요", False),
            ("ks_c_5601", "똠방각하 펲시콜라", False),
            ("bad_base64", "Hello world", True),
            ("bad_quoted_printable", "a=ZZbc=€", False),
            ("nul_and_controls", "xyz", False),
            ("broken_header_lines", "body", True),
            ("alternative", "평문", False),
            ("html_only", "안녕\n\na b\n\nhere <https://example.com/x>", False),
            ("html_meta_charset", "한글 본문", False),
            ("empty_text_beside_html", "words", False),
            ("text_image_text", "before\n\nafter", False),
            ("winmail", "첨부를 보세요.", False),
            ("signed", "signed words", False),
            ("no_closing_boundary", "first\n\nsecond", False),
            ("no_boundary_parameter", "found", True),
            ("wrong_boundary", "just text", True),
            ("flowed", "one two\n> quoted on\n-- \nKim\n", False),
            ("nested", "deep", False),
        ],
    )
    def test_finds_the_text(self, name: str, text: str, repaired: bool) -> None:
        mail = read(name)

        assert mail.text == text
        assert mail.repaired is repaired

    @pytest.mark.parametrize(
        ("name", "subject"),
        [
            ("raw_8bit_subject", "환불 요청드립니다"),
            ("split_character_subject", "환불 요청환"),
            ("mixed_charset_subject", "Re: 문의 and 问题"),
            ("nul_and_controls", "a b c"),
        ],
    )
    def test_decodes_the_subject(self, name: str, subject: str) -> None:
        assert read(name).subject == subject

    @pytest.mark.parametrize(
        ("name", "shown", "address"),
        [
            ("quoted_encoded_name", "김, 민수", "kim@example.com"),
            ("comma_in_name", "Kim, Minsu", "kim@example.com"),
            ("idn_domain", "홍", "hong@xn--3e0b707e.kr"),
            ("deceiving_name", "ceo@bank.example", "thief@evil.example"),
        ],
    )
    def test_reads_the_sender(self, name: str, shown: str, address: str) -> None:
        sender = read(name).from_

        assert sender is not None
        assert (sender.name, sender.address) == (shown, address)

    def test_opens_groups_and_repeated_headers(self) -> None:
        assert [one.address for one in read("comma_in_name").cc] == ["a@example.com", "b@example.com", "c@example.com"]
        assert [one.address for one in read("two_to_headers").to] == ["x@example.com", "y@example.com"]

    @pytest.mark.parametrize("name", ["nonsense_date", "year_1601"])
    def test_believes_no_absurd_date(self, name: str) -> None:
        assert read(name).date is None

    def test_makes_a_stable_id_where_there_is_none(self) -> None:
        first, again = read("no_message_id"), read("no_message_id")

        assert first.message_id_is_synthesized
        assert first.message_id == again.message_id
        assert first.message_id != parse(b"From: a@b.c\r\n\r\nother", limits=LIMITS).message_id

    def test_gives_safe_names_to_files(self) -> None:
        names = [one.filename for one in read("names_of_files").attachments]

        assert names[:4] == ["청구서.pdf", "계약서.pdf", "订单发票明细.pdf", "passwd"]
        assert names[4] == "invoice fdp.exe"
        assert names[5:7] == ["con_.txt", "attachment-7.png"]
        assert names[7].endswith(".pdf")
        assert len(names[7].encode()) <= 180

    def test_marks_only_shown_images_as_inline(self) -> None:
        assert [(one.filename, one.is_inline) for one in read("inline_image").attachments] == [
            ("p.png", True),
            ("q.png", False),
        ]

    def test_keeps_and_summarizes_a_forwarded_mail(self) -> None:
        mail = read("forwarded_mail")

        assert [one.filename for one in mail.attachments] == ["龙芝.eml"]
        assert mail.attachments[0].payload.endswith(b"Original words\r\n")
        assert mail.forwarded[0].subject == "龙芝"
        assert mail.forwarded[0].date == datetime(2026, 11, 2, 1, 0, tzinfo=UTC)

    def test_reads_an_invitation(self) -> None:
        (invitation,) = read("calendar").invitations

        assert invitation.summary == "설치 방문, 2층"
        assert invitation.start == datetime(2026, 11, 5, 1, 0, tzinfo=UTC)
        assert invitation.organizer == "Kim, Minsu <kim@example.com>"
        assert invitation.method == "REQUEST"

    def test_unpacks_winmail(self) -> None:
        assert [(one.filename, one.payload) for one in read("winmail").attachments] == [
            ("invoice.pdf", b"%PDF-1.4 inside")
        ]

    def test_keeps_a_damaged_winmail_as_it_is(self) -> None:
        assert [one.filename for one in read("winmail_damaged").attachments] == ["winmail.dat"]

    @pytest.mark.parametrize(
        ("raw", "reason"),
        [
            (b"", UnreadableReason.EMPTY),
            (b" \r\n\r\n", UnreadableReason.EMPTY),
            (b"\x89PNG\r\n\x1a\n", UnreadableReason.NOT_A_MAIL),
            (b"From: a@b.c\r\n\r\n" + b"x" * 2000, UnreadableReason.TOO_LARGE),
        ],
    )
    def test_puts_aside_what_is_no_mail(self, raw: bytes, reason: UnreadableReason) -> None:
        with pytest.raises(Unreadable) as refused:
            parse(raw, limits=Limits(size_bytes=1000))

        assert refused.value.reason is reason

    def test_puts_aside_a_bottomless_mail(self) -> None:
        lines = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(100))

        with pytest.raises(Unreadable) as refused:
            parse(b"From: a@b.c\r\n" + lines, limits=LIMITS)

        assert refused.value.reason is UnreadableReason.TOO_DEEP

    def test_puts_aside_a_mail_of_endless_parts(self) -> None:
        raw = b'From: a@b.c\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 1000

        with pytest.raises(Unreadable) as refused:
            parse(raw, limits=LIMITS)

        assert refused.value.reason is UnreadableReason.TOO_MANY_PARTS

    def test_cuts_an_endless_text_and_says_so(self) -> None:
        mail = parse(b"From: a@b.c\r\n\r\n" + b"x" * 500, limits=Limits(text_characters=100))

        assert mail.text == "x" * 100
        assert mail.is_cut

    def test_reads_bottomless_html_without_its_tags(self) -> None:
        mail = parse(b"From: a@b.c\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 100_000 + b"words", limits=LIMITS)

        assert mail.text == "words"

    def test_takes_little_more_memory_than_the_attachment(self) -> None:
        encoded = encodebytes(b"0123456789abcdef" * 640 * 1024)
        raw = b"From: a@b.c\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded
        tracemalloc.start()

        mail = parse(raw, limits=LIMITS)

        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(mail.attachments[0].payload) == 10 * 1024 * 1024
        assert peak_bytes < 2 * len(raw)


def look_everywhere(raw: bytes) -> None:
    """Use everything that reads a mail; only Unreadable may come out."""
    try:
        mail = parse(raw, limits=Limits(parts=20, depth=5))
    except Unreadable:
        return
    everything = [mail.subject, mail.text, mail.html or "", mail.message_id, *(value for _, value in mail.headers)]
    everything += [one.filename for one in mail.attachments] + [one.summary for one in mail.invitations]
    for text in everything:
        assert "\x00" not in text
        text.encode("utf-8")
    assert all("/" not in one.filename and one.filename not in ("", ".", "..") for one in mail.attachments)
    split_reply(mail.text, mail.html)
    delivery_report(mail)
    origin(mail, loop_mark="mark")
    authentication(mail, trusted_host="mx.example.com")
    spam_hint(mail)
    sanitize(mail.html or mail.text, allow_remote_images=True, inline={})


class TestParsersNeverCrash:
    @given(st.binary(max_size=400))
    def test_on_bytes(self, raw: bytes) -> None:
        look_everywhere(raw)

    @given(st.binary(max_size=200), st.sampled_from(["Subject", "From", "To", "Date", "References", "Content-Type",
           "Authentication-Results", "X-Spam-Status", "Content-Disposition"]))  # fmt: skip
    def test_on_any_header(self, value: bytes, name: str) -> None:
        look_everywhere(name.encode() + b": " + value + b"\r\n\r\nbody")

    @given(
        st.sampled_from(sorted(MAILS)),
        st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=6),
    )
    def test_on_mutated_mails(self, name: str, cuts: list[tuple[int, int, bytes]]) -> None:
        raw = MAILS[name]
        for at, length, put in cuts:
            place = at % (len(raw) + 1)
            raw = raw[:place] + put + raw[place + length :]

        look_everywhere(raw)

    @given(st.text(max_size=60))
    def test_on_names_of_files(self, wanted: str) -> None:
        name = safe_filename(wanted, fallback="file.bin")

        assert name
        assert not set(name) & set('/\\:*?"<>|\x00\n')
        assert len(name.encode()) <= 180
