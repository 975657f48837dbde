"""The peer's own way of a mail: what its `get_email` command does with each message that a server hands out."""

import logging
import resource
import time
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import encoding, timezone
from helpdesk.email import extract_email_metadata
from helpdesk.models import FollowUp, Queue, Ticket

_quiet = logging.getLogger("peer")
_quiet.setLevel(logging.ERROR)


def open_queues(addresses: list[str]) -> None:
    """Make one queue a mailbox."""
    for address in addresses:
        slug = address.partition("@")[0]
        Queue.objects.create(
            title=slug.title(),
            slug=slug,
            email_address=address,
            allow_email_submission=True,
            email_box_type="imap",
            email_box_host="imap.bench.example",
        )


def take_in(folder: str, mails: list[tuple[str, str]]) -> dict[str, Any]:
    """Take in mails, each a file in `folder` and the address it came to, and return the seconds and what was refused."""
    queues = {queue.email_address: queue for queue in Queue.objects.all()}
    raws = [((Path(folder) / name).read_bytes(), queues[address]) for name, address in mails]
    refused: dict[str, int] = {}
    usage = resource.getrusage(resource.RUSAGE_SELF)
    started = time.perf_counter()
    for raw, queue in raws:
        try:
            extract_email_metadata(encoding.force_str(raw, errors="replace"), queue, _quiet)
        except Exception as problem:  # noqa: BLE001 - the peer raises what it likes
            refused[type(problem).__name__] = refused.get(type(problem).__name__, 0) + 1
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime
    return {"seconds": seconds, "cpu_seconds": cpu, "refused": refused}


def note_answers(message_ids: dict[str, str]) -> int:
    """Store an agent's public answer under the Message-ID it went out with, for each Message-ID it answers."""
    agent, _made = get_user_model().objects.get_or_create(username="ada", email="ada@bench.example", is_staff=True)
    for asked, answer in message_ids.items():
        ticket = FollowUp.objects.get(message_id=asked).ticket
        FollowUp.objects.create(
            ticket=ticket, date=timezone.now(), public=True, user=agent, comment="On its way.", message_id=answer
        )
    return len(message_ids)


def counts() -> dict[str, int]:
    """Return how many tickets and follow-ups there are."""
    return {"tickets": Ticket.objects.count(), "followups": FollowUp.objects.count()}
