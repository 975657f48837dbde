"""Many who talk at once: each says a word every ten seconds, timed until it has come in. Needs nothing that has to be installed."""

import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, Protocol

__all__ = ["PERIOD_S", "Talk", "measure"]

PERIOD_S: Final = 10.0
OPENING_AT_ONCE: Final = 20
STRAGGLERS_S: Final = 30.0


class Talk(Protocol):
    """One chat, seen from both ends."""

    async def hear(self) -> AsyncIterator[str]:
        """Yield an empty text as soon as the line is open, then every word that comes in."""
        yield ""

    async def say(self, text: str) -> None:
        """Send a word. Raises OSError when it was not taken."""


@dataclass(slots=True)
class Told:
    """What became of one chat's words. heard: their numbers as they came in. delays_ms: from sent to come in."""

    sent_at: dict[int, float] = field(default_factory=dict)
    heard: list[int] = field(default_factory=list)
    delays_ms: list[float] = field(default_factory=list)


def measure(talks: Sequence[Talk], *, seconds: float) -> None:
    """Open all lines, say so, wait for a line on standard input, talk, and print what came of it as one line of JSON."""
    print(json.dumps(asyncio.run(_measure(talks, seconds))), flush=True)


async def _measure(talks: Sequence[Talk], seconds: float) -> dict[str, Any]:
    told = [Told() for _talk in talks]
    gate = asyncio.Semaphore(OPENING_AT_ONCE)
    opened = [asyncio.Event() for _talk in talks]
    ears = [
        asyncio.create_task(_listen(talk, one, event, gate))
        for talk, one, event in zip(talks, told, opened, strict=True)
    ]
    await asyncio.gather(*(event.wait() for event in opened))
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    began, used = time.perf_counter(), _cpu_s()
    chance = Random(7)
    refused = await asyncio.gather(
        *(_speak(talk, one, seconds, chance.uniform(0, PERIOD_S)) for talk, one in zip(talks, told, strict=True))
    )
    took, used = time.perf_counter() - began, _cpu_s() - used
    until = time.perf_counter() + STRAGGLERS_S
    while time.perf_counter() < until and any(len(set(one.heard)) < len(one.sent_at) for one in told):
        await asyncio.sleep(0.1)
    for ear in ears:
        ear.cancel()
    await asyncio.gather(*ears, return_exceptions=True)
    return {
        "sent": sum(len(one.sent_at) for one in told),
        "refused": sum(refused),
        "delays_ms": [delay for one in told for delay in one.delays_ms],
        "lost": sum(len(one.sent_at) - len(set(one.heard)) for one in told),
        "doubled": sum(len(one.heard) - len(set(one.heard)) for one in told),
        "out_of_order": sum(a > b for one in told for a, b in zip(one.heard, one.heard[1:], strict=False)),
        "generator_cpu_share": used / took,
    }


async def _listen(talk: Talk, told: Told, opened: asyncio.Event, gate: asyncio.Semaphore) -> None:
    await gate.acquire()
    async for text in talk.hear():
        now = time.perf_counter()
        if not opened.is_set():
            opened.set()
            gate.release()
        _word, _space, number = text.partition(" ")
        if number.isdigit() and int(number) in told.sent_at:
            told.heard.append(int(number))
            told.delays_ms.append((now - told.sent_at[int(number)]) * 1000)


async def _speak(talk: Talk, told: Told, seconds: float, first_s: float) -> int:
    """Say a word every ten seconds, the next one not before the last was taken; return how many were refused."""
    began, refused = time.perf_counter(), 0
    due = first_s
    while due < seconds:
        await asyncio.sleep(max(0.0, began + due - time.perf_counter()))
        number = len(told.sent_at) + refused
        told.sent_at[number] = time.perf_counter()
        try:
            await talk.say(f"word {number}")
        except OSError:
            del told.sent_at[number]
            refused += 1
        due += PERIOD_S
    return refused


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
