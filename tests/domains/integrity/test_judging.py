"""What a new look makes of a flag, as a table."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.domains.integrity.judging import CORRECTED_WITHIN, Standing, Verdict, judged
from careloop.domains.integrity.states import MOVES, Reason, Said, State, Step
from tests.cast import NOW

ANSWERED = Standing(state=State.ANSWERED, said=Said.EXPLAINED, answered_at=NOW, amount=20.0)
CORRECTED = Standing(state=State.ANSWERED, said=Said.CORRECTED, answered_at=NOW, amount=20.0)
OVER = Standing(state=State.GONE, said=Said.EXPLAINED, answered_at=NOW, amount=20.0)
OVER_WITHOUT_A_WORD = Standing(state=State.GONE)
OPEN = Standing(state=State.OPEN)
LATER = NOW + CORRECTED_WITHIN + timedelta(seconds=1)


def verdict(state: State, step: Step, reason: Reason | None = None) -> Verdict:
    return Verdict(state=state, step=step, reason=reason)


@pytest.mark.parametrize(
    ("was", "sure", "above", "amount", "at", "expected"),
    [
        (OPEN, True, True, 25.0, NOW, None),
        (OPEN, False, True, 25.0, NOW, None),
        (OPEN, False, False, 0.0, NOW, verdict(State.GONE, Step.GONE)),
        (ANSWERED, True, True, 20.0, LATER, None),
        (ANSWERED, True, True, 24.0, NOW, None),
        (ANSWERED, True, True, 25.0, NOW, verdict(State.OPEN, Step.REOPENED, Reason.GROWN)),
        (ANSWERED, False, False, 0.0, NOW, verdict(State.GONE, Step.GONE)),
        (CORRECTED, True, True, 20.0, NOW, None),
        (CORRECTED, True, True, 20.0, LATER, verdict(State.OPEN, Step.REOPENED, Reason.STILL_THERE)),
        (OVER, False, True, 20.0, NOW, None),
        (OVER, True, True, 20.0, NOW, verdict(State.ANSWERED, Step.RESTORED)),
        (OVER, True, True, 40.0, NOW, verdict(State.OPEN, Step.REOPENED, Reason.BACK)),
        (OVER_WITHOUT_A_WORD, True, True, 20.0, NOW, verdict(State.OPEN, Step.REOPENED, Reason.BACK)),
    ],
)
def test_says_what_becomes_of_a_flag(
    was: Standing, sure: bool, above: bool, amount: float, at: object, expected: Verdict | None
) -> None:
    assert judged(was, is_sure=sure, is_above=above, amount=amount, are_rows=True, at=at) == expected  # type: ignore[arg-type]


def test_three_more_rows_are_the_least_that_counts_as_growth() -> None:
    few = Standing(state=State.ANSWERED, said=Said.EXPLAINED, answered_at=NOW, amount=2.0)

    assert judged(few, is_sure=True, is_above=True, amount=4.0, are_rows=True, at=NOW) is None
    assert judged(few, is_sure=True, is_above=True, amount=5.0, are_rows=True, at=NOW) is not None
    # A figure that is no count of rows grows by its size alone.
    share = Standing(state=State.ANSWERED, said=Said.EXPLAINED, answered_at=NOW, amount=0.2)
    assert judged(share, is_sure=True, is_above=True, amount=0.26, are_rows=False, at=NOW) is not None


standings = st.builds(
    Standing,
    state=st.sampled_from(State),
    said=st.sampled_from([None, *Said]),
    answered_at=st.just(NOW),
    amount=st.floats(0, 1000),
)


@given(
    was=standings,
    sure=st.booleans(),
    amount=st.floats(0, 1000),
    are_rows=st.booleans(),
    passed=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60)),
)
def test_only_makes_moves_that_there_are_and_settles(
    was: Standing, sure: bool, amount: float, are_rows: bool, passed: timedelta
) -> None:
    found = judged(was, is_sure=sure, is_above=sure, amount=amount, are_rows=are_rows, at=NOW + passed)

    if found is None:
        return
    assert found.state in MOVES[was.state]
    assert (found.state is State.OPEN) is (found.step is Step.REOPENED) is (found.reason is not None)
    # The same look again changes nothing more, once a reopened flag has let go of its answer.
    now = (
        Standing(state=found.state)
        if found.state is State.OPEN
        else Standing(state=found.state, said=was.said, answered_at=was.answered_at, amount=was.amount)
    )
    again = judged(now, is_sure=sure, is_above=sure, amount=amount, are_rows=are_rows, at=NOW + passed)
    assert again is None
