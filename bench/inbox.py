"""List, filtered list, case page, search and reply with 10 thousand, 100 thousand and 1 million cases, beside the peer.

Both sides answer real HTTP requests through Django's test client, in one process each, with the same cases on the same
server: ours as whole pages, the peer's list and search as the JSON rows that its list page asks for.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
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
        found: dict[int, dict[str, tuple[Timed, Timed | None]]] = {}
        for size in sizes:
            wanted = size // TEMPLATE_CASES - 1
            _grow(house, peer, first=copies + 1, last=wanted)
            copies = wanted
            found[size] = _measure(house, peer, size, rounds=10 if parsed.quick else 40)
            for what, (ours, theirs) in found[size].items():
                peer_says = f", the peer {theirs.p95:.0f} ms" if theirs else ""
                say(f"{size} cases, {what}: p95 {ours.p95:.0f} ms{peer_says}")
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


def _measure(house: FreshHouse, peer: Peer, size: int, *, rounds: int) -> dict[str, tuple[Timed, Timed | None]]:
    from django.conf import settings
    from django.test import Client

    # As people ask for it; any other host might be a portal's.
    browser = Client(HTTP_HOST=urlsplit(settings.PUBLIC_URL).netloc)
    browser.force_login(_user(house))
    root = "/w/bench"
    numbers = [(7 * size // 11 + step * 97) % size + 1 for step in range(rounds)]
    # The peer needs ten seconds for a page at a million; fewer rounds of it tell enough.
    fewer = max(3, min(rounds, 2_000_000 // size // 4))

    def ours(path: str) -> Timed:
        return _timed(lambda _step: _get(browser, f"{root}{path}"), rounds)

    def theirs(task: str, **facts: Any) -> Timed:
        return Timed(**peer.ask(task, rounds=fewer, **facts))

    found: dict[str, tuple[Timed, Timed | None]] = {
        "list": (ours("/views/all"), theirs("list_rows")),
        "filtered list": (ours("/views/waiting"), theirs("list_rows", only_status=1)),
        "case page": (
            _timed(lambda step: _get(browser, f"{root}/cases/{numbers[step]}"), rounds),
            Timed(**peer.ask("ticket_pages", numbers=numbers)),
        ),
    }
    for what, word in {**RARE_WORDS, **COMMON_WORDS}.items():
        found[f"search, {what}"] = (ours(f"/search?q={word}"), theirs("list_rows", search=word))
    found["reply"] = (_timed(_replying(house, numbers), rounds), Timed(**peer.ask("replies", numbers=numbers)))
    return found


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


def _timed(act: Callable[[int], None], rounds: int) -> Timed:
    act(0)
    taken = []
    for step in range(rounds):
        started = time.perf_counter()
        act(step)
        taken.append((time.perf_counter() - started) * 1000)
    return Timed(p50=percentile(taken, 0.5), p95=percentile(taken, 0.95))


def _speak(found: dict[int, dict[str, tuple[Timed, Timed | None]]]) -> None:
    rows = [
        [f"{size:,} cases: {what}", ours.p50, ours.p95, theirs.p50 if theirs else "-", theirs.p95 if theirs else "-"]
        for size, timings in found.items()
        for what, (ours, theirs) in timings.items()
    ]
    sizes = list(found)
    largest, smallest = found[sizes[-1]], found[sizes[0]]
    middle = found.get(100_000, largest)
    pages = [what for what in largest if what != "reply"]
    ours, theirs = largest["case page"]
    list_ours, list_theirs = middle["list"]
    assert theirs is not None
    assert list_theirs is not None
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
