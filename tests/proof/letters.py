"""Mails that nobody's tests were tuned on: any texts, in the shapes that mail programs give them, made from a seed."""

from base64 import encodebytes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from quopri import encodestring
from random import Random
from typing import Final

__all__ = ["TEXTS", "Kind", "Letter", "answer_to", "letters"]

Kind = str
"""opening: a new matter. follow: more about one. copy: the same mail again. machine: an automatic answer to nothing of ours.
stranger: somebody else who quotes a matter's Message-ID."""

_WEIGHTS: Final = {"opening": 60, "follow": 18, "copy": 8, "machine": 8, "stranger": 6}

TEXTS: Final = {
    "en": (
        "The blue kettle stopped after two days. Who pays the way back?",
        "I was charged twice on the 3rd – please look, it is £41.20 each time.",
    ),
    "ko": (
        "주문한 전기포트가 이틀 만에 고장 났어요. 반품 택배비는 누가 내나요?",
        "3일에 두 번 결제됐습니다. 확인 부탁드려요. 쀍쀍 같은 글자도 보이나요?",
    ),
    "vi": (
        "Ấm đun nước màu xanh hỏng sau hai ngày. Ai trả phí gửi lại?",
        "Tôi bị trừ tiền hai lần vào ngày 3, xin kiểm tra giúp: mỗi lần 410.000 ₫.",
    ),
    "zh": ("蓝色的水壶用了两天就坏了，退货运费由谁承担？", "三号被扣款两次，请核实，每次都是四百一十元。囧𠮷"),
}
LEGACY: Final = {"ko": "cp949", "zh": "gb18030", "en": "windows-1252", "vi": "utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """raw: the mail. text: what its writer said. message_id: without brackets. matter: the Message-ID of the first mail of
    its matter, its own for a new one. sender: the address."""

    kind: Kind
    raw: bytes
    text: str
    message_id: str
    matter: str
    sender: str
    subject: str


def letters(
    count: int, *, to: str, texts: dict[str, Sequence[str]] | None = None, seed: int = 20261122
) -> list[Letter]:
    """Make mails in the order in which they arrive; each first mail stands before whatever refers to it.

    to: the mailbox. texts: by language; a few of our own when there are none.
    """
    random, said = Random(seed), {**TEXTS, **(texts or {})}
    made: list[Letter] = []
    for number in range(count):
        openings = [letter for letter in made if letter.kind == "opening"]
        kind = random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0] if openings else "opening"
        about = random.choice(openings) if openings else None
        if kind == "copy" and about is not None:
            made.append(Letter(**{**{name: getattr(about, name) for name in Letter.__slots__}, "kind": "copy"}))
            continue
        language = random.choice(list(said))
        text = f"{random.choice(said[language]).strip()} (note {number})"
        earlier = about.message_id if about is not None and kind in {"follow", "stranger"} else ""
        letter = Letter(
            kind=kind,
            raw=b"",
            text=text,
            message_id=f"m{number}.{random.getrandbits(48):x}@mail.example",
            matter=about.matter if about is not None and kind == "follow" else "",
            sender=about.sender if about is not None and kind == "follow" else f"person{number}@people.example",
            subject=f"Re: {about.subject}" if about is not None and earlier else f"{said[language][0][:30]} {number}",
        )
        shape = random.choice(_SHAPES)
        extra = {"Auto-Submitted": "auto-replied"} if kind == "machine" else {}
        raw = shape(letter, language, _headers(letter, to=to, earlier=earlier, random=random) | extra)
        made.append(_with(letter, raw=raw, matter=letter.matter or letter.message_id))
    return made


def answer_to(sent: EmailMessage, *, customer: Letter, number: int) -> Letter:
    """Let a customer answer a mail of ours, with our words quoted below as programs do."""
    message_id = f"back{number}@mail.example"
    letter = Letter(
        kind="follow",
        raw=b"",
        text=f"Thank you, that helps. (back {number})",
        message_id=message_id,
        matter=customer.matter,
        sender=customer.sender,
        subject=f"Re: {customer.subject}",
    )
    mail = EmailMessage(policy=SMTP)
    for name, value in _headers(letter, to=str(sent["From"]), earlier="", random=Random(number)).items():
        mail[name] = value
    mail["In-Reply-To"] = sent["Message-ID"]
    mail["References"] = f"{sent['References']} {sent['Message-ID']}"
    mail.set_content(f"{letter.text}\r\n\r\nOn Sun, 22 Nov 2026 at 10:00, North Help wrote:\r\n> Here you are.\r\n")
    return _with(letter, raw=mail.as_bytes())


def _with(letter: Letter, **changes: object) -> Letter:
    return Letter(**{**{name: getattr(letter, name) for name in Letter.__slots__}, **changes})


def _headers(letter: Letter, *, to: str, earlier: str, random: Random) -> dict[str, str]:
    headers = {
        "From": f'"Person {random.randrange(900)}" <{letter.sender}>',
        "To": to,
        "Subject": letter.subject,
        "Date": f"Sun, 22 Nov 2026 {random.randrange(10):02}:{random.randrange(60):02}:00 +0900",
        "Message-ID": f"<{letter.message_id}>",
    }
    if earlier:
        headers |= {"In-Reply-To": f"<{earlier}>", "References": f"<{earlier}>"}
    return headers


def _modern(letter: Letter, headers: dict[str, str], *, cte: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP.clone(cte_type="8bit"))
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(letter.text + "\r\n", cte=cte)
    return mail


def _by_hand(
    letter: Letter, headers: dict[str, str], *, charset: str, kind: str, body: bytes, cte: str, end: bytes
) -> bytes:
    """Write a mail as old programs do: headers in any case and order, the subject in the body's own charset."""
    subject = Header(letter.subject, charset, maxlinelen=60).encode(linesep="\n")
    lines = [f"{name.lower()}: {value}" for name, value in headers.items() if name != "Subject"]
    lines += [f"SUBJECT: {subject}", "mime-version: 1.0", f'content-type: {kind}; charset="{charset}"']
    lines += [f"content-transfer-encoding: {cte}", ""]
    head = "\n".join(lines).encode("ascii").replace(b"\n", end)
    return head + end + body


def _eight_bit(letter: Letter, _language: str, headers: dict[str, str]) -> bytes:
    return _modern(letter, headers, cte="8bit").as_bytes()


def _base64(letter: Letter, _language: str, headers: dict[str, str]) -> bytes:
    return _modern(letter, headers, cte="base64").as_bytes()


def _both(letter: Letter, _language: str, headers: dict[str, str]) -> bytes:
    mail = _modern(letter, headers, cte="quoted-printable")
    mail.add_alternative(f"<div dir='ltr'><p>{escape(letter.text)}</p><br></div>", subtype="html")
    return mail.as_bytes()


def _with_file(letter: Letter, _language: str, headers: dict[str, str]) -> bytes:
    mail = _modern(letter, headers, cte="base64")
    mail.add_attachment(b"%PDF-1.4 nothing much", maintype="application", subtype="pdf", filename="영수증 3월.pdf")
    return mail.as_bytes()


def _html_alone(letter: Letter, _language: str, headers: dict[str, str]) -> bytes:
    words = f"<html><body><table><tr><td>{escape(letter.text)}</td></tr></table></body></html>".encode()
    return _by_hand(
        letter, headers, charset="utf-8", kind="text/html", body=encodebytes(words), cte="base64", end=b"\r\n"
    )


def _legacy(letter: Letter, language: str, headers: dict[str, str]) -> bytes:
    charset = LEGACY[language]
    try:
        body = letter.text.encode(charset)
        letter.subject.encode(charset)
    except UnicodeEncodeError:
        charset, body = "utf-8", letter.text.encode()
    return _by_hand(letter, headers, charset=charset, kind="text/plain", body=body, cte="8bit", end=b"\r\n")


def _quoted_unix(letter: Letter, _language: str, headers: dict[str, str]) -> bytes:
    body = encodestring(letter.text.encode() + b"\n")
    return _by_hand(letter, headers, charset="utf-8", kind="text/plain", body=body, cte="quoted-printable", end=b"\n")


_SHAPES: Final[Sequence[Callable[[Letter, str, dict[str, str]], bytes]]] = (
    _eight_bit,
    _base64,
    _both,
    _with_file,
    _html_alone,
    _legacy,
    _quoted_unix,
)
