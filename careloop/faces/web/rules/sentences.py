"""How the log of who did what tells the events of rules and macros."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from careloop.domains.automation.events import RuleMoved, RulePaused
from careloop.domains.automation.queries import macro_names, rule_names
from careloop.domains.automation.states import Why
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.events import Event

__all__: list[str] = []


def _rules(ids: Iterable[int]) -> dict[int, str]:
    return rule_names(set(ids))


def _macros(ids: Iterable[int]) -> dict[int, str]:
    return macro_names(set(ids))


def _place(event: Event) -> dict[str, str]:
    return {"place": str(event.position + 1)} if isinstance(event, RuleMoved) else {}


def _why(event: Event) -> dict[str, str]:
    known = isinstance(event, RulePaused) and event.why in Why.values
    return {"why": str(Why(event.why).label)} if known and isinstance(event, RulePaused) else {"why": ""}


name_subjects("rule", _rules)
name_subjects("macro", _macros)

say("rule.made", label=_("Rule made"), sentence=_("%(who)s made the rule %(whom)s."))
say(
    "rule.changed",
    label=_("Rule changed"),
    sentence=_("%(who)s changed the rule %(whom)s; version %(version)s holds now."),
)
say("rule.moved", label=_("Rule moved"), sentence=_("%(who)s put the rule %(whom)s in place %(place)s."), places=_place)
say("rule.paused", label=_("Rule paused"), sentence=_("The rule %(whom)s rests. %(why)s"), places=_why)
say("rule.resumed", label=_("Rule resumed"), sentence=_("%(who)s lets the rule %(whom)s act again."))
say("rule.retired", label=_("Rule out of use"), sentence=_("%(who)s took the rule %(whom)s out of use."))
say("macro.changed", label=_("Macro kept, changed or deleted"))
say("macro.applied", label=_("Macro applied"), sentence=_("%(who)s applied the macro %(whom)s to a case."))
