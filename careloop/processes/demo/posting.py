"""The mail of a workspace: raw, through the same intake as any mailbox's, threaded by our own Message-IDs."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from careloop.domains.cases.queries import cases_of_conversations
from careloop.domains.channels.services import store_raw
from careloop.domains.channels.types import Arrived
from careloop.domains.conversations.events import MessageWritten
from careloop.domains.conversations.queries import known_mails, newest_mail
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import Event, collected
from careloop.processes.demo.casting import Writer
from careloop.processes.demo.equipping import Box, Stage
from careloop.processes.demo.library import Step, StepKind
from careloop.processes.demo.mails import Hanging, Letter, Quoted, bounce, packed, written
from careloop.processes.demo.papers import paper
from careloop.processes.demo.plays import Moment, Play, Said
from careloop.processes.intake import settle

__all__ = ["Post"]

PACKED_TIMES = 60


class Post:
    """Brings the mail of one stage. Called inside an act, whose events tell what became of a mail."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._zone = ZoneInfo(stage.house["time_zone"])
        self._mail_count = 0
        self._newest: tuple[Play, bytes] | None = None

    def first_mails(self, mails: Sequence[tuple[Moment, str]]) -> None:
        """Let the mails arrive that begin plays, each with its words, the oldest first; the plays learn their cases."""
        plays = {self._message_id(one.play, _domain(one.play.writer)): one.play for one, _text in mails}
        raw_ids = []
        for name, (one, text) in zip(plays, mails, strict=True):
            raw = self._written(one.play, one.step, text, one.play.writer, one.at, name, None)
            raw_ids.append(self._stored(one.play, raw, one.at))
            self._newest = one.play, raw
        settle(raw_ids=raw_ids, at=mails[-1][0].at)
        begun = {mail.rfc_message_id: mail.conversation_id for mail in known_mails(list(plays))}
        cases = cases_of_conversations(list(begun.values()))
        for name, play in plays.items():
            ((play.case_id, _category),) = cases[begun[name]]

    def mishaps(self, at: datetime) -> None:
        """Let happen what happens to every mailbox: a mail arrives twice, and another one cannot be read."""
        if self._newest is None:
            return
        play, raw = self._newest
        found, name = self._stage.house["unreadable"], self._message_id(play, "bulk.example")
        letter = Letter(
            rfc_message_id=name,
            author=found["name"],
            address=found["address"],
            to=self._box(play).address,
            cc=(),
            subject=found["subject"],
            text=found["text"],
            language=self._stage.house["language"],
            at=at.astimezone(self._zone),
        )
        raw_ids = [self._stored(play, raw, at), self._stored(play, packed(written(letter), times=PACKED_TIMES), at)]
        settle(raw_ids=raw_ids, at=at)

    def from_customer(self, play: Play, step: Step, text: str, writer: Writer, at: datetime) -> None:
        """Let a customer's answer to our newest mail arrive."""
        name, quoted = self._message_id(play, _domain(writer)), self._quoted(play.last_answer)
        self._take_in(play, self._written(play, step, text, writer, at, name, quoted), at)

    def _written(
        self, play: Play, step: Step, text: str, writer: Writer, at: datetime, name: str, quoted: Quoted | None
    ) -> bytes:
        headers = [("X-Spam-Flag", "YES")] if play.matter.is_spam else []
        if step.kind is StepKind.AWAY:
            headers.append(("Auto-Submitted", "auto-replied"))
        in_copy = (
            play.companion if play.companion and writer is play.writer and step.kind is not StepKind.AWAY else None
        )
        letter = Letter(
            rfc_message_id=name,
            author=writer.name,
            address=writer.address,
            to=self._box(play).address,
            cc=((in_copy.name, in_copy.address),) if in_copy else (),
            subject=play.subject if quoted is None else f"Re: {play.subject}",
            text=text,
            language=writer.language,
            at=at.astimezone(self._zone),
            quoted=quoted,
            headers=tuple(headers),
            files=(self.paper(play, step),) if step.file else (),
            has_html=len(play.subject) % 3 == 0,
        )
        return written(letter)

    def bounce(self, play: Play, at: datetime) -> None:
        """Let the report arrive that our newest answer came back."""
        quoted = self._quoted(play.last_answer)
        if quoted is None:
            raise LookupError("A mail came back that was not written.")
        domain = _domain(play.writer)
        raw = bounce(
            rfc_message_id=self._message_id(play, domain),
            original_message_id=quoted.rfc_message_id,
            from_address=f"mailer-daemon@{domain}",
            to=self._box(play).address,
            failed=play.writer.address,
            at=at,
        )
        self._take_in(play, raw, at)

    def from_partner(self, play: Play, text: str, at: datetime) -> None:
        """Let the answer of a partner who was asked arrive."""
        partner, quoted = self._stage.house["partners"][play.partner], self._quoted(play.last_question)
        if quoted is None:
            raise LookupError("A partner answers who was not asked.")
        raw = written(
            Letter(
                rfc_message_id=self._message_id(play, partner["address"].partition("@")[2]),
                author=partner["name"],
                address=partner["address"],
                to=self._box(play).address,
                cc=(),
                subject=f"Re: Fwd: {play.subject}",
                text=text,
                language=play.matter.language,
                at=at.astimezone(self._zone),
                quoted=quoted,
            )
        )
        self._take_in(play, raw, at)

    def said(self, text: str, at: datetime) -> Said:
        """Remember what was just written, with its conversation, which the event of the act tells."""
        event = next(event for event in reversed(collected() or ()) if isinstance(event, MessageWritten))
        return Said(conversation_id=_id(event), text=text, at=at)

    def paper(self, play: Play, step: Step) -> Hanging:
        """Return what hangs on a step."""
        written_on = self._stage.house["papers"][step.file]
        return paper(
            step.file,
            name=written_on["name"].format_map(play.facts[play.writer.language]),
            lines=[line.format_map(play.facts[play.writer.language]) for line in written_on["lines"]],
            rng=play.rng,
        )

    def _take_in(self, play: Play, raw: bytes, at: datetime) -> None:
        settle(raw_ids=[self._stored(play, raw, at)], at=at)

    def _stored(self, play: Play, raw: bytes, at: datetime) -> int:
        self._mail_count += 1
        arrived = Arrived(mailbox_id=self._box(play).id, provider_id=f"1:{self._mail_count}", raw=raw, received_at=at)
        (raw_id,) = store_raw([arrived], is_silent=False, actor=HOUSE, at=at)
        if raw_id is None:
            raise LookupError("The demo took the same mail in twice.")
        return raw_id

    def _quoted(self, said: Said | None) -> Quoted | None:
        mail = newest_mail(said.conversation_id) if said else None
        if said is None or mail is None:
            return None
        return Quoted(
            rfc_message_id=mail.rfc_message_id,
            references=mail.references,
            author=mail.from_name,
            address=mail.from_address,
            text=said.text,
            at=said.at.astimezone(self._zone),
        )

    def _message_id(self, play: Play, domain: str) -> str:
        return f"{play.rng.getrandbits(80):020x}@{domain}"

    def _box(self, play: Play) -> Box:
        return self._stage.boxes[play.matter.team]


def _id(event: Event) -> int:
    return int(event.subject.partition(":")[2])


def _domain(writer: Writer) -> str:
    return writer.address.partition("@")[2]
