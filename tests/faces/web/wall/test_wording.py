"""Figures are said as one takes them in at a glance, and never rounded to what they are not."""

import pytest

from careloop.domains.wallboards.types import Figure
from careloop.faces.web.wall.wording import lasting, percent, said


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (7500, "2 h 05 min"),
        (86_400, "1 d 0 h"),
        (200_000, "2 d 7 h"),
    ],
)
def test_how_long_something_lasts(seconds: float, words: str) -> None:
    assert lasting(seconds) == words


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.999, "99%"), (1, "100%"), (0.875, "88%")]
)
def test_a_share_is_everything_only_when_it_is(share: float, words: str) -> None:
    assert percent(share) == words


def test_each_figure_in_its_measure() -> None:
    assert said(Figure.LONGEST_WAIT, 600) == "10 min"
    assert said(Figure.WITHIN_TARGET_TODAY, 0.8) == "80%"
    assert said(Figure.WAITING, 1200.0) == "1200"
