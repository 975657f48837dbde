"""What was typed, understood; or refused with a sentence."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from careloop.insight.queueing import Goals, ServiceLevel
from careloop.kernel.errors import Refusal

__all__ = ["MOST_AGENTS", "ArgumentMakesNoSense", "Wishes", "understood"]

MOST_AGENTS = 20_000
LONGEST_PATIENCE_SECONDS = 86_400
LONGEST_INTERVAL_SECONDS = 86_400
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


class ArgumentMakesNoSense(Refusal):
    """A value on the command line cannot be what was meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What to staff for. calls_sd: standard deviation of the forecast's error in calls an hour; None is "certain".

    is_abandon_cap_given: whether the limit of those who hang up was typed, or is the house's own.
    """

    calls_per_hour: float
    handle_seconds: float
    patience_seconds: float | None
    goals: Goals
    is_abandon_cap_given: bool
    shrinkage: float
    interval_seconds: float
    slots: int
    calls_sd: float | None
    has_several_skills: bool
    has_back_office_work: bool


def understood(typed: Mapping[str, str | None], *, has_several_skills: bool, has_back_office_work: bool) -> Wishes:
    """Read what was typed, by name of the option; None is "not typed". Raises ArgumentMakesNoSense."""
    rate = _number("--calls-per-hour", typed["--calls-per-hour"] or "")
    handle = _positive("--aht", typed["--aht"] or "")
    level, target = _promise(typed["--service-level"] or "")
    cap, slowest, busiest = typed["--max-abandon"], typed["--max-asa"], typed["--max-occupancy"]
    occupancy = None if busiest is None else _cap("--max-occupancy", busiest)
    if rate * handle / 3600 / (occupancy or 1) > MOST_AGENTS:
        raise ArgumentMakesNoSense(
            _(
                "This would take more than %(most)d agents. --calls-per-hour counts the calls of one hour, "
                "--aht the seconds of one call; check both, and --max-occupancy."
            )
            % {"most": MOST_AGENTS}
        )
    return Wishes(
        calls_per_hour=rate,
        handle_seconds=handle,
        patience_seconds=None if typed["--patience"] is None else _patience(typed["--patience"]),
        goals=Goals(
            service_level=level,
            target_seconds=target,
            variant=ServiceLevel(typed["--counted"] or ServiceLevel.EX_SHORT),
            abandon_share_max=Goals().abandon_share_max if cap is None else _cap("--max-abandon", cap),
            answer_seconds_max=None if slowest is None else _positive("--max-asa", slowest),
            occupancy_max=occupancy,
        ),
        is_abandon_cap_given=cap is not None,
        shrinkage=_shrinkage(typed["--shrinkage"] or ""),
        interval_seconds=_duration(typed["--interval"] or ""),
        slots=_slots(typed["--channel-slots"] or ""),
        calls_sd=None if typed["--calls-sd"] is None else _spread(typed["--calls-sd"], rate),
        has_several_skills=has_several_skills,
        has_back_office_work=has_back_office_work,
    )


def _read(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _number(option: str, text: str) -> float:
    value = _read(text)
    if not (math.isfinite(value) and value >= 0):
        raise ArgumentMakesNoSense(
            _("%(option)s is “%(text)s”; write a number of at least 0.") % {"option": option, "text": text}
        )
    return value


def _positive(option: str, text: str) -> float:
    value = _read(text)
    if not (math.isfinite(value) and value > 0):
        raise ArgumentMakesNoSense(
            _("%(option)s is “%(text)s”; write a number above 0.") % {"option": option, "text": text}
        )
    return value


def _patience(text: str) -> float:
    value = _number("--patience", text)
    if value > LONGEST_PATIENCE_SECONDS:
        raise ArgumentMakesNoSense(
            _("Nobody holds the line for a day: --patience is in seconds. Leave it out if nobody ever hangs up.")
        )
    return value


def _share(text: str) -> float:
    """Return a share from “0.8” or “80%”; NaN where it is neither."""
    value = _read(text.removesuffix("%"))
    return value / 100 if text.endswith("%") else value


def _cap(option: str, text: str) -> float:
    value = _share(text)
    if not 0 < value <= 1:
        raise ArgumentMakesNoSense(
            _("%(option)s is “%(text)s”; write a share above 0 and at most 1, such as 0.05 or 5%%.")
            % {"option": option, "text": text}
        )
    return value


def _shrinkage(text: str) -> float:
    value = _share(text)
    if not 0 <= value < 1:
        raise ArgumentMakesNoSense(
            _("--shrinkage is “%(text)s”; write a share of at least 0 and below 1, such as 0.3 or 30%%.")
            % {"text": text}
        )
    return value


def _promise(text: str) -> tuple[float, float]:
    """Return share and seconds of “0.8/20”, “80%/20” or “80/20”."""
    level, _slash, seconds = text.partition("/")
    share = _share(level)
    if re.fullmatch(r"[1-9][0-9](\.[0-9]+)?", level):  # as everybody says it: 80/20
        share /= 100
    target = _read(seconds)
    if not (0 < share < 1 and math.isfinite(target) and target >= 0):
        raise ArgumentMakesNoSense(
            _(
                "--service-level is “%(text)s”; write a share above 0 and below 1, a slash and seconds: "
                "0.8/20 is 80%% within 20 seconds. Nobody can promise all of them."
            )
            % {"text": text}
        )
    return share, target


def _duration(text: str) -> float:
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([smh]?)", text)
    if not found or not 0 < float(found[1]) * UNITS[found[2]] <= LONGEST_INTERVAL_SECONDS:
        raise ArgumentMakesNoSense(
            _("--interval is “%(text)s”; write minutes such as 30m, hours such as 1h or seconds such as 900s.")
            % {"text": text}
        )
    return float(found[1]) * UNITS[found[2]]


def _slots(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]?", text):
        raise ArgumentMakesNoSense(
            _("--channel-slots is “%(text)s”; write how many contacts an agent holds at once, from 1 to 99.")
            % {"text": text}
        )
    return int(text)


def _spread(text: str, rate: float) -> float:
    value = _number("--calls-sd", text)
    if value > rate:
        raise ArgumentMakesNoSense(
            _(
                "--calls-sd is larger than --calls-per-hour; a forecast that misses by so much says nothing to staff for."
            )
        )
    return value
