"""Functions of the mapping language that are plain SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from careloop.insight.imports.mapping.pieces import Type

__all__ = ["FUNCTIONS", "Signature"]

TEXT, NUMBER, TRUTH, TIME = Type.TEXT, Type.NUMBER, Type.TRUTH, Type.TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A function. usage: how it is written; meaning: a sentence for the manual; is_open: the last argument may come again."""

    usage: str
    meaning: str
    takes: tuple[Type, ...]
    gives: Type
    sql: Callable[..., str]
    is_open: bool = False

    @property
    def least(self) -> int:
        """How many arguments it needs."""
        return len(self.takes)


def _call(name: str) -> Callable[..., str]:
    return lambda *given: f"{name}({', '.join(given)})"


FUNCTIONS: Mapping[str, Signature] = {
    "concat": Signature(
        usage="concat(a, b, …)",
        meaning="The texts one after another; none when one of them is none.",
        takes=(TEXT, TEXT),
        gives=TEXT,
        sql=lambda *given: "(" + " || ".join(given) + ")",
        is_open=True,
    ),
    "lower": Signature(usage="lower(text)", meaning="In small letters.", takes=(TEXT,), gives=TEXT, sql=_call("lower")),
    "upper": Signature(
        usage="upper(text)", meaning="In capital letters.", takes=(TEXT,), gives=TEXT, sql=_call("upper")
    ),
    "strip": Signature(
        usage="strip(text)", meaning="Without white space at both ends.", takes=(TEXT,), gives=TEXT, sql=_call("trim")
    ),
    "replace": Signature(
        usage='replace(text, "old", "new")',
        meaning="With every old part replaced.",
        takes=(TEXT, TEXT, TEXT),
        gives=TEXT,
        sql=_call("replace"),
    ),
    "part": Signature(
        usage='part(text, "-", 2)',
        meaning="The part of that number between separators; none beyond the last.",
        takes=(TEXT, TEXT, NUMBER),
        gives=TEXT,
        sql=lambda text, mark, number: f"nullif(split_part({text}, {mark}, ({number})::int), '')",
    ),
    "first": Signature(
        usage="first(text, 2)",
        meaning="So many letters from the start.",
        takes=(TEXT, NUMBER),
        gives=TEXT,
        sql=lambda text, number: f"left({text}, ({number})::int)",
    ),
    "contains": Signature(
        usage='contains(text, "part")',
        meaning="Whether it is in there.",
        takes=(TEXT, TEXT),
        gives=TRUTH,
        sql=_call("contains"),
    ),
    "starts": Signature(
        usage='starts(text, "part")',
        meaning="Whether it begins so.",
        takes=(TEXT, TEXT),
        gives=TRUTH,
        sql=_call("starts_with"),
    ),
    "matches": Signature(
        usage='matches(text, "[0-9]+")',
        meaning="Whether the whole text fits the pattern (RE2).",
        takes=(TEXT, TEXT),
        gives=TRUTH,
        sql=_call("regexp_full_match"),
    ),
    "written": Signature(
        usage="written(number)",
        meaning="The number as text, without decimals where it has none.",
        takes=(NUMBER,),
        gives=TEXT,
        sql=lambda number: f"regexp_replace(({number})::varchar, '[.]0$', '')",
    ),
    "round": Signature(
        usage="round(number)", meaning="To the nearest whole number.", takes=(NUMBER,), gives=NUMBER, sql=_call("round")
    ),
    "abs": Signature(usage="abs(number)", meaning="Without its sign.", takes=(NUMBER,), gives=NUMBER, sql=_call("abs")),
    "smallest": Signature(
        usage="smallest(a, b, …)",
        meaning="The smallest of the numbers that are there.",
        takes=(NUMBER, NUMBER),
        gives=NUMBER,
        sql=_call("least"),
        is_open=True,
    ),
    "largest": Signature(
        usage="largest(a, b, …)",
        meaning="The largest of the numbers that are there.",
        takes=(NUMBER, NUMBER),
        gives=NUMBER,
        sql=_call("greatest"),
        is_open=True,
    ),
    "earliest": Signature(
        usage="earliest(a, b, …)",
        meaning="The first of the times that are there.",
        takes=(TIME, TIME),
        gives=TIME,
        sql=_call("least"),
        is_open=True,
    ),
    "latest": Signature(
        usage="latest(a, b, …)",
        meaning="The last of the times that are there.",
        takes=(TIME, TIME),
        gives=TIME,
        sql=_call("greatest"),
        is_open=True,
    ),
    "stamp": Signature(
        usage="stamp(time)",
        meaning="The time as text in UTC, to build an id from.",
        takes=(TIME,),
        gives=TEXT,
        sql=lambda time: f"strftime(make_timestamp({time}), '%Y%m%dT%H%M%SZ')",
    ),
}
