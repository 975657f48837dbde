"""Mails as customers write them, made from a seed: the same ones on every machine and for both sides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from random import Random

from bench.stage.words import AUTO_REPLIES, NAMES, QUOTE_HEADS, SENTENCES, SUBJECTS

__all__ = ["Answered", "MadeMail", "letters", "openings"]

LANGUAGES = ("ko", "en", "vi", "zh")
_WEIGHTS = (40, 30, 15, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeMail:
    """raw: the mail as a server would hand it out. mailbox: the address it came to. kind: what it is, for the table."""

    raw: bytes
    mailbox: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A matter that has been answered: who asked where about what, and the Message-ID (in <>) of the answer."""

    sender: str
    name: str
    language: str
    mailbox: str
    subject: str
    message_id: str


def openings(count: int, *, mailboxes: Sequence[str], at: datetime) -> list[tuple[MadeMail, Answered]]:
    """Make first mails of matters that will be answered before the measuring; their Message-IDs stand in the second half."""
    random = Random(7)
    made = []
    for number in range(count):
        language = random.choices(LANGUAGES, _WEIGHTS)[0]
        person = _Person.of(10_000_000 + number, language, random)
        mailbox = mailboxes[number % len(mailboxes)]
        subject = random.choice(SUBJECTS[language])
        mail = _mail(person, mailbox, subject, f"<open-{number}@mail.example>", at)
        mail.set_content(_text(language, random))
        answered = Answered(
            sender=person.address,
            name=person.name,
            language=language,
            mailbox=mailbox,
            subject=subject,
            message_id=f"<open-{number}@mail.example>",
        )
        made.append((MadeMail(raw=mail.as_bytes(), mailbox=mailbox, kind="opening"), answered))
    return made


def letters(count: int, *, answered: Sequence[Answered], mailboxes: Sequence[str], at: datetime) -> Iterator[MadeMail]:
    """Make `count` mails: 62 % new matters, 20 % replies to our answers, 10 % to own earlier mails, the rest odd ones.

    answered: matters that can be answered. mailboxes: addresses that mail comes to. at: when the first one is written.
    """
    random = Random(11)
    earlier: list[tuple[_Person, str, str, str]] = []
    made: list[MadeMail] = []
    for number in range(count):
        written_at = at + timedelta(seconds=number)
        message_id = f"<letter-{number}@mail.example>"
        dice = random.random()
        if dice < 0.20 and answered:
            matter = random.choice(answered)
            person = _Person(name=matter.name, address=matter.sender, language=matter.language)
            mail = _mail(person, matter.mailbox, f"Re: {matter.subject}", message_id, written_at)
            _answering(mail, matter.message_id)
            _fill(mail, person.language, random, quotes=matter.mailbox)
            mailbox, kind = matter.mailbox, "reply to our answer"
        elif dice < 0.30 and earlier:
            person, mailbox, subject, before = random.choice(earlier[-300:])
            mail = _mail(person, mailbox, f"Re: {subject}", message_id, written_at)
            _answering(mail, before)
            _fill(mail, person.language, random, quotes=person.address)
            kind = "reply to an earlier mail"
        elif dice < 0.33 and made:
            made.append(_again(random.choice(made)))
            yield made[-1]
            continue
        elif dice < 0.38:
            person = _Person.of(random.randrange(2_000), random.choices(LANGUAGES, _WEIGHTS)[0], random)
            mailbox, kind = random.choice(mailboxes), "machine"
            mail = _mail(person, mailbox, AUTO_REPLIES[person.language][0], message_id, written_at)
            mail["Auto-Submitted"] = "auto-replied"
            mail["Precedence"] = "bulk"
            mail.set_content(AUTO_REPLIES[person.language][1])
        else:
            person = _Person.of(random.randrange(2_000), random.choices(LANGUAGES, _WEIGHTS)[0], random)
            mailbox, kind = random.choice(mailboxes), "new matter"
            subject = random.choice(SUBJECTS[person.language])
            mail = _mail(person, mailbox, subject, message_id, written_at)
            _fill(mail, person.language, random, quotes="")
            earlier.append((person, mailbox, subject, message_id))
        made.append(MadeMail(raw=mail.as_bytes(), mailbox=mailbox, kind=kind))
        yield made[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    name: str
    address: str
    language: str

    @classmethod
    def of(cls, number: int, language: str, random: Random) -> "_Person":
        name = NAMES[language][number % len(NAMES[language])]
        return cls(
            name=f"{name} {number % 97}", address=f"person-{number}-{language}@customer.example", language=language
        )


def _mail(person: _Person, mailbox: str, subject: str, message_id: str, at: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = formataddr((person.name, person.address)), mailbox
    mail["Subject"], mail["Message-ID"], mail["Date"] = subject, message_id, format_datetime(at)
    mail["Received"] = f"from mx.customer.example by mx.bench.example with ESMTPS; {format_datetime(at)}"
    mail["X-Mailer"] = "Made Mailer 1.0"
    return mail


def _answering(mail: EmailMessage, message_id: str) -> None:
    mail["In-Reply-To"] = mail["References"] = message_id


def _fill(mail: EmailMessage, language: str, random: Random, *, quotes: str) -> None:
    text = _text(language, random)
    if quotes:
        quoted = "\n".join(f"> {line}" for line in _text(language, random).splitlines())
        text = f"{text}\n\n{QUOTE_HEADS[language] % quotes}\n{quoted}\n"
    mail.set_content(text)
    if random.random() < 0.35:
        paragraphs = "".join(f"<p style='margin:0'>{line}</p>" for line in text.splitlines())
        mail.add_alternative(f"<html><body><div class='gmail'>{paragraphs}</div></body></html>", subtype="html")
    if random.random() < 0.10:
        content = random.randbytes(random.randrange(10_000, 120_000))
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=f"receipt-{len(content)}.pdf")


def _again(mail: MadeMail) -> MadeMail:
    return MadeMail(raw=mail.raw, mailbox=mail.mailbox, kind="seen before")


def _text(language: str, random: Random) -> str:
    return "\n".join(
        " ".join(random.choice(SENTENCES[language]) for _ in range(random.randrange(1, 4)))
        for _ in range(random.randrange(2, 5))
    )
