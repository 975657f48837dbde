"""Acts on cases: the one who may, the one who may not, the stranger who must not learn that there is a case."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from careloop.domains.cases import services
from careloop.domains.cases.errors import (
    CaseNotFound,
    CaseUnclear,
    ChangedMeanwhile,
    MayNotWorkOnCases,
    MoveNotAllowed,
)
from careloop.domains.cases.models import Case, Cycle
from careloop.domains.cases.queries import case_detail, notes_of, statuses
from careloop.domains.cases.states import Category
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.events import history
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.domains.cases.conftest import Desk

pytestmark = pytest.mark.database

LATER = NOW + timedelta(hours=1)

ACTS: dict[str, Callable[..., object]] = {
    "assign": partial(services.assign, assignee_id=None, team_id=None),
    "change_status": partial(services.change_status, status_id=0),
    "mark_spam": services.mark_spam,
    "prioritize": partial(services.prioritize, priority=3),
    "rename": partial(services.rename, subject_line="Lost parcel", requester_name="Omar"),
    "tag": partial(services.tag, add={"parcel"}, remove=()),
    "set_reason": partial(services.set_reason, reason_id=None),
    "set_type": partial(services.set_type, type_id=0),
    "add_participant": partial(services.add_participant, customer_id=0),
    "remove_participant": partial(services.remove_participant, customer_id=0),
    "add_follower": partial(services.add_follower, user_id=0),
    "remove_follower": partial(services.remove_follower, user_id=0),
    "reopen": services.reopen,
}


def status_id(category: Category) -> int:
    return next(s.id for s in statuses() if s.category == category)


def told(case_id: int) -> list[str]:
    return [recorded.name for recorded in reversed(history([f"case:{case_id}"], limit=50))]


class TestWhoMay:
    @pytest.mark.parametrize("name", ACTS)
    @pytest.mark.parametrize("role", ["anh", "cole", "vera"])
    def test_readers_change_nothing(self, desk: Desk, name: str, role: str) -> None:
        before = case_detail(case_id=desk.case_id, viewer=desk.house.actor("ada"))

        with pytest.raises((MayNotWorkOnCases, CaseNotFound)):
            ACTS[name](case_id=desk.case_id, actor=desk.house.actor(role), at=LATER)

        assert case_detail(case_id=desk.case_id, viewer=desk.house.actor("ada")) == before
        assert told(desk.case_id) == ["case.opened"]

    @pytest.mark.parametrize("name", ACTS)
    def test_another_workspace_learns_nothing(self, house: House, name: str) -> None:
        from tests.domains.cases.conftest import open_desk

        with workspace_scope(house.north):
            case_id = open_desk(house).case_id
        with workspace_scope(house.south), pytest.raises(CaseNotFound, match="no such case"):
            ACTS[name](case_id=case_id, actor=house.actor("ines"), at=LATER)

    def test_a_colleague_who_is_mentioned_sees_the_case_and_writes_notes(self, desk: Desk) -> None:
        cole, ada = desk.house.actor("cole"), desk.house.actor("ada")
        with pytest.raises(CaseNotFound):
            case_detail(case_id=desk.case_id, viewer=cole)

        services.add_note(
            case_id=desk.case_id, html="", text="Look here", mentions={desk.house.ids["cole"]}, actor=ada, at=LATER
        )
        services.add_note(case_id=desk.case_id, html="", text="Found it", mentions=(), actor=cole, at=LATER)

        assert [note.text for note in notes_of(case_id=desk.case_id, viewer=cole)] == ["Look here", "Found it"]

    def test_a_client_viewer_reads_cases_and_never_notes(self, desk: Desk) -> None:
        services.add_note(
            case_id=desk.case_id, html="", text="secret", mentions=(), actor=desk.house.actor("ada"), at=LATER
        )
        vera = desk.house.actor("vera")

        assert case_detail(case_id=desk.case_id, viewer=vera).row.subject == "My parcel"
        assert notes_of(case_id=desk.case_id, viewer=vera) == []

    def test_a_customer_sees_his_own_case_only(self, desk: Desk) -> None:
        omar = Actor(kind=ActorKind.CUSTOMER, id=desk.omar)
        stranger = Actor(kind=ActorKind.CUSTOMER, id=desk.omar + 1000)

        assert case_detail(case_id=desk.case_id, viewer=omar).row.id == desk.case_id
        with pytest.raises(CaseNotFound):
            case_detail(case_id=desk.case_id, viewer=stranger)

    def test_a_mention_of_somebody_from_elsewhere_draws_nobody_in(self, desk: Desk) -> None:
        services.add_note(
            case_id=desk.case_id,
            html="",
            text="@ines",
            mentions={desk.house.ids["ines"]},
            actor=desk.house.actor("ada"),
            at=LATER,
        )

        assert case_detail(case_id=desk.case_id, viewer=desk.house.actor("ada")).follower_ids == ()


class TestFlow:
    def test_each_way_from_open_to_solved_is_a_row_of_its_own(self, desk: Desk) -> None:
        ada = desk.house.actor("ada")
        solved, opened = status_id(Category.SOLVED), status_id(Category.OPEN)

        for hour, status in enumerate([solved, opened, solved], start=1):
            services.change_status(case_id=desk.case_id, status_id=status, actor=ada, at=NOW + timedelta(hours=hour))

        cycles = list(
            Cycle.objects.filter(case_id=desk.case_id).order_by("sequence").values_list("opened_at", "solved_at")
        )
        assert cycles == [
            (NOW, NOW + timedelta(hours=1)),
            (NOW + timedelta(hours=2), NOW + timedelta(hours=3)),
        ]
        assert told(desk.case_id) == ["case.opened", "case.solved", "case.reopened", "case.solved"]

    def test_refuses_a_move_that_makes_no_sense_and_changes_nothing(self, desk: Desk) -> None:
        ada = desk.house.actor("ada")
        services.change_status(case_id=desk.case_id, status_id=status_id(Category.CLOSED), actor=ada, at=LATER)

        with pytest.raises(MoveNotAllowed, match="cannot become"):
            services.change_status(case_id=desk.case_id, status_id=status_id(Category.WAITING), actor=ada, at=LATER)

        assert Case.objects.get(pk=desk.case_id).category == Category.CLOSED

    def test_refuses_a_change_that_was_decided_on_an_older_sight(self, desk: Desk) -> None:
        ada, grace = desk.house.actor("ada"), desk.house.actor("grace")
        seen = case_detail(case_id=desk.case_id, viewer=ada).revision
        services.prioritize(case_id=desk.case_id, priority=4, actor=grace, at=LATER)

        with pytest.raises(ChangedMeanwhile):
            services.prioritize(case_id=desk.case_id, priority=1, revision=seen, actor=ada, at=LATER)

        assert Case.objects.get(pk=desk.case_id).priority == 4

    def test_a_customers_word_opens_a_solved_case_again_and_he_waits(self, desk: Desk) -> None:
        ada = desk.house.actor("ada")
        services.change_status(case_id=desk.case_id, status_id=status_id(Category.SOLVED), actor=ada, at=LATER)

        services.customer_wrote(
            case_id=desk.case_id, message_id=1, customer_id=desk.omar, actor=ada, at=LATER + timedelta(hours=1)
        )

        case = Case.objects.get(pk=desk.case_id)
        assert (case.category, case.reopen_count, case.waiting_since) == (
            Category.OPEN,
            1,
            LATER + timedelta(hours=1),
        )

    def test_the_first_answer_is_kept_however_often_we_answer(self, desk: Desk) -> None:
        ada = desk.house.actor("ada")
        for hour in (1, 2, 3):
            services.answered(
                case_id=desk.case_id,
                message_id=hour,
                status_id=None,
                actor=ada,
                at=NOW + timedelta(hours=hour),
            )

        case = Case.objects.get(pk=desk.case_id)
        assert case.first_response_at == NOW + timedelta(hours=1)
        assert case.assignee_id == ada.id
        assert case.waiting_since is None

    # Who judges, who reads for the client, who works elsewhere.
    @pytest.mark.parametrize("name", ["anh", "vera", "ines"])
    def test_refuses_hands_that_cannot_take_it(self, desk: Desk, name: str) -> None:
        with pytest.raises(CaseUnclear):
            services.assign(
                case_id=desk.case_id,
                assignee_id=desk.house.ids[name],
                team_id=None,
                actor=desk.house.actor("ada"),
                at=LATER,
            )

    @pytest.mark.parametrize("subject_line", ["", "   ", "\n\t"])
    def test_refuses_a_case_about_nothing(self, desk: Desk, subject_line: str) -> None:
        with pytest.raises(CaseUnclear):
            services.rename(
                case_id=desk.case_id,
                subject_line=subject_line,
                requester_name="Omar",
                actor=desk.house.actor("ada"),
                at=LATER,
            )

        assert Case.objects.get(pk=desk.case_id).subject == "My parcel"
