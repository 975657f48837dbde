"""`careloop import mail PATH`: old mail from files, in silence."""

from pathlib import Path

from django.utils.translation import gettext as _

from careloop.domains.channels.queries import mailboxes
from careloop.domains.channels.reasons import quarantine_reason
from careloop.domains.workspaces.queries import workspace_keys, workspace_of_key
from careloop.faces.cli.imports.bar import bar, is_watched
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.mail_import import ImportReport, import_mail, letters_in
from careloop.processes.mail_import.errors import MailboxNotNamed

__all__ = ["bring_in", "in_words"]


def bring_in(*, path: Path, workspace: str | None, mailbox: str | None, as_json: bool) -> ImportReport:
    """Bring mail in. workspace, mailbox: needed where there are several. Raises what processes.mail_import does."""
    letters = letters_in(path)
    workspace_id = _workspace_id(workspace)
    mailbox_id = _mailbox_id(workspace_id, mailbox)
    show = bar() if is_watched(as_json=as_json) else lambda _done, _whole: None
    return import_mail(
        workspace_id=workspace_id,
        mailbox_id=mailbox_id,
        letters=letters,
        at=clock.now(),
        progress=lambda done: show(done, len(letters)),
    )


def _workspace_id(key: str | None) -> int:
    keys = workspace_keys()
    if key is None and len(keys) == 1:
        key = keys[0]
    if not keys:
        raise MailboxNotNamed(_("There is no workspace yet. Make one first, then add a mailbox to it."))
    if key is None:
        raise MailboxNotNamed(_("Say which workspace it is for: --workspace with one of %(keys)s.") % _listed(keys))
    found = workspace_of_key(key)
    if found is None:
        raise MailboxNotNamed(
            _("There is no workspace “%(key)s”. These exist: %(keys)s.") % {"key": key, **_listed(keys)}
        )
    return found.id


def _mailbox_id(workspace_id: int, address: str | None) -> int:
    with workspace_scope(workspace_id):
        known = {row.address: row.id for row in mailboxes()}
    if not known:
        raise MailboxNotNamed(_("This workspace has no mailbox yet. Add one first; it need not be live."))
    if address is None and len(known) == 1:
        return next(iter(known.values()))
    if address is None or address.lower() not in known:
        raise MailboxNotNamed(_("Say which mailbox it is for: --mailbox with one of %(keys)s.") % _listed(list(known)))
    return known[address.lower()]


def _listed(names: list[str]) -> dict[str, str]:
    return {"keys": ", ".join(names)}


def in_words(report: ImportReport) -> str:
    """Say what became of the mail."""
    lines = [
        _("Found %(found)d mails: %(accepted)d taken in, %(duplicate)d known already.")
        % {"found": report.found, "accepted": report.accepted, "duplicate": report.duplicate}
    ]
    if report.discarded:
        lines.append(_("Left out as nobody's words: %(count)d.") % {"count": sum(report.discarded.values())})
    if report.quarantined:
        lines.append(_("Waiting in quarantine: %(count)d") % {"count": sum(report.quarantined.values())})
        lines += [f"  {count}: {quarantine_reason(reason)}" for reason, count in report.quarantined.items()]
    if report.waiting:
        lines.append(_("Still being read by a worker: %(count)d.") % {"count": report.waiting})
    return "\n".join(lines)
