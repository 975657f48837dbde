"""Texts of a file to values: times, dates, clock readings, numbers, yes and no."""

from collections.abc import Sequence

from careloop.insight.facts.columns import literal
from careloop.insight.imports.mapping.pieces import Fault, Piece, Steps, Type
from careloop.insight.imports.mapping.zones import NO_SUCH_TIME, NO_SUCH_ZONE

__all__ = ["EPOCHS", "NO", "YES", "clock", "date", "instant", "number", "seconds", "time", "yes_no"]

EPOCHS = {"epoch": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
"""Formats of times as a count since 1970, with how many microseconds each unit has."""
YES = ("true", "t", "yes", "y", "1", "on", "예", "네", "是", "有", "có", "đúng")
NO = ("false", "f", "no", "n", "0", "off", "아니오", "아니요", "否", "无", "không", "sai")
DAY_US = 86_400_000_000
EXCEL_EPOCH_US = -2_209_161_600_000_000
"""1899-12-30, from which spreadsheets count days."""


def time(given: str, *, formats: Sequence[str], zone: str, steps: Steps) -> Piece:
    """Read an instant.

    given: SQL of the text. formats: of strptime, or a name of EPOCHS, or excel; none for ISO 8601 with or without offset.
    zone: SQL of the zone's name, for readings that bring no offset.
    """
    if not formats:
        has_offset = f"regexp_matches({given}, '(Z|[+]00|[+-][0-9]{{2}}:?[0-9]{{2}})$')"
        fixed = steps.add(f"epoch_us(case when {has_offset} then try_cast({given} as timestamptz) end)")
        local = steps.add(f"case when {fixed} is null then epoch_us(try_cast({given} as timestamp)) end")
        found = steps.add(f"coalesce({fixed}, {steps.instant(local, zone)})")
        return _checked(found, given)
    if formats[0] in EPOCHS:
        return _plain(steps.add(f"(try_cast({given} as double) * {EPOCHS[formats[0]]})::bigint"), given)
    if formats[0] == "excel":
        local = steps.add(f"(try_cast({given} as double) * {DAY_US})::bigint + {EXCEL_EPOCH_US}")
        return instant(local, given=given, zone=zone, steps=steps)
    parsed = f"epoch_us(try_strptime({given}, {_listed(formats)}))"
    if any("%z" in pattern for pattern in formats):
        return _plain(steps.add(parsed), given)
    return instant(steps.add(parsed), given=given, zone=zone, steps=steps)


def instant(local: str, *, given: str, zone: str, steps: Steps) -> Piece:
    """Turn a local reading, microseconds from 1970 on the local clock, into an instant."""
    return _checked(steps.instant(local, zone), given)


def _checked(found: str, given: str) -> Piece:
    return Piece(
        sql=f"case when {found} > {NO_SUCH_ZONE} then {found} end",
        type=Type.TIME,
        faults=(
            Fault(when=f"({found} = {NO_SUCH_TIME})", reason="time_skipped", given=given),
            Fault(when=f"({found} = {NO_SUCH_ZONE})", reason="zone_unknown", given=given),
            Fault(when=f"({given} is not null and {found} is null)", reason="not_a_time", given=given),
        ),
    )


def _plain(found: str, given: str) -> Piece:
    fault = Fault(when=f"({given} is not null and {found} is null)", reason="not_a_time", given=given)
    return Piece(sql=found, type=Type.TIME, faults=(fault,))


def date(given: str, *, formats: Sequence[str], steps: Steps) -> Piece:
    """Read a calendar day; without formats as ISO 8601."""
    sql = f"try_strptime({given}, {_listed(formats)})::date" if formats else f"try_cast({given} as date)"
    return _one(given, steps.add(sql), Type.DATE, "not_a_date")


def clock(given: str, *, formats: Sequence[str], steps: Steps) -> Piece:
    """Read a time of day; without formats as hours, minutes and seconds, which may go beyond 24 hours."""
    if formats:
        parsed = f"try_strptime({given}, {_listed(formats)})"
        return _one(
            given, steps.add(f"epoch_us({parsed}) - epoch_us(date_trunc('day', {parsed}))"), Type.CLOCK, "not_a_clock"
        )
    return _one(given, steps.add(f"({_hms(given)} * 1000000)::bigint"), Type.CLOCK, "not_a_clock")


def seconds(given: str, *, steps: Steps, has_decimal_comma: bool) -> Piece:
    """Read a duration: a number of seconds, or hours, minutes and seconds with colons between."""
    plain = _float(given, steps, has_decimal_comma)
    sql = f"case when {plain} is null and contains({given}, ':') then {_hms(given)} else {plain} end"
    return _one(given, steps.add(sql), Type.NUMBER, "not_a_duration")


def number(given: str, *, steps: Steps, has_decimal_comma: bool) -> Piece:
    """Read a number, with a decimal point or, where the mapping says so, a decimal comma."""
    return _one(given, _float(given, steps, has_decimal_comma), Type.NUMBER, "not_a_number")


def yes_no(given: str, *, steps: Steps) -> Piece:
    """Read yes or no, in the four languages."""
    yes, no = (", ".join(literal(word) for word in words) for words in (YES, NO))
    sql = f"case when lower({given}) in ({yes}) then true when lower({given}) in ({no}) then false end"
    return _one(given, steps.add(sql), Type.TRUTH, "not_yes_or_no")


def _one(given: str, found: str, kind: Type, reason: str) -> Piece:
    fault = Fault(when=f"({given} is not null and {found} is null)", reason=reason, given=given)
    return Piece(sql=found, type=kind, faults=(fault,))


def _float(given: str, steps: Steps, has_decimal_comma: bool) -> str:
    """Return the step that holds the number, null where there is none; most texts are plain ones and are looked at once."""
    if has_decimal_comma:
        found = steps.add(f"try_cast(replace(replace({given}, '.', ''), ',', '.') as double)")
    else:
        plain = steps.add(f"try_cast({given} as double)")
        grouped = f"try_cast(replace({given}, ',', '') as double)"
        found = steps.add(f"case when {plain} is null and contains({given}, ',') then {grouped} else {plain} end")
    return steps.add(f"case when isfinite({found}) then {found} end")


def _hms(given: str) -> str:
    return (
        f"case when regexp_full_match({given}, '[0-9]+:[0-5]?[0-9](:[0-5]?[0-9]([.][0-9]+)?)?') then "
        f"split_part({given}, ':', 1)::double * 3600 + split_part({given}, ':', 2)::double * 60"
        f" + coalesce(try_cast(split_part({given}, ':', 3) as double), 0) end"
    )


def _listed(formats: Sequence[str]) -> str:
    return "[" + ", ".join(literal(pattern) for pattern in formats) + "]"
