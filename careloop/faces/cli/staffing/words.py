"""The staffing table and its cautions, for a person."""

import unicodedata
from typing import assert_never

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from careloop.faces.cli.staffing.plan import Plan, Range, Row
from careloop.faces.cli.staffing.wishes import Wishes
from careloop.insight.queueing import (
    PATIENCE_SPREAD,
    BackOfficeWork,
    Caution,
    CertainForecast,
    Concurrency,
    EndlessPatience,
    Goals,
    SensitiveToPatience,
    ServiceLevel,
    SeveralSkills,
    ShortInterval,
)

__all__ = ["in_words"]

ANSWER, NOTHING = "→", "–"


def in_words(wishes: Wishes, plan: Plan) -> str:
    """Say what is promised, how many it takes, the table around it, and what to know of it."""
    if plan.agents == 0:
        return _("No calls come, so nobody is needed.")
    lines = [*_promises(wishes), "", _answer(wishes, plan), "", *_table(plan), ""]
    if any(row.service_level.low != row.service_level.high for row in plan.rows):
        lines.append(
            _("In brackets: with patience %(percent)d%% shorter and longer.")
            % {"percent": round(PATIENCE_SPREAD * 100)}
        )
    lines += [f"! {_caution(caution)}" for caution in plan.cautions]
    return "\n".join(lines).rstrip()


def _promises(wishes: Wishes) -> list[str]:
    goals = wishes.goals
    lines = [_promised_level(goals)]
    if wishes.patience_seconds is not None:
        facts = {"share": _percent(goals.abandon_share_max)}
        lines.append(
            _("At most %(share)s hang up.") % facts
            if wishes.is_abandon_cap_given
            else _(
                "At most %(share)s hang up, unless --max-abandon says otherwise: "
                "a service level alone can be met by driving callers away."
            )
            % facts
        )
    if goals.answer_seconds_max is not None:
        lines.append(
            _("Those answered wait at most %(seconds)s s on average.") % {"seconds": _plain(goals.answer_seconds_max)}
        )
    if goals.occupancy_max is not None:
        lines.append(_("Agents are busy at most %(share)s of their time.") % {"share": _percent(goals.occupancy_max)})
    return lines


def _promised_level(goals: Goals) -> str:
    facts = {
        "share": _percent(goals.service_level),
        "seconds": _plain(goals.target_seconds),
        "short": _plain(goals.short_abandon_seconds),
    }
    match goals.variant:
        case ServiceLevel.OFFERED:
            return _("At least %(share)s of all calls are answered within %(seconds)s s.") % facts
        case ServiceLevel.EX_SHORT:
            return (
                _(
                    "At least %(share)s of calls are answered within %(seconds)s s; "
                    "who hangs up within %(short)s s is not counted."
                )
                % facts
            )
        case ServiceLevel.EX_ABANDON:
            return (
                _(
                    "At least %(share)s of calls are answered within %(seconds)s s; "
                    "who hangs up within these seconds is not counted."
                )
                % facts
            )


def _answer(wishes: Wishes, plan: Plan) -> str:
    words = _("Agents needed: %(agents)d. People needed with %(shrinkage)s shrinkage: %(heads)d.") % {
        "agents": plan.agents,
        "shrinkage": _percent(wishes.shrinkage),
        "heads": plan.heads,
    }
    if plan.agents == plan.agents_at_mean:
        return words
    return (
        words
        + "\n"
        + _("If the forecast were certain: %(agents)d. The rest is for the days on which more call.")
        % {"agents": plan.agents_at_mean}
    )


def _table(plan: Plan) -> list[str]:
    heads = [
        "",
        pgettext("staffing table", "agents"),
        pgettext("staffing table", "people"),
        pgettext("staffing table", "service level"),
        pgettext("staffing table", "hang up"),
        pgettext("staffing table", "mean wait if answered, s"),
        pgettext("staffing table", "busy"),
    ]
    has_expected = any(row.expected_service_level is not None for row in plan.rows)
    if has_expected:
        heads += [
            pgettext("staffing table", "service level to expect"),
            pgettext("staffing table", "hang up, to expect"),
        ]
    lines = [heads, *(_cells(row, plan, has_expected=has_expected) for row in plan.rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(heads))]
    return [
        "  ".join(" " * (width - _width(cell)) + cell for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _cells(row: Row, plan: Plan, *, has_expected: bool) -> list[str]:
    cells = [
        ANSWER if row.agents == plan.agents else "",
        str(row.agents),
        str(row.heads),
        _percents(row.service_level),
        _percents(row.abandon_share),
        _seconds(row.answer_seconds),
        _percents(row.occupancy),
    ]
    if has_expected:
        cells += [_expected(row.expected_service_level), _expected(row.expected_abandon_share)]
    return cells


def _percents(figure: Range) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return NOTHING
    return _with_range(f"{_decimal(figure.value * 100)}%", _decimal(figure.low * 100), _decimal(figure.high * 100))


def _seconds(figure: Range) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return NOTHING
    return _with_range(_decimal(figure.value), _decimal(figure.low), _decimal(figure.high))


def _expected(share: float | None) -> str:
    return NOTHING if share is None else f"{_decimal(share * 100)}%"


def _with_range(value: str, low: str, high: str) -> str:
    return value if low == high else f"{value} ({low}–{high})"


def _percent(share: float) -> str:
    return f"{_plain(round(share * 100, 1))}%"


def _plain(value: float) -> str:
    return str(number_format(f"{value:.10g}", use_l10n=True))


def _decimal(value: float) -> str:
    return str(number_format(round(value, 1), 1, use_l10n=True))


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _caution(caution: Caution) -> str:
    match caution:
        case ShortInterval():
            return _(
                "The interval (%(minutes)s min) is shorter than twice the handle time (%(seconds)s s), so work carries "
                "over from one interval into the next. Plan for the load of the intervals before it too, or take a longer one."
            ) % {"minutes": _plain(caution.interval_seconds / 60), "seconds": _plain(caution.handle_seconds)}
        case CertainForecast():
            return _(
                "The forecast is taken as certain. Say with --calls-sd how far it misses: "
                "a busy day loses more than a quiet day gives back."
            )
        case EndlessPatience():
            return _(
                "Without --patience nobody ever hangs up (Erlang C). That asks for more agents than it takes, "
                "and has no answer where more calls come than agents can take."
            )
        case SensitiveToPatience():
            return _(
                "Much rests on patience: %(shorter)d agents if it is %(percent)d%% shorter, "
                "%(longer)d if it is %(percent)d%% longer."
            ) % {
                "shorter": caution.agents_if_shorter,
                "longer": caution.agents_if_longer,
                "percent": round(PATIENCE_SPREAD * 100),
            }
        case Concurrency():
            return _(
                "Agents hold %(slots)d contacts at once: --aht must be the handle time measured at that many, "
                "which is longer than that of one alone."
            ) % {"slots": caution.slots}
        case SeveralSkills():
            return _(
                "Where agents serve several queues, or some calls go first, this table is only a first guess: "
                "it knows one queue, first come, first served. A simulation tells more."
            )
        case BackOfficeWork():
            return _(
                "Work for which nobody waits in this queue is not in these numbers. Plan it by its backlog, and add its people."
            )
        case _:
            assert_never(caution)
