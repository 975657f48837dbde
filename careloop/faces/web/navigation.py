"""The places of a workspace: what stands in the rail, for whom. Rooms of this face add theirs here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.boards import rules as board_rules
from careloop.domains.channels.queries import quarantine_count
from careloop.domains.channels.rules import may_tend_quarantine
from careloop.domains.chats import rules as chat_rules
from careloop.domains.chats.queries import waiting_count
from careloop.domains.conversations import rules as conversation_rules
from careloop.domains.customers import rules as customer_rules
from careloop.domains.integrity import rules as integrity_rules
from careloop.domains.integrity.queries import severe_open_count
from careloop.domains.notifications.queries import pending_for
from careloop.domains.notifications.types import Waiting
from careloop.domains.people import rules
from careloop.domains.procedures import rules as procedure_rules
from careloop.domains.tasks import rules as task_rules
from careloop.domains.wallboards import rules as wall_rules
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.calls.shown import has_calls
from careloop.faces.web.routing.seeing import may_see_floor
from careloop.kernel.actors import Actor
from careloop.ui.shell import NavItem

__all__ = ["PLACES", "Place", "navigation_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of a workspace.

    label: a noun. url_name: takes the keyword `workspace`. icon: a Lucide name. may_enter: who sees it.
    shortcut: keys such as "g a", or empty. count: what waits there, up to 100; nothing is shown for 0. waiting: the kind of what
    waits there for the person.
    """

    label: str | Promise
    url_name: str
    icon: str
    may_enter: Callable[[Actor], bool]
    shortcut: str = ""
    count: Callable[[], int] | None = None
    waiting: Waiting | None = None


def _everybody(_actor: Actor) -> bool:
    return True


PLACES: list[Place] = [
    Place(label=_("Cases"), url_name="case_list", icon="inbox", may_enter=_everybody, shortcut="g i"),
    Place(
        label=_("Chats"),
        url_name="chat_list",
        icon="messages-square",
        may_enter=chat_rules.may_see,
        shortcut="g h",
        count=waiting_count,
    ),
    Place(label=_("Calls"), url_name="call_list", icon="phone", may_enter=has_calls, shortcut="g p"),
    Place(
        label=_("Approvals"),
        url_name="approval_list",
        icon="circle-check",
        may_enter=procedure_rules.may_approve_at_all,
        waiting=Waiting.APPROVAL,
    ),
    Place(
        label=_("Tasks"),
        url_name="task_list",
        icon="clipboard-list",
        may_enter=task_rules.may_list,
        shortcut="g t",
        waiting=Waiting.TASK,
    ),
    Place(
        label=_("Customers"), url_name="customer_list", icon="users", may_enter=customer_rules.may_see, shortcut="g c"
    ),
    Place(label=_("Floor"), url_name="floor", icon="headset", may_enter=may_see_floor, shortcut="g f"),
    Place(label=_("Wallboard"), url_name="wall", icon="gauge", may_enter=wall_rules.may_see, shortcut="g w"),
    Place(
        label=_("Boards"),
        url_name="board_list",
        icon="chart-no-axes-column",
        may_enter=board_rules.may_see,
        shortcut="g b",
    ),
    Place(
        label=_("Doubted numbers"),
        url_name="flag_list",
        icon="flag",
        may_enter=integrity_rules.may_see_all,
        count=severe_open_count,
    ),
    Place(
        label=_("Saved replies"),
        url_name="reply_list",
        icon="text-quote",
        may_enter=conversation_rules.may_keep_own_replies,
        shortcut="g r",
    ),
    Place(
        label=_("Quarantine"),
        url_name="quarantine",
        icon="mail-warning",
        may_enter=may_tend_quarantine,
        count=quarantine_count,
    ),
    Place(
        label=_("Admin"),
        url_name="admin_home",
        icon="settings",
        may_enter=rules.may_see_people,
        shortcut="g a",
    ),
]


def navigation_of(request: HttpRequest) -> tuple[NavItem, ...]:
    """Return the places that the member who asks may enter, in order."""
    actor, key = actor_of(request), workspace_of(request).key
    items = [(place, reverse(place.url_name, args=[key])) for place in PLACES if place.may_enter(actor)]
    pending = pending_for(actor)
    return tuple(
        NavItem(
            label=str(place.label),
            href=href,
            icon=place.icon,
            shortcut=place.shortcut,
            count=_shown(_count(place, pending)),
            is_current=request.path.startswith(href),
        )
        for place, href in items
    )


def _count(place: Place, pending: Mapping[Waiting, int]) -> int:
    if place.waiting is not None:
        return pending.get(place.waiting, 0)
    return place.count() if place.count is not None else 0


def _shown(count: int) -> str:
    return "" if count == 0 else "99+" if count > 99 else str(count)
