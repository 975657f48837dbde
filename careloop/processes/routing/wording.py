"""Why somebody was offered something, in the reader's language: "waited 40 s, Korean, Billing level 2, you were idle longest"."""

from collections.abc import Mapping
from typing import assert_never

from babel import Locale
from babel.core import UnknownLocaleError
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from careloop.domains.queues.states import Choice
from careloop.domains.queues.types import Why
from careloop.ui.moments import length

__all__ = ["language_name", "reasons_of"]


def reasons_of(why: Why, *, skills: Mapping[int, str], people: Mapping[int, str], is_own: bool) -> list[str]:
    """Return the reasons as short phrases, to be set apart by commas, in the language in force.

    skills, people: names by primary key (workforce.queries.skill_names, people.queries.names_of), of those the reason speaks of.
    is_own: the reader is the one who was asked.
    """
    said = [_("waited %(time)s") % {"time": _time(why.waited_s)}]
    if why.moved_by_id is not None:
        said.append(_("given by %(name)s") % {"name": people.get(why.moved_by_id, "")})
    if why.language:
        said.append(language_name(why.language))
    for skill_id, level in sorted(why.levels.items()):
        said.append(_("%(skill)s level %(level)s") % {"skill": skills.get(skill_id, ""), "level": level})
    if why.is_same_agent:
        said.append(_("you served the customer last") if is_own else _("served the customer last"))
    if why.chosen_by is not None:
        said.append(_chosen(why.chosen_by, is_own=is_own))
    elif not why.is_same_agent and why.rivals == 0 and why.idle_s is not None:
        said.append(_("nobody else could take it"))
    if why.ahead_s > 0:
        said.append(_("priority worth %(time)s of waiting") % {"time": _time(why.ahead_s)})
    if why.overflow_count:
        said.append(
            ngettext("passed on by %(count)s queue", "passed on by %(count)s queues", why.overflow_count)
            % {"count": why.overflow_count}
        )
    if why.given_share is not None and why.agreed_share is not None:
        said.append(
            _("this program had %(given)s of %(agreed)s agreed")
            % {"given": _percent(why.given_share), "agreed": _percent(why.agreed_share)}
        )
    return said


def language_name(code: str) -> str:
    """Return what a language is called in the language in force; the code itself where nobody knows."""
    try:
        wanted, own = (Locale.parse(to_locale(one)) for one in (code, get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return code
    return str(wanted.get_display_name(own) or code)


def _chosen(choice: Choice, *, is_own: bool) -> str:
    match choice:
        case Choice.LONGEST_IDLE:
            return _("you were idle longest") if is_own else _("was idle longest")
        case Choice.ROUND_ROBIN:
            return _("it was your turn") if is_own else _("it was their turn")
        case Choice.LEAST_BUSY:
            return _("you had the most room") if is_own else _("had the most room")
        case Choice.BEST_SKILLED:
            return _("you know most about it") if is_own else _("knows most about it")
        case _:
            assert_never(choice)


def _time(seconds: int) -> str:
    return _("%(seconds)d s") % {"seconds": seconds} if seconds < 120 else length(seconds)


def _percent(share: float) -> str:
    return f"{share:.0%}"
