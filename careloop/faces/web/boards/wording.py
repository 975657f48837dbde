"""What a number is, said beside it: compared with what, how trustworthy, as of when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from django.utils import formats, timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from careloop.domains.integrity.states import Said as AnswerSaid
from careloop.faces.web.boards.figures import Scale
from careloop.insight.changes import Verdict, change
from careloop.processes.measuring.catalogue import MetricCard
from careloop.processes.measuring.types import Answer, Figure, FlagFound

__all__ = [
    "Badge",
    "Said",
    "as_of_words",
    "badges_of",
    "compared",
    "flag_badge",
    "held_against_target",
    "moment_words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A short word with a meaning, and the whole sentence. href: where more is said, empty for nowhere."""

    tone: str
    words: str
    sentence: str
    icon: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence with its tone and icon."""

    words: str
    tone: str = ""
    icon: str = ""


def flag_badge(flag: FlagFound, *, flags_at: str) -> Badge:
    """Return how a flag stands beside a number: loud while the number is in doubt, quiet with its answer.

    flags_at: the address under which flags are opened; empty for a reader who may not.
    """
    language = (get_language() or "en").lower()
    sentence = flag.sentence.get(language, flag.sentence["en"])
    href = f"{flags_at}{flag.id}" if flags_at else ""
    if not flag.is_doubtful:
        said = str(AnswerSaid(flag.said).label)
        return Badge(
            tone="neutral",
            words=pgettext("doubt", "Answered"),
            sentence=_("%(sentence)s Answer: %(said)s.") % {"sentence": sentence, "said": said},
            icon="check",
            href=href,
        )
    tones = {"severe": "missed", "warning": "due-soon"}
    words = {"severe": _("Not to be trusted"), "warning": _("Check this")}
    return Badge(
        tone=tones.get(flag.severity, "neutral"),
        words=words.get(flag.severity, _("Worth knowing")),
        sentence=sentence,
        icon="triangle-alert",
        href=href,
    )


def badges_of(answer: Answer, figure: Figure | None, *, flags_at: str = "") -> Sequence[Badge]:
    """Return what has to stand beside a number wherever it stands, the gravest first. flags_at: as in `flag_badge`."""
    found = [flag_badge(flag, flags_at=flags_at) for flag in answer.flags if flag.severity != "note"]
    if any(flag.severity == "severe" and flag.is_doubtful for flag in answer.part_flags):
        sentence = _("Of some parts of this number a check says that they must not be trusted.")
        found.append(
            Badge(tone="missed", words=_("Parts in doubt"), sentence=sentence, icon="triangle-alert", href=flags_at)
        )
    if figure is None:
        return found
    if figure.standing == "small_sample" and figure.value is not None and figure.n:
        sentence = _("Fewer than 30 stand behind this number, so chance has a large part in it.")
        found.append(Badge(tone="due-soon", words=_("Small sample"), sentence=sentence))
    if figure.is_provisional:
        sentence = _("Late data may still change this number.")
        found.append(Badge(tone="waiting", words=_("Provisional"), sentence=sentence))
    return found


def compared(
    card: MetricCard, now: Figure | None, other: Answer, scale: Scale, *, is_team: bool = False
) -> Said | None:
    """Hold a number against the period before, or one's own against the team's. None where one of them has no value.

    other: the answer for the period before, or for the team.
    """
    base = other.total
    if not is_team and not other.reaches_back and now is not None and now.value is not None:
        return Said(words=_("Nothing to compare with yet"))
    found = change(now, base)
    if found is None or base is None or base.value is None:
        return None
    places = {"difference": scale.say_difference(found.difference), "value": scale.say(base.value)}
    match found.verdict:
        case Verdict.UNCLEAR if is_team:
            return Said(words=_("Not distinguishable from your team (%(value)s)") % places)
        case Verdict.UNCLEAR:
            return Said(words=_("No clear change from %(value)s") % places)
        case Verdict.UNKNOWN:
            return Said(words=(_("Team: %(value)s") if is_team else _("Before: %(value)s")) % places)
        case Verdict.HIGHER:
            words = (
                _("%(difference)s above your team (%(value)s)") if is_team else _("Up %(difference)s from %(value)s")
            )
            return Said(words=words % places, tone=_tone(card, is_up=True), icon="arrow-up-right")
        case Verdict.LOWER:
            words = (
                _("%(difference)s below your team (%(value)s)") if is_team else _("Down %(difference)s from %(value)s")
            )
            return Said(words=words % places, tone=_tone(card, is_up=False), icon="arrow-down-right")
    assert_never(found.verdict)


def held_against_target(card: MetricCard, answer: Answer, target: float, scale: Scale) -> Said | None:
    """Say whether a target is kept, and whether the interval lies wholly on that side of it.

    A severe flag forbids to call it kept, and what is counted over a period is held against it once facts cover the period.
    """
    figure = answer.total
    if figure is None or figure.value is None:
        return None
    places = {"target": scale.say(target)}
    if card.direction not in {"higher", "lower"}:
        return Said(words=_("Target: %(target)s") % places)
    if card.aggregation == "C" and not answer.reaches_back:
        return Said(words=_("Target %(target)s: nothing to hold against it yet, as facts begin later") % places)
    low, high, value = figure.low, figure.high, figure.value
    if card.direction == "lower":
        low, high = (None if end is None else -end for end in (high, low))
        value, target = -value, -target
    is_kept, is_missed = low is not None and low >= target, high is not None and high < target
    if value >= target and answer.has_severe_flag:
        return Said(words=_("Target %(target)s: cannot be called kept while a check is open") % places, tone="missed")
    if is_kept:
        return Said(words=_("Target %(target)s: kept") % places, tone="solved", icon="check")
    if is_missed:
        return Said(words=_("Target %(target)s: missed") % places, tone="missed", icon="x")
    if value >= target:
        return Said(words=_("Target %(target)s: kept, but not distinguishable from missed") % places)
    return Said(words=_("Target %(target)s: missed, but not distinguishable from kept") % places)


def as_of_words(answer: Answer) -> str:
    """Say until when the data are complete; empty where no source says."""
    if answer.complete_until is None:
        return ""
    return _("Data complete until %(moment)s") % {"moment": moment_words(answer.complete_until)}


def moment_words(iso: str) -> str:
    """Say a moment on the reader's clock."""
    return formats.date_format(timezone.localtime(datetime.fromisoformat(iso)), "SHORT_DATETIME_FORMAT")


def _tone(card: MetricCard, *, is_up: bool) -> str:
    if card.direction not in {"higher", "lower"}:
        return ""
    return "solved" if is_up is (card.direction == "higher") else "missed"
