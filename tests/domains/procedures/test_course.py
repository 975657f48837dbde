"""How far a procedure is, and who may approve: whatever was done, in whatever order."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careloop.domains.procedures.approvers import APPROVING, approvers_of
from careloop.domains.procedures.course import course_of, rungs_needed
from careloop.domains.procedures.states import Climb, Doing, StandIn, Standing, Whom
from careloop.domains.procedures.types import Entry, Rung, Worker
from careloop.kernel.actors import Role
from tests.cast import NOW
from tests.procedures import APPROVAL, approval, stages

ADA, GRACE, MINA, OLGA = 1, 2, 3, 4

# A machine that is busy with other things draws slowly; that says nothing about the house.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

_DOINGS = st.sampled_from(
    [
        ("form", Doing.FILLED),
        ("law", Doing.READ),
        ("ok", Doing.ASKED),
        ("ok", Doing.APPROVED),
        ("ok", Doing.REFUSED),
        ("paid", Doing.CHECKED),
        ("paid", Doing.UNCHECKED),
        ("gone", Doing.CHECKED),
    ]
)
_ENTRIES = st.lists(
    st.builds(
        lambda doing, user, amount: (*doing, user, amount),
        _DOINGS,
        st.sampled_from([ADA, GRACE, MINA]),
        st.sampled_from(["1", "100", "100.01", "900", ""]),
    ),
    max_size=14,
)


def entries(*done: tuple[str, Doing, int] | tuple[str, Doing, int, str]) -> list[Entry]:
    """Return entries of (step, doing, user, amount)."""
    return [
        Entry(
            id=index,
            step=one[0],
            doing=one[1],
            user_id=one[2],
            at=NOW + timedelta(minutes=index),
            values={"sum": one[3]} if one[1] is Doing.FILLED and len(one) > 3 and one[3] else {},
        )
        for index, one in enumerate(done, start=1)
    ]


def standings(done: Sequence[Entry]) -> dict[str, Standing]:
    course = course_of(stages(), done)
    return {one.step.key: one.standing for stage in course.stages for one in stage.steps}


class TestCourse:
    def test_begins_with_its_first_stage(self) -> None:
        course = course_of(stages(), [])

        assert [stage.is_open for stage in course.stages] == [True, False, False]
        assert course.missing == ("What is refunded", "Approve the refund", "Pay it out")

    def test_goes_from_stage_to_stage_and_optional_steps_hold_nobody_up(self) -> None:
        done = entries(("form", Doing.FILLED, ADA, "250"), ("ok", Doing.ASKED, ADA), ("ok", Doing.APPROVED, GRACE))
        waiting = course_of(stages(), done)
        (step,) = waiting.waiting()
        assert (step.rung, step.needed, step.barred) == (1, (0, 1), frozenset({ADA, GRACE}))

        done = [*done, *entries(("ok", Doing.APPROVED, MINA), ("paid", Doing.CHECKED, ADA))]
        assert course_of(stages(), done).missing == ()
        assert standings(done)["law"] is Standing.OPEN

    def test_a_small_amount_needs_the_lead_alone(self) -> None:
        done = entries(("form", Doing.FILLED, ADA, "100"), ("ok", Doing.ASKED, ADA), ("ok", Doing.APPROVED, GRACE))

        assert standings(done)["ok"] is Standing.DONE

    def test_a_form_filled_in_again_takes_the_approval_back(self) -> None:
        done = entries(
            ("form", Doing.FILLED, ADA, "50"),
            ("ok", Doing.ASKED, ADA),
            ("ok", Doing.APPROVED, GRACE),
            ("form", Doing.FILLED, ADA, "5000"),
        )

        assert standings(done) == {
            "form": Standing.DONE,
            "law": Standing.OPEN,
            "ok": Standing.OPEN,
            "paid": Standing.LOCKED,
        }

    def test_what_was_refused_may_be_asked_for_again(self) -> None:
        done = entries(("form", Doing.FILLED, ADA, "50"), ("ok", Doing.ASKED, ADA), ("ok", Doing.REFUSED, GRACE))
        assert standings(done)["ok"] is Standing.REFUSED

        assert standings([*done, *entries(("ok", Doing.ASKED, ADA))])["ok"] is Standing.WAITING

    @unhurried
    @given(_ENTRIES)
    def test_stages_open_one_after_the_other_whatever_was_done(self, done: list[tuple[str, Doing, int, str]]) -> None:
        course = course_of(stages(), entries(*done))

        for before, after in zip(course.stages, course.stages[1:], strict=False):
            assert after.is_open == before.is_done
            if not after.is_open:
                assert {one.standing for one in after.steps} == {Standing.LOCKED}
        lacking = [
            one.step.title
            for stage in course.stages
            for one in stage.steps
            if one.step.is_mandatory and one.standing is not Standing.DONE
        ]
        assert list(course.missing) == lacking
        assert (not course.missing) == course.stages[-1].is_done

    @unhurried
    @given(_ENTRIES)
    def test_nothing_is_approved_with_fewer_than_it_needs_or_without_being_asked(
        self, done: list[tuple[str, Doing, int, str]]
    ) -> None:
        step = course_of(stages(), entries(*done)).step("ok")
        assert step is not None

        if step.standing is Standing.DONE:
            assert step.asked is not None
            assert len(step.granted) >= len(step.needed)
        if step.standing is Standing.WAITING:
            assert step.rung == step.needed[len(step.granted)]
            assert step.asked is not None
            assert step.asked.user_id in step.barred
            assert {one.user_id for one in step.granted} <= step.barred


class TestLadder:
    @unhurried
    @given(st.decimals(min_value=0, max_value=10_000, places=2), st.decimals(min_value=0, max_value=10_000, places=2))
    def test_more_money_never_needs_fewer(self, less: Decimal, more: Decimal) -> None:
        less, more = sorted((less, more))

        assert len(rungs_needed(APPROVAL, less)) <= len(rungs_needed(APPROVAL, more))
        assert rungs_needed(approval(climb=Climb.NEXT), more) == rungs_needed(APPROVAL, more)[-1:]

    def test_the_highest_decides_what_nobody_wrote_down(self) -> None:
        assert rungs_needed(APPROVAL, None) == (0, 1)


_WORKERS = st.lists(
    st.builds(
        lambda role, teams, is_away, deputy: (role, teams, is_away, deputy),
        st.sampled_from(list(Role)),
        st.frozensets(st.integers(1, 2)),
        st.booleans(),
        st.one_of(st.none(), st.integers(1, 8)),
    ),
    max_size=8,
)
_RUNGS = st.one_of(
    st.builds(
        lambda role, deputies: Rung(whom=Whom.ROLE, role=role, deputy_ids=deputies),
        st.sampled_from(sorted(APPROVING)),
        st.lists(st.integers(1, 9), max_size=2).map(tuple),
    ),
    st.just(Rung(whom=Whom.TEAM_LEAD)),
    st.builds(
        lambda people, deputies: Rung(whom=Whom.PEOPLE, user_ids=people, deputy_ids=deputies),
        st.lists(st.integers(1, 9), max_size=3).map(tuple),
        st.lists(st.integers(1, 9), max_size=2).map(tuple),
    ),
)


class TestApprovers:
    @unhurried
    @given(_WORKERS, _RUNGS, st.one_of(st.none(), st.integers(1, 2)), st.frozensets(st.integers(1, 8), max_size=4))
    def test_somebody_is_asked_and_nobody_who_must_not(
        self,
        said: list[tuple[Role, frozenset[int], bool, int | None]],
        rung: Rung,
        team_id: int | None,
        barred: frozenset[int],
    ) -> None:
        people = {
            key: Worker(id=key, role=role, team_ids=teams, is_away=is_away, deputy_id=deputy)
            for key, (role, teams, is_away, deputy) in enumerate(said, start=1)
        }

        found = approvers_of(rung, people=people, team_id=team_id, barred=barred)

        assert found.asked <= found.may
        assert not found.may & barred
        assert found.may <= {key for key, worker in people.items() if worker.role in APPROVING}
        last = {key for key, worker in people.items() if worker.role in {Role.OWNER, Role.MANAGER}} - barred
        assert found.asked or not last

    def test_a_deputy_stands_in_for_whoever_is_away(self) -> None:
        people = {
            GRACE: Worker(id=GRACE, role=Role.LEAD, is_away=True, deputy_id=ADA),
            ADA: Worker(id=ADA, role=Role.AGENT),
            MINA: Worker(id=MINA, role=Role.MANAGER),
        }

        found = approvers_of(Rung(whom=Whom.TEAM_LEAD), people=people, team_id=None, barred=())

        # Grace may all the same, should she look in.
        assert (found.asked, found.may, found.stand_in) == (
            frozenset({ADA}),
            frozenset({ADA, GRACE}),
            StandIn.DEPUTY,
        )

    def test_the_deputy_of_the_rung_stands_in_for_who_left_and_else_a_manager(self) -> None:
        people = {ADA: Worker(id=ADA, role=Role.AGENT), MINA: Worker(id=MINA, role=Role.MANAGER)}
        rung = Rung(whom=Whom.PEOPLE, user_ids=(GRACE,), deputy_ids=(ADA,))

        assert approvers_of(rung, people=people, team_id=None, barred=()).asked == {ADA}
        managers = approvers_of(rung, people=people, team_id=None, barred={ADA})
        assert (managers.asked, managers.stand_in) == (frozenset({MINA}), StandIn.MANAGER)

    def test_an_owner_is_a_manager_too(self) -> None:
        people = {MINA: Worker(id=MINA, role=Role.MANAGER), OLGA: Worker(id=OLGA, role=Role.OWNER)}

        found = approvers_of(Rung(whom=Whom.ROLE, role=Role.MANAGER), people=people, team_id=None, barred=())

        assert (found.asked, found.may) == (frozenset({MINA}), frozenset({MINA, OLGA}))
