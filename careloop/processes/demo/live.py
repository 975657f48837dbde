"""What goes on in the demo when one first looks: chats, calls, a word to a team, and what is watched; as the texts say."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from careloop.domains.calls.course import Happened, Step
from careloop.domains.calls.queries import calls
from careloop.domains.calls.services import follow_calls, write_up_call
from careloop.domains.cases.queries import reasons, statuses
from careloop.domains.chats.queries import widget_in_use
from careloop.domains.chats.services import add_widget, note_read_by_visitor
from careloop.domains.chats.states import Invited
from careloop.domains.chats.types import ChatRow, InvitationRule, WidgetRow, WidgetSettings
from careloop.domains.people.queries import actor_for, team_ids_by_name
from careloop.domains.supervision.states import AbuseKind
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.queries import people_behind, seats
from careloop.domains.wallboards.services import add_threshold
from careloop.domains.wallboards.types import Direction, Figure, NewThreshold
from careloop.domains.webhooks import services as webhooks
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.scope import current_workspace
from careloop.processes.answering.types import Words
from careloop.processes.chatting import Beginning, agent_says, leave, pick, start_chat, visitor_says, wrap_up
from careloop.processes.floor import tell_team
from careloop.processes.protecting import warn
from careloop.processes.routing.chats import place_chat

__all__ = ["Live"]

BETWEEN_WORDS: Final = timedelta(seconds=45)
PATIENT_S: Final = 86_400
"""A demo that nobody looks at for some hours still shows its chats."""
RINGS_S: Final = 6.0
DAY: Final = "demo"


class Live:
    """The workspace in scope as it is when one first looks.

    house: as it is written. queues: primary keys by key. ids: of people, by key. until: the simulated present.
    """

    def __init__(
        self, house: Mapping[str, Any], *, queues: Mapping[str, int], ids: Mapping[str, int], until: datetime
    ) -> None:
        self._house, self._queues, self._ids, self._until = house, queues, ids, until
        self._reasons = {row.code: row.id for row in reasons()}

    def chat(self) -> None:
        """Put the chat on the company's site, and let visitors write there, be answered and go."""
        written = self._house["widget"]
        settings = WidgetSettings(
            name=written["name"],
            language=self._house["language"],
            greetings=written["greetings"],
            queue_id=self._queues[written["queue"]],
            allowed_origins=tuple(written["origins"]),
            visitor_silence_s=PATIENT_S,
            agent_silence_s=PATIENT_S,
            mail_after_s=PATIENT_S,
            most_wait_s=PATIENT_S,
            invitations=tuple(_rule(rule) for rule in written["invitations"]),
            notice=written["notice"],
            notice_url=written["notice_url"],
        )
        add_widget(key=written["key"], settings=settings, actor=self._actor("yoon"), at=self._until)
        widget = widget_in_use(written["key"])
        for chat in self._house["chats"]:
            self._chat(widget, chat)

    def connect(self) -> None:
        """Connect another system, which is told nothing: it is paused, and its address is nobody's."""
        written, owner = self._house["webhook"], self._actor("yoon")
        webhook_id = webhooks.add_webhook(
            name=written["name"], url=written["url"], may_reach_inside=False, actor=owner, at=self._until
        )
        webhooks.pause_webhook(webhook_id=webhook_id, actor=owner, at=self._until)

    def call(self) -> None:
        """Let a telephone system have told of some calls; it is paused, so that nobody looks for it."""
        written, owner, at = self._house["exchange"], self._actor("yoon"), self._until
        settings = telephony.PbxSettings(name=written["name"], host=written["host"], user="careloop", secret=DAY)
        pbx_id = telephony.add_pbx(settings=settings, actor=owner, at=at)
        telephony.note_names(pbx_id=pbx_id, names=list(written["seats"]), actor=HOUSE, at=at)
        for seat in seats(pbx_id):
            person = self._ids[written["seats"][seat.name]]
            telephony.seat_person(pbx_id=pbx_id, seat_id=seat.id, user_id=person, actor=owner, at=at)
        telephony.go_live(pbx_id=pbx_id, actor=owner, at=at)
        telephony.pause_pbx(pbx_id=pbx_id, actor=owner, at=at)
        told = [step for number, call in enumerate(self._house["calls"], start=1) for step in self._steps(number, call)]
        follow_calls(
            pbx_id=pbx_id,
            piece=1,
            steps=sorted(told, key=lambda step: step.at),
            present=None,
            standing_at=None,
            people=people_behind(pbx_id),
            actor=HOUSE,
            at=at,
        )
        self._write_up()

    def tell_teams(self) -> None:
        """Let leads tell their teams something."""
        named = team_ids_by_name()
        for said in self._house["team_messages"]:
            team_id = named[self._house["teams"][said["team"]]]
            at = self._until - timedelta(minutes=said["since_min"])
            tell_team(team_id=team_id, text=said["text"], actor=self._actor(said["who"]), at=at)

    def watch(self) -> None:
        """Say from when on a queue alarms."""
        for said in self._house["watched"]:
            new = NewThreshold(
                figure=Figure(said["figure"]),
                direction=Direction(said["direction"]),
                queue_id=self._queues[said["queue"]],
                warning=said.get("warning"),
                alarm=said.get("alarm"),
                hold_seconds=0,
            )
            add_threshold(new, actor=self._actor(self._house["lead"]), at=self._until)

    def _chat(self, widget: WidgetRow, said: Mapping[str, Any]) -> None:
        began, words = self._until - timedelta(minutes=said["since_min"]), said["words"]
        beginning = Beginning(
            secret=f"{DAY} {said['address']}",
            mark=_mark(said, 0),
            address=said["address"],
            name=said["name"],
            proved=None,
            language=said["language"],
            page=said["page"],
            text=words[0][1],
            is_agreed=True,
        )
        chat = start_chat(beginning, widget=widget, at=began)
        place_chat(chat_id=chat.id, at=began)
        if "taken_by" in said:
            at = began + BETWEEN_WORDS / 2
            pick(chat_id=chat.id, actor=self._actor(said["taken_by"]), at=at)
            place_chat(chat_id=chat.id, at=at)
        for number, (who, text) in enumerate(words[1:], start=1):
            self._say(chat, who, text, _mark(said, number), at=began + number * BETWEEN_WORDS)
            abuse = said.get("abuse")
            if abuse and abuse["after"] == number + 1:
                at = began + number * BETWEEN_WORDS + BETWEEN_WORDS / 3
                warn(case_id=chat.case_id, kind=AbuseKind(abuse["kind"]), actor=self._actor(abuse["by"]), at=at)
        if "ends_after_min" in said:
            self._end(chat, said, at=began + timedelta(minutes=said["ends_after_min"]))

    def _say(self, chat: ChatRow, who: str, text: str, mark: str, *, at: datetime) -> None:
        if not who:
            visitor_says(chat=chat, mark=mark, previous="", text=text, at=at)
            return
        words = Words(text=text, html="")
        message_id = agent_says(chat_id=chat.id, mark=mark, previous="", words=words, actor=self._actor(who), at=at)
        note_read_by_visitor(chat_id=chat.id, message_id=message_id)

    def _end(self, chat: ChatRow, said: Mapping[str, Any], *, at: datetime) -> None:
        if "solved" in said:
            solved = next(row.id for row in statuses() if row.category == "solved" and row.is_default)
            actor, reason = self._actor(said["taken_by"]), self._reasons[said["solved"]]
            wrap_up(chat_id=chat.id, reason_id=reason, status_id=solved, actor=actor, at=at)
        else:
            leave(chat=chat, wants_transcript=False, at=at)
        place_chat(chat_id=chat.id, at=at)

    def _steps(self, number: int, said: Mapping[str, Any]) -> Sequence[Step]:
        """Return what a telephone system tells of one call: until it is over, or until now."""
        began, key = self._until - timedelta(minutes=said["before_min"]), f"{DAY}.{number}"
        queue, seat, waits = said["queue"], said.get("seat", ""), float(said.get("waits_s", 0))
        plan = [(Happened.BEGAN, 0.0, ""), (Happened.QUEUED, 1.0, "")]
        for place, missed in enumerate(said.get("misses", ())):
            plan += [(Happened.RANG, 2.0 + place, missed), (Happened.UNANSWERED, waits - RINGS_S - 1, missed)]
        if seat:
            plan += [(Happened.RANG, waits - RINGS_S, seat), (Happened.ANSWERED, waits, seat)]
            if "talks_s" in said:
                over = waits + said["talks_s"]
                plan += [(Happened.RELEASED, over, seat), (Happened.HUNG_UP, over + 0.1, "")]
        elif waits:
            plan += [(Happened.GAVE_UP, waits, ""), (Happened.HUNG_UP, waits + 0.1, "")]
        return [
            Step(
                what=what,
                key=key,
                at=began + timedelta(seconds=seconds),
                number=said["number"] if what in {Happened.BEGAN, Happened.QUEUED} else "",
                queue=queue if what in {Happened.QUEUED, Happened.RANG, Happened.ANSWERED} else "",
                seat=of,
            )
            for what, seconds, of in plan
        ]

    def _write_up(self) -> None:
        """Let whoever talked note what it was about."""
        noted = {said["number"]: said for said in self._house["calls"] if "note" in said}
        for row in calls(viewer=HOUSE).items:
            said = noted.get(row.number)
            agent = None if row.agent_id is None else actor_for(row.agent_id, current_workspace())
            if said is None or agent is None or row.ended_at is None:
                continue
            write_up_call(
                call_id=row.id,
                reason_id=self._reasons[said["reason"]],
                note=said["note"],
                actor=agent,
                at=row.ended_at + BETWEEN_WORDS,
            )

    def _actor(self, person: str) -> Actor:
        found = actor_for(self._ids[person], current_workspace())
        if found is None:
            raise LookupError("A person of the demo is no member of its workspace.")
        return found


def _rule(said: Mapping[str, Any]) -> InvitationRule:
    return InvitationRule(**{**said, "to": Invited(said["to"])})


def _mark(said: Mapping[str, Any], number: int) -> str:
    """Return what a browser would make at random: the same every time."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{said['address']} {number}"))
