"""Play the matters of one workspace: every step calls the act that a person's click or a customer's mail would call."""

import html
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from careloop.domains.cases import services as cases
from careloop.domains.conversations.types import Channel
from careloop.domains.customers.queries import customer_of_address
from careloop.domains.customers.services import create_customer, link_identity, recognize, verify_identity
from careloop.domains.customers.types import IdentityKind, Met
from careloop.domains.files.services import keep_file
from careloop.domains.tasks.services import ask_task, finish_task
from careloop.domains.tasks.states import Share
from careloop.domains.tasks.types import NewTask
from careloop.gateways.mime import html_to_text
from careloop.kernel.actors import HOUSE, Actor, ActorKind
from careloop.processes import hands
from careloop.processes.answering import (
    add_word_of_customer,
    forward,
    open_by_hand,
    phrases,
    receive_request,
    reply,
)
from careloop.processes.answering.types import Words
from careloop.processes.demo.equipping import Stage
from careloop.processes.demo.library import Step, StepKind
from careloop.processes.demo.plays import Moment, Play
from careloop.processes.demo.posting import Post
from careloop.processes.demo.wording import Wording

__all__ = ["Player"]

BY_HAND = frozenset({Channel.VOICE, Channel.LETTER, Channel.IN_PERSON})
LONGEST_TITLE = 200
TRIAGE = timedelta(minutes=4)
"""How long before an answer its writer takes the case and says what it is about."""


class Player:
    """Plays on one stage. Opens no scope of its own: the caller decides how much is committed together."""

    def __init__(self, stage: Stage, wording: Wording) -> None:
        self._stage, self._wording = stage, wording
        self._post = Post(stage)

    def begin(self, moments: Sequence[Moment]) -> None:
        """Let plays begin, the oldest first. Mails that come one after the other are read together, as a worker does."""
        for is_mail, some in groupby(moments, key=lambda moment: moment.play.matter.channel == Channel.EMAIL):
            if is_mail:
                self._post.first_mails([(one, self._wording.of_customer(one.play, one.step)) for one in some])
                continue
            for one in some:
                self._open(one.play, one.step, one.at)

    def suffer(self, at: datetime) -> None:
        """Let the mailbox suffer what every mailbox does."""
        self._post.mishaps(at)

    def go_on(self, moment: Moment) -> None:
        """Let a further step of a play happen."""
        play, step, at = moment.play, moment.step, moment.at
        match step.kind:
            case StepKind.CUSTOMER if play.matter.channel == Channel.PORTAL:
                self._word_in_portal(play, step, at)
            case StepKind.CUSTOMER | StepKind.COMPANION | StepKind.AWAY | StepKind.BOUNCE:
                self._mail_back(play, step, at)
            case StepKind.AGENT:
                self._answer(play, step, at)
            case StepKind.NOTE if _is_answered(play, step):
                self._ask_department(play, step, at)
            case StepKind.COLLEAGUE if play.task_id is not None:
                self._department_answers(play, step, at)
            case StepKind.NOTE | StepKind.COLLEAGUE:
                self._note(play, step, at)
            case StepKind.FORWARD:
                self._ask_partner(play, step, at)
            case StepKind.THIRD:
                self._post.from_partner(play, self._wording.of_partner(play, step), at)

    def _open(self, play: Play, step: Step, at: datetime) -> None:
        channel, writer = play.matter.channel, play.writer
        text = self._wording.of_customer(play, step)
        if channel in BY_HAND:
            self._take_down(play, step, text, at)
            return
        customer = None
        actor = Actor(kind=ActorKind.HOUSE, name=str(channel))
        if channel == Channel.PORTAL:
            met = Met(address=writer.address, name=writer.name, language=writer.language, at=at)
            customer_id = recognize([met], source="portal", actor=HOUSE)[writer.address]
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
            mailbox_id=self._stage.boxes[play.matter.team].id,
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
        if step.kind is StepKind.BOUNCE:
            self._post.bounce(play, at)
            return
        writer = play.companion if step.kind is StepKind.COMPANION and play.companion else play.writer
        text = self._wording.of_customer(play, step)
        self._post.from_customer(play, step, text, writer, at)

    def _answer(self, play: Play, step: Step, at: datetime) -> None:
        agent = self._take(play, at)
        used = phrases(case_id=self._case(play), text=step.saved, viewer=agent, limit=1) if step.saved else []
        text = self._wording.of_agent(play, step, begun="".join(html_to_text(phrase.html) for phrase in used))
        reply(
            case_id=self._case(play),
            words=_words(text, self._files(play, step, agent, at), reply_ids=[phrase.id for phrase in used]),
            status_id=self._stage.statuses[step.ends] if step.ends else None,
            actor=agent,
            at=at,
        )
        play.last_answer = self._post.said(text, at)

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

    def _ask_department(self, play: Play, step: Step, at: datetime) -> None:
        """Let the agent ask a department for its part; the first sentence says what is to be done."""
        agent = self._hold(play, at)
        text = self._wording.of_note(play, step, [])
        title, words = _titled(text)
        shares = frozenset({Share.SUBJECT, Share.CUSTOMER, Share.WORDS})
        task = NewTask(title=title, words=words, team_id=self._stage.teams[step.to], shares=shares)
        play.task_id = ask_task(case_id=self._case(play), task=task, actor=agent, at=at)
        if step.ends:
            self._change_status(play, step, at)

    def _department_answers(self, play: Play, step: Step, at: datetime) -> None:
        team = self._stage.of_team.get(step.to, ())
        writer = self._stage.people[team[len(play.subject) % len(team)]]
        text = self._wording.of_note(play, step, [])
        if play.task_id is not None:
            finish_task(task_id=play.task_id, answer=text, actor=writer, at=at)
        play.task_id = None

    def _ask_partner(self, play: Play, step: Step, at: datetime) -> None:
        agent = self._hold(play, at)
        play.partner = step.to
        partner = self._stage.house["partners"][step.to]
        text = self._wording.of_partner(play, step)
        forward(case_id=self._case(play), to=partner["address"], words=_words(text, ()), actor=agent, at=at)
        play.last_question = self._post.said(text, at)
        if step.ends:
            self._change_status(play, step, at)

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

    def _files(self, play: Play, step: Step, actor: Actor, at: datetime) -> list[int]:
        if not step.file:
            return []
        file = self._post.paper(play, step)
        return [
            keep_file(
                name=file.name, declared_type=file.content_type, content=file.content, is_loose=True, actor=actor, at=at
            )
        ]

    def _case(self, play: Play) -> int:
        if play.case_id is None:
            raise LookupError(f"The matter {play.matter.code} goes on before it has begun.")
        return play.case_id


def _words(text: str, file_ids: Sequence[int], *, reply_ids: Sequence[int] = ()) -> Words:
    paragraphs = (html.escape(part, quote=False).replace("\n", "<br>") for part in text.split("\n\n"))
    markup = "".join(f"<p>{part}</p>" for part in paragraphs)
    return Words(text=text, html=markup, file_ids=file_ids, reply_ids=reply_ids)


def _is_answered(play: Play, step: Step) -> bool:
    """Say whether a word to a department is answered by one of its people."""
    steps = play.matter.steps
    after = steps[steps.index(step) + 1 :]
    return bool(step.to) and bool(after) and after[0].kind is StepKind.COLLEAGUE


def _titled(text: str) -> tuple[str, str]:
    """Return the first sentence of a text, and what follows."""
    ends = (at + 1 for at, letter in enumerate(text) if letter in ".?!" and text[at + 1 : at + 2] in {" ", ""})
    end = next(ends, len(text))
    return (text[:end], text[end:].strip()) if end <= LONGEST_TITLE else (text[:LONGEST_TITLE], text)
