"""Offers of work to 1 000 people, with 5 thousand and with 50 thousand things waiting, by two workers as `careloop work` runs them.

Three programs of one operation share the people, each with four queues: with and without a skill, with and without a language.
First everybody gets room at once, some rounds, and it is timed until everybody has an offer (`offers_per_second`). Then
people get room one after another, by the act that ends a chat, at random moments of a steady rate, and it is timed from its
commit until the offer can be read by others (`p99_ms_free_to_offer`). What is made quickly by SQL stands before the clock and
between rounds.
"""

import argparse
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from bench.stage.ending import end_in_order
from bench.stage.house import NOW, FreshHouse, fresh_house
from bench.stage.report import percentile, say, speak

PEOPLE, QUICK_PEOPLE = 1_000, 100
SIZES, QUICK_SIZES = (5_000, 50_000), (1_000, 10_000)
ROUNDS, QUICK_ROUNDS = 4, 2
HANDLE_S: Final = 180.0
"""How long a chat takes; 1 000 people get room 5.6 times a second."""
FREED, QUICK_FREED = 300, 60
WORKERS: Final = 2
PROGRAMS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """rates: offers a second, by round. waits: milliseconds from having room to having an offer."""

    rates: list[float]
    waits: list[float]


def main() -> None:
    """Measure and print."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="script/bench routing", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="with 100 people, 1 and 10 thousand things")
    is_quick = parser.parse_args().quick
    people, sizes = (QUICK_PEOPLE, QUICK_SIZES) if is_quick else (PEOPLE, SIZES)
    with fresh_house("routing") as house:
        programs = _programs(house)
        from psycopg import connect

        with connect(house.server, autocommit=True) as owner:
            _hire(owner, programs, people)
            seen: dict[int, Seen] = {}
            for size in sizes:
                _fill(owner, size)
                with _workers():
                    rates = [
                        _all_at_once(owner, size, people) for _round in range(QUICK_ROUNDS if is_quick else ROUNDS)
                    ]
                    waits = _one_by_one(owner, size, QUICK_FREED if is_quick else FREED, rate=PEOPLE / HANDLE_S)
                seen[size] = Seen(rates=rates, waits=waits)
                p99 = percentile(waits, 0.99)
                say(f"{size} waiting: {statistics.median(rates):.0f} offers a second, p99 {p99:.0f} ms")
            doubled = owner.execute(
                "SELECT count(*) FROM (SELECT waiting_id FROM queues_offer WHERE outcome IN ('open', 'accepted') "
                "GROUP BY waiting_id HAVING count(*) > 1) twice"
            ).fetchone()
    small, large = (seen[size] for size in sizes)
    speak(
        "routing",
        columns=["", *(f"{size} waiting" for size in sizes)],
        rows=[
            ["people", people, people],
            ["offers a second, all at once (median)", *(statistics.median(one.rates) for one in (small, large))],
            ["ms from room to offer, p50", *(percentile(one.waits, 0.5) for one in (small, large))],
            ["ms from room to offer, p99", *(percentile(one.waits, 0.99) for one in (small, large))],
        ],
        figures={
            "offers_per_second": round(statistics.median(large.rates), 1),
            "p99_ms_free_to_offer": round(percentile(large.waits, 0.99), 1),
            "growth_50k_over_5k": round(statistics.median(small.rates) / statistics.median(large.rates), 2),
            "double_offers": doubled[0] if doubled else -1,
        },
    )


def _programs(house: FreshHouse) -> list[int]:
    """Make two more programs, a skill, and four queues in each; return the workspaces."""
    from careloop.domains.queues.states import Kind
    from careloop.domains.queues.types import QueueSettings
    from careloop.domains.workforce.services import make_skill, set_share
    from careloop.domains.workspaces.services import create_workspace
    from careloop.kernel.actors import HOUSE
    from careloop.kernel.scope import operation_scope, workspace_scope
    from careloop.processes.routing.keeping import make_queue

    with operation_scope():
        others = [
            create_workspace(
                key=f"program{number}",
                name=f"Program {number}",
                language="en",
                time_zone="Asia/Seoul",
                accent_color="#2f6f5e",
                may_send=False,
                actor=HOUSE,
                at=NOW,
            )
            for number in range(2, PROGRAMS + 1)
        ]
    found = [house.workspace_id, *others]
    with workspace_scope(found[0]):
        skill = make_skill(name="Billing", actor=HOUSE, at=NOW)
    for place, workspace_id in enumerate(found):
        with workspace_scope(workspace_id):
            set_share(agreed=float(place + 1), actor=HOUSE, at=NOW)
            for needs in ({}, {skill: 2}):
                for is_by_language in (False, True):
                    settings = QueueSettings(
                        name=f"{'Experts' if needs else 'All'}{', by language' if is_by_language else ''}",
                        kinds=(Kind.CHAT,),
                        needs=needs,
                        is_by_language=is_by_language,
                        offer_s=3600,
                    )
                    make_queue(settings=settings, actor=HOUSE, at=NOW)
            for queue_id, needs, is_by_language in _ask("SELECT id, needs::text, is_by_language FROM queues_queue"):
                for language in ("en", "ko", "vi") if is_by_language else ("",):
                    _ask(
                        "INSERT INTO queues_line (workspace_id, queue_id, kind, language, needs) "
                        "VALUES (%s, %s, 'chat', %s, %s::jsonb) RETURNING id",
                        workspace_id,
                        queue_id,
                        language,
                        needs,
                    )
    return found


def _ask(statement: str, *values: Any) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _hire(owner: Any, programs: list[int], people: int) -> None:
    """Let people serve all programs: all speak English, every second one Korean, every third one Vietnamese and billing."""
    owner.execute(
        "INSERT INTO people_user (email, name, password, language, time_zone, theme, signature, mails_notifications, "
        "is_active) SELECT 'p' || n || '@bench.example', 'Person ' || n, '!', 'en', 'UTC', 'auto', '', false, true "
        "FROM generate_series(1, %s) n",
        [people],
    )
    everybody = "FROM people_user u WHERE u.email LIKE 'p%%@bench.example'"
    for workspace_id in programs:
        owner.execute(
            f"INSERT INTO people_membership (workspace_id, user_id, role) SELECT %s, u.id, 'agent' {everybody}",
            [workspace_id],
        )
    for language, each in (("en", 1), ("ko", 2), ("vi", 3)):
        owner.execute(
            f"INSERT INTO workforce_personlanguage (user_id, language) SELECT u.id, %s {everybody} AND u.id %% %s = 0",
            [language, each],
        )
    owner.execute(
        "INSERT INTO workforce_personskill (user_id, skill_id, level) "
        f"SELECT u.id, (SELECT min(id) FROM workforce_skill), 1 + u.id %% 5 {everybody} AND u.id %% 3 = 0",
        [],
    )
    owner.execute(
        "INSERT INTO workforce_seat (user_id, chosen, chosen_at, chosen_reason, state, reason, since, forced_by, is_on_hold, "
        "is_offered, most, room, held, load, open_kinds) "
        "SELECT u.id, 'available', now(), '', 'contact', '', now(), '', false, false, "
        f"'{{\"chat\": 1}}', 10, '{{}}', 10, '{{}}' {everybody}",
        [],
    )


def _fill(owner: Any, size: int) -> None:
    """Let so much wait as is wanted, the same in every line, at random moments of the last day."""
    owner.execute(
        "INSERT INTO queues_waiting (workspace_id, queue_id, line_id, kind, subject_id, stage, entered_at, rank_at, priority, "
        "tier, needs, language, is_fresh, overflow_count, revision) "
        "SELECT l.workspace_id, l.queue_id, l.id, 'chat', (SELECT coalesce(max(subject_id), 0) FROM queues_waiting) + "
        "row_number() OVER (), 'waiting', t.at, t.at, 0, 0, '{}', l.language, false, 0, 1 "
        "FROM (SELECT *, count(*) OVER () AS lines FROM queues_line) l "
        "CROSS JOIN LATERAL generate_series(1, %s / l.lines + 1 - (SELECT count(*) FROM queues_waiting w "
        "WHERE w.line_id = l.id AND w.stage = 'waiting')) n "
        "CROSS JOIN LATERAL (SELECT now() - random() * interval '1 day' + n * interval '0' AS at) t",
        [size],
    )
    owner.execute("VACUUM ANALYZE queues_waiting, queues_offer, workforce_seat, kernel_timer")


@contextmanager
def _workers() -> Iterator[None]:
    started = [
        subprocess.Popen([sys.executable, "-m", "bench.stage.router"], stdin=subprocess.PIPE)
        for _worker in range(WORKERS)
    ]
    try:
        time.sleep(3)  # until they listen: starting a process is not what is timed
        yield
    finally:
        for worker in started:
            assert worker.stdin is not None
            worker.stdin.close()
        for worker in started:
            worker.wait(timeout=30)


def _all_at_once(owner: Any, size: int, people: int) -> float:
    """Give everybody room at one moment and return how many offers were made in a second until everybody had one."""
    _settle(owner, size)
    began = time.perf_counter()
    owner.execute(
        "UPDATE workforce_seat SET state = 'available', load = 0, held = '{}', open_kinds = '{chat}', idle_since = now(), "
        "seeks_since = now()"
    )
    owner.execute("DELETE FROM workforce_holding")
    owner.execute("NOTIFY careloop_routing")
    while time.perf_counter() - began < 120:
        (made,) = owner.execute("SELECT count(*) FROM queues_offer WHERE outcome = 'open'").fetchone()
        if made >= people:
            return float(people / (time.perf_counter() - began))
        time.sleep(0.005)
    raise RuntimeError(f"After two minutes {people - made} people who have room have no offer.")


def _settle(owner: Any, size: int) -> None:
    """Let everybody have taken what they were offered, and as much wait as before."""
    with owner.transaction():
        owner.execute("UPDATE queues_offer SET outcome = 'accepted', answered_at = now() WHERE outcome = 'open'")
        owner.execute(
            "UPDATE queues_waiting SET stage = 'taken', ended_at = now(), taken_by_id = o.user_id "
            "FROM queues_offer o WHERE o.waiting_id = queues_waiting.id AND stage = 'offered'"
        )
        owner.execute("DELETE FROM kernel_timer")
        owner.execute("DELETE FROM workforce_holding")
        owner.execute(
            "INSERT INTO workforce_holding (seat_id, workspace_id, kind, subject_id, weight, since) "
            "SELECT DISTINCT ON (o.user_id) o.user_id, w.workspace_id, 'chat', w.subject_id, 1, now() FROM queues_offer o "
            "JOIN queues_waiting w ON w.id = o.waiting_id ORDER BY o.user_id, o.id DESC"
        )
        owner.execute(
            "UPDATE workforce_seat SET is_offered = false, state = 'contact', load = 1, held = '{\"chat\": 1}', "
            "open_kinds = '{}', seeks_since = NULL, idle_since = NULL"
        )
    _fill(owner, size)


def _one_by_one(owner: Any, size: int, count: int, *, rate: float) -> list[float]:
    """Let people get room one after another and return how many milliseconds each had to wait for an offer."""
    from django.db import connection

    from careloop.domains.queues.states import Kind
    from careloop.kernel import clock
    from careloop.kernel.actors import HOUSE
    from careloop.kernel.scope import workspace_scope
    from careloop.processes.routing.answering import finish

    _settle(owner, size)
    chance = Random(size)
    held = owner.execute("SELECT seat_id, workspace_id, subject_id FROM workforce_holding ORDER BY seat_id").fetchall()
    chance.shuffle(held)
    freed: dict[int, float] = {}
    waits: dict[int, float] = {}
    done = threading.Event()

    def watch() -> None:
        while len(waits) < count and not (done.is_set() and time.perf_counter() - max(freed.values()) > 10):
            rows = owner.execute("SELECT user_id FROM queues_offer WHERE outcome = 'open'").fetchall()
            now = time.perf_counter()
            for (user_id,) in rows:
                if user_id in freed and user_id not in waits:
                    waits[user_id] = (now - freed[user_id]) * 1000
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    due = time.perf_counter()
    for user_id, workspace_id, subject_id in held[:count]:
        due += chance.expovariate(rate)
        time.sleep(max(0.0, due - time.perf_counter()))
        with workspace_scope(workspace_id):
            finish(kind=Kind.CHAT, subject_id=subject_id, actor=HOUSE, at=clock.now())
        freed[user_id] = time.perf_counter()
    done.set()
    watcher.join()
    connection.close()
    # Whoever was forgotten waited for as long as it was looked.
    return [waits.get(user_id, 10_000.0) for user_id in freed]


if __name__ == "__main__":
    main()
