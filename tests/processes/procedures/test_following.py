"""What follows from the log: procedures that begin by themselves, and notices to whoever is asked now."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from careloop.domains.cases import services as case_services
from careloop.domains.cases.services import tag
from careloop.domains.notifications.queries import notices_of, pending_for
from careloop.domains.notifications.types import Kind, Waiting
from careloop.domains.people.services import end_membership
from careloop.domains.procedures import queries, services
from careloop.domains.procedures.errors import MayNotMakeProcedures
from careloop.domains.procedures.models import Run
from careloop.domains.procedures.states import Begins
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import Recorded, events_between, head_position
from careloop.kernel.readers import number_events
from careloop.processes.procedures import (
    begin_where_held,
    count_approvals,
    tell_approvers,
    tell_requesters,
    what_would_have_begun,
)
from careloop.processes.subscriptions import RINGS, SUBSCRIPTIONS
from tests.cast import House
from tests.domains.procedures.conftest import Office, later, open_office
from tests.fixtures import house, north, quick_passwords
from tests.procedures import refund

__all__ = ["house", "north", "quick_passwords"]

pytestmark = pytest.mark.database

OURS = (begin_where_held, tell_approvers, tell_requesters, count_approvals)
TAGGED = {"field": "tag", "operator": "any_of", "value": ["refund"]}


@pytest.fixture
def office(north: House) -> Office:
    return open_office(north)


class Follower:
    """Reads the log as the reader of reactions does, from where it stands."""

    def __init__(self) -> None:
        self.read_to = 0

    def __call__(self) -> None:
        number_events()
        events = events_between(self.read_to, head_position(), limit=10_000)
        self.read_to = head_position()
        for reaction in OURS:
            awaited: Sequence[Recorded] = [one for one in events if reaction in SUBSCRIPTIONS.get(one.name, ())]
            if awaited:
                reaction(awaited)


@pytest.fixture
def follow() -> Follower:
    return Follower()


def kinds(office: Office, name: str) -> list[str]:
    return [row.kind for row in notices_of(viewer=office(name), cursor=None).items]


def waits(office: Office) -> dict[str, int]:
    """Return for how many approvals who is waited for."""
    people = ("olga", "mina", "grace", "anh", "ada")
    found = {name: pending_for(office(name)).get(Waiting.APPROVAL, 0) for name in people}
    return {name: number for name, number in found.items() if number}


class TestBeginning:
    def make(self, office: Office) -> int:
        settings = refund("By itself", begins=Begins.ITSELF, conditions=TAGGED)
        return services.make_procedure(settings=settings, actor=office("mina"), at=later(1))

    def test_begins_where_its_conditions_come_to_hold_and_once(self, office: Office, follow: Follower) -> None:
        self.make(office)
        follow()
        assert queries.runs_in(case_id=office.case_id, viewer=HOUSE) == []

        tag(case_id=office.case_id, add=("refund",), remove=(), actor=office("ada"), at=later(2))
        follow()
        (run,) = queries.runs_in(case_id=office.case_id, viewer=HOUSE)
        assert (run.settings.name, run.begun_by) == ("By itself", "house:procedures")

        services.skip_procedure(run_id=run.id, reason="Not here", actor=office("mina"), at=later(3))
        tag(case_id=office.case_id, add=("more",), remove=(), actor=office("ada"), at=later(4))
        follow()
        Follower()()  # the whole log once more, as after a restore
        assert Run.objects.count() == 1

    def test_leaves_alone_what_happened_before_it_and_what_is_solved(self, office: Office, follow: Follower) -> None:
        tag(case_id=office.case_id, add=("refund",), remove=(), actor=office("ada"), at=later(0))
        self.make(office)
        follow()
        office.solves()
        follow()

        assert Run.objects.count() == 0


class TestTelling:
    def test_each_rung_hears_when_it_is_asked_and_who_asked_in_the_end(self, office: Office, follow: Follower) -> None:
        office.begins().asks("250")
        follow()
        assert (kinds(office, "grace"), kinds(office, "mina")) == ([Kind.APPROVAL_ASKED], [])

        office.approves("grace")
        follow()
        follow()
        assert (kinds(office, "mina"), kinds(office, "ada")) == ([Kind.APPROVAL_ASKED], [])
        office.approves("mina", rung=1)
        follow()
        assert kinds(office, "ada") == [Kind.APPROVAL_GIVEN]

    def test_a_refusal_is_told(self, office: Office, follow: Follower) -> None:
        office.begins().asks("50")
        services.refuse(run_id=office.run_id, step="ok", rung=0, reason="No", actor=office("grace"), at=later(3))
        follow()

        assert kinds(office, "ada") == [Kind.APPROVAL_REFUSED]

    def test_when_an_approver_left_whoever_stands_in_hears_of_it_once(self, office: Office, follow: Follower) -> None:
        office.begins().asks("50")
        follow()
        assert kinds(office, "mina") == []

        end_membership(user_id=office.house.ids["grace"], actor=office("olga"), at=later(3))
        follow()
        follow()
        assert kinds(office, "mina") == [Kind.APPROVAL_ASKED]
        office.approves("mina", at=later(4))

    def test_a_deputy_hears_when_somebody_goes_away(self, office: Office, follow: Follower) -> None:
        office.begins().asks("50")
        follow()
        services.begin_absence(until=None, deputy_id=office.house.ids["anh"], actor=office("grace"), at=later(3))
        follow()

        assert kinds(office, "anh") == [Kind.APPROVAL_ASKED]
        assert kinds(office, "mina") == []


class TestCounts:
    def test_each_hears_how_much_waits_for_them(self, office: Office, follow: Follower) -> None:
        office.begins().asks("250")
        follow()
        assert waits(office) == {"grace": 1}

        back = later(60)
        services.begin_absence(until=back, deputy_id=office.house.ids["anh"], actor=office("grace"), at=later(3))
        follow()
        assert waits(office) == {"anh": 1}
        RINGS[services.ABSENCE_OVER](office.house.ids["grace"], back)
        assert waits(office) == {"grace": 1}

        office.approves("grace", at=later(61))
        follow()
        assert waits(office) == {"mina": 1}
        office.approves("mina", rung=1, at=later(62))
        follow()
        assert waits(office) == {}


class TestTrial:
    def test_counts_past_cases_and_writes_nothing(self, office: Office) -> None:
        settings = refund("By itself", begins=Begins.ITSELF, conditions=TAGGED)
        tag(case_id=office.case_id, add=("refund",), remove=(), actor=office("ada"), at=later(10))
        office.solves()  # twenty minutes later
        number_events()

        trial = what_would_have_begun(settings=settings, viewer=office("mina"), at=later(60))

        (case,) = trial.cases
        assert (case.case_id, case.at, case.open_seconds, case.is_solved) == (office.case_id, later(10), 1200, True)
        assert (trial.case_count, trial.median_open_seconds, trial.as_today) == (1, 1200, ())
        assert Run.objects.count() == 0
        late = what_would_have_begun(settings=settings, viewer=office("mina"), at=later(60) + timedelta(days=31))
        assert late.cases == ()

    def test_knows_nothing_of_what_is_begun_by_hand(self, office: Office) -> None:
        trial = what_would_have_begun(settings=refund("Other"), viewer=office("mina"), at=later(1))

        assert (trial.is_by_hand, trial.cases) == (True, ())

    @pytest.mark.parametrize("name", ["grace", "ada"])
    def test_is_for_owners_and_managers(self, office: Office, name: str) -> None:
        with pytest.raises(MayNotMakeProcedures):
            what_would_have_begun(settings=refund("Other"), viewer=office(name), at=later(1))


def test_a_rule_that_solves_is_held_like_everybody(office: Office) -> None:
    office.begins()
    with pytest.raises(Exception, match="cannot be solved yet"):
        case_services.close_solved(case_id=office.case_id, actor=HOUSE, at=later(1))
