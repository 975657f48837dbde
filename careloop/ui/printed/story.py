"""Printed components of a story: its moments, oldest first."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careloop.ui.printed.marks import avatar, badge, icon, time
from careloop.ui.printed.words import NOTHING, after, attributes, id_of, quoted

__all__ = ["timeline", "timeline_event", "timeline_item"]


def timeline(*, slot: SafeString, attrs: Mapping[str, object], label: str = "", id_: str = "") -> SafeString:
    """What happened, oldest first; put timeline items and events inside. label: of what."""
    return format_html(
        '<ol class="moments" aria-label="{}"{}{}>{}</ol>', quoted(label), id_of(id_), attributes(attrs), slot
    )


def timeline_event(
    *,
    slot: SafeString,
    attrs: Mapping[str, object],
    icon: str = "circle-dot",
    tone: str = "",
    at: datetime | None = None,
    id_: str = "",
) -> SafeString:
    """Something that happened without words to the customer; the slot is one sentence. icon; tone; :at: when."""
    return format_html(
        '<li class="moment moment-event{}"{}{}><span class="moment-mark">{}</span><span>{}</span>'
        '<span class="moment-time">{}</span></li>',
        after(" tone-", tone),
        id_of(id_),
        attributes(attrs),
        _mark(icon),
        slot,
        time(at=at),
    )


def timeline_item(
    *,
    slot: SafeString,
    attrs: Mapping[str, object],
    kind: str = "customer",
    name: str = "",
    at: datetime | None = None,
    note: str = "",
    state: str = "",
    state_tone: str = "",
    files: str = "",
    actions: str = "",
    id_: str = "",
) -> SafeString:
    """One message. kind: customer, agent, note (internal), machine. name: who. :at: when. state: delivery in words, state_tone its tone. Slots: the text (as <div class="prose" lang="…">), note (to whom, via what), files (attachments), actions."""  # noqa: E501
    return format_html(
        '<li class="moment moment-{}"{}{}>{}<article class="moment-sheet"><header class="moment-head">'
        '<strong class="moment-name">{}</strong>{}{}<span class="moment-time">{}</span></header>'
        '<div class="moment-text">{}</div>{}{}</article></li>',
        kind,
        id_of(id_),
        attributes(attrs),
        avatar(name=name, kind=kind if kind in {"machine", "customer"} else "person"),
        name,
        _made_by(kind),
        format_html('<span class="moment-via">{}</span>', note) if note else NOTHING,
        time(at=at),
        slot,
        format_html('<div class="attachments">{}</div>', files) if files else NOTHING,
        _foot(state=state, tone=state_tone, actions=actions),
    )


def _mark(name: str) -> SafeString:
    return icon(name=name, size="small")


def _made_by(kind: str) -> SafeString:
    match kind:
        case "note":
            return badge(slot=SafeString(_("Internal note")), attrs={}, tone="internal", icon="lock")
        case "machine":
            return badge(slot=SafeString(_("Made by a machine")), attrs={}, tone="machine", icon="sparkles")
    return NOTHING


def _foot(*, state: str, tone: str, actions: str) -> SafeString:
    if not state and not actions:
        return NOTHING
    delivery = format_html(
        '<span class="moment-state{}">{}{}</span>',
        after(" tone-", tone),
        _mark("triangle-alert") if tone == "missed" else NOTHING,
        state,
    )
    return format_html(
        '<footer class="moment-foot">{}{}</footer>',
        delivery if state else NOTHING,
        format_html('<span class="row">{}</span>', actions) if actions else NOTHING,
    )
