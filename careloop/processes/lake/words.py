"""What is wrong with facts, said to people: the reasons, imbalances and errors of insight in the reader's language."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from careloop.insight.facts import errors
from careloop.insight.facts.errors import FactsError
from careloop.insight.facts.identities import Imbalance
from careloop.insight.facts.reasons import Reason

__all__ = ["IMBALANCES", "REASONS", "error_in_words", "imbalance_in_words", "reason_in_words"]

REASONS: Final[Mapping[Reason, Promise | str]] = {
    Reason.MISFIT: _("%(column)s holds “%(value)s”, which is not of its type."),
    Reason.MISSING: _("%(column)s has to be known, and is empty."),
    Reason.UNKNOWN_WORD: _("%(column)s says “%(value)s”, which is none of the words it may say."),
    Reason.NOT_FINITE: _("%(column)s is not a finite number."),
    Reason.NEGATIVE: _("%(column)s is %(value)s, and cannot be below zero."),
    Reason.NO_SHARE: _(
        "%(column)s is %(value)s; a share lies between 0 and 1, and a chance of being drawn is above 0."
    ),
    Reason.CLOCK_JUMPED: _(
        "%(column)s is %(value)s: before 1990, or after the row arrived. Was a clock wrong, or a time zone?"
    ),
    Reason.WRONG_ORDER: _("%(column)s comes before what has to come before it: %(value)s."),
    Reason.TOO_LONG: _("A call of more than 24 hours: %(value)s seconds."),
    Reason.ANSWER_UNCLEAR: _(
        "An answered segment needs answered_at, and left the queue at that moment; another has neither."
    ),
    Reason.EXIT_UNCLEAR: _("The exit is known exactly when the moment of leaving the queue is."),
    Reason.WAIT_DIFFERS: _("wait_s is %(value)s, but the time from queued_at to left_queue_at is another."),
    Reason.TALK_DIFFERS: _(
        "talk_s and hold_s add up to %(value)s, but the time from answered_at to released_at is another."
    ),
    Reason.WRAP_DIFFERS: _("wrap_s is %(value)s, but the time from released_at to wrap_ended_at is another."),
    Reason.UNDELIVERED: _("The survey was completed, but its invitation was not delivered."),
    Reason.NO_CHANCE_KNOWN: _("A drawn sample needs its chance of being drawn, and inclusion_prob is empty."),
    Reason.OFF_SCALE: _("%(column)s is %(value)s, which lies outside the scale."),
    Reason.TWO_CONTENTS: _("The lake holds this version of the row with another content."),
    Reason.OVERLAP: _("The agent was already doing something else: %(value)s."),
}

IMBALANCES: Final[Mapping[Imbalance, Any]] = {
    Imbalance.NO_SEGMENT: ngettext_lazy(
        "%(count)s contact entered a queue by its outcome, and has no segment.",
        "%(count)s contacts entered a queue by their outcome, and have no segment.",
        "count",
    ),
    Imbalance.NEEDLESS_SEGMENT: ngettext_lazy(
        "%(count)s contact never entered a queue by its outcome, and has a segment.",
        "%(count)s contacts never entered a queue by their outcome, and have a segment.",
        "count",
    ),
    Imbalance.NO_CONTACT: ngettext_lazy(
        "%(count)s segment belongs to a contact that is not there.",
        "%(count)s segments belong to a contact that is not there.",
        "count",
    ),
    Imbalance.UNANSWERED: ngettext_lazy(
        "%(count)s contact is handled without an answered segment, or abandoned with one.",
        "%(count)s contacts are handled without an answered segment, or abandoned with one.",
        "count",
    ),
    Imbalance.WAITING_AFTER_END: ngettext_lazy(
        "%(count)s segment still waits in a queue although its contact has ended.",
        "%(count)s segments still wait in a queue although their contact has ended.",
        "count",
    ),
    Imbalance.STATE_GAP: ngettext_lazy(
        "%(count)s time nothing is known of an agent between signing in and signing out.",
        "%(count)s times nothing is known of an agent between signing in and signing out.",
        "count",
    ),
    Imbalance.OVERWORKED: ngettext_lazy(
        "%(count)s time an agent handled calls for longer than the half hour lasts.",
        "%(count)s times an agent handled calls for longer than the half hour lasts.",
        "count",
    ),
    Imbalance.BROKEN_CHAIN: ngettext_lazy(
        "%(count)s change of a case begins in another state than the one before ended in.",
        "%(count)s changes of cases begin in another state than the one before ended in.",
        "count",
    ),
    Imbalance.REOPENINGS_DIFFER: ngettext_lazy(
        "%(count)s case was reopened another number of times than its changes say.",
        "%(count)s cases were reopened another number of times than their changes say.",
        "count",
    ),
    Imbalance.BACKLOG_DIFFERS: ngettext_lazy(
        "%(count)s case is open by its changes and solved by itself, or the other way round.",
        "%(count)s cases are open by their changes and solved by themselves, or the other way round.",
        "count",
    ),
    Imbalance.NO_AGENT: ngettext_lazy(
        "%(count)s member of a team is no agent that the headcount knows.",
        "%(count)s members of teams are no agents that the headcount knows.",
        "count",
    ),
    Imbalance.LEFT_AND_IN_TEAM: ngettext_lazy(
        "%(count)s agent has left and is still in a team.",
        "%(count)s agents have left and are still in a team.",
        "count",
    ),
}

_ERRORS: Final[Mapping[type[FactsError], Promise | str]] = {
    errors.UnknownTable: _("There is no fact table %(table)s. The tables are described in docs/reference/facts.md."),
    errors.UnknownColumn: _("The fact table %(table)s has no column %(column)s. It has: %(columns)s."),
    errors.WrongColumnType: _("The column %(column)s of %(table)s holds %(got)s; it has to hold %(wanted)s."),
    errors.NotALake: _("There are no facts in %(root)s. Import some, or give the folder of a workspace's lake."),
    errors.NewerLake: _("The facts in %(root)s were written by a newer Careloop. Upgrade this one to read them."),
    errors.LakeBusy: _("Somebody else is writing into %(root)s. Try again when that is done."),
    errors.BadZone: _("%(zone)s is no time zone. Give one such as Asia/Seoul."),
    errors.Misfit: _("The value %(value)s does not fit the column %(column)s of %(table)s."),
}


def reason_in_words(reason: Reason, *, column: str, value: object) -> str:
    """Say why a row was set aside."""
    return str(REASONS[reason]) % {"column": column, "value": value}


def imbalance_in_words(imbalance: Imbalance, *, count: int) -> str:
    """Say what does not add up, of how many rows."""
    return str(IMBALANCES[imbalance] % {"count": count})


def error_in_words(error: FactsError) -> str:
    """Say why something cannot be done with facts."""
    return str(_ERRORS[type(error)]) % error.values
