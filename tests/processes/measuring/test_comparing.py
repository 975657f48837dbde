"""What is said of a change, a line and a mix is said from the numbers behind it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.insight.changes import Verdict, change, split
from careloop.insight.stats.intervals import newcombe, wilson
from careloop.processes.measuring.limits import control_limits
from careloop.processes.measuring.types import Figure


def share(x: float, n: float, **dimensions: str) -> Figure:
    found = wilson(successes=x, trials=n)
    return Figure(
        dimensions=dimensions,
        value=x / n if n else None,
        low=found.low if found else None,
        high=found.high if found else None,
        method="W",
        numerator=x,
        denominator=n,
        n=int(n),
        standing="shown",
        is_provisional=False,
    )


class TestChange:
    @given(n=st.integers(1, 500), m=st.integers(1, 500), data=st.data())
    def test_of_two_shares_is_newcombes(self, n: int, m: int, data: st.DataObject) -> None:
        x, y = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))

        found = change(share(x, n), share(y, m))
        wanted = newcombe(successes=x, trials=n, base_successes=y, base_trials=m)

        assert found is not None
        assert wanted is not None
        assert found.low == pytest.approx(wanted.low)
        assert found.high == pytest.approx(wanted.high)

    def test_within_chance_is_no_change(self) -> None:
        assert change(share(56, 70), share(55, 70)).verdict is Verdict.UNCLEAR  # type: ignore[union-attr]
        assert change(share(56, 70), share(20, 70)).verdict is Verdict.HIGHER  # type: ignore[union-attr]
        assert change(share(20, 70), share(56, 70)).verdict is Verdict.LOWER  # type: ignore[union-attr]

    def test_with_nothing_is_nothing(self) -> None:
        assert change(share(0, 0), share(5, 7)) is None
        assert change(None, share(5, 7)) is None


class TestLimits:
    def test_need_twelve_settled_points(self) -> None:
        assert control_limits([share(80, 100)] * 11) is None
        assert control_limits([share(80, 100)] * 12) is not None

    def test_show_the_day_that_was_different(self) -> None:
        found = control_limits([share(80 + step % 3, 100) for step in range(19)] + [share(30, 100)])

        assert found is not None
        assert [place for place, is_beyond in enumerate(found.beyond) if is_beyond] == [19]

    def test_hold_days_against_days_of_the_same_name(self) -> None:
        """A quiet Sunday is no alarm, a quiet Monday is one."""
        usual = [100, 104, 98, 101, 103, 20, 18]
        weeks = [[value + (week * 3 + day) % 4 for day, value in enumerate(usual)] for week in range(5)]
        weeks[4][0] = 22
        days = [value for week in weeks for value in week]
        figures = [replace(share(1, 1), method="P", value=float(value)) for value in days]

        found = control_limits(figures, weekdays=[place % 7 for place in range(35)])

        assert found is not None
        assert [place for place, is_beyond in enumerate(found.beyond) if is_beyond] == [28]

    def test_leave_out_days_without_any(self) -> None:
        found = control_limits([share(0, 0), *[share(80, 100)] * 12])

        assert found is not None
        assert (found.low[0], found.beyond[0]) == (None, False)


class TestMix:
    def test_parts_add_up(self) -> None:
        found = split(
            [share(90, 100, queue="a"), share(10, 40, queue="b")],
            [share(80, 100, queue="a"), share(10, 20, queue="b")],
            by="queue",
        )

        assert found is not None
        assert found.mix + found.rate == pytest.approx(found.change)
        assert sum(part.mix + part.rate for part in found.parts) == pytest.approx(found.change)
        assert found.change == pytest.approx(100 / 140 - 90 / 120)

    def test_speaks_in_the_unit_of_the_metric(self) -> None:
        now, before = (replace(share(x, 40, queue="a"), value=1000 * x / 40) for x in (30, 10))

        found = split([now], [before], by="queue")

        assert found is not None
        assert found.change == pytest.approx(500)
        assert found.mix == 0

    def test_is_none_of_what_is_no_quotient_of_sums(self) -> None:
        quantile = replace(share(3, 40, queue="a"), value=12.0)

        assert split([quantile, share(3, 40, queue="b")], [share(5, 40, queue="a")], by="queue") is None

    def test_tells_nothing_where_a_part_is_hidden(self) -> None:
        hidden = replace(share(1, 3, queue="a"), standing="hidden")

        assert split([hidden], [share(80, 100, queue="a")], by="queue") is None
