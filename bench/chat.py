"""A thousand chats at once: from a visitor who sends a word to the screen of the agent, beside an echo of Django Channels.

The house is served as `careloop up` serves it, with two web processes and two workers, on the cores of this machine. Each chat
has an agent whose browser holds the stream of it open; each visitor sends a word every ten seconds, at moments of their own. The
generator, a process of its own, sends the words as the widget does and reads the streams as the agent's page does; a word is on
the screen when its line has come in. The same generator then loads an echo that Channels keeps in memory: one web socket for
each chat, one word every ten seconds, passed through a group and back. It keeps nothing, so it is the least that any
such way of telling can cost.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bench.stage.ending import end_in_order
from bench.stage.environments import own_environment
from bench.stage.house import NOW, FreshHouse, fresh_house
from bench.stage.report import percentile, say, speak

CHATS, QUICK_CHATS = 1_000, 100
SECONDS, QUICK_SECONDS = 60, 20
CHANNELS: Final = "4.3.1"
EACH_AGENT: Final = 4
"""Chats that one agent has open; each in a tab of its own, with a stream of its own."""
SETTLE_S: Final = 5.0
QUICK_HASHER: Final = "django.contrib.auth.hashers.MD5PasswordHasher"
"""Of agents who are signed in already; to make passwords safe takes longer than everything else that is made ready."""
WARMING: Final = 20
"""Requests before anything is measured, so that each web process has loaded what it needs."""
HOST: Final = "127.0.0.1"
ROOT: Final = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure and print."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="script/bench chat", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="with 100 chats for 20 seconds")
    is_quick = parser.parse_args().quick
    count, seconds = (QUICK_CHATS, QUICK_SECONDS) if is_quick else (CHATS, SECONDS)
    os.environ["WEB_PROCESSES"] = "2"
    with fresh_house("chat") as house:
        chats = _begun(house, count)
        with _served(house) as (port, web):
            load = {"port": port, "seconds": seconds, "chats": chats}
            ours = _talk(sys.executable, "bench.stage.chatting", load, web=web)
    say("The same talk over an echo of Channels")
    theirs = _echo(count, seconds)
    _speak(count, ours, theirs)


def _begun(house: FreshHouse, count: int) -> list[dict[str, Any]]:
    """Begin the chats and let agents take them; return of each what a visitor's and an agent's browser know."""
    from uuid import uuid4

    from django.contrib.auth import get_user_model
    from django.test import Client, override_settings

    from careloop.domains.chats.queries import widget_in_use
    from careloop.domains.chats.services import add_widget
    from careloop.domains.chats.types import WidgetSettings
    from careloop.domains.people.queries import actor_for
    from careloop.domains.people.services import add_member, create_user
    from careloop.kernel import clock
    from careloop.kernel.actors import HOUSE, Role
    from careloop.kernel.scope import operation_scope, workspace_scope
    from careloop.processes.chatting import Beginning, pick, start_chat

    say(f"Beginning {count} chats")
    people = []
    for number in range(-(-count // EACH_AGENT)):
        with operation_scope(), override_settings(PASSWORD_HASHERS=[QUICK_HASHER]):
            user_id = create_user(
                email=f"agent{number}@bench.example",
                name=f"Agent {number}",
                password="rain on the tin roof",
                language="en",
                time_zone="UTC",
                actor=HOUSE,
                at=NOW,
            )
        with workspace_scope(house.workspace_id):
            add_member(user_id=user_id, role=Role.AGENT, actor=HOUSE, at=NOW)
        browser = Client()
        browser.force_login(get_user_model().objects.get(pk=user_id))
        people.append((user_id, browser.cookies["sessionid"].value))
    # Nobody answers here, and a chat that is not answered goes back to those who wait.
    settings = WidgetSettings(name="Shop", language="en", greetings={"en": "Hello."}, agent_silence_s=86_400)
    with workspace_scope(house.workspace_id):
        add_widget(key="shop", settings=settings, actor=HOUSE, at=NOW)
        widget = widget_in_use("shop")
    found: list[dict[str, Any]] = []
    for number in range(count):
        user_id, cookie = people[number // EACH_AGENT]
        secret, mark, at = str(uuid4()), str(uuid4()), clock.now()
        beginning = Beginning(
            secret=secret,
            mark=mark,
            address=f"visitor{number}@shop.example",
            name=f"Visitor {number}",
            proved=None,
            language="en",
            page="https://shop.example/",
            text="Where is my parcel?",
        )
        with workspace_scope(house.workspace_id):
            chat = start_chat(beginning, widget=widget, at=at)
            agent = actor_for(user_id, house.workspace_id)
            assert agent is not None
            pick(chat_id=chat.id, actor=agent, at=at)
        found.append({"id": chat.id, "secret": secret, "mark": mark, "cookie": cookie})
    return found


@contextmanager
def _served(house: FreshHouse) -> Iterator[tuple[int, int]]:
    """Serve the house with the parts of `careloop up`; yield the port, and the web server's process."""
    from careloop.faces.cli.management.commands.up import parts

    port = _free_port()
    environment = {**os.environ, "CARELOOP_HOME": str(house.home), "PORT": str(port)}
    started = [subprocess.Popen(part.command, env=environment) for part in parts(HOST, port)]
    try:
        _wait_for(port)
        for _turn in range(WARMING):
            with urllib.request.urlopen(f"http://{HOST}:{port}/help/bench/chat/shop/config") as answer:
                answer.read()
        yield port, started[0].pid
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=60)


def _echo(count: int, seconds: float) -> dict[str, Any]:
    """Let the echo of Channels run in an environment of its own, and talk over it."""
    python, port = own_environment("channels", CHANNELS, "uvicorn", "websockets"), _free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    echo = [str(python), "-m", "uvicorn", "bench.peer.echo:application", "--port", str(port), "--log-level", "warning"]
    server = subprocess.Popen(echo, env=environment)
    try:
        _wait_for(port)
        load = {"port": port, "seconds": seconds, "chats": count}
        return _talk(str(python), "bench.peer.echoing", load, web=server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _talk(python: str, module: str, load: dict[str, Any], *, web: int) -> dict[str, Any]:
    """Run a generator and return what it saw, with what the web server took: kilobytes for each line, processor for each word."""
    time.sleep(SETTLE_S)
    alone = _memory_kb(web)
    generator = subprocess.Popen(
        [python, "-m", module],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert generator.stdin is not None
    assert generator.stdout is not None
    generator.stdin.write(json.dumps(load) + "\n")
    generator.stdin.flush()
    if generator.stdout.readline() != "open\n":
        raise RuntimeError(f"{module} could not open its lines.")
    grown, lines = _memory_kb(web) - alone, load["chats"] if isinstance(load["chats"], int) else len(load["chats"])
    say(f"{lines} lines are open; talking for {load['seconds']} s")
    used = _cpu_s(web)
    generator.stdin.write("go\n")
    generator.stdin.flush()
    seen: dict[str, Any] = json.loads(generator.stdout.readline())
    used = _cpu_s(web) - used
    generator.wait(timeout=30)
    if not seen["delays_ms"]:
        raise RuntimeError(f"No word came in; {seen['refused']} of {seen['sent'] + seen['refused']} were refused.")
    return {**seen, "kb_per_line": grown / lines, "cpu_ms_per_word": 1000 * used / seen["sent"]}


def _memory_kb(pid: int) -> float:
    """Return the proportional set size of a process and of those that it started."""
    rollups = [(process / "smaps_rollup").read_text() for process in _tree(pid)]
    return sum(float(rollup.split("Pss:")[1].split()[0]) for rollup in rollups)


def _cpu_s(pid: int) -> float:
    """Return the seconds of processor that a process and those that it started have used."""
    used = [(process / "stat").read_text().rpartition(")")[2].split()[11:13] for process in _tree(pid)]
    return sum(int(ticks) for both in used for ticks in both) / os.sysconf("SC_CLK_TCK")


def _tree(pid: int) -> Iterator[Path]:
    process = Path("/proc") / str(pid)
    yield process
    for child in (process / "task" / str(pid) / "children").read_text().split():
        yield from _tree(int(child))


def _wait_for(port: int) -> None:
    began = time.monotonic()
    while time.monotonic() - began < 60:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not come up.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _speak(count: int, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    both = (ours, theirs)
    p50s = [percentile(one["delays_ms"], 0.5) for one in both]
    p99s = [percentile(one["delays_ms"], 0.99) for one in both]
    speak(
        "chat",
        columns=["", "ours", "an echo of Channels"],
        rows=[
            ["chats", count, count],
            ["words sent", *(one["sent"] for one in both)],
            ["words refused", *(one["refused"] for one in both)],
            ["words that came in twice", *(one["doubled"] for one in both)],
            ["ms from sent to screen, p50", *p50s],
            ["ms from sent to screen, p99", *p99s],
            ["ms of processor for each word", *(one["cpu_ms_per_word"] for one in both)],
            ["kB for each line", *(one["kb_per_line"] for one in both)],
            ["cores used by the generator", *(one["generator_cpu_share"] for one in both)],
        ],
        figures={
            "p99_ms_send_to_screen": round(p99s[0], 1),
            "kb_per_stream": round(ours["kb_per_line"], 1),
            "lost": ours["lost"] + ours["refused"],
            "out_of_order": ours["out_of_order"] + ours["doubled"],
            "ratio_vs_channels": round(p99s[0] / p99s[1], 2),
            "generator_cpu_share": round(ours["generator_cpu_share"], 2),
        },
    )


if __name__ == "__main__":
    main()
