"""Events that come live, in pieces, make the same facts as a recording of them read at once."""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from careloop.insight.imports.ami import STANDING
from careloop.insight.imports.live import Live, Piece
from tests.insight.imports.reading import CAPTURES, SITE, Rows, capture, gathered
from tests.servers.manager import Frame, recorded

TABLES = ("contact", "contact_segment", "callback", "callback_attempt")


def text(frames: Sequence[Frame]) -> bytes:
    return "".join("".join(f"{name}: {value}\n" for name, value in frame.items()) + "\n" for frame in frames).encode()


def pieces(frames: Sequence[Frame], *, size: int) -> list[Piece]:
    starts = range(0, len(frames), size)
    return [(number, text(frames[start : start + size])) for number, start in enumerate(starts, start=1)]


def lived(given: Sequence[Piece], folder: Path, *, at_a_time: int) -> dict[str, Rows]:
    def steps() -> Iterator[Any]:
        with Live(settings=SITE, memory=folder / "live.duckdb") as live:
            for start in range(0, len(given), at_a_time):
                yield from live.steps(given[start : start + at_a_time])

    return gathered(steps())


@cache
def told(name: str) -> dict[str, Rows]:
    with TemporaryDirectory() as folder:
        return capture(name, "ami", Path(folder))[0]


def by_key(rows: Rows, table: str) -> dict[Any, dict[str, Any]]:
    key = {"contact": "contact_id", "contact_segment": "segment_id", "callback": "callback_id"}.get(table)
    return {row[key] if key else tuple(sorted(map(str, row.values()))): row for row in rows}


@pytest.mark.parametrize("name", CAPTURES)
class TestLive:
    def test_says_what_the_recording_says(self, name: str, tmp_path: Path) -> None:
        found = lived(pieces(recorded(name), size=300), tmp_path, at_a_time=2)

        for table in TABLES:
            assert by_key(found[table], table) == by_key(told(name)[table], table)

    def test_says_of_agents_what_the_recording_says(self, name: str, tmp_path: Path) -> None:
        found = lived(pieces(recorded(name), size=300), tmp_path, at_a_time=2)

        assert seconds_by_state(found["agent_state"]) == pytest.approx(
            seconds_by_state(told(name)["agent_state"]), rel=0.01, abs=2
        )

    def test_takes_what_comes_twice_or_in_another_order_as_it_was(self, name: str, tmp_path: Path) -> None:
        dice, mixed = random.Random(8), list[Piece]()
        for number, body in pieces([*recorded(name)], size=400):
            frames = [frame for frame in body.decode().split("\n\n") if frame]
            frames += dice.sample(frames, k=len(frames) // 5)
            dice.shuffle(frames)
            mixed.append((number, "".join(f"{frame}\n\n" for frame in frames).encode()))

        found = lived(mixed, tmp_path, at_a_time=3)

        legs, expected = (by_key(rows["contact_segment"], "contact_segment") for rows in (found, told(name)))
        assert legs.keys() == expected.keys()
        assert {key: row["exit"] for key, row in legs.items()} == {key: row["exit"] for key, row in expected.items()}

    def test_passes_over_an_event_that_lacks_a_field(self, name: str, tmp_path: Path) -> None:
        frames = recorded(name)[:600]
        stamp = {"Timestamp": frames[300]["Timestamp"]}
        poison: list[Frame] = [{"Event": event, **stamp} for event in ("QueueCallerJoin", "AgentComplete", "Hangup")]
        standing: list[Frame] = [{"Event": "QueueEntry", **stamp}, {"Event": STANDING, **stamp}]
        mixed = [*frames[:300], *poison, *standing, *frames[300:]]
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        with Live(settings=SITE, memory=tmp_path / "a" / "live.duckdb") as live:
            found = gathered(live.steps([(1, text(mixed))]))
        expected = lived([(1, text(frames))], tmp_path / "b", at_a_time=1)

        assert live.report.rejected == {"frame_without_field": 4}
        for table in ("contact", "contact_segment"):
            assert by_key(found[table], table) == by_key(expected[table], table)

    def test_goes_on_where_it_was_after_a_crash(self, name: str, tmp_path: Path) -> None:
        given, rows = pieces(recorded(name), size=300), list[Any]()
        half = len(given) // 2
        with Live(settings=SITE, memory=tmp_path / "live.duckdb") as live:
            rows += live.steps(given[:half])
            dying = live.steps(given[half : half + 4])
            next(dying)  # its facts are made, and nobody says that they are kept
            assert live.until == half
        with Live(settings=SITE, memory=tmp_path / "live.duckdb") as live:
            assert live.until == half
            live.recall(given[:half])
            rows += live.steps(given[half:])

        found = gathered(rows)

        for table in TABLES:
            assert by_key(found[table], table) == by_key(told(name)[table], table)


def seconds_by_state(rows: Rows) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in rows:
        if row.get("ended_at"):
            found[row["state"]] = found.get(row["state"], 0) + (row["ended_at"] - row["started_at"]).total_seconds()
    return found
