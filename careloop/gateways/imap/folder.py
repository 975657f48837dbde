"""One open folder on a real IMAP server."""

import imaplib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import Self

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError
from imap_tools.utils import encode_folder

from careloop.gateways.imap.types import Fetched, FolderCounts, MailboxTrouble, NoSuchFolder, Position, SkipReason

__all__ = ["ImapFolder"]

FACTS = re.compile(rb"UID (\d+)|RFC822\.SIZE (\d+)|INTERNALDATE \"([^\"]+)\"")
FACTS_AT_ONCE = 500
# RFC 2177 allows 29 minutes; a dead line behind a router is noticed sooner.
LONGEST_IDLE_SECONDS = 300.0
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@contextmanager
def talking() -> Iterator[None]:
    """Give our own error for a lost connection or an answer that makes no sense."""
    try:
        yield
    except (imaplib.IMAP4.error, ImapToolsError, OSError) as failed:
        raise MailboxTrouble(str(failed)) from failed


class ImapFolder:
    """Implements `Mailbox` on imap-tools.

    Flags and moves are sent by hand: the library expunges after each, which would delete what somebody else marked.
    """

    def __init__(
        self,
        *,
        box: BaseMailBox,
        name: str,
        uid_validity: int,
        poll_seconds: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Wrap an open connection. poll_seconds: between two looks when the server has no IDLE."""
        self.box = box
        self.name = name
        self.uid_validity = uid_validity
        self.poll_seconds = poll_seconds
        self.sleep = sleep

    def position_at_end(self) -> Position:
        """See `Mailbox`."""
        return Position(uid_validity=self.uid_validity, last_uid=max(self.uids("ALL"), default=0))

    def position_before(self, since: date) -> Position:
        """See `Mailbox`."""
        found = self.uids(f"SINCE {imap_day(since)}")
        if not found:
            return self.position_at_end()
        return Position(uid_validity=self.uid_validity, last_uid=min(found) - 1)

    def position_before_newest(self, count: int) -> Position:
        """See `Mailbox`."""
        newest = sorted(self.uids("ALL"))[-count:]
        return Position(uid_validity=self.uid_validity, last_uid=min(newest, default=1) - 1)

    def new_messages(self, *, after: Position | None, most_bytes: int) -> Iterator[Fetched]:
        """Give the messages behind a position, oldest first, one in memory at a time.

        most_bytes: larger ones are reported, not fetched. A message which the server cannot give is reported too.
        """
        uids = self.uids_after(after)
        for first in range(0, len(uids), FACTS_AT_ONCE):
            chunk = uids[first : first + FACTS_AT_ONCE]
            facts = self.facts_of(chunk)
            for uid in chunk:
                if uid in facts:
                    yield self.fetched(uid, *facts[uid], most_bytes=most_bytes)

    def facts_of(self, uids: list[int]) -> dict[int, tuple[int, datetime | None]]:
        """Ask for size and time of many messages at once; those deleted meanwhile are missing."""
        found: dict[int, tuple[int, datetime | None]] = {}
        with talking():
            _, answers = self.box.client.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE INTERNALDATE)")
        for answer in answers:
            if isinstance(answer, bytes):
                uid, size, received = ("", "", "")
                for found_uid, found_size, found_date in FACTS.findall(answer):
                    uid, size = uid or found_uid.decode(), size or found_size.decode()
                    received = received or found_date.decode("ascii", "replace")
                if uid:
                    found[int(uid)] = (int(size or 0), internal_date(received))
        return found

    def fetched(self, uid: int, size_bytes: int, received_at: datetime | None, *, most_bytes: int) -> Fetched:
        """Fetch one message without marking it as seen, or say why not."""
        raw, skipped = None, None
        if size_bytes > most_bytes:
            skipped = SkipReason.TOO_LARGE
        else:
            raw = self.raw_of(uid)
            skipped = SkipReason.UNFETCHABLE if raw is None else None
        position = Position(uid_validity=self.uid_validity, last_uid=uid)
        return Fetched(position=position, size_bytes=size_bytes, received_at=received_at, raw=raw, skipped=skipped)

    def raw_of(self, uid: int) -> bytes | None:
        """Fetch the bytes of one message; None when the server refuses just this one."""
        with talking():
            try:
                _, answers = self.box.client.uid("FETCH", str(uid), "(BODY.PEEK[])")
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                return None
        return next((answer[1] for answer in answers if isinstance(answer, tuple)), None)

    def mark_seen(self, position: Position) -> None:
        """See `Mailbox`."""
        self.command("STORE", str(position.last_uid), "+FLAGS.SILENT", r"(\Seen)")

    def move(self, position: Position, *, folder: str) -> None:
        """Move one message. Raises NoSuchFolder.

        Without MOVE and UIDPLUS the original stays behind, marked as deleted: to expunge would delete others' mail too.
        """
        uid = str(position.last_uid)
        target = encode_folder(folder).decode("ascii")
        if "MOVE" in self.box.client.capabilities:
            self.command("MOVE", uid, target)
            return
        self.command("COPY", uid, target)
        self.command("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self.box.client.capabilities:
            self.command("EXPUNGE", uid)

    def command(self, name: str, *arguments: str) -> None:
        """Send one UID command and insist on OK."""
        with talking():
            status, answers = self.box.client.uid(name, *arguments)
        if status != "OK":
            words = " ".join(answer.decode("utf-8", "replace") for answer in answers if isinstance(answer, bytes))
            raise (NoSuchFolder if name in ("MOVE", "COPY") else MailboxTrouble)(words)

    def wait_for_news(self, *, after: Position | None, timeout_seconds: float) -> bool:
        """Wait by IDLE, or by looking every poll_seconds where the server has none.

        It looks before it waits: news that came with an earlier answer is not announced again.
        """
        waited_seconds = 0.0
        while True:
            if self.uids_after(after):
                return True
            if waited_seconds >= timeout_seconds:
                return False
            left = timeout_seconds - waited_seconds
            waited_seconds += self.idle(left) if "IDLE" in self.box.client.capabilities else self.pause(left)

    def idle(self, left_seconds: float) -> float:
        """Wait until the server says something. Returns the seconds that passed."""
        began = time.monotonic()
        with talking():
            self.box.idle.wait(timeout=min(left_seconds, LONGEST_IDLE_SECONDS))
        return max(time.monotonic() - began, 0.01)

    def pause(self, left_seconds: float) -> float:
        pause_seconds = min(left_seconds, self.poll_seconds)
        self.sleep(pause_seconds)
        return pause_seconds

    def counts_since(self, since: date) -> FolderCounts:
        """See `Mailbox`."""
        day = imap_day(since)
        return FolderCounts(
            total_count=len(self.uids("ALL")),
            since_count=len(self.uids(f"SINCE {day}")),
            since_unseen_count=len(self.uids(f"UNSEEN SINCE {day}")),
        )

    def uids_after(self, after: Position | None) -> list[int]:
        """Find the uids behind a position, in order."""
        last = after.last_uid if after is not None and after.uid_validity == self.uid_validity else 0
        # "9:*" also finds message 8 when it is the newest (RFC 3501, 6.4.8), hence the second look.
        return sorted(uid for uid in self.uids(f"UID {last + 1}:*") if uid > last)

    def uids(self, criteria: str) -> list[int]:
        """Search this folder as it is now: without NOOP a server may answer from before the newest arrival."""
        with talking():
            self.box.client.noop()
            return [int(uid) for uid in self.box.uids(criteria, charset=None)]

    def close(self) -> None:
        """See `Mailbox`."""
        with suppress(imaplib.IMAP4.error, ImapToolsError, OSError):
            self.box.logout()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def imap_day(day: date) -> str:
    """Write a date as SEARCH wants it, in English whatever the locale."""
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"


def internal_date(text: str) -> datetime | None:
    """Read INTERNALDATE, such as "03-Nov-2026 14:15:00 +0900", as UTC."""
    found = re.fullmatch(r"\s*(\d{1,2})-([A-Z][a-z]{2})-(\d{4}) (\d{2}:\d{2}:\d{2}) ([+-]\d{4})", text)
    if found is None or found[2] not in MONTHS:
        return None
    number = MONTHS.index(found[2]) + 1
    with suppress(ValueError, OverflowError):
        local = datetime.strptime(f"{found[3]}-{number}-{found[1]} {found[4]} {found[5]}", "%Y-%m-%d %H:%M:%S %z")
        return local.astimezone(UTC)
    return None
