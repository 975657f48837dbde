"""The chat on the company's sites."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.queries import is_calendar
from careloop.domains.channels.queries import addresses_by_mailbox
from careloop.domains.chats import rules
from careloop.domains.chats.errors import MayNotKeepWidgets, WidgetNotFound, WidgetTaken, WidgetUnclear
from careloop.domains.chats.events import ChatNoticeAgreed, ChatWidgetChanged
from careloop.domains.chats.models import Widget
from careloop.domains.chats.states import Invited
from careloop.domains.chats.types import InvitationRule, WidgetSettings
from careloop.domains.people.queries import is_team
from careloop.domains.queues.queries import takes
from careloop.domains.queues.states import Kind
from careloop.domains.workspaces.types import Language
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.secrets import seal_secret

__all__ = ["MOST_INVITATIONS", "add_widget", "change_widget", "note_agreement", "renew_secret"]

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
_PAGE = re.compile(r"https?://[^\s<>\"]{3,290}")
_LEAST_S, _MOST_S = 30, 86_400
MOST_INVITATIONS: Final = 20


@act
def add_widget(*, key: str, settings: WidgetSettings, actor: Actor, at: datetime) -> int:
    """Make a widget with a secret of its own and return its id. key: what its address ends in.

    Raises MayNotKeepWidgets, WidgetUnclear, WidgetTaken. Records ChatWidgetChanged.
    """
    _check(actor)
    if not re.fullmatch(r"[a-z0-9-]{1,40}", key):
        raise WidgetUnclear(
            _("An address is made of small letters, digits and hyphens."),
            fields={"key": _("An address is made of small letters, digits and hyphens.")},
        )
    widget = Widget(key=key, secret=_new_secret(), **_columns(settings, None))
    try:
        with attempt():
            widget.save()
    except IntegrityError:
        raise WidgetTaken(
            _("Another widget has this address."), fields={"key": _("Another widget has this address.")}
        ) from None
    _record(widget, "made", actor, at)
    return widget.pk


@act
def change_widget(*, widget_id: int, settings: WidgetSettings, actor: Actor, at: datetime) -> None:
    """Change a widget or switch it off. Raises MayNotKeepWidgets, WidgetNotFound, WidgetUnclear. Records ChatWidgetChanged."""
    _check(actor)
    widget = _locked(widget_id)
    for name, value in _columns(settings, widget).items():
        setattr(widget, name, value)
    widget.save()
    _record(widget, "changed", actor, at)


@act
def renew_secret(*, widget_id: int, actor: Actor, at: datetime) -> None:
    """Give a widget another secret; tokens signed with the old one are worth nothing from now on.

    Raises MayNotKeepWidgets, WidgetNotFound. Records ChatWidgetChanged.
    """
    _check(actor)
    widget = _locked(widget_id)
    widget.secret = _new_secret()
    widget.save(update_fields=["secret"])
    _record(widget, "secret_renewed", actor, at)


@act
def note_agreement(*, widget_id: int, case_number: int, actor: Actor, at: datetime) -> None:
    """Note that a visitor agreed to the notice of a widget, in its words; nothing happens where it has none.

    case_number: of what they began or wrote. Records ChatNoticeAgreed.
    """
    widget = Widget.objects.get(pk=widget_id)
    if widget.notice:
        about, told = subject("chat_widget", widget.pk), f"{widget.notice} {widget.notice_url}".strip()
        record(ChatNoticeAgreed(subject=about, actor=str(actor), at=at, case_number=case_number, notice=told))


def _check(actor: Actor) -> None:
    if not rules.may_keep_widgets(actor):
        raise MayNotKeepWidgets(_("Owners and managers put the chat on sites. Ask one of them."))


def _locked(widget_id: int) -> Widget:
    widget = Widget.objects.select_for_update().filter(pk=widget_id).first()
    if widget is None:
        raise WidgetNotFound(_("There is no such widget."))
    return widget


def _new_secret() -> bytes:
    return seal_secret(secrets.token_urlsafe(32))


def _record(widget: Widget, change: str, actor: Actor, at: datetime) -> None:
    record(ChatWidgetChanged(subject=subject("chat_widget", widget.pk), actor=str(actor), at=at, change=change))


def _columns(settings: WidgetSettings, before: Widget | None) -> dict[str, Any]:
    """Return what the settings say column by column; what is kept as it was is not asked for again."""
    faults: dict[str, Any] = {}
    if not settings.name.strip():
        faults["name"] = _("Give the widget a name.")
    kept_team, kept_calendar = (None, None) if before is None else (before.team_id, before.calendar_id)
    kept_queue = None if before is None else before.queue_id
    if settings.team_id and settings.team_id != kept_team and not is_team(settings.team_id):
        faults["team_id"] = _("This team does not exist any more. Choose another one.")
    if settings.queue_id and settings.queue_id != kept_queue and not takes(settings.queue_id, Kind.CHAT):
        faults["queue_id"] = _("This queue takes no chats, or is not in use any more. Choose another one.")
    if settings.mailbox_id is not None and settings.mailbox_id not in addresses_by_mailbox():
        faults["mailbox_id"] = _("This mailbox does not exist any more. Choose another one.")
    if settings.calendar_id and settings.calendar_id != kept_calendar and not is_calendar(settings.calendar_id):
        faults["calendar_id"] = _("This calendar is not in use any more. Choose another one.")
    for name in ("visitor_silence_s", "agent_silence_s", "mail_after_s"):
        if not _LEAST_S <= getattr(settings, name) <= _MOST_S:
            faults[name] = _("Choose between half a minute and a day.")
    if settings.most_wait_s != 0 and not _LEAST_S <= settings.most_wait_s <= _MOST_S:
        faults["most_wait_s"] = _("Choose between half a minute and a day, or 0 for no end.")
    if not 0 <= settings.most_waiting <= 1000:
        faults["most_waiting"] = _("Choose between 0 and 1000.")
    if not set(settings.greetings) <= set(Language):
        faults["greetings"] = _("Choose one of the languages in the list.")
    if len(settings.invitations) > MOST_INVITATIONS:
        faults["invitations"] = _("Keep at most %(count)d invitations.") % {"count": MOST_INVITATIONS}
    for place, rule in enumerate(settings.invitations):
        faults.update({f"invitations.{place}.{name}": words for name, words in _faults_of(rule).items()})
    if settings.notice_url and not (settings.notice.strip() and _PAGE.fullmatch(settings.notice_url.strip())):
        faults["notice_url"] = _(
            "Write the address of a page, such as https://www.example.com/privacy, and the words above it."
        )
    origins = [origin.strip().lower().rstrip("/") for origin in settings.allowed_origins if origin.strip()]
    if not all(_ORIGIN.fullmatch(origin) for origin in origins):
        faults["allowed_origins"] = _("Write sites like https://www.example.com, without anything behind it.")
    if faults:
        raise WidgetUnclear(next(iter(faults.values())), fields=faults)
    return {
        "name": settings.name.strip()[:80],
        "language": settings.language,
        "greetings": _said(settings.greetings, most=300),
        "team_id": settings.team_id,
        "queue_id": settings.queue_id,
        "mailbox_id": settings.mailbox_id,
        "calendar_id": settings.calendar_id,
        "allowed_origins": list(dict.fromkeys(origins)),
        "visitor_silence_s": settings.visitor_silence_s,
        "agent_silence_s": settings.agent_silence_s,
        "mail_after_s": settings.mail_after_s,
        "most_wait_s": settings.most_wait_s,
        "most_waiting": settings.most_waiting,
        "invitations": [_kept(rule) for rule in settings.invitations if _said(rule.texts, most=200)],
        "notice": settings.notice.strip()[:500],
        "notice_url": settings.notice_url.strip(),
        "is_active": settings.is_active,
    }


def _faults_of(rule: InvitationRule) -> dict[str, Any]:
    """Return what is wrong with a rule, field by field; one that says nothing is no rule, and never wrong."""
    faults: dict[str, Any] = {}
    if not _said(rule.texts, most=200):
        return faults
    if not set(rule.texts) | set(rule.languages) <= set(Language):
        faults["languages"] = _("Choose one of the languages in the list.")
    if not 0 <= rule.after_s <= 3600:
        faults["after_s"] = _("Choose between now and an hour.")
    if not 1 <= rule.pause_h <= 2160:
        faults["pause_h"] = _("Choose between an hour and 90 days.")
    if rule.to not in Invited.values:
        faults["to"] = _("Choose one of the groups in the list.")
    if rule.path.strip() and not rule.path.strip().startswith("/"):
        faults["path"] = _("Write the path as it stands behind the site's name, such as /pricing.")
    return faults


def _said(texts: Mapping[str, str], *, most: int) -> dict[str, str]:
    return {language: text.strip()[:most] for language, text in texts.items() if text.strip()}


def _kept(rule: InvitationRule) -> dict[str, Any]:
    return {
        "texts": _said(rule.texts, most=200),
        "path": rule.path.strip()[:200],
        "after_s": rule.after_s,
        "to": rule.to,
        "languages": list(dict.fromkeys(rule.languages)),
        "pause_h": rule.pause_h,
    }
