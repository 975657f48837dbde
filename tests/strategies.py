"""Hypothesis strategies that several rooms share."""

from datetime import UTC, date, datetime, time

from hypothesis import strategies as st

from careloop.kernel.hours import Calendar, Span

__all__ = ["calendars", "cjk_runs", "letters_of_words", "moments", "texts"]

ZONES = (
    "Asia/Seoul",
    "Asia/Ho_Chi_Minh",
    "Asia/Shanghai",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Europe/London",
    "Pacific/Apia",
)


# Days around changes of the clock in the zones above, besides all others.
NOTABLE_DAYS = (
    date(2011, 12, 30),  # Apia has no such date
    date(2011, 11, 6),  # St. John's goes back at 00:01, into the day before
    date(2018, 11, 4),  # São Paulo skips midnight; New York repeats an hour
    date(2018, 2, 17),  # São Paulo repeats the last hour of the day
    date(2026, 3, 8),  # New York skips an hour
    date(2026, 4, 5),  # Lord Howe repeats half an hour
    date(2026, 10, 4),  # Lord Howe skips half an hour
)


def moments() -> st.SearchStrategy[datetime]:
    """Moments in UTC from 2005 to 2035, often close to a change of some clock."""
    days = st.one_of(st.dates(date(2005, 1, 1), date(2035, 1, 1)), st.sampled_from(NOTABLE_DAYS))
    return st.builds(datetime.combine, days, st.times(), st.just(UTC))


@st.composite
def _spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Up to three spans of one day on whole minutes, some touching, some until midnight."""
    borders = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    if len(borders) % 2:
        borders.pop()
    clock = [time(minute // 60 % 24, minute % 60) for minute in borders]
    return tuple(Span(opens=opens, closes=closes) for opens, closes in zip(clock[::2], clock[1::2], strict=True))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Calendars that open at least once a week."""
    weekly = draw(st.dictionaries(st.integers(0, 6), _spans().filter(bool), min_size=1))
    days = st.one_of(st.sampled_from(NOTABLE_DAYS), st.dates(date(2010, 1, 1), date(2030, 1, 1)))
    exceptions = draw(st.dictionaries(days, _spans(), max_size=5))
    return Calendar(zone=draw(st.sampled_from(ZONES)), weekly=weekly, exceptions=exceptions)


def cjk_runs(min_size: int = 1) -> st.SearchStrategy[str]:
    """Chinese, Japanese and Korean characters without a break, rare ones beyond 16 bits included."""
    common = st.sampled_from("주문환불요청결제취소订单退款请求订货カードガ々")
    han, rare = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), st.sampled_from("𠮷𫠝𰻞")
    hangul = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
    return st.text(st.one_of(common, han, rare, hangul), min_size=min_size, max_size=12)


def letters_of_words() -> st.SearchStrategy[str]:
    """Words of Latin letters, with and without marks, and digits."""
    return st.text(st.sampled_from("abcdezđơướêßøİñ0123456789ABCDEZĐƠ"), min_size=1, max_size=12)


def texts() -> st.SearchStrategy[str]:
    """Anything at all, with a liking for what breaks parsers."""
    hostile = st.text(st.sampled_from("'\"\\&|!()<->:*%_ \n\0\u200b\u0301ㅋㄱㅏ환退aé1-.@\ud800"), max_size=30)
    parts = st.one_of(st.text(max_size=20), hostile, cjk_runs(), letters_of_words())
    return st.lists(parts, max_size=6).map(" ".join)
