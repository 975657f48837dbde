"""The rows of actions in a form, with what can be chosen in each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from careloop.domains.automation.states import ActionKind
from careloop.domains.cases import queries as cases
from careloop.domains.cases.types import Priority
from careloop.domains.conversations.queries import replies_known_to
from careloop.domains.people import queries as people
from careloop.domains.procedures.queries import procedure_choices
from careloop.domains.webhooks.queries import webhook_choices
from careloop.faces.web.access.forms import LANGUAGES
from careloop.faces.web.rules.drafts import ActionDraft
from careloop.kernel.actors import Actor

__all__ = ["ActionShown", "actions_shown"]

MOST_REPLIES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionShown:
    """A row of the editor. shape: one, several, text, long, task, callback or none. kinds: what can be done; choices: with what."""

    key: int
    draft: ActionDraft
    shape: str
    kinds: list[tuple[str, str]]
    choices: list[tuple[str, str]]


def actions_shown(drafts: Sequence[ActionDraft], *, viewer: Actor) -> list[ActionShown]:
    """Return the rows as the viewer sees them."""
    kinds = [(kind.value, str(kind.label)) for kind in ActionKind]
    return [
        ActionShown(key=key, draft=draft, shape=_shape(draft.kind), kinds=kinds, choices=_choices(draft.kind, viewer))
        for key, draft in enumerate(drafts)
    ]


def _shape(kind: str) -> str:
    match kind:
        case ActionKind.TAG | ActionKind.UNTAG:
            return "text"
        case ActionKind.NOTE:
            return "long"
        case ActionKind.REPLY:
            return "several"
        case ActionKind.TASK:
            return "task"
        case ActionKind.CALLBACK:
            return "callback"
        case ActionKind.NOTIFY_ASSIGNEE | ActionKind.SPAM:
            return "none"
    return "one"


def _choices(kind: str, viewer: Actor) -> list[tuple[str, str]]:
    match kind:
        case ActionKind.PRIORITY:
            return [(str(key), str(label)) for key, label in Priority.choices]
        case ActionKind.STATUS:
            return [(str(row.id), row.name) for row in cases.statuses()]
        case ActionKind.TYPE:
            return [(str(row.id), row.name) for row in cases.case_types()]
        case ActionKind.REASON:
            return [(row.code, " › ".join(row.path)) for row in cases.reasons()]
        case ActionKind.ASSIGN | ActionKind.NOTIFY:
            return [(str(user_id), name) for user_id, name, _role in people.people_choices(viewer)]
        case ActionKind.TEAM | ActionKind.NOTIFY_TEAM | ActionKind.TASK:
            return [(str(key), name) for key, name in people.team_choices(viewer)]
        case ActionKind.PROCEDURE:
            return [(str(key), name) for key, name in procedure_choices()]
        case ActionKind.WEBHOOK:
            return [(str(key), name) for key, name in webhook_choices()]
        case ActionKind.REPLY:
            spoken = dict(LANGUAGES)
            found = [row for row in replies_known_to(viewer=viewer, limit=MOST_REPLIES) if not row.is_own]
            return [
                (str(row.id), _("%(name)s (%(language)s)") % {"name": row.name, "language": spoken[row.language]})
                if row.language in spoken
                else (str(row.id), row.name)
                for row in found
            ]
    return []
