"""Take old mail in: stored raw, settled like any other, and silent."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from careloop.domains.channels import services as channels
from careloop.domains.channels.queries import raw_mail, stored_before
from careloop.domains.channels.types import RawMailState
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.scope import workspace_scope
from careloop.processes.intake import settle
from careloop.processes.mail_import.sources import Letter

__all__ = ["IMPORTING", "ImportReport", "import_mail"]

IMPORTING = Actor(kind=ActorKind.HOUSE, name="import")


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
    """Take mails in without ever sending anything because of them. Opens its own scopes, two for each mail.

    letters: the oldest first, so that answers find what they answer. progress: told how many are done.

    A second run over the same files changes nothing; a run that was interrupted goes on where it was.
    Raises OSError when the disk is full or a file vanished.
    """
    known = 0
    outcomes: Counter[tuple[str, str]] = Counter()
    in_other_hands: list[int] = []
    for number, letter in enumerate(letters, start=1):
        raw = letter.raw()
        # By what it is, not by where it lies: the same mail from another folder or a second export is known.
        provider_id = f"import:{hashlib.sha256(raw).hexdigest()}"
        with workspace_scope(workspace_id):
            before = stored_before(mailbox_id=mailbox_id, provider_id=provider_id)
            raw_id = (before.id if before else None) or channels.store_raw(
                mailbox_id=mailbox_id,
                provider_id=provider_id,
                raw=raw,
                received_at=letter.at,
                is_silent=True,
                actor=IMPORTING,
                at=at,
            )
        if raw_id is None or (before is not None and before.state != RawMailState.STORED):
            known += 1
        else:
            with workspace_scope(workspace_id):
                settle(raw_id=raw_id, at=at)
                row = raw_mail(raw_id=raw_id, viewer=IMPORTING)
            if row.state == RawMailState.STORED:
                in_other_hands.append(raw_id)
            else:
                outcomes[row.state, row.reason] += 1
        progress(number)
    for raw_id in in_other_hands:
        with workspace_scope(workspace_id):
            row = raw_mail(raw_id=raw_id, viewer=IMPORTING)
        outcomes[row.state, row.reason] += 1
    return _report(len(letters), known, outcomes)


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
