"""Play the matters of one workspace: every step calls the act that a person's click or a customer's mail would call."""

import html
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from careloop.domains.cases import services as cases
from careloop.domains.cases.events import CaseOpened
from careloop.domains.channels.services import store_raw
from careloop.domains.conversations.events import MessageWritten
from careloop.domains.conversations.queries import newest_mail
from careloop.domains.conversations.types import Channel
from careloop.domains.customers.queries import customer_of_address
from careloop.domains.customers.services import create_customer, link_identity, recognize, verify_identity
from careloop.domains.customers.types import IdentityKind
from careloop.domains.files.services import keep_file
from careloop.kernel.actors import HOUSE, Actor, ActorKind
from careloop.kernel.events import Event, collected
from careloop.processes import hands
from careloop.processes.answering import add_word_of_customer, forward, open_by_hand, receive_request, reply
from careloop.processes.answering.types import Words
from careloop.processes.demo.casting import Writer
from careloop.processes.demo.equipping import Box, Stage
from careloop.processes.demo.library import Step, StepKind
from careloop.processes.demo.mails import Hanging, Letter, Quoted, bounce, written
from careloop.processes.demo.papers import paper
from careloop.processes.demo.plays import Play, Said
from careloop.processes.demo.wording import Wording
from careloop.processes.intake import settle

__all__ = ["Player"]

BY_HAND = frozenset({Channel.VOICE, Channel.LETTER, Channel.IN_PERSON})
TRIAGE = timedelta(minutes=4)
"""How long before an answer its writer takes the case and says what it is about."""


class Player:
    """Plays on one stage. Opens no scope of its own: the caller decides how much is committed together."""

    def __init__(self, stage: Stage, wording: Wording) -> None:
        self._stage, self._wording = stage, wording
        self._zone = ZoneInfo(stage.house["time_zone"])
        self._mail_count = 0

    def step(self, play: Play, step: Step, at: datetime) -> None:
        """Let one step of a play happen. at: the simulated present."""
        match step.kind:
            case StepKind.CUSTOMER if play.case_id is None:
                self._open(play, step, at)
            case StepKind.CUSTOMER if play.matter.channel == Channel.PORTAL:
                self._word_in_portal(play, step, at)
            case StepKind.CUSTOMER | StepKind.COMPANION | StepKind.AWAY | StepKind.BOUNCE:
                self._mail_back(play, step, at)
            case StepKind.AGENT:
                self._answer(play, step, at)
            case StepKind.NOTE | StepKind.COLLEAGUE:
                self._note(play, step, at)
            case StepKind.FORWARD:
                self._ask_partner(play, step, at)
            case StepKind.THIRD:
                self._partner_answers(play, step, at)

    def _open(self, play: Play, step: Step, at: datetime) -> None:
        channel, writer = play.matter.channel, play.writer
        text = self._wording.of_customer(play, step)
        if channel == Channel.EMAIL:
            self._receive(play, self._letter(play, step, text, writer, None, at), at)
            return
        if channel in BY_HAND:
            self._take_down(play, step, text, at)
            return
        customer = None
        actor = Actor(kind=ActorKind.HOUSE, name=str(channel))
        if channel == Channel.PORTAL:
            customer_id = recognize(
                address=writer.address, name=writer.name, language=writer.language, source="portal", actor=HOUSE, at=at
            )
            verify_identity(kind=IdentityKind.EMAIL, value=writer.address, at=at)
            customer = actor = Actor(kind=ActorKind.CUSTOMER, id=customer_id)
        play.case_id = receive_request(
            channel=channel,
            address=writer.address,
            name=writer.name,
            language=writer.language,
            subject_line=play.subject,
            words=Words(text=text, html="", file_ids=self._files(play, step, actor, at)),
            team_id=self._stage.teams[play.matter.team],
            mailbox_id=self._box(play).id,
            customer=customer,
            actor=actor,
            at=at,
        )

    def _take_down(self, play: Play, step: Step, text: str, at: datetime) -> None:
        writer, agent = play.writer, self._stage.people[play.agent]
        customer_id = customer_of_address(writer.address)
        if customer_id is None:
            customer_id = create_customer(
                name=writer.name,
                kind=IdentityKind.PHONE,
                value=writer.phone,
                language=writer.language,
                source=play.matter.channel,
                actor=agent,
                at=at,
            )
            link_identity(
                customer_id=customer_id,
                kind=IdentityKind.EMAIL,
                value=writer.address,
                confidence=0.9,
                actor=agent,
                at=at,
            )
        play.case_id = open_by_hand(
            channel=play.matter.channel,
            customer_id=customer_id,
            subject_line=play.subject,
            words=Words(text=text, html="", file_ids=self._files(play, step, agent, at)),
            team_id=self._stage.teams[play.matter.team],
            assignee_id=agent.id,
            status_id=self._stage.statuses[step.ends] if step.ends else None,
            actor=agent,
            at=at,
        )
        play.is_taken = True
        self._describe(play, agent, at)

    def _word_in_portal(self, play: Play, step: Step, at: datetime) -> None:
        customer_id = customer_of_address(play.writer.address)
        if play.case_id is None or customer_id is None:
            raise LookupError("A customer writes in the portal about a case that is not there.")
        actor = Actor(kind=ActorKind.CUSTOMER, id=customer_id)
        text = self._wording.of_customer(play, step)
        words = Words(text=text, html="", file_ids=self._files(play, step, actor, at))
        add_word_of_customer(case_id=play.case_id, words=words, actor=actor, at=at)

    def _mail_back(self, play: Play, step: Step, at: datetime) -> None:
        quoted = self._quoted(play.last_answer)
        if step.kind is StepKind.BOUNCE:
            if quoted is not None:
                domain = play.writer.address.partition("@")[2]
                raw = bounce(
                    rfc_message_id=self._message_id(play, domain),
                    original_message_id=quoted.rfc_message_id,
                    from_address=f"mailer-daemon@{domain}",
                    to=self._box(play).address,
                    failed=play.writer.address,
                    at=at,
                )
                self._take_in(play, raw, at)
            return
        writer = play.companion if step.kind is StepKind.COMPANION and play.companion else play.writer
        text = self._wording.of_customer(play, step)
        self._receive(play, self._letter(play, step, text, writer, quoted, at), at)

    def _answer(self, play: Play, step: Step, at: datetime) -> None:
        agent = self._take(play, at)
        text = self._wording.of_agent(play, step)
        reply(
            case_id=self._case(play),
            words=_words(text, self._files(play, step, agent, at)),
            status_id=self._stage.statuses[step.ends] if step.ends else None,
            actor=agent,
            at=at,
        )
        play.last_answer = self._said(text, at)

    def _note(self, play: Play, step: Step, at: datetime) -> None:
        team = self._stage.of_team.get(step.to, ())
        if step.kind is StepKind.COLLEAGUE:
            writer = self._stage.people[team[len(play.subject) % len(team)]]
            mentioned = [self._stage.people[play.agent]]
        else:
            writer = self._hold(play, at)
            mentioned = [self._stage.people[team[len(play.subject) % len(team)]]] if team else []
        names = [
            next(name for key, name in self._stage.names.items() if self._stage.people[key] == one) for one in mentioned
        ]
        text = self._wording.of_note(play, step, names if step.kind is StepKind.NOTE else [])
        cases.add_note(
            case_id=self._case(play),
            html=_words(text, ()).html,
            text=text,
            mentions=[one.id for one in mentioned],
            actor=writer,
            at=at,
        )
        if step.ends:
            self._change_status(play, step, at)

    def _ask_partner(self, play: Play, step: Step, at: datetime) -> None:
        agent = self._hold(play, at)
        play.partner = step.to
        partner = self._stage.house["partners"][step.to]
        text = self._wording.of_partner(play, step)
        forward(case_id=self._case(play), to=partner["address"], words=_words(text, ()), actor=agent, at=at)
        play.last_question = self._said(text, at)
        if step.ends:
            self._change_status(play, step, at)

    def _partner_answers(self, play: Play, step: Step, at: datetime) -> None:
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
                text=self._wording.of_partner(play, step),
                language=play.matter.language,
                at=at.astimezone(self._zone),
                quoted=quoted,
            )
        )
        self._take_in(play, raw, at)

    def _take(self, play: Play, at: datetime) -> Actor:
        """Let the agent take the case, once, and say what it is about. Who answers at once takes it by answering."""
        agent = self._stage.people[play.agent]
        if not play.is_taken:
            play.is_taken = True
            self._describe(play, agent, at - TRIAGE)
        return agent

    def _hold(self, play: Play, at: datetime) -> Actor:
        """Let the agent take the case before anything was answered."""
        agent = self._take(play, at)
        if play.last_answer is None:
            team_id = self._stage.teams[play.matter.team]
            hands.assign(case_id=self._case(play), assignee_id=agent.id, team_id=team_id, actor=agent, at=at - TRIAGE)
        return agent

    def _describe(self, play: Play, agent: Actor, at: datetime) -> None:
        case_id, matter = self._case(play), play.matter
        if matter.reason:
            cases.set_reason(case_id=case_id, reason_id=self._stage.reasons[matter.reason], actor=agent, at=at)
        if matter.tags:
            cases.tag(case_id=case_id, add=matter.tags, remove=(), actor=agent, at=at)
        if matter.priority != 2:
            cases.prioritize(case_id=case_id, priority=matter.priority, actor=agent, at=at)

    def _change_status(self, play: Play, step: Step, at: datetime) -> None:
        hands.change_status(
            case_id=self._case(play),
            status_id=self._stage.statuses[step.ends],
            actor=self._stage.people[play.agent],
            at=at,
        )

    def _letter(self, play: Play, step: Step, text: str, writer: Writer, quoted: Quoted | None, at: datetime) -> Letter:
        headers = [("X-Spam-Flag", "YES")] if play.matter.is_spam else []
        if step.kind is StepKind.AWAY:
            headers.append(("Auto-Submitted", "auto-replied"))
        in_copy = (
            play.companion if play.companion and writer is play.writer and step.kind is not StepKind.AWAY else None
        )
        return Letter(
            rfc_message_id=self._message_id(play, writer.address.partition("@")[2]),
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
            files=(self._paper(play, step),) if step.file else (),
            has_html=len(play.subject) % 3 == 0,
        )

    def _receive(self, play: Play, letter: Letter, at: datetime) -> None:
        before = len(collected() or ())
        self._take_in(play, written(letter), at)
        opened = [event for event in (collected() or ())[before:] if isinstance(event, CaseOpened)]
        if opened and play.case_id is None:
            play.case_id = _id(opened[0])

    def _take_in(self, play: Play, raw: bytes, at: datetime) -> None:
        self._mail_count += 1
        raw_id = store_raw(
            mailbox_id=self._box(play).id,
            provider_id=f"1:{self._mail_count}",
            raw=raw,
            received_at=at,
            is_silent=False,
            actor=HOUSE,
            at=at,
        )
        if raw_id is None:
            raise LookupError("The demo took the same mail in twice.")
        settle(raw_id=raw_id, at=at)

    def _said(self, text: str, at: datetime) -> Said:
        """Remember what was just written, with its conversation, which the event of the act tells."""
        event = next(event for event in reversed(collected() or ()) if isinstance(event, MessageWritten))
        return Said(conversation_id=_id(event), text=text, at=at)

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

    def _files(self, play: Play, step: Step, actor: Actor, at: datetime) -> list[int]:
        if not step.file:
            return []
        file = self._paper(play, step)
        return [
            keep_file(
                name=file.name, declared_type=file.content_type, content=file.content, is_loose=True, actor=actor, at=at
            )
        ]

    def _paper(self, play: Play, step: Step) -> Hanging:
        written_on = self._stage.house["papers"][step.file]
        return paper(
            step.file,
            name=written_on["name"].format_map(play.facts[play.writer.language]),
            lines=[line.format_map(play.facts[play.writer.language]) for line in written_on["lines"]],
            rng=play.rng,
        )

    def _message_id(self, play: Play, domain: str) -> str:
        return f"{play.rng.getrandbits(80):020x}@{domain}"

    def _box(self, play: Play) -> Box:
        return self._stage.boxes[play.matter.team]

    def _case(self, play: Play) -> int:
        if play.case_id is None:
            raise LookupError(f"The matter {play.matter.code} goes on before it has begun.")
        return play.case_id


def _id(event: Event) -> int:
    return int(event.subject.partition(":")[2])


def _words(text: str, file_ids: list[int] | tuple[int, ...]) -> Words:
    paragraphs = (html.escape(part, quote=False).replace("\n", "<br>") for part in text.split("\n\n"))
    return Words(text=text, html="".join(f"<p>{part}</p>" for part in paragraphs), file_ids=file_ids)
