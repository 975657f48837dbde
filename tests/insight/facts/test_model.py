"""Append, correct, retract, replay, compact, in any order: the lake equals a dictionary of lists."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from careloop.insight.facts import FactStore, read
from tests.insight.facts.lake import NINE, NOW, contact, rows_of

DAY = timedelta(days=1)
KEYS = st.sampled_from("abcd")
BODIES = st.tuples(st.integers(0, 2), st.sampled_from(["handled", "open"]))
LINES = st.lists(st.tuples(KEYS, st.none() | BODIES), min_size=1, max_size=6)
NUMBERED = st.lists(st.tuples(KEYS, st.integers(1, 6), BODIES), min_size=1, max_size=5, unique_by=lambda line: line[:2])


@dataclass
class Version:
    number: int
    body: Any
    is_retracted: bool
    day: Any


@dataclass
class Model:
    versions: dict[str, list[Version]] = field(default_factory=dict)

    def say(self, key: str, body: Any, day: Any) -> None:
        """The next version, if it says something new. body: None takes the key away."""
        line = self.versions.setdefault(key, [])
        if body is None:
            if line and not line[-1].is_retracted:
                line.append(Version(line[-1].number + 1, line[-1].body, True, day))
        elif not line or line[-1].is_retracted or line[-1].body != body:
            line.append(Version(line[-1].number + 1 if line else 1, body, False, day))

    def number(self, lines: list[tuple[str, int, Any]], day: Any) -> None:
        """Versions that bring their numbers: those above what was held before them."""
        held = {key: line[-1].number for key, line in self.versions.items() if line}
        for key, number, body in sorted(lines, key=lambda one: one[1]):
            if number > held.get(key, 0):
                self.versions.setdefault(key, []).append(Version(number, body, False, day))

    def holds(self, until: Any) -> list[tuple[Any, ...]]:
        """Key, body and version of what held at the end of a day."""
        last = {key: [one for one in line if one.day <= until] for key, line in self.versions.items()}
        return sorted(
            (key, NINE - line[-1].body[0] * DAY, line[-1].body[1], line[-1].number)
            for key, line in last.items()
            if line and not line[-1].is_retracted
        )


def row(key: str, body: tuple[int, str] | None) -> dict[str, Any]:
    if body is None:
        return {"contact_id": key, "is_retracted": True}
    return contact(key, arrived_at=NINE - body[0] * DAY, outcome=body[1])


class Lake(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.store = FactStore(Path(self.folder.name) / "lake")
        self.model = Model()
        self.now = NOW
        self.batches: list[list[Any]] = []
        self.store.append("contact", [], source="t", at=self.now)

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(lines=LINES)
    def append(self, lines: list[Any]) -> None:
        given = [row(key, body) for key, body in lines]
        self.store.append("contact", given, source="t", at=self.now, batch=str(len(self.batches)))
        self.batches.append(given)
        for key, body in lines:
            self.model.say(key, body, self.now.date())

    @rule(lines=NUMBERED)
    def append_numbered(self, lines: list[Any]) -> None:
        given = [row(key, body) | {"record_version": number} for key, number, body in lines]
        self.store.append("contact", given, source="t", at=self.now)
        self.model.number(lines, self.now.date())

    @rule(place=st.integers(0, 50))
    def replay(self, place: int) -> None:
        if self.batches:
            place %= len(self.batches)
            again = self.store.append("contact", self.batches[place], source="t", at=self.now, batch=str(place))
            assert again.was_known

    @rule()
    def compact(self) -> None:
        self.store.compact(at=self.now)

    @rule(days=st.integers(1, 3))
    def wait(self, days: int) -> None:
        self.now += days * DAY

    @invariant()
    def equals_the_model(self) -> None:
        for days in (0, 1, 4):
            day = (self.now - days * DAY).date()
            held = read(self.store.root, as_of=day if days else None)
            assert rows_of(
                held, "contact", "contact_id", "arrived_at", "outcome", "record_version"
            ) == self.model.holds(day)


TestLake = Lake.TestCase
TestLake.settings = settings(
    max_examples=20,
    stateful_step_count=10,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes, and ten steps can be read
)
