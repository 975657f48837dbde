"""What can be asked about a call or a chat that ended unanswered, in the one language of conditions."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from careloop.domains.automation.types import RuleSettings
from careloop.domains.cases.conditions import EVERY_CASE, as_tree
from careloop.domains.cases.errors import CaseUnclear
from careloop.kernel.conditions import BadCondition, Condition, Field, Kind, Registry, from_json

__all__ = ["AS_TODAY", "CONTACTS", "GAVE_UP", "LET_GO", "tree_of"]

GAVE_UP: Final = "given_up"
LET_GO: Final = "left"
CONTACTS: Final = Registry(
    Field(name="waited_s", kind=Kind.NUMBER, label=_("Waited, in seconds")),
    Field(
        name="ending",
        kind=Kind.CHOICE,
        label=_("How it ended"),
        choices={GAVE_UP: _("The customer gave up"), LET_GO: _("We let them go: nobody came, or a mailbox answered")},
    ),
    Field(name="queue", kind=Kind.TAG, label=_("Queue")),
    Field(name="is_known", kind=Kind.BOOLEAN, label=_("Known customer")),
    Field(name="has_case", kind=Kind.BOOLEAN, label=_("Belongs to a case")),
    Field(name="is_open", kind=Kind.BOOLEAN, label=_("Ended in opening hours")),
    Field(name="is_reached", kind=Kind.BOOLEAN, label=_("We have spoken since")),
    Field(name="tries", kind=Kind.NUMBER, label=_("Unanswered within 24 hours, this one included")),
)
AS_TODAY: Final = ("is_known", "has_case")
"""What the log does not tell: these fields are asked of calls and chats as they are today."""


def tree_of(settings: RuleSettings) -> Condition:
    """Return the conditions of a rule as a checked tree, of cases or of calls and chats. Raises CaseUnclear with what is wrong."""
    return _contact_tree(settings.conditions) if settings.is_of_contacts else as_tree(settings.conditions)


def _contact_tree(conditions: Mapping[str, Any] | None) -> Condition:
    if not conditions:
        return EVERY_CASE
    try:
        return from_json(conditions, registry=CONTACTS)
    except BadCondition as problem:
        raise CaseUnclear(problem.sentence(gettext)) from None
