"""Fetch mail: one loop a mailbox, so that a slow server holds up nobody else's mail."""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from threading import Event

from django.db import DatabaseError, connection

from careloop.domains.channels import queries as channels_queries
from careloop.domains.channels import services as channels
from careloop.domains.channels.types import Arrived, MailboxRow, MailboxState
from careloop.gateways import imap
from careloop.kernel import clock
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope

__all__ = ["FETCHING", "fetch_once", "watch"]

log = logging.getLogger(__name__)

FETCHING = Actor(kind=ActorKind.HOUSE, name="fetching")
MOST_BYTES = 100 * 1024 * 1024
HANDFUL = 50
HANDFUL_BYTES = 8 * 1024 * 1024
LONGEST_GATHERING_SECONDS = 0.5
IDLE_SECONDS = 25.0
PAUSE_AFTER_TROUBLE = timedelta(seconds=30)


def watch(
    *, workspace_id: int, mailbox_id: int, stopping: Event, pause_after_trouble: timedelta = PAUSE_AFTER_TROUBLE
) -> None:
    """Follow a mailbox until it is no longer live or the house stops: fetch, then wait for news by IDLE or by asking.

    pause_after_trouble: before the next try when the server or the disk refuses, or when we fail ourselves.
    """
    while not stopping.is_set():
        try:
            with workspace_scope(workspace_id):
                row = channels_queries.mailbox(mailbox_id)
                account = _account(mailbox_id)
            if row.state != MailboxState.LIVE:
                return
            with imap.connect(account, folder=row.imap_folder) as folder:
                while not stopping.is_set() and _is_unchanged(workspace_id, row):
                    position = fetch_once(workspace_id=workspace_id, mailbox_id=mailbox_id, folder=folder)
                    folder.wait_for_news(after=position, timeout_seconds=IDLE_SECONDS)
        except (imap.MailboxTrouble, Refusal) as trouble:
            log.warning("mailbox.trouble", extra={"mailbox_id": mailbox_id, "code": trouble.code})
            _note_failure(workspace_id, mailbox_id, trouble.code, getattr(trouble, "detail", ""))
            stopping.wait(pause_after_trouble.total_seconds())
        except OSError as trouble:
            # The disk is full. What was not stored is still on the server, and behind the position: the next try takes it.
            log.exception("mailbox.no_space", extra={"mailbox_id": mailbox_id})
            _note_failure(workspace_id, mailbox_id, "no_space", trouble.strerror or "")
            stopping.wait(pause_after_trouble.total_seconds())
        except Exception as problem:
            # Nobody foresaw it; other mailboxes go on, this one is tried again, and its page says so.
            log.exception("mailbox.failed", extra={"mailbox_id": mailbox_id})
            connection.close()
            with suppress(DatabaseError):
                _note_failure(workspace_id, mailbox_id, "failed", type(problem).__name__)
            stopping.wait(pause_after_trouble.total_seconds())


def fetch_once(*, workspace_id: int, mailbox_id: int, folder: imap.Mailbox) -> imap.Position:
    """Take in everything new in an open folder, oldest first, and return how far it was read.

    Mails are stored and committed as they come, a handful at a time with the position behind them, and left to the
    workers, which hear of it at once: a crash anywhere loses nothing, and a mail that is slow to read holds up no other.
    """
    with workspace_scope(workspace_id):
        row = channels_queries.mailbox(mailbox_id)
    position = imap.Position(uid_validity=row.uid_validity, last_uid=row.last_uid)
    if position.uid_validity != folder.uid_validity:
        # Never read, or numbered anew: the day on which the mailbox went live is the only border left. What is known
        # comes in as a duplicate.
        position = folder.position_before((row.accepts_since or clock.now()).date())
    for handful in _handfuls(folder.new_messages(after=position, most_bytes=MOST_BYTES)):
        position = handful[-1].position
        _take(workspace_id, row, handful)
    with workspace_scope(workspace_id):
        channels.note_fetch(
            mailbox_id=mailbox_id,
            uid_validity=position.uid_validity,
            last_uid=position.last_uid,
            actor=FETCHING,
            at=clock.now(),
        )
    return position


def _handfuls(fetched: Iterable[imap.Fetched]) -> Iterator[list[imap.Fetched]]:
    """Gather mails that come quickly one after the other, so that they share a commit; none waits for long."""
    handful: list[imap.Fetched] = []
    since = time.monotonic()
    try:
        for one in fetched:
            handful.append(one)
            is_full = len(handful) == HANDFUL or sum(mail.size_bytes for mail in handful) > HANDFUL_BYTES
            if is_full or time.monotonic() - since > LONGEST_GATHERING_SECONDS:
                yield handful
                handful, since = [], time.monotonic()
    except imap.MailboxTrouble:
        if handful:
            yield handful  # what came before the trouble is kept, or a mail that always breaks the line would hold it up
        raise
    if handful:
        yield handful


def _take(workspace_id: int, row: MailboxRow, handful: Sequence[imap.Fetched]) -> None:
    at = clock.now()
    wanted = [
        one for one in handful if not (row.accepts_since and one.received_at and one.received_at < row.accepts_since)
    ]
    with workspace_scope(workspace_id):
        raw_ids = channels.store_raw(
            [
                Arrived(
                    mailbox_id=row.id,
                    provider_id=f"{one.position.uid_validity}:{one.position.last_uid}",
                    raw=one.raw or b"",
                    received_at=one.received_at,
                )
                for one in wanted
            ],
            is_silent=False,
            actor=FETCHING,
            at=at,
        )
        channels.note_fetch(
            mailbox_id=row.id,
            uid_validity=handful[-1].position.uid_validity,
            last_uid=handful[-1].position.last_uid,
            actor=FETCHING,
            at=at,
        )
        for one, raw_id in zip(wanted, raw_ids, strict=True):
            if raw_id is not None and one.skipped is not None:
                channels.quarantine_raw(raw_id=raw_id, reason=one.skipped, detail="", actor=FETCHING, at=at)


def _account(mailbox_id: int) -> imap.Account:
    server = channels_queries.imap_server(mailbox_id)
    return imap.Account(
        host=server.host,
        port=server.port,
        security=imap.Security(server.security),
        username=server.user,
        password=server.password,
    )


def _is_unchanged(workspace_id: int, row: MailboxRow) -> bool:
    with workspace_scope(workspace_id):
        now = channels_queries.mailbox(row.id)
    watched = ("state", "imap_host", "imap_port", "imap_security", "imap_user", "imap_folder")
    return all(getattr(now, name) == getattr(row, name) for name in watched)


def _note_failure(workspace_id: int, mailbox_id: int, reason: str, detail: str) -> None:
    with workspace_scope(workspace_id):
        channels.note_fetch_failure(mailbox_id=mailbox_id, reason=reason, detail=detail, actor=FETCHING, at=clock.now())
