"""Weights of answers: who was likely to answer, and what they stand for."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careloop.insight.stats.nonresponse import (
    answer_weights,
    chances_of_answering,
    raked,
    representativeness,
    trimmed,
)

PEOPLE = 4_000


@dataclass(frozen=True, kw_only=True)
class Survey:
    """Those who call about faults are dissatisfied, and mostly silent."""

    reason: npt.NDArray[np.object_]
    satisfied: npt.NDArray[np.bool_]
    answered: npt.NDArray[np.bool_]
    drawn: npt.NDArray[np.float64]
    people: list[str]

    @property
    def truth(self) -> float:
        return float(np.mean(self.satisfied))

    def estimate(self, weights: npt.NDArray[np.float64]) -> float:
        return float(weights @ self.satisfied / weights.sum())


def survey(*, answering: tuple[float, float] = (0.6, 0.15), seed: int = 7) -> Survey:
    random = np.random.default_rng(seed)
    is_fault = random.random(PEOPLE) < 0.5
    return Survey(
        reason=np.where(is_fault, "fault", "billing").astype(object),
        satisfied=random.random(PEOPLE) < np.where(is_fault, 0.4, 0.9),
        answered=random.random(PEOPLE) < np.where(is_fault, answering[1], answering[0]),
        drawn=np.full(PEOPLE, 0.5),
        people=[f"k{place}" for place in range(PEOPLE)],
    )


def weigh(
    given: Survey, margin: dict[object, float] | None = None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """margin: how many there are of each reason."""
    return answer_weights(
        drawn=given.drawn,
        answered=given.answered,
        traits=[given.reason],
        people=given.people,
        raked_by=[] if margin is None else [given.reason],
        margins=[] if margin is None else [margin],
    )


class TestWeights:
    @pytest.mark.parametrize("seed", range(3))
    def test_bring_back_what_the_silent_would_have_said(self, seed: int) -> None:
        asked = survey(seed=seed)
        bias = asked.estimate(asked.answered.astype(float)) - asked.truth
        classed, _chances = weigh(asked)
        exact, _chances = weigh(asked, {one: float((asked.reason == one).sum()) for one in ("fault", "billing")})

        assert bias > 0.1
        # Fifths mix those at their edges (Cochran 1968); known margins take off the rest.
        assert abs(asked.estimate(classed) - asked.truth) < 0.4 * bias
        assert asked.estimate(exact) == pytest.approx(asked.truth, abs=0.03)

    def test_of_the_silent_are_nothing(self) -> None:
        asked = survey()
        weights, _chances = weigh(asked)

        assert ((weights > 0) == asked.answered).all()

    def test_add_up_to_everybody_once_raked(self) -> None:
        asked = survey()
        known: dict[object, float] = {"fault": 5_000.0, "billing": 3_000.0}
        weights, _chances = weigh(asked, known)

        for reason, count in known.items():
            assert weights[asked.reason == reason].sum() == pytest.approx(count)

    def test_without_answers_are_nothing_at_all(self) -> None:
        asked = survey(answering=(0.0, 0.0))
        weights, chances = weigh(asked)

        assert weights.sum() == 0
        assert chances.tolist() == [0.0] * PEOPLE

    def test_do_not_depend_on_the_order_of_people(self) -> None:
        asked = survey()
        order = np.random.default_rng(3).permutation(PEOPLE)
        turned = answer_weights(
            drawn=asked.drawn[order],
            answered=asked.answered[order],
            traits=[asked.reason[order]],
            people=[asked.people[place] for place in order],
        )[0]

        assert turned == pytest.approx(weigh(asked)[0][order], rel=1e-9)


class TestChances:
    def test_are_the_shares_of_each_category(self) -> None:
        asked = survey()
        chances = weigh(asked)[1]

        assert chances[asked.reason == "fault"] == pytest.approx(0.15, abs=0.03)
        assert chances[asked.reason == "billing"] == pytest.approx(0.6, abs=0.03)

    def test_are_alike_where_few_answered(self) -> None:
        asked = survey()
        few = asked.answered & (np.cumsum(asked.answered) <= 29)
        chances = chances_of_answering(
            traits=[asked.reason], answered=few, people=asked.people, weights=np.ones(PEOPLE)
        )

        assert np.unique(chances).tolist() == pytest.approx([29 / PEOPLE])

    def test_of_a_person_do_not_follow_from_what_that_person_did(self) -> None:
        """Cross-fitted: each of many one-person categories is unknown to the model that predicts it."""
        asked = survey(answering=(0.5, 0.5))
        own = np.array([f"only {place % 200}" for place in range(400)], dtype=object)
        chances = chances_of_answering(
            traits=[own],
            answered=asked.answered[:400],
            people=[f"k{place % 200}" for place in range(400)],
            weights=np.ones(400),
        )

        told, silent = chances[asked.answered[:400]], chances[~asked.answered[:400]]
        assert abs(told.mean() - silent.mean()) < 0.05

    def test_lie_between_none_and_all(self) -> None:
        asked = survey(answering=(0.99, 0.02))
        chances = weigh(asked)[1]

        assert 0 < chances.min() < chances.max() < 1


class TestRaking:
    @settings(max_examples=50, deadline=None)
    @given(
        rows=st.lists(
            st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.floats(0.1, 10)), min_size=10, max_size=60
        ),
        silent=st.integers(0, 30),
    )
    def test_keeps_the_whole_and_reaches_a_margin(self, rows: list[tuple[str, str, float]], silent: int) -> None:
        first = np.array([one for one, _, _ in rows], dtype=object)
        weights = np.array([weight for _, _, weight in rows])
        known: dict[object, float] = {"a": 40.0, "b": 60.0, "z": float(silent)}

        found = raked(weights, traits=[first], margins=[known])

        assert (found > 0).all()
        assert found.sum() == pytest.approx(100 + silent)
        if min((first == one).sum() for one in "ab") >= 5:
            assert found[first == "a"].sum() / found.sum() == pytest.approx(0.4)

    def test_small_categories_stand_for_each_other(self) -> None:
        traits = np.array(["a"] * 6 + ["b", "c"], dtype=object)

        found = raked(np.ones(8), traits=[traits], margins=[{"a": 60.0, "b": 5.0, "c": 15.0}])

        assert found.tolist() == pytest.approx([10.0] * 6 + [10.0, 10.0])


def test_no_weight_counts_for_more_than_ten_times_the_median() -> None:
    assert trimmed(np.array([1.0, 1.0, 2.0, 50.0])).tolist() == [1.0, 1.0, 2.0, 15.0]


def test_representativeness_is_whole_where_all_are_alike_and_none_where_half_are_certain() -> None:
    assert representativeness(np.full(10, 0.3), np.ones(10)) == pytest.approx(1)
    assert representativeness(np.array([0.0, 1.0]), np.ones(2)) == pytest.approx(0)
