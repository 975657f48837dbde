"""Take old mail in: stored raw, settled like any other, and silent."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from careloop.domains.channels import services as channels
from careloop.domains.channels.queries import raw_mails_named
from careloop.domains.channels.types import Arrived, RawMailState
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.scope import workspace_scope
from careloop.processes.intake import settle
from careloop.processes.mail_import.sources import Letter

__all__ = ["IMPORTING", "ImportReport", "import_mail"]

IMPORTING = Actor(kind=ActorKind.HOUSE, name="import")
HANDFUL = 50
HANDFUL_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of the mails that were found.

    found: how many lay there. accepted: became messages, or told about a delivery. duplicate: were here before, from an
    earlier run, from the mailbox itself, or twice in the files. quarantined, discarded: counts by reason code.
    waiting: stored, and being read by a worker at this moment.
    """

    found: int
    accepted: int
    duplicate: int
    quarantined: Mapping[str, int]
    discarded: Mapping[str, int]
    waiting: int


def import_mail(
    *,
    workspace_id: int,
    mailbox_id: int,
    letters: Sequence[Letter],
    at: datetime,
    progress: Callable[[int], None],
) -> ImportReport:
    """Take mails in without ever sending anything because of them. Opens its own scopes, two for each handful.

    letters: the oldest first, so that answers find what they answer. progress: told how many are done.

    A second run over the same files changes nothing; a run that was interrupted goes on where it was.
    Raises OSError when the disk is full or a file vanished.
    """
    known = done = 0
    outcomes: Counter[tuple[str, str]] = Counter()
    in_other_hands: list[str] = []
    for handful in _handfuls(letters, mailbox_id):
        names = [one.provider_id for one in handful]
        with workspace_scope(workspace_id):
            before = raw_mails_named(names, mailbox_id=mailbox_id)
            new = [one for one in handful if one.provider_id not in before]
            channels.store_raw(new, is_silent=True, actor=IMPORTING, at=at)
        with workspace_scope(workspace_id):
            stored = raw_mails_named(names, mailbox_id=mailbox_id)
            waiting = {name: row.id for name, row in stored.items() if row.state == RawMailState.STORED}
            settle(raw_ids=waiting.values(), at=at)
            for name, row in raw_mails_named(waiting, mailbox_id=mailbox_id).items():
                if row.state == RawMailState.STORED:
                    in_other_hands.append(name)
                else:
                    outcomes[row.state, row.reason] += 1
        known += len(handful) - len(waiting)
        done += len(handful)
        progress(done)
    with workspace_scope(workspace_id):
        for row in raw_mails_named(in_other_hands, mailbox_id=mailbox_id).values():
            outcomes[row.state, row.reason] += 1
    return _report(len(letters), known, outcomes)


def _handfuls(letters: Sequence[Letter], mailbox_id: int) -> Iterator[list[Arrived]]:
    """Read letters, as many at a time as share a transaction well and lie in memory together."""
    handful: list[Arrived] = []
    for letter in letters:
        raw = letter.raw()
        # By what it is, not by where it lies: the same mail from another folder or a second export is known.
        provider_id = f"import:{hashlib.sha256(raw).hexdigest()}"
        handful.append(Arrived(mailbox_id=mailbox_id, provider_id=provider_id, raw=raw, received_at=letter.at))
        if len(handful) == HANDFUL or sum(len(one.raw) for one in handful) > HANDFUL_BYTES:
            yield handful
            handful = []
    if handful:
        yield handful


def _report(found: int, known: int, outcomes: Mapping[tuple[str, str], int]) -> ImportReport:
    def by_reason(state: RawMailState) -> dict[str, int]:
        return {reason: count for (of_state, reason), count in sorted(outcomes.items()) if of_state == state}

    return ImportReport(
        found=found,
        accepted=sum(by_reason(RawMailState.ACCEPTED).values()),
        duplicate=known + sum(by_reason(RawMailState.DUPLICATE).values()),
        quarantined=by_reason(RawMailState.QUARANTINED),
        discarded=by_reason(RawMailState.DISCARDED),
        waiting=sum(by_reason(RawMailState.STORED).values()),
    )
