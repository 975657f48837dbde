"""From a batch of the log to rows of facts: whom it touches, their whole stories, and what stands beside the log.

Facts are worked out anew from whole stories each time, never from the last event alone. So a batch that is read twice, or late, or
from the beginning again gives the same rows, and the lake keeps only what is new in them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from careloop.domains.calls.queries import call_rows, called_conversations
from careloop.domains.cases import events as cases
from careloop.domains.cases.queries import cases_of_conversations, conversations_of, reasons
from careloop.domains.chats.queries import chat_rows, chats_of_conversations
from careloop.domains.commitments.queries import terms_of
from careloop.domains.commitments.states import BY_POLICY, Measure
from careloop.domains.contacts.queries import contact_ids_of
from careloop.domains.customers.events import CustomerCreated
from careloop.domains.customers.queries import pseudonyms_of
from careloop.domains.people.events import TeamMemberAdded
from careloop.domains.people.queries import all_team_ids
from careloop.kernel.events import Recorded, stories, stories_from, subject
from careloop.processes.lake.abuse import abuse_of
from careloop.processes.lake.cases import case_of
from careloop.processes.lake.folding import Row, agent_of, contact_of, memberships_of, messages_of
from careloop.processes.lake.naming import ours_or_none
from careloop.processes.lake.offers import NAMES as OFFERS
from careloop.processes.lake.offers import rung
from careloop.processes.lake.presence import SEAT, states_of
from careloop.processes.lake.promises import POLICY, callbacks_of, commitments_of, policy_rows, versions_in
from careloop.processes.workspace import workspace_facts

__all__ = ["TABLES", "UNKNOWN_UNTIL_TOLD", "facts_of"]

TABLES = (
    "customer",
    "agent",
    "agent_team",
    "contact",
    "contact_segment",
    "message",
    "case",
    "case_event",
    "commitment",
    "callback",
    "callback_attempt",
    "sla_policy",
    "agent_state",
    "abuse_event",
)
UNKNOWN_UNTIL_TOLD = frozenset({"agent_state"})
"""Tables that are nothing we know of until there is a row: a workspace without queues has nobody say what they do."""


@dataclass(slots=True)
class _Touched:
    """Whom a batch is about, by primary key."""

    contacts: set[int] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)
    relinked: set[int] = field(default_factory=set)
    cases: set[int] = field(default_factory=set)
    customers: set[int] = field(default_factory=set)
    users: set[int] = field(default_factory=set)
    teams: set[int] = field(default_factory=set)
    policies: set[int] = field(default_factory=set)
    seats: set[int] = field(default_factory=set)
    callers: set[int] = field(default_factory=set)


def facts_of(batch: Sequence[Recorded]) -> dict[str, list[Row]]:
    """Return by fact table the rows that a batch of the log touches, in the workspace in scope."""
    touched = _touched(batch)
    told = _Told(touched)
    rows: dict[str, list[Row]] = {table: [] for table in TABLES}
    for case_id, case in told.cases.items():
        promised = told.commitments.get(case_id, [])
        more = {"customer_id": told.pseudonym(case.customer_id), "sla_policy_id": _policy_of(promised)}
        rows["case"].append(case.case | more | told.reason(case.case))
        rows["case_event"] += case.changes
        rows["commitment"] += promised
        owed, tries = told.callbacks.get(case_id, ([], []))
        rows["abuse_event"] += told.abuse.get(case_id, [])
        rows["callback"] += owed
        rows["callback_attempt"] += tries
    rows["commitment"] += told.to_callers
    for contact in told.contacts:
        row = contact.contact | {"customer_id": told.pseudonym(contact.customer_id)}
        rows["contact"].append(row | told.matter(contact.conversation_id))
        rows["contact_segment"] += rung(contact.segments, told.offers(contact.conversation_id))
    for conversation_id, story in told.conversations.items():
        of_case = told.case_id(conversation_id)
        for message in messages_of(story):
            customer = message.pop("customer", None)
            is_gone = message.get("is_retracted", False)
            more = {"customer_id": told.pseudonym(customer), "case_id": ours_or_none("case", of_case)}
            rows["message"].append(message if is_gone else message | more)
    rows["customer"] = told.customers
    rows["agent"], rows["agent_team"] = told.agents, told.memberships
    if touched.seats:
        seats = [subject(SEAT, key) for key in sorted(touched.seats)]
        rows["agent_state"] = states_of(stories_from(seats, first_id=min(one.id for one in batch)))
    rows["sla_policy"] = policy_rows(terms_of(policy_ids=touched.policies)) if touched.policies else []
    return rows


def _policy_of(promised: Sequence[Row]) -> str | None:
    """Return what applies to a case: what was promised last of its solution, else of anything."""
    by_policy = [row for row in promised if row["measure"] in BY_POLICY]
    solutions = [row for row in by_policy if row["measure"] == Measure.RESOLUTION]
    return next((row["sla_policy_id"] for row in reversed(solutions or by_policy)), None)


def _touched(batch: Sequence[Recorded]) -> _Touched:
    touched = _Touched()
    by_kind = {
        "contact": touched.contacts,
        "conversation": touched.conversations,
        "case": touched.cases,
        "customer": touched.customers,
        "user": touched.users,
        "team": touched.teams,
        POLICY: touched.policies,
        SEAT: touched.seats,
    }
    for one in batch:
        kind, _colon, key = one.event.subject.partition(":")
        if kind in by_kind and key.isdigit():
            by_kind[kind].add(int(key))
        if kind == "call" and one.name.startswith("commitment."):
            touched.callers.add(one.subject_id)
        match one.event:
            case cases.CaseConversationLinked() | cases.CaseConversationUnlinked() as event:
                touched.relinked.add(event.conversation_id)
            case cases.CaseReasoned():
                # What a matter is about, its contacts are about.
                touched.relinked |= {link.conversation_id for link in conversations_of(one.subject_id)}
            case _:
                pass
    offered = {one.event.subject for one in batch if one.name in OFFERS}
    touched.contacts |= set(contact_ids_of(touched.relinked | _conversations_of(offered)))
    touched.conversations |= touched.relinked
    return touched


def _conversations_of(subjects: Collection[str]) -> set[int]:
    """Return the conversations in which the cases and chats with some subjects are spoken of."""
    keys: dict[str, set[int]] = {"case": set(), "chat": set()}
    for one in subjects:
        kind, _colon, key = one.partition(":")
        if kind in keys:
            keys[kind].add(int(key))
    spoken = {row.conversation_id for row in chat_rows(keys["chat"]).values()} if keys["chat"] else set()
    return spoken | {link.conversation_id for case_id in keys["case"] for link in conversations_of(case_id)}


class _Told:
    """What the log tells of those whom a batch touches, and what stands beside it."""

    def __init__(self, touched: _Touched) -> None:
        contacts = _stories("contact", touched.contacts).values()
        folded_contacts = [folded for story in contacts if (folded := contact_of(story)) is not None]
        # What was said in a call is taken down here, and measured where the call was: once.
        called = called_conversations({contact.conversation_id for contact in folded_contacts})
        self.contacts = [contact for contact in folded_contacts if contact.conversation_id not in called]
        self.conversations = _stories("conversation", touched.conversations)
        about = {*touched.conversations, *(contact.conversation_id for contact in self.contacts)}
        self._case_ids = {key: links[0][0] for key, links in cases_of_conversations(about).items() if links}
        every_case = _stories("case", touched.cases | set(self._case_ids.values()))
        self._every_case = {key: case for key, story in every_case.items() if (case := case_of(story)) is not None}
        self.cases = {key: folded for key, folded in self._every_case.items() if key in touched.cases}
        self.commitments = _commitments({key: story for key, story in every_case.items() if key in self.cases})
        self.to_callers = _to_callers(touched.callers)
        self.abuse = {key: abuse_of(story) for key, story in every_case.items() if key in self.cases}
        self.callbacks = {key: callbacks_of(story) for key, story in every_case.items() if key in self.cases}
        self._offers_of_cases = {key: [one for one in story if one.name in OFFERS] for key, story in every_case.items()}
        self._chats = chats_of_conversations({one.conversation_id for one in self.contacts})
        self._offers_of_chats = _stories("chat", self._chats.values(), names=OFFERS)
        self._reasons = _reason_groups() if any("reason_code" in one.case for one in self._every_case.values()) else {}
        self._pseudonyms = pseudonyms_of(self._customer_ids(touched))
        self.customers = self._customer_rows(touched.customers)
        self.agents, self.memberships = _people(touched)

    def pseudonym(self, customer_id: int | None) -> str | None:
        return None if customer_id is None else self._pseudonyms.get(customer_id)

    def case_id(self, conversation_id: int) -> int | None:
        return self._case_ids.get(conversation_id)

    def offers(self, conversation_id: int) -> list[Recorded]:
        """Return the offers of what waited for a conversation: of its chat where it is one, else of its case."""
        if conversation_id in self._chats:
            return self._offers_of_chats.get(self._chats[conversation_id], [])
        return self._offers_of_cases.get(self.case_id(conversation_id) or 0, [])

    def matter(self, conversation_id: int) -> Row:
        """Return what a contact takes from the case that its conversation belongs to."""
        case_id = self.case_id(conversation_id)
        case = None if case_id is None else self._every_case.get(case_id)
        told = {} if case is None else self.reason(case.case)
        source = {"reason_source": "agent"} if told.get("reason_code") else {}
        return {"case_id": ours_or_none("case", case_id), **told, **source}

    def reason(self, case: Row) -> Row:
        code = case.get("reason_code")
        return {"reason_code": code, "reason_group": self._reasons.get(code, code) if code else None}

    def _customer_ids(self, touched: _Touched) -> set[int]:
        spoken = (row.get("customer") for story in self.conversations.values() for row in messages_of(story))
        return {
            *touched.customers,
            *(contact.customer_id for contact in self.contacts),
            *(case.customer_id for case in self.cases.values()),
            *(customer for customer in spoken if customer is not None),
        }

    def _customer_rows(self, customer_ids: Collection[int]) -> list[Row]:
        begun = {
            key: one.event.at
            for key, story in _stories("customer", customer_ids).items()
            for one in story
            if isinstance(one.event, CustomerCreated)
        }
        return [
            {"customer_id": name, "since": at, "until": None}
            for key, at in begun.items()
            if (name := self.pseudonym(key)) is not None
        ]


def _commitments(stories_of_cases: Mapping[int, Sequence[Recorded]]) -> dict[int, list[Row]]:
    """Fold what was promised in each case."""
    named = {version_id for story in stories_of_cases.values() for version_id in versions_in(story)}
    versions = {row.id: row for row in terms_of(version_ids=named)} if named else {}
    return {key: commitments_of(story, versions) for key, story in stories_of_cases.items()}


def _to_callers(call_ids: Collection[int]) -> list[Row]:
    """Fold what was promised to the callers of some calls, whose own facts come from their telephone systems."""
    if not call_ids:
        return []
    told, calls = _stories("call", call_ids), call_rows(call_ids)
    named = {version_id for story in told.values() for version_id in versions_in(story)}
    versions = {row.id: row for row in terms_of(version_ids=named)}
    return [
        row
        for key, story in told.items()
        for row in commitments_of(story, versions, contact_id=calls[key].contact_key if key in calls else None)
    ]


def _people(touched: _Touched) -> tuple[list[Row], list[Row]]:
    """Fold people and teams, all of them when any is touched: who leaves the workspace leaves its teams, and joins late."""
    if not touched.users and not touched.teams:
        return [], []
    zone = ZoneInfo(workspace_facts().time_zone)
    teams = stories(subject("team", key) for key in all_team_ids())
    members = {event.user_id for one in teams if isinstance(event := one.event, TeamMemberAdded)}
    users = _stories("user", touched.users | members)
    agents = [
        row
        for key, story in users.items()
        if (row := agent_of(story, zone=zone, is_in_team=key in members)) is not None
    ]
    lived = sorted([*teams, *(one for story in users.values() for one in story)], key=lambda one: one.id)
    return agents, memberships_of(lived)


def _stories(kind: str, keys: Iterable[int], *, names: Collection[str] = ()) -> dict[int, list[Recorded]]:
    """Return the stories of some subjects by their primary key."""
    told: defaultdict[int, list[Recorded]] = defaultdict(list)
    for one in stories((subject(kind, key) for key in sorted(keys)), names=names):
        told[one.subject_id].append(one)
    return dict(told)


def _reason_groups() -> dict[str, Any]:
    """Return the code at the root of each reason of the newest tree, by its code."""
    groups: dict[str, Any] = {}
    root = ""
    for reason in reasons():
        root = reason.code if len(reason.path) == 1 else root
        groups[reason.code] = root
    return groups
