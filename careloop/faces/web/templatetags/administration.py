"""`{% load administration %}`: the pages of a workspace's administration, in groups, for whoever may open them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careloop.faces.web.actors import actor_of, workspace_of
from careloop.kernel.actors import Role

__all__ = ["administration", "register"]

register = template.Library()

RUNNING: Final = (Role.OWNER, Role.MANAGER)
LEADING: Final = (*RUNNING, Role.LEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the administration. url_name: its first page. stems: how names of its pages begin. roles: whose; none for all."""

    label: str | Promise
    url_name: str
    stems: tuple[str, ...]
    roles: tuple[Role, ...] = ()


def _section(label: str | Promise, url_name: str, *stems: str, roles: tuple[Role, ...] = RUNNING) -> Section:
    return Section(label=label, url_name=url_name, stems=stems, roles=roles)


GROUPS: Final[Sequence[tuple[str | Promise, Sequence[Section]]]] = (
    (
        _("People"),
        (
            _section(_("People"), "admin_people", "admin_people", roles=()),
            _section(_("Invitations"), "admin_invitations", "admin_invitation"),
            _section(_("Teams"), "admin_teams", "admin_team", roles=()),
            _section(
                _("Skills and room"), "admin_skills", "admin_skill", "admin_profile", "admin_share", roles=LEADING
            ),
        ),
    ),
    (
        pgettext_lazy("administration", "Channels"),
        (
            _section(_("Mailboxes"), "admin_mailboxes", "admin_mailbox"),
            _section(_("Chat widgets"), "admin_widgets", "admin_widget"),
            _section(_("Phones"), "admin_phones", "admin_phone"),
            _section(_("Text messages"), "admin_texts", "admin_text"),
            _section(_("Web forms"), "admin_forms", "admin_form"),
            _section(_("Play a customer"), "admin_tester", "admin_tester"),
        ),
    ),
    (
        pgettext_lazy("administration", "How work goes"),
        (
            _section(_("Queues"), "admin_queues", "admin_queue", roles=LEADING),
            _section(_("Rules"), "admin_rules", "admin_rule", roles=LEADING),
            _section(_("Procedures"), "admin_procedures", "admin_procedure", roles=LEADING),
            _section(_("Promises"), "admin_policies", "admin_polic"),
            _section(_("Opening hours"), "admin_calendars", "admin_calendar"),
        ),
    ),
    (
        _("Cases"),
        (
            _section(_("Statuses"), "admin_statuses", "admin_status"),
            _section(_("Types"), "admin_types", "admin_type"),
            _section(_("Reasons"), "admin_reasons", "admin_reason"),
        ),
    ),
    (
        _("Workspace"),
        (
            _section(_("Settings"), "admin_settings", "admin_settings"),
            _section(_("API tokens"), "admin_tokens", "admin_token", roles=()),
            _section(_("Webhooks"), "admin_webhooks", "admin_webhook"),
            _section(_("Who did what"), "admin_audit", "admin_audit"),
        ),
    ),
)


@register.inclusion_tag("access/sections.html", takes_context=True)
def administration(context: dict[str, Any]) -> dict[str, Any]:
    """Print the way through the administration: at a desk beside the page, on a phone behind a button that says where one is."""
    request = context["request"]
    actor, key = actor_of(request), workspace_of(request).key
    open_name = request.resolver_match.url_name or ""
    groups, here = [], ""
    for label, sections in GROUPS:
        links = []
        for one in sections:
            if one.roles and not actor.has_role(*one.roles):
                continue
            is_here = open_name.startswith(one.stems)
            here = str(one.label) if is_here else here
            links.append((one.label, reverse(one.url_name, args=[key]), is_here))
        if links:
            groups.append((label, links))
    return {"groups": groups, "here": here}
