"""Web forms on the company's site."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.channels import rules
from careloop.domains.channels.errors import AddressTaken, MailboxUnclear, MayNotKeepMailboxes, WebFormNotFound
from careloop.domains.channels.events import WebFormChanged
from careloop.domains.channels.models import Mailbox, WebForm
from careloop.domains.people.queries import is_team
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["add_web_form", "change_web_form"]

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")


@act
def add_web_form(
    *,
    key: str,
    name: str,
    language: str,
    team_id: int | None,
    mailbox_id: int | None,
    allowed_origins: Sequence[str],
    actor: Actor,
    at: datetime,
) -> int:
    """Make a web form and return its id.

    key: what its address ends in. mailbox_id: the mailbox answers leave through.
    allowed_origins: sites that may show it in a frame, such as https://www.example.com.

    Raises MayNotKeepMailboxes, MailboxUnclear, AddressTaken. Records WebFormChanged.
    """
    if not rules.may_keep_mailboxes(actor):
        raise MayNotKeepMailboxes(_("Owners and managers make web forms. Ask one of them."))
    if not re.fullmatch(r"[a-z0-9-]{1,40}", key) or not name.strip():
        raise MailboxUnclear(_("A form needs a name, and an address of small letters, digits and hyphens."))
    _check_places(team_id, mailbox_id)
    form = WebForm(
        key=key,
        name=name.strip(),
        language=language,
        team_id=team_id,
        mailbox_id=mailbox_id,
        allowed_origins=_origins(allowed_origins),
    )
    try:
        with attempt():
            form.save()
    except IntegrityError:
        raise AddressTaken(_("Another form has this address.")) from None
    record(WebFormChanged(subject=subject("web_form", form.pk), actor=str(actor), at=at, change="made"))
    return form.pk


@act
def change_web_form(
    *,
    form_id: int,
    name: str,
    language: str,
    team_id: int | None,
    mailbox_id: int | None,
    allowed_origins: Sequence[str],
    is_active: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """Change a web form. Raises MayNotKeepMailboxes, WebFormNotFound, MailboxUnclear. Records WebFormChanged."""
    if not rules.may_keep_mailboxes(actor):
        raise MayNotKeepMailboxes(_("Owners and managers make web forms. Ask one of them."))
    form = WebForm.objects.select_for_update().filter(pk=form_id).first()
    if form is None:
        raise WebFormNotFound(_("There is no such form."))
    if not name.strip():
        raise MailboxUnclear(_("A form needs a name."))
    _check_places(None if team_id == form.team_id else team_id, None if mailbox_id == form.mailbox_id else mailbox_id)
    form.name, form.language, form.team_id, form.mailbox_id = name.strip(), language, team_id, mailbox_id
    form.allowed_origins, form.is_active = _origins(allowed_origins), is_active
    form.save()
    record(WebFormChanged(subject=subject("web_form", form.pk), actor=str(actor), at=at, change="changed"))


def _check_places(team_id: int | None, mailbox_id: int | None) -> None:
    if team_id is not None and not is_team(team_id):
        raise MailboxUnclear(_("This team does not exist any more. Choose another one."))
    if mailbox_id is not None and not Mailbox.objects.filter(pk=mailbox_id).exists():
        raise MailboxUnclear(_("This mailbox does not exist any more. Choose another one."))


def _origins(written: Sequence[str]) -> list[str]:
    origins = [origin.strip().lower().rstrip("/") for origin in written if origin.strip()]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise MailboxUnclear(_("Write sites like https://www.example.com, without anything behind it."))
    return origins
