"""The fake twin: a folder in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self

from careloop.gateways.imap.types import Fetched, FolderCounts, MailboxTrouble, Position, SkipReason

__all__ = ["FakeMailbox", "StoredMail"]


@dataclass(slots=True, kw_only=True)
class StoredMail:
    """One message in the fake folder."""

    uid: int
    raw: bytes
    received_at: datetime
    is_seen: bool = False
    is_broken: bool = False


@dataclass(slots=True)
class FakeMailbox:
    """Implements `Mailbox`. trouble: raised by the next call of any method, once. moved: folder to messages."""

    uid_validity: int = 1
    messages: list[StoredMail] = field(default_factory=list)
    moved: dict[str, list[StoredMail]] = field(default_factory=dict)
    trouble: MailboxTrouble | None = None
    is_closed: bool = False

    def arrive(self, raw: bytes, *, at: datetime) -> StoredMail:
        """Let a message arrive."""
        gone = [one.uid for folder in self.moved.values() for one in folder]
        uid = max([0, *gone, *(one.uid for one in self.messages)]) + 1
        mail = StoredMail(uid=uid, raw=raw, received_at=at)
        self.messages.append(mail)
        return mail

    def renumber(self) -> None:
        """Do what a server does that lost its index: new validity, new uids."""
        self.uid_validity += 1
        for number, mail in enumerate(self.messages, start=1):
            mail.uid = number

    def position_at_end(self) -> Position:
        """See `Mailbox`."""
        self.meet_trouble()
        return self.position(max((one.uid for one in self.messages), default=0))

    def position_before(self, since: date) -> Position:
        """See `Mailbox`."""
        found = [one.uid for one in self.messages if one.received_at.date() >= since]
        return self.position(min(found) - 1) if found else self.position_at_end()

    def position_before_newest(self, count: int) -> Position:
        """See `Mailbox`."""
        newest = sorted(one.uid for one in self.messages)[-count:]
        return self.position(min(newest, default=1) - 1)

    def new_messages(self, *, after: Position | None, most_bytes: int) -> Iterator[Fetched]:
        """See `Mailbox`."""
        self.meet_trouble()
        for one in self.behind(after):
            self.meet_trouble()
            skipped = SkipReason.TOO_LARGE if len(one.raw) > most_bytes else None
            skipped = skipped or (SkipReason.UNFETCHABLE if one.is_broken else None)
            yield Fetched(
                position=self.position(one.uid),
                size_bytes=len(one.raw),
                received_at=one.received_at,
                raw=None if skipped else one.raw,
                skipped=skipped,
            )

    def mark_seen(self, position: Position) -> None:
        """See `Mailbox`."""
        self.meet_trouble()
        for one in self.messages:
            one.is_seen = one.is_seen or one.uid == position.last_uid

    def move(self, position: Position, *, folder: str) -> None:
        """See `Mailbox`."""
        self.meet_trouble()
        leaving = [one for one in self.messages if one.uid == position.last_uid]
        self.messages = [one for one in self.messages if one.uid != position.last_uid]
        self.moved.setdefault(folder, []).extend(leaving)

    def wait_for_news(self, *, after: Position | None, timeout_seconds: float) -> bool:
        """Say at once whether there is news; a fake does not wait."""
        self.meet_trouble()
        return bool(self.behind(after))

    def counts_since(self, since: date) -> FolderCounts:
        """See `Mailbox`."""
        self.meet_trouble()
        recent = [one for one in self.messages if one.received_at.date() >= since]
        return FolderCounts(
            total_count=len(self.messages),
            since_count=len(recent),
            since_unseen_count=sum(not one.is_seen for one in recent),
        )

    def close(self) -> None:
        """See `Mailbox`."""
        self.is_closed = True

    def position(self, uid: int) -> Position:
        return Position(uid_validity=self.uid_validity, last_uid=uid)

    def behind(self, after: Position | None) -> list[StoredMail]:
        last = after.last_uid if after is not None and after.uid_validity == self.uid_validity else 0
        return sorted((one for one in self.messages if one.uid > last), key=lambda one: one.uid)

    def meet_trouble(self) -> None:
        trouble, self.trouble = self.trouble, None
        if trouble is not None:
            raise trouble

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
