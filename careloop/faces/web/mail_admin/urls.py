"""Addresses of a workspace's mailboxes (`/w/<workspace>/admin/mailboxes/…`) and of its quarantine."""

from django.urls import URLPattern, URLResolver, path

from careloop.faces.web.mail_admin.views import mailboxes, quarantine, trials

_box = "w/<slug:workspace>/admin/mailboxes/<int:mailbox_id>/"
_quarantine = "w/<slug:workspace>/quarantine/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/admin/mailboxes/", mailboxes.mailbox_list, name="admin_mailboxes"),
    path("w/<slug:workspace>/admin/mailboxes/new", mailboxes.mailbox_new, name="admin_mailbox_new"),
    path(_box, mailboxes.mailbox_page, name="admin_mailbox"),
    path(f"{_box}settings", mailboxes.mailbox_settings, name="admin_mailbox_settings"),
    path(f"{_box}opening", mailboxes.opening, name="admin_mailbox_opening"),
    path(f"{_box}pause", mailboxes.pause, name="admin_mailbox_pause"),
    path(f"{_box}checks", trials.checks, name="admin_mailbox_checks"),
    path(f"{_box}rehearsals", trials.rehearsals, name="admin_mailbox_rehearsals"),
    path(f"{_box}test-mails", trials.test_mails, name="admin_mailbox_test_mails"),
    path(_quarantine, quarantine.quarantine_page, name="quarantine"),
    path(f"{_quarantine}retries", quarantine.retries, name="quarantine_retries"),
    path(f"{_quarantine}<int:raw_id>/source", quarantine.source, name="quarantine_source"),
    path(f"{_quarantine}<int:raw_id>/retry", quarantine.retry, name="quarantine_retry"),
    path(f"{_quarantine}<int:raw_id>/discard", quarantine.discard, name="quarantine_discard"),
]
