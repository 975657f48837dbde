"""What is asked for and what is missing, in the reader's language."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from careloop.processes.floor.lacking import Lack, Lacking
from careloop.processes.routing.wording import language_name

__all__ = ["joined", "lack_said", "needs_said"]


def joined(phrases: Iterable[str]) -> str:
    """Return phrases as one line."""
    return pgettext("between the phrases of a reason", ", ").join(phrases)


def needs_said(levels: Mapping[int, int], *, skills: Mapping[int, str]) -> list[str]:
    """Return skills with their levels as phrases, in the order of their names."""
    named = sorted((skills.get(skill) or _("a skill that is no more"), level) for skill, level in levels.items())
    return [_("%(skill)s level %(level)d") % {"skill": skill, "level": level} for skill, level in named]


def lack_said(missing: Lacking, *, skills: Mapping[int, str]) -> str:
    """Say why nobody gets something that waits."""
    match missing.lack:
        case Lack.CLOSED:
            return _("Its queue is closed now.")
        case Lack.NOBODY_SERVES:
            return _("Nobody serves its queue.")
        case Lack.NOBODY_HERE:
            return _("Nobody who serves its queue is here.")
        case Lack.LANGUAGE:
            places = {"language": language_name(missing.language)}
            if missing.is_anywhere:
                return _("Nobody with %(language)s is here.") % places
            return _("Nobody who serves its queue speaks %(language)s.") % places
        case Lack.SKILL:
            (skill,) = needs_said({missing.skill_id or 0: missing.level}, skills=skills)
            if missing.is_anywhere:
                return _("Nobody with %(skill)s is here.") % {"skill": skill}
            return _("Nobody who serves its queue has %(skill)s.") % {"skill": skill}
        case Lack.TOGETHER:
            if missing.is_anywhere:
                return _("Nobody who has all that it asks for is here.")
            return _("Nobody who serves its queue has all that it asks for.")
        case Lack.ALL_BUSY:
            count = missing.people_count
            return ngettext(
                "The %(count)d person who could take it has no room now.",
                "All %(count)d people who could take it have no room now.",
                count,
            ) % {"count": count}
        case Lack.NOBODY_YET:
            return _("Somebody is being looked for.")
