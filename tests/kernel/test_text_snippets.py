"""Snippets show the hit in the writer's own letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.kernel.text import Segment, snippet
from tests.strategies import cjk_runs, texts

LONG = "Xin chào, tôi muốn hỏi về ĐƠN HÀNG số AB-12345 của tôi, đặt hôm qua nhưng đến nay chưa nhận được."


def hits(segments: tuple[Segment, ...]) -> list[str]:
    return [segment.text for segment in segments if segment.is_hit]


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        (LONG, "don hang", ["ĐƠN", "HÀNG"]),
        (LONG, "ab12345 nha", ["AB-12345", "nhận"]),
        ("환불을 요청합니다. 환불!", "환불", ["환불", "환불"]),
        ("申请退\n款", "退款", ["退 款"]),
        ("Đo\u031b\u0301n hàng", "don", ["Đớn"]),
        ("ﬁne İstanbul", "istanbul", ["İstanbul"]),
        ("refund refunds", "refund ", ["refund"]),
        ("a.b*c", "b*c", ["b", "c"]),
        ("call (02) 123 4567", "02 123 4567", ["02) 123 4567"]),
        ("nothing here", "환불", []),
        ("nothing here", "", []),
    ],
)
def test_marks_the_hits(text: str, typed: str, expected: list[str]) -> None:
    assert hits(snippet(text, typed)) == expected


def test_cuts_between_words_around_the_hit() -> None:
    segments = snippet(LONG, "hang", width=50)

    assert "".join(segment.text for segment in segments) == "…hỏi về ĐƠN HÀNG số AB-12345 của tôi, đặt hôm qua…"


def test_chooses_the_stretch_with_the_most_hits() -> None:
    text = "refund " + "x " * 200 + "refund order refund"

    assert hits(snippet(text, "refund order", width=40)) == ["refund", "order", "refund"]


def test_shows_the_beginning_without_a_hit() -> None:
    assert snippet("one two three", "환불", width=8) == (
        Segment(text="one two", is_hit=False),
        Segment(text="…", is_hit=False),
    )


@given(cjk_runs(), cjk_runs(min_size=2), cjk_runs())
def test_always_shows_what_was_found(before: str, run: str, after: str) -> None:
    assert run in hits(snippet(f"{before} {run} {after}", run))


@given(texts(), texts(), st.integers(1, 60))
def test_never_fails_and_stays_near_its_width(text: str, typed: str, width: int) -> None:
    segments = snippet(text, typed, width=width)

    assert len("".join(segment.text for segment in segments)) <= width + 2 + max(map(len, hits(segments)), default=0)
    assert all(segment.text for segment in segments)
