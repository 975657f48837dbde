"""Stories become rows: what happened to one subject, oldest first."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from careloop.domains.cases import events as cases
from careloop.domains.contacts import events as contacts
from careloop.domains.conversations import events as conversations
from careloop.domains.people import events as people
from careloop.kernel.events import Event, Recorded
from careloop.processes.lake.cases import case_of
from careloop.processes.lake.folding import agent_of, contact_of, memberships_of, messages_of

NINE = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEOUL = ZoneInfo("Asia/Seoul")
NEW = ("new", None, 4, False)
OPEN = ("open", 7, 4, False)
SOLVED = ("solved", 7, 4, False)
MOVE: dict[str, Any] = {"was_status_id": 1, "now_status_id": 2}


def said(subject: str, event: type[Event], hours: float, actor: str = "user:7", **fields: Any) -> Event:
    return event(subject=subject, actor=actor, at=NINE + hours * HOUR, **fields)


def story(events: Iterable[Event]) -> list[Recorded]:
    return [
        Recorded(id=number, position=number, workspace_id=1, name="", event=event, recorded_at=event.at)
        for number, event in enumerate(events, start=1)
    ]


class TestCase:
    LIFE = (
        said(
            "case:3",
            cases.CaseOpened,
            0,
            actor="house:intake",
            number=1,
            requester_id=9,
            channel="portal",
            type_id=5,
            priority=2,
            now=NEW,
        ),
        said("case:3", cases.CaseAnswered, 1, message_id=1, is_first=True, waited_seconds=3600),
        said("case:3", cases.CaseSolved, 2, cycle=1, open_seconds=7200, was=OPEN, now=SOLVED, **MOVE),
        said("case:3", cases.CaseReopened, 30, cycle=2, was=SOLVED, now=OPEN, **MOVE),
        said("case:3", cases.CaseAnswered, 31, message_id=2, is_first=False, waited_seconds=3600),
        said("case:3", cases.CasePrioritized, 31, was=2, now=1),
        said("case:3", cases.CaseReasoned, 31, was="", now="parcel.lost", tree_version=1),
        said("case:3", cases.CaseAssigned, 32, was=OPEN, now=("open", 7, 6, False)),
        said("case:3", cases.CaseSolved, 33, cycle=2, open_seconds=9, was=OPEN, now=("solved", 7, 6, False), **MOVE),
    )

    def test_the_last_solution_holds_and_each_way_back_counts(self) -> None:
        told = case_of(story(self.LIFE))

        assert told is not None
        assert told.customer_id == 9
        assert told.case | {"case_type": None} == {
            "case_id": "case:000000000003",
            "channel": "web_form",
            "opened_at": NINE,
            "first_response_at": NINE + HOUR,
            "resolved_at": NINE + 33 * HOUR,
            "closed_at": None,
            "reopen_count": 1,
            "priority": "1",
            "case_type": None,
            "owner_team": "team:000000000006",
            "owner_agent": "user:000000000007",
            "is_spam": False,
            "reason_code": "parcel.lost",
        }

    def test_each_change_begins_where_the_last_one_ended(self) -> None:
        told = case_of(story(self.LIFE))

        assert told is not None
        assert [(change["from_state"], change["to_state"]) for change in told.changes] == [
            (None, "new"),
            ("new", "solved"),
            ("solved", "open"),
            ("open", "open"),
            ("open", "open"),
            ("open", "solved"),
        ]
        assert [change["by"] for change in told.changes][:2] == [None, "user:000000000007"]
        assert [change.get("is_reopening", False) for change in told.changes].count(True) == 1
        assert told.changes[4]["to_team"] == "team:000000000006"

    def test_a_story_without_its_beginning_is_none(self) -> None:
        assert case_of(story(self.LIFE[1:])) is None


class TestContact:
    def test_a_hand_over_is_a_leg_of_its_own(self) -> None:
        opened: dict[str, Any] = {"conversation_id": 8, "customer_id": 9, "channel": "email", "direction": "inbound"}
        told = contact_of(
            story(
                [
                    said("contact:2", contacts.ContactOpened, 0, **opened),
                    said("contact:2", contacts.SegmentQueued, 0, segment_id=1, sequence=1, team_id=4),
                    said("contact:2", contacts.SegmentLeft, 1, segment_id=1, sequence=1, exit="flow_out_queue"),
                    said("contact:2", contacts.SegmentQueued, 1, segment_id=2, sequence=2, team_id=None),
                    said(
                        "contact:2", contacts.SegmentAnswered, 2, segment_id=2, sequence=2, agent_id=7, queued_at=NINE
                    ),
                    said("contact:2", contacts.SegmentReleased, 3, segment_id=2, sequence=2, agent_id=7),
                    said("contact:2", contacts.ContactEnded, 3, outcome="handled", arrived_at=NINE),
                ]
            )
        )

        assert told is not None
        first, second = told.segments
        assert (first["exit"], first["left_queue_at"], first["queue_id"]) == (
            "flow_out_queue",
            NINE + HOUR,
            "team:000000000004",
        )
        assert (second["exit"], second["queue_id"], second["released_at"]) == ("answered", None, NINE + 3 * HOUR)
        assert (told.contact["outcome"], told.contact["agent_legs"], told.contact["transfer_count"]) == (
            "handled",
            1,
            1,
        )

    def test_a_call_written_down_by_hand_has_no_measured_end(self) -> None:
        opened: dict[str, Any] = {"conversation_id": 8, "customer_id": 9, "channel": "voice", "direction": "inbound"}
        told = contact_of(
            story(
                [
                    said("contact:2", contacts.ContactOpened, 0, **opened),
                    said("contact:2", contacts.SegmentQueued, 0, segment_id=1, sequence=1, team_id=4),
                    said(
                        "contact:2", contacts.SegmentAnswered, 0, segment_id=1, sequence=1, agent_id=7, queued_at=NINE
                    ),
                    said("contact:2", contacts.SegmentReleased, 40, segment_id=1, sequence=1, agent_id=7),
                ]
            )
        )

        assert told is not None
        assert "released_at" not in told.segments[0]


class TestMessages:
    def test_one_that_was_taken_back_only_takes_itself_away(self) -> None:
        theirs: dict[str, Any] = {"author": "customer", "customer_id": 9}
        place: dict[str, Any] = {"channel": "email", "audience": "customer", "is_auto": False}
        theirs |= place
        told = messages_of(
            story(
                [
                    said(
                        "conversation:8",
                        conversations.MessageReceived,
                        0,
                        message_id=1,
                        author="customer",
                        customer_id=9,
                        **place,
                    ),
                    said(
                        "conversation:8",
                        conversations.MessageWritten,
                        1,
                        message_id=2,
                        author="agent",
                        user_id=7,
                        **place,
                    ),
                    said("conversation:8", conversations.MessageRecalled, 1, message_id=2),
                ]
            )
        )

        assert (told[0]["sender"], told[0]["customer"]) == ("customer", 9)
        assert told[1] == {"message_id": "message:000000000002", "is_retracted": True}


class TestPeople:
    def test_days_are_those_of_the_workspace(self) -> None:
        joined = said("user:7", people.PersonJoined, 15.5, role="agent", invitation_id=None)

        told = agent_of(story([joined]), zone=SEOUL, is_in_team=False)

        assert told is not None
        assert str(told["hire_date"]) == "2026-11-17"

    def test_who_serves_no_customers_is_no_agent_unless_in_a_team(self) -> None:
        joined = story([said("user:7", people.PersonJoined, 0, role="manager", invitation_id=None)])

        told = [agent_of(joined, zone=SEOUL, is_in_team=is_in_team) for is_in_team in (False, True)]

        assert [row is not None for row in told] == [False, True]

    def test_who_comes_back_has_two_memberships(self) -> None:
        told = memberships_of(
            story(
                [
                    said("team:4", people.TeamMemberAdded, 0, user_id=7),
                    said("team:4", people.TeamMemberRemoved, 1, user_id=7),
                    said("team:4", people.TeamMemberAdded, 2, user_id=7),
                    said("user:7", people.PersonLeft, 3, role="agent"),
                ]
            )
        )

        assert [(row["valid_from"], row["valid_to"]) for row in told] == [
            (NINE, NINE + HOUR),
            (NINE + 2 * HOUR, NINE + 3 * HOUR),
        ]
