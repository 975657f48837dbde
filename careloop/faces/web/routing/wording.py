"""Why somebody was asked and no other, and what people do, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from babel import Locale
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from careloop.domains.queues.states import Choice
from careloop.domains.queues.types import Why
from careloop.domains.workforce.states import REASONS, State
from careloop.faces.web.wall.wording import lasting, percent

__all__ = ["LANGUAGES", "TONES", "joined", "language_name", "language_names", "needs_said", "reason_said", "why_said"]

TONES: Final[Mapping[State, str]] = {
    State.AVAILABLE: "solved",
    State.RINGING: "accent",
    State.CONTACT: "open",
    State.HOLD: "waiting",
    State.WRAP: "open",
    State.AUX_PRODUCTIVE: "internal",
    State.TRAINING: "internal",
    State.COACHING: "internal",
    State.MEETING: "internal",
    State.BREAK: "due-soon",
    State.SYSTEM_ISSUE: "missed",
    State.OFFLINE: "closed",
}
LANGUAGES: Final = (
    *("en", "ko", "zh-hans", "vi", "ja", "th", "id", "ms", "fil", "my", "km", "lo", "mn", "hi", "bn", "ne", "si"),
    *("ur", "ar", "he", "fa", "tr", "ru", "uk", "pl", "cs", "sk", "hu", "ro", "bg", "el", "de", "nl", "fr", "it"),
    *("es", "pt", "sv", "da", "nb", "fi"),
)
"""Languages that people are offered to speak, as customers' languages are written in codes."""


def why_said(why: Why, *, skills: Mapping[int, str], names: Mapping[int, str], to: str = "") -> list[str]:
    """Return why somebody was asked, as short phrases, the most telling first.

    skills: names by primary key. names: of people. to: the name of who was asked; empty when they read it themselves.
    """
    phrases = [_("waited %(time)s") % {"time": lasting(why.waited_s)}]
    if why.language:
        phrases.append(language_name(why.language))
    phrases += needs_said(why.levels, skills=skills)
    if why.ahead_s:
        phrases.append(_("%(time)s ahead by priority") % {"time": lasting(why.ahead_s)})
    if why.overflow_count:
        phrases.append(_("passed on from another queue"))
    phrases.append(_chosen(why, names=names, to=to))
    if why.given_share is not None and why.agreed_share is not None:
        shares = {"given": percent(why.given_share), "agreed": percent(why.agreed_share)}
        phrases.append(_("this program got %(given)s of the work lately, of %(agreed)s agreed") % shares)
    return phrases


def joined(phrases: Iterable[str]) -> str:
    """Return phrases as one line."""
    return pgettext("between the phrases of a reason", ", ").join(phrases)


def needs_said(levels: Mapping[int, int], *, skills: Mapping[int, str]) -> list[str]:
    """Return skills with their levels as phrases, in the order of their names."""
    named = sorted((skills.get(skill) or _("a skill that is no more"), level) for skill, level in levels.items())
    return [_("%(skill)s level %(level)d") % {"skill": skill, "level": level} for skill, level in named]


def reason_said(state: State, reason: str) -> str:
    """Return the words for the reason of a state; empty for none."""
    return str(REASONS.get(state, {}).get(reason, reason))


def language_name(code: str) -> str:
    """Return a language's name in the reader's language, or its code where it has none there."""
    names = _names(get_language() or "en")
    base = code.replace("_", "-").partition("-")[0]
    return names.get(code) or names.get(base) or code


def language_names(codes: Iterable[str]) -> Sequence[tuple[str, str]]:
    """Return codes with their names, in the order of the names."""
    return sorted(((code, language_name(code)) for code in codes), key=lambda pair: pair[1])


def _chosen(why: Why, *, names: Mapping[int, str], to: str) -> str:
    """Say how the person was chosen, to themselves or to others."""
    if why.moved_by_id is not None:
        who = {"who": names.get(why.moved_by_id) or _("A supervisor")}
        return _("%(who)s moved it here") % who
    who = {"who": to}
    if why.is_same_agent:
        return _("%(who)s served this customer last") % who if to else _("you served this customer last")
    match why.chosen_by:
        case Choice.LONGEST_IDLE:
            return _("%(who)s was idle longest") % who if to else _("you were idle longest")
        case Choice.ROUND_ROBIN:
            return _("it was the turn of %(who)s") % who if to else _("it was your turn")
        case Choice.LEAST_BUSY:
            return _("%(who)s had the most room left") % who if to else _("you had the most room left")
        case Choice.BEST_SKILLED:
            return _("%(who)s knows most about it") % who if to else _("you know most about it")
        case None if why.rivals:
            return _("it was the next one for %(who)s") % who if to else _("it was the next one for you")
        case None:
            return _("nobody else was free for it")


@cache
def _names(language: str) -> dict[str, str]:
    return dict(Locale.parse({"zh-hans": "zh_Hans"}.get(language, language)).languages)
