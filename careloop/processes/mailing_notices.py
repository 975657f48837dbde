"""Mail a person what they have not read in the app."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careloop.domains.notifications.queries import notices_by_id
from careloop.domains.notifications.services import take_unmailed
from careloop.domains.notifications.types import Kind, NoticeRow
from careloop.domains.people.queries import mail_address_of
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.notifying import names_of_doers, promises_told
from careloop.processes.workspace import workspace_facts

__all__ = ["mail_notices_to"]


def mail_notices_to(*, workspace_id: int, user_id: int) -> None:
    """Mail a person their unread notices, each at most once, in their language.

    The claim is committed first: a mail server that fails costs the mail, not the notice, which waits in the app.
    """
    with workspace_scope(workspace_id):
        recipient = mail_address_of(user_id)
        facts = workspace_facts()
        ids = take_unmailed(user_id=user_id, at=clock.now())
        notices = notices_by_id(ids)
        names = names_of_doers(notice.actor for notice in notices)
        with translation.override(recipient.language if recipient is not None else None):
            promises = promises_told(notices)
    if not notices or recipient is None or not facts.may_send:
        return
    with translation.override(recipient.language):
        lines = [_line(notice, names, promises, facts.key) for notice in notices]
        subject_line = ngettext(
            "%(count)d thing waits for you in %(workspace)s",
            "%(count)d things wait for you in %(workspace)s",
            len(notices),
        ) % {"count": len(notices), "workspace": facts.settings.name}
        closing = _("You can switch these mails off in your personal settings.")
        send_mail(subject_line, "\n\n".join([*lines, closing]), None, [recipient.email])


def _line(notice: NoticeRow, names: Mapping[str, str], promises: Mapping[int, str], workspace_key: str) -> str:
    label, who = Kind(notice.kind).label, f" ({names[notice.actor]})" if notice.actor in names else ""
    home = f"{settings.PUBLIC_URL}/w/{workspace_key}"
    if notice.flag_id is not None:
        return f"{label}{who}\n{home}/flags/{notice.flag_id}"
    if notice.hand_id is not None:
        return f"{label}{who}\n{home}/floor/"
    told = f"\n{promises[notice.id]}" if notice.id in promises else ""
    if notice.call_id is not None:
        return f"{label}{who}{told}\n{home}/calls/{notice.call_id}"
    if notice.task_id is not None:
        return f"{label}: #{notice.case_number}{who}\n{home}/tasks/{notice.task_id}"
    return f"{label}: #{notice.case_number}{who}{told}\n{home}/cases/{notice.case_number}"
