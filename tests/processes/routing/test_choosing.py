"""Who is offered what, as pure functions: any people, any work, any shares."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from careloop.domains.queues.states import Choice
from careloop.domains.workforce.fading import HALF_S, faded
from careloop.domains.workforce.settling import Doing, open_kinds, state_of
from careloop.domains.workforce.states import CHOSEN, LIVE, State
from careloop.processes.routing.choosing import Head, Person, Program, people_in_order, work_in_order

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)

moments = st.integers(-100_000, 0).map(lambda seconds: NOON + timedelta(seconds=seconds))
heads = st.lists(
    st.builds(
        Head,
        workspace_id=st.integers(1, 3),
        waiting_id=st.integers(1, 30),
        rank_at=moments,
        ahead_s=st.sampled_from([0, 0, 300]),
    ),
    max_size=20,
)
programs = st.dictionaries(
    st.integers(1, 3), st.builds(Program, agreed=st.floats(0.1, 10), given=st.floats(0, 100)), max_size=3
)
people = st.lists(
    st.builds(
        Person,
        user_id=st.integers(1, 30),
        load=st.integers(0, 9),
        room=st.just(10),
        idle_since=st.none() | moments,
        last_offered_at=st.none() | moments,
        levels=st.dictionaries(st.just(1), st.integers(1, 5)),
    ),
    unique_by=lambda person: person.user_id,
    min_size=1,
    max_size=10,
)
doings = st.builds(
    Doing,
    chosen=st.sampled_from(sorted(CHOSEN)),
    is_offered=st.booleans(),
    is_on_hold=st.booleans(),
    held=st.dictionaries(st.sampled_from(["case", "chat", "call", "callback"]), st.integers(0, 4)),
    load=st.integers(0, 20),
    room=st.integers(0, 20),
    most=st.dictionaries(st.sampled_from(["case", "chat", "call", "callback"]), st.integers(0, 4)),
    wraps_until=st.none() | st.integers(-60, 60).map(lambda seconds: NOON + timedelta(seconds=seconds)),
)


class TestWork:
    @given(found=heads, shares=programs)
    def test_all_of_it_is_there_once(self, found: list[Head], shares: dict[int, Program]) -> None:
        order = work_in_order(found, shares)

        assert sorted(head.waiting_id for head in order) == sorted({head.waiting_id for head in found})

    @given(found=heads, shares=programs)
    def test_within_a_program_whoever_would_have_come_first_is_first(
        self, found: list[Head], shares: dict[int, Program]
    ) -> None:
        order = work_in_order(found, shares)

        for workspace_id in (1, 2, 3):
            places = [head.place for head in order if head.workspace_id == workspace_id]
            assert places == sorted(places)

    @given(found=heads, shares=programs)
    def test_between_programs_the_one_that_got_least_of_its_share_is_first(
        self, found: list[Head], shares: dict[int, Program]
    ) -> None:
        order = work_in_order(found, shares)

        served = [shares.get(head.workspace_id, Program()).served for head in order]
        assert served == sorted(served)

    @settings(max_examples=10, deadline=None)
    @given(agreed=st.lists(st.floats(0.5, 10), min_size=2, max_size=4), pace=st.floats(0.5, 5))
    def test_while_all_have_a_backlog_each_gets_its_share(self, agreed: list[float], pace: float) -> None:
        """One offer each `pace` seconds."""
        given_to, counts = dict.fromkeys(range(len(agreed)), 0.0), Counter[int]()
        for turn in range(600):
            shares = {key: Program(agreed=agreed[key], given=given_to[key]) for key in given_to}
            backlog = [Head(workspace_id=key, waiting_id=key, rank_at=NOON) for key in given_to]
            chosen = work_in_order(backlog, shares)[0].workspace_id
            counts[chosen] += 1
            at = NOON + timedelta(seconds=pace * turn)
            given_to = {
                key: faded(value, since=at, at=at + timedelta(seconds=pace)) + (key == chosen)
                for key, value in given_to.items()
            }

        for key, weight in enumerate(agreed):
            assert abs(counts[key] / sum(counts.values()) - weight / sum(agreed)) < 0.02

    def test_a_program_that_was_quiet_has_nothing_to_make_up_for_ever(self) -> None:
        """It is ahead for a while after it comes back, and no longer than what the others got lately takes to fade."""
        lately = faded(100.0, since=NOON, at=NOON + timedelta(seconds=10 * HALF_S))

        assert lately < 0.1


class TestPeople:
    @given(found=people, choice=st.sampled_from(Choice), last=st.none() | st.integers(1, 30))
    def test_all_of_them_are_there_and_the_last_agent_first(
        self, found: list[Person], choice: Choice, last: int | None
    ) -> None:
        order = people_in_order(found, choice, last_user_id=last)

        assert sorted(person.user_id for person in order) == sorted(person.user_id for person in found)
        if last in {person.user_id for person in found}:
            assert order[0].user_id == last

    @given(found=people)
    def test_what_is_said_of_the_first_is_true(self, found: list[Person]) -> None:
        def first(choice: Choice) -> Person:
            return people_in_order(found, choice, last_user_id=None)[0]

        idle = [person.idle_since for person in found if person.idle_since is not None]
        if idle:
            assert first(Choice.LONGEST_IDLE).idle_since == min(idle)
        assert first(Choice.LEAST_BUSY).room_share == max(person.room_share for person in found)
        best = max(sum(person.levels.values()) for person in found)
        assert sum(first(Choice.BEST_SKILLED).levels.values()) == best
        offered = [person.last_offered_at for person in found]
        if None not in offered:
            assert first(Choice.ROUND_ROBIN).last_offered_at == min(one for one in offered if one is not None)


class TestSettling:
    @given(doing=doings)
    def test_nothing_is_offered_to_who_is_not_there_for_it(self, doing: Doing) -> None:
        kinds = open_kinds(doing, at=NOON)

        if kinds:
            assert doing.chosen is State.AVAILABLE
            assert not doing.is_offered
            assert doing.load < doing.room
            assert doing.wraps_until is None or doing.wraps_until <= NOON
        for kind in kinds:
            assert doing.held.get(kind, 0) < doing.most[kind]
        if doing.held.get("call"):
            assert kinds == []

    @given(doing=doings)
    def test_whoever_has_a_live_customer_is_with_them(self, doing: Doing) -> None:
        state = state_of(doing, at=NOON)

        assert (state in {State.CONTACT, State.HOLD}) == any(doing.held.get(kind) for kind in LIVE)
