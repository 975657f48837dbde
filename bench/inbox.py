"""List, filtered list, case page, search and reply with 10 thousand, 100 thousand and 1 million cases, beside the peer.

Both sides answer real HTTP requests through Django's test client, in one process each, with the same cases on the same
server: ours as whole pages, the peer's list and search as the JSON rows that its list page asks for.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from bench.stage.ending import end_in_order
from bench.stage.house import NOW, FreshHouse, fresh_house
from bench.stage.loading import STRIDE, multiply
from bench.stage.peer import Peer, running_peer
from bench.stage.peer_rows import hand_over
from bench.stage.report import percentile, say, speak
from bench.stage.template import make_template

TEMPLATE_CASES = 100
SIZES = (10_000, 100_000, 1_000_000)
QUICK_SIZES = (1_000, 10_000)
RARE = 10
"""Cases that hold the rare words, whatever the size."""
RARE_WORDS = {"rare word": "zanzibarium", "rare Korean word": "잔지바르"}
COMMON_WORDS = {"common word": "looking", "common Korean word": "인터넷"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """p50 and p95 in milliseconds."""

    p50: float
    p95: float


def main() -> None:
    """Measure and print."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="script/bench inbox", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="with 1 thousand and 10 thousand cases")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="stop at so many cases")
    parsed = parser.parse_args()
    sizes = QUICK_SIZES if parsed.quick else tuple(size for size in SIZES if size <= parsed.most)
    with fresh_house("inbox") as house, running_peer(server=house.server, folder=house.home / "peer") as peer:
        make_template(house, cases=TEMPLATE_CASES)
        copies = 0
        found: dict[int, dict[str, tuple[Timed, Timed]]] = {}
        for size in sizes:
            wanted = size // TEMPLATE_CASES - 1
            _grow(house, peer, first=copies + 1, last=wanted)
            copies = wanted
            found[size] = _measure(house, peer, size, rounds=10 if parsed.quick else 40)
            for what, (ours, theirs) in found[size].items():
                say(f"{size} cases, {what}: p95 {ours.p95:.0f} ms, the peer {theirs.p95:.0f} ms")
        _speak(found)


def _grow(house: FreshHouse, peer: Peer, *, first: int, last: int) -> None:
    from psycopg import connect

    from careloop.kernel.text import document

    say(f"Loading copies {first} to {last}")
    started = time.perf_counter()
    with connect(house.server) as owner:
        multiply(owner, workspace_id=house.workspace_id, first=first, last=last)
    if first == 1:
        with connect(house.server) as owner:
            text = " ".join(RARE_WORDS.values())
            owner.execute(
                "UPDATE conversations_message SET text = text || ' ' || %s, search = search || (%s)::tsvector WHERE id IN "
                # Not in the template, whose words every later copy repeats.
                "(SELECT id FROM conversations_message WHERE author = 'customer' AND id > %s ORDER BY id LIMIT %s)",
                [text, document(text), STRIDE, RARE],
            )
    say(f"Loaded in {time.perf_counter() - started:.0f} s")
    started = time.perf_counter()
    hand_over(ours=house.server, theirs=peer.database, first=first, last=last)
    say(f"Handed to the peer in {time.perf_counter() - started:.0f} s")
    started = time.perf_counter()
    _write_out(house.server)
    say(f"Written out in {time.perf_counter() - started:.0f} s")


def _write_out(server: str) -> None:
    """Let PostgreSQL write to disk what was loaded: it is not the matter of the first page that is timed afterwards."""
    from psycopg import connect

    with connect(server, autocommit=True) as owner:
        # CHECKPOINT is the superuser's; a database made from files, and one dropped, checkpoint the server first.
        owner.execute("CREATE DATABASE written_out TEMPLATE template0 STRATEGY FILE_COPY")
        owner.execute("DROP DATABASE written_out")


def _measure(house: FreshHouse, peer: Peer, size: int, *, rounds: int) -> dict[str, tuple[Timed, Timed]]:
    from django.conf import settings
    from django.test import Client

    # As people ask for it; any other host might be a portal's.
    browser = Client(HTTP_HOST=urlsplit(settings.PUBLIC_URL).netloc)
    browser.force_login(_user(house))
    root = "/w/bench"
    numbers = [(7 * size // 11 + step * 97) % size + 1 for step in range(rounds)]
    # The peer needs ten seconds for a page at a million; fewer rounds of it tell enough.
    fewer = max(3, min(rounds, 2_000_000 // size // 4))

    def theirs(task: str, **facts: Any) -> Timed:
        return Timed(**peer.ask(task, rounds=fewer, **facts))

    searches = {f"search, {what}": word for what, word in {**RARE_WORDS, **COMMON_WORDS}.items()}
    pages: dict[str, Callable[[int], None]] = {
        "list": lambda _step: _get(browser, f"{root}/views/all"),
        "filtered list": lambda _step: _get(browser, f"{root}/views/waiting"),
        "case page": lambda step: _get(browser, f"{root}/cases/{numbers[step]}"),
        **{what: partial(_search, browser, root, word) for what, word in searches.items()},
    }
    ours = {**_timed(pages, rounds), **_timed({"reply": _replying(house, numbers)}, rounds)}
    peers = {
        "list": theirs("list_rows"),
        "filtered list": theirs("list_rows", only_status=1),
        "case page": Timed(**peer.ask("ticket_pages", numbers=numbers)),
        **{what: theirs("list_rows", search=word) for what, word in searches.items()},
        "reply": Timed(**peer.ask("replies", numbers=numbers)),
    }
    return {what: (ours[what], peers[what]) for what in ours}


def _search(browser: Any, root: str, word: str, _step: int) -> None:
    _get(browser, f"{root}/search?q={word}")


def _user(house: FreshHouse) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=house.agent_id)


def _get(browser: Any, path: str) -> None:
    answer = browser.get(path, follow=True)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}.")


def _replying(house: FreshHouse, numbers: list[int]) -> Callable[[int], None]:
    from careloop.domains.cases.queries import case_id_of_number
    from careloop.domains.people.queries import actor_for
    from careloop.kernel.scope import workspace_scope
    from careloop.processes.answering import reply
    from careloop.processes.answering.types import Words

    def answer(step: int) -> None:
        with workspace_scope(house.workspace_id):
            ada = actor_for(house.agent_id, house.workspace_id)
            assert ada is not None
            case_id = case_id_of_number(number=numbers[step], viewer=ada)
            reply(case_id=case_id, words=Words(text="Done.", html=""), actor=ada, at=NOW + timedelta(days=1))

    return answer


def _timed(acts: Mapping[str, Callable[[int], None]], rounds: int) -> dict[str, Timed]:
    """Time acts in turn, so that a slow minute of the machine is every act's and not one's alone."""
    taken: dict[str, list[float]] = {what: [] for what in acts}
    for act in acts.values():
        act(0)
    for step in range(rounds):
        for what, act in acts.items():
            started = time.perf_counter()
            act(step)
            taken[what].append((time.perf_counter() - started) * 1000)
    return {what: Timed(p50=percentile(times, 0.5), p95=percentile(times, 0.95)) for what, times in taken.items()}


def _speak(found: dict[int, dict[str, tuple[Timed, Timed]]]) -> None:
    rows = [
        [f"{size:,} cases: {what}", ours.p50, ours.p95, theirs.p50, theirs.p95]
        for size, timings in found.items()
        for what, (ours, theirs) in timings.items()
    ]
    sizes = list(found)
    largest, smallest = found[sizes[-1]], found[sizes[0]]
    middle = found.get(100_000, largest)
    pages = [what for what in largest if what != "reply"]
    ours, theirs = largest["case page"]
    list_ours, list_theirs = middle["list"]
    label = {1_000_000: "1m", 100_000: "100k"}.get(sizes[-1], str(sizes[-1]))
    figures = {
        f"list_p95_ms_{label}": max(largest["list"][0].p95, largest["filtered list"][0].p95),
        f"case_p95_ms_{label}": ours.p95,
        "case_ratio_vs_peer": ours.p95 / theirs.p95,
        f"search_p95_ms_{label}": max(largest[what][0].p95 for what in pages if what.startswith("search")),
        f"list_ratio_vs_peer_{'100k' if 100_000 in found else label}": list_ours.p95 / list_theirs.p95,
        f"growth_{label}_over_{'10k' if sizes[0] == 10_000 else sizes[0]}": max(
            largest[what][0].p50 / smallest[what][0].p50 for what in pages
        ),
    }
    speak(
        "inbox",
        columns=["milliseconds", "p50", "p95", "peer p50", "peer p95"],
        rows=rows,
        figures={name: round(value, 2) for name, value in figures.items()},
    )


if __name__ == "__main__":
    main()
