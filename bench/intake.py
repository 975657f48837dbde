"""Mails a second through store, parse, case, contact and events until all reactions are done, beside django-helpdesk.

Both sides get the same mails, in turns, on the same PostgreSQL server with fsync on. We run as many worker processes as
`careloop up` does; the peer runs its one `get_email` process. SMTP is measured on neither side: our receipts are written
and queued, the peer's are rendered and handed to a backend that drops them.
"""

import argparse
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

from bench.stage.ending import end_in_order
from bench.stage.house import NOW, FreshHouse, fresh_house
from bench.stage.mails import Answered, MadeMail, letters, openings
from bench.stage.peer import Peer, running_peer
from bench.stage.report import say, speak

ADDRESSES = ("help@bench.example", "billing@bench.example")
POLL_SECONDS = 0.01
Worker: TypeAlias = "subprocess.Popen[bytes]"

BACKLOG = """
SELECT EXISTS (SELECT FROM channels_rawmail WHERE state = 'stored')
    OR EXISTS (SELECT FROM kernel_event WHERE position IS NULL)
    OR EXISTS (
        SELECT FROM kernel_log_head h CROSS JOIN unnest(%s::text[]) AS known(name)
        LEFT JOIN kernel_reader_cursor c ON c.reader = known.name AND c.workspace_id = h.workspace_id
        WHERE h.workspace_id > 0 AND coalesce(c.position, 0) < h.position)
"""
"""Whether anything is left to do: mails to settle, events to number, events that a reader has not read."""


def main() -> None:
    """Measure and print."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="script/bench intake", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the mails")
    is_quick = parser.parse_args().quick
    count, rounds, matters = (400, 4, 50) if is_quick else (2000, 8, 200)
    with fresh_house("intake", addresses=ADDRESSES) as house:
        files = house.home / "mails"
        files.mkdir()
        with running_peer(server=house.server, folder=house.home / "peer") as peer, _workers() as workers:
            peer.ask("open_queues", addresses=list(ADDRESSES))
            answered = _prepare(house, peer, workers, files, matters)
            mails = list(letters(count, answered=answered, mailboxes=ADDRESSES, at=NOW + timedelta(hours=2)))
            ours, theirs = _in_turns(house, peer, workers, files, mails, rounds)
            _speak(peer, mails, ours, theirs, workers=len(workers))


def _in_turns(
    house: FreshHouse, peer: Peer, workers: Sequence[Worker], files: Path, mails: Sequence[MadeMail], rounds: int
) -> tuple[list[float], list[float]]:
    size = len(mails) // rounds
    ours, theirs = [], []
    for turn in range(rounds):
        batch = mails[turn * size : (turn + 1) * size]
        ours.append(_take_in(house, workers, batch, first=turn * size))
        theirs.append(float(_peer_takes_in(peer, files, batch)["seconds"]))
        say(f"{(turn + 1) * size} mails: {size / ours[-1]:.0f}/s, the peer {size / theirs[-1]:.0f}/s")
    return ours, theirs


def _prepare(house: FreshHouse, peer: Peer, workers: Sequence[Worker], files: Path, matters: int) -> list[Answered]:
    """Let both sides take in the same first mails, and answer them."""
    from careloop.domains.cases.queries import cases_of_conversations
    from careloop.domains.conversations.queries import known_mails, messages
    from careloop.domains.people.queries import actor_for
    from careloop.kernel.scope import workspace_scope
    from careloop.processes.answering import reply
    from careloop.processes.answering.types import Words

    say(f"Preparing {matters} matters with answers on both sides")
    made = openings(matters, mailboxes=ADDRESSES, at=NOW)
    _take_in(house, workers, [mail for mail, _matter in made], first=1_000_000)
    _peer_takes_in(peer, files, [mail for mail, _matter in made])
    answers: dict[str, str] = {}
    for _mail, matter in made:
        with workspace_scope(house.workspace_id):
            ada = actor_for(house.agent_id, house.workspace_id)
            assert ada is not None
            (mail,) = known_mails([matter.message_id.strip("<>")])
            ((case_id, _category),) = cases_of_conversations([mail.conversation_id])[mail.conversation_id]
            reply(case_id=case_id, words=Words(text="On its way.", html=""), actor=ada, at=NOW + timedelta(hours=1))
            said = messages([(mail.conversation_id, None, None)], limit=9, for_customer=True)
            answer = next(m for m in said if m.text == "On its way.")
            assert answer.mail is not None
            answers[matter.message_id] = f"<{answer.mail.rfc_message_id}>"
    peer.ask("note_answers", message_ids=answers)
    _wait_until_done(workers)
    return [
        Answered(
            sender=m.sender,
            name=m.name,
            language=m.language,
            mailbox=m.mailbox,
            subject=m.subject,
            message_id=answers[m.message_id],
        )
        for _mail, m in made
    ]


def _take_in(house: FreshHouse, workers: Sequence[Worker], mails: Sequence[MadeMail], *, first: int) -> float:
    """Store mails as the fetcher does and return the seconds until nothing is left to do."""
    from careloop.domains.channels.services import store_raw
    from careloop.domains.channels.types import Arrived
    from careloop.faces.inbound.fetching import HANDFUL
    from careloop.kernel.actors import HOUSE
    from careloop.kernel.scope import workspace_scope

    at = NOW + timedelta(days=1)
    started = time.perf_counter()
    for begin in range(0, len(mails), HANDFUL):
        arrived = [
            Arrived(mailbox_id=house.mailboxes[mail.mailbox], provider_id=f"1:{number}", raw=mail.raw, received_at=None)
            for number, mail in enumerate(mails[begin : begin + HANDFUL], start=first + begin)
        ]
        with workspace_scope(house.workspace_id):
            store_raw(arrived, is_silent=False, actor=HOUSE, at=at)
    _wait_until_done(workers)
    return time.perf_counter() - started


def _wait_until_done(workers: Sequence[Worker]) -> None:
    from django.db import connections

    from careloop.processes.subscriptions import READERS

    with connections["owner"].cursor() as cursor:
        while True:
            cursor.execute(BACKLOG, [[reader.name for reader in READERS]])
            if not cursor.fetchone()[0]:
                return
            if any(worker.poll() is not None for worker in workers):
                raise RuntimeError("A worker ended with work left to do.")
            time.sleep(POLL_SECONDS)


def _peer_takes_in(peer: Peer, files: Path, mails: Sequence[MadeMail]) -> Any:
    named = []
    for number, mail in enumerate(mails):
        (files / f"{number}.eml").write_bytes(mail.raw)
        named.append((f"{number}.eml", mail.mailbox))
    answer = peer.ask("take_in", folder=str(files), mails=named)
    if answer["refused"]:
        say(f"The peer refused some: {answer['refused']}")
    return answer


@contextmanager
def _workers() -> Iterator[Sequence[Worker]]:
    from django.conf import settings

    processes = [
        subprocess.Popen([sys.executable, "-m", "bench.stage.worker"], stdin=subprocess.PIPE)
        for _number in range(settings.WORKERS)
    ]
    try:
        yield processes
    finally:
        for process in processes:
            assert process.stdin is not None
            process.stdin.close()
        for process in processes:
            process.wait(timeout=30)


def _speak(
    peer: Peer, mails: Sequence[MadeMail], ours: Sequence[float], theirs: Sequence[float], *, workers: int
) -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM channels_rawmail GROUP BY 1 ORDER BY 1")
        states = dict(cursor.fetchall())
        cursor.execute(
            "SELECT (SELECT count(*) FROM cases_case), (SELECT count(*) FROM conversations_message), "
            "(SELECT count(*) FROM kernel_event), (SELECT count(*) FROM procrastinate_jobs), "
            "(SELECT count(*) FROM kernel_failedreaction)"
        )
        cases, messages, events, jobs, failed = cursor.fetchone()
    made = len(ours) * (len(mails) // len(ours))
    speed, peer_speed = made / sum(ours), made / sum(theirs)
    ratio = median(theirs_one / ours_one for ours_one, theirs_one in zip(ours, theirs, strict=True))
    rows = [["mails a second", speed, peer_speed], ["ratio (median of the turns)", ratio, 1.0]]
    rows += [["worker processes", workers, 1]]
    counts = peer.ask("counts")
    rows += [["cases / tickets", cases, counts["tickets"]], ["messages / follow-ups", messages, counts["followups"]]]
    rows += [["events", events, "-"], ["queued sendings", jobs, "-"], ["failed reactions", failed, "-"]]
    rows += [[f"mails {state}", number, "-"] for state, number in states.items()]
    rows += [[f"of kind: {kind}", number, number] for kind, number in Counter(m.kind for m in mails).items()]
    speak(
        "intake",
        columns=["", "careloop", "django-helpdesk"],
        rows=rows,
        figures={"mails_per_second": round(speed, 1), "ratio_vs_peer": round(ratio, 2)},
    )


if __name__ == "__main__":
    main()
