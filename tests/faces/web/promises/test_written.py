"""Hours and lengths of time as people write them."""

from datetime import time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from careloop.faces.web.promises.written import Unreadable, hours_read, hours_written, length_read, length_written
from careloop.kernel.hours import Span


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", None),
        ("  ", None),
        ("4 h", 14_400),
        ("4h", 14_400),
        ("30 min", 1800),
        ("1 h 30 min", 5400),
        ("1 hour 5 minutes", 3900),
        ("4시간 30분", 16_200),
        ("4小时30分钟", 16_200),
        ("4 giờ 05 phút", 14_700),
        ("90 MIN", 5400),
        ("4小时30分", 16_200),
        ("45 s", 45),
        ("1 min 30 s", 90),
        ("1분 30초", 90),
        ("2 phút 5 giây", 125),
        ("1小时5秒", 3605),
    ],
)
def test_a_length_is_hours_minutes_and_seconds_in_every_language_of_the_house(text: str, seconds: int | None) -> None:
    assert length_read(text) == seconds


@pytest.mark.parametrize("text", ["4", "4 days", "2 d", "h", "-1 h", "1.5 h", "30 min 1 h", "٤ h", "4 h!", "1 h 2 h"])
def test_what_is_no_length_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Unreadable, match="hours, minutes and seconds"):
        length_read(text)


@given(seconds=st.integers(1, 366 * 86_400), language=st.sampled_from(["en", "ko", "vi", "zh-hans"]))
def test_what_is_written_is_read_again(seconds: int, language: str) -> None:
    with translation.override(language):
        assert length_read(length_written(seconds)) == seconds


def test_hours_of_a_day_are_spans() -> None:
    assert hours_read("13:00-18:00, 9:00 - 12:00") == (
        Span(opens=time(13), closes=time(18)),
        Span(opens=time(9), closes=time(12)),
    )
    assert hours_read("00:00-24:00") == (Span(opens=time(0), closes=time(0)),)
    assert hours_read(" ") == ()
    assert hours_written(hours_read("13:00-18:00, 9:00-12:00")) == "09:00-12:00, 13:00-18:00"


@pytest.mark.parametrize("text", ["9-18", "09:00", "09:00-25:00", "09:00-24:30", "09:60-10:00", "09:00-18:00,", "x"])
def test_what_are_no_hours_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Unreadable, match="Write hours such as"):
        hours_read(text)


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(Unreadable, match="end before they begin"):
        hours_read("18:00-09:00")


@given(text=st.text(max_size=40))
def test_no_text_breaks_the_readers(text: str) -> None:
    for read in (length_read, hours_read):
        try:
            read(text)
        except Unreadable:
            continue
