"""Rules at work in north: cases of Omar's, by hand and by mail, and a log that is followed step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from careloop.domains.automation import queries, services
from careloop.domains.automation.states import ActionKind, Outcome, When
from careloop.domains.automation.types import Action, RuleSettings, RunRow
from careloop.domains.cases import queries as cases
from careloop.domains.cases import services as case_services
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import CaseRow, NewCase
from careloop.domains.customers.services import recognize
from careloop.domains.customers.types import Met
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.events import Recorded, events_between, head_position
from careloop.kernel.readers import number_events
from careloop.kernel.scope import workspace_scope
from careloop.processes.automation.running import run_rules
from tests.cast import NOW, House

TAGGED = (Action(kind=ActionKind.TAG, value="seen"),)


def does(kind: ActionKind, value: object = "") -> Action:
    return Action(kind=kind, value=str(value))


@dataclass(slots=True, kw_only=True)
class Desk:
    """house: the cast. omar: his primary key. read_to: how far the rules have followed the log."""

    house: House
    omar: int
    read_to: int = 0

    @property
    def ada(self) -> Actor:
        return self.house.actor("ada")

    @property
    def mina(self) -> Actor:
        return self.house.actor("mina")

    def rule(self, name: str = "Tag it", **said: Any) -> int:
        """Make a rule; it tags what is opened unless it is said otherwise."""
        number_events()
        return services.make_rule(settings=self.said(name, **said), actor=self.mina, at=NOW)

    def said(self, name: str = "Tag it", **said: Any) -> RuleSettings:
        return RuleSettings(name=name, **{"when": (When.OPENED,), "actions": TAGGED, **said})

    def opens(self, *, at: datetime = NOW, subject: str = "My parcel", **said: Any) -> int:
        case = NewCase(
            subject_line=subject,
            requester_id=self.omar,
            requester_name="Omar",
            channel="email",
            conversation_id=None,
            team_id=None,
            at=at,
            **said,
        )
        (case_id,) = case_services.open_cases([case], actor=HOUSE)
        return case_id

    def status(self, category: Category) -> int:
        return next(row.id for row in cases.statuses() if row.category == category and row.is_default)

    def unread(self) -> list[Recorded]:
        number_events()
        return events_between(self.read_to, head_position(), limit=10_000)

    def follow(self, *, most: int = 200) -> int:
        """Let the rules read the log until nothing is new, and return in how many turns; fail when there is no end to it."""
        for turn in range(most):
            events = self.unread()
            if not events:
                return turn
            self.read_to = events[-1].position
            run_rules(events)
        raise AssertionError("The rules run for ever.")

    def case(self, case_id: int) -> CaseRow:
        return cases.case_detail(case_id=case_id, viewer=HOUSE).row

    def runs(self, **asked: Any) -> list[RunRow]:
        return list(queries.runs_of(self.mina, limit=1000, **asked).items)

    def outcomes(self, **asked: Any) -> list[Outcome]:
        """Return how the runs ended, the oldest first."""
        return [run.outcome for run in reversed(self.runs(**asked))]


@pytest.fixture
def desk(house: House) -> Iterator[Desk]:
    with workspace_scope(house.north):
        met = Met(address="omar@customer.example", name="Omar", language="en", at=NOW)
        omar = recognize([met], source="mail", actor=HOUSE)[met.address]
        yield Desk(house=house, omar=omar)


def later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)
