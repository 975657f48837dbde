"""Small numbers stay hidden, from subtraction as well."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from careloop.insight.stats.arrays import Bools, Floats
from careloop.insight.stats.suppression import Standing, customer_standing, hidden_cells, with_totals


def possible(full: Floats, hidden: Bools, *, most: int) -> dict[tuple[int, ...], set[int]]:
    """Try every table of whole numbers up to `most` that fits what is shown: what each hidden inner cell may be."""
    shape = tuple(n - 1 for n in full.shape)
    unknown = [at for at in np.ndindex(shape) if hidden[at]]
    guesses = np.array(list(product(range(most + 1), repeat=len(unknown))))
    moves = np.array([with_totals(np.eye(1, int(np.prod(shape)), at).reshape(shape)) for at in range(np.prod(shape))])
    places = [int(np.ravel_multi_index(at, shape)) for at in unknown]
    cells = np.tile(full[tuple(slice(0, -1) for _ in shape)].ravel(), (len(guesses), 1))
    cells[:, places] = guesses
    fits = ((np.tensordot(cells, moves, axes=1) == full) | hidden).reshape(len(guesses), -1).all(axis=1)
    return {at: set(guesses[fits, place].tolist()) for place, at in enumerate(unknown)}


class TestStanding:
    @pytest.mark.parametrize(
        ("denominator", "standing"),
        [(0, Standing.HIDDEN), (9, Standing.HIDDEN), (10, Standing.SMALL), (29, Standing.SMALL), (30, Standing.SHOWN)],
    )
    def test_follows_the_denominator(self, denominator: int, standing: Standing) -> None:
        assert customer_standing(denominator) is standing

    def test_refuses_what_is_no_denominator(self) -> None:
        with pytest.raises(ValueError, match="A denominator must be 0 or more"):
            customer_standing(-1)


class TestHiddenCells:
    def test_hides_nothing_where_all_are_many(self) -> None:
        assert not hidden_cells([[5, 9], [12, 30]]).any()

    def test_hides_the_next_smallest_beside_a_single_small_cell(self) -> None:
        assert hidden_cells([3, 20, 7]).tolist() == [True, False, True, False]

    def test_hides_a_total_that_is_small_itself(self) -> None:
        assert hidden_cells([2, 1]).tolist() == [True, True, True]

    def test_two_small_cells_do_not_hide_each_other(self) -> None:
        # 0 and 0 with their total shown would be known for certain, 1 and 2 nearly.
        assert hidden_cells([1, 2, 40, 9]).tolist() == [True, True, False, True, False]

    def test_hides_a_rectangle_in_a_table(self) -> None:
        mask = hidden_cells([[3, 20, 20], [20, 20, 20], [20, 20, 20]])

        assert mask.sum() == 4
        assert not mask[-1].any()
        assert not mask[:, -1].any()

    def test_leaves_no_bridge_between_two_hidden_blocks(self) -> None:
        # Every line has two hidden cells or none, and still one cell between the blocks would follow by subtraction.
        table = [[6, 6, 9, 9], [6, 6, 2, 9], [9, 9, 6, 6], [9, 9, 6, 6]]

        mask = hidden_cells(table)

        assert mask[1, 2]
        assert mask[1].sum() >= 2
        assert mask[:, 2].sum() >= 2

    @settings(max_examples=25, deadline=None)
    @given(arrays(np.int64, st.sampled_from([(3,), (2, 2)]), elements=st.integers(0, 5)))
    def test_nobody_can_work_a_small_cell_out(self, table: Floats) -> None:
        full, hidden = with_totals(table), hidden_cells(table, fewest=3)

        assert hidden[full < 3].all()
        for at, values in possible(full, hidden, most=10).items():
            if full[at] < 3:
                assert max(values) - min(values) >= 3

    @settings(max_examples=15, deadline=None)
    @given(arrays(np.int64, st.sampled_from([(6,), (3, 4), (2, 2, 2)]), elements=st.integers(0, 40)))
    def test_no_small_cell_follows_from_the_rest_by_algebra(self, table: Floats) -> None:
        full, hidden = with_totals(table), hidden_cells(table)
        inner = [at for at in np.ndindex(table.shape) if hidden[at]]
        # What each hidden cell moves among the things shown; a cell is free when others can undo its move.
        moves = np.zeros((len(inner), int((~hidden).sum())))
        for place, at in enumerate(inner):
            unit = np.zeros(table.shape)
            unit[at] = 1
            moves[place] = with_totals(unit)[~hidden]

        for place, at in enumerate(inner):
            if full[at] < 5 and moves[place].any():
                rest = np.delete(moves, place, axis=0)
                assert len(rest)
                assert np.linalg.matrix_rank(moves) == np.linalg.matrix_rank(rest)

    def test_two_small_cells_together_may_need_a_third(self) -> None:
        # 1 and 1 make 2 in all, too little to hide among; with the 50 hidden, its column must hide another, and so on.
        mask = hidden_cells([[1, 1, 50], [60, 70, 80]])

        assert mask.tolist() == [[True, True, True, False], [True, True, True, False], [False] * 4]

    @pytest.mark.parametrize("counts", [[], [-1, 2], [1.5], [np.nan], 3])
    def test_refuses_what_is_no_table_of_persons(self, counts: object) -> None:
        with pytest.raises(ValueError, match=r"Counts"):
            hidden_cells(counts)  # type: ignore[arg-type]
