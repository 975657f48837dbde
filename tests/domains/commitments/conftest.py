"""The cast, in a workspace that promises something, with one case of Omar's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from careloop.domains.calendars import services as calendars
from careloop.domains.calendars.types import CalendarSettings
from careloop.domains.cases import queries as cases
from careloop.domains.cases import services as case_services
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import NewCase
from careloop.domains.commitments import queries, services
from careloop.domains.commitments.states import BY_POLICY, Measure, Outcome
from careloop.domains.commitments.types import ClockRow, PolicySettings
from careloop.domains.customers.services import recognize
from careloop.domains.customers.types import Met
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.events import events_between, head_position
from careloop.kernel.hours import Span
from careloop.kernel.readers import number_events
from tests.cast import House
from tests.domains.conftest import house, north, quick_passwords

__all__ = ["house", "north", "quick_passwords"]

MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)
"""Ten o'clock in Seoul, on a Monday."""
DAY = (Span(opens=datetime(2026, 1, 1, 9).time(), closes=datetime(2026, 1, 1, 18).time()),)  # noqa: DTZ001 - times only
HOURS = {measure: dict.fromkeys(range(1, 5), 4 * 3600) for measure in BY_POLICY}
"""Four hours for everything, whatever the priority."""


def later(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


@dataclass(slots=True, kw_only=True)
class Desk:
    """house: the cast. omar: his primary key. calendar: nine to six in Seoul. read_to: how far the log was followed."""

    house: House
    omar: int
    calendar: int
    read_to: int = 0
    statuses: dict[Category, int] = field(default_factory=dict)

    @property
    def ada(self) -> Actor:
        return self.house.actor("ada")

    def promise(self, name: str = "Four hours", **said: Any) -> int:
        """Make a policy: four hours for everything in the hours of the calendar, unless it is said otherwise."""
        return services.make_policy(settings=self.said(name, **said), actor=self.house.actor("mina"), at=MONDAY)

    def said(self, name: str = "Four hours", **said: Any) -> PolicySettings:
        targets: Mapping[Measure, Mapping[int, int]] = said.pop("targets", HOURS)
        return PolicySettings(name=name, targets=targets, **{"calendar_id": self.calendar, **said})

    def opens(self, *, at: datetime = MONDAY, actor: Actor = HOUSE, **said: Any) -> int:
        case = NewCase(
            subject_line="My parcel",
            requester_id=self.omar,
            requester_name="Omar",
            channel="email",
            conversation_id=None,
            team_id=None,
            at=at,
            **said,
        )
        (case_id,) = case_services.open_cases([case], actor=actor)
        return case_id

    def answers(self, case_id: int, *, at: datetime, status: Category | None = None) -> None:
        status_id = None if status is None else self.statuses[status]
        case_services.answered(case_id=case_id, message_id=1, status_id=status_id, actor=self.ada, at=at)

    def omar_writes(self, case_id: int, *, at: datetime) -> None:
        case_services.customer_wrote(case_id=case_id, message_id=1, customer_id=self.omar, actor=HOUSE, at=at)

    def becomes(self, case_id: int, category: Category, *, at: datetime) -> None:
        case_services.change_status(case_id=case_id, status_id=self.statuses[category], actor=self.ada, at=at)

    def follow(self) -> None:
        """Let the clocks follow what happened since the last time."""
        number_events()
        events = events_between(self.read_to, head_position(), limit=10_000)
        self.read_to = head_position()
        if about_cases := [one for one in events if one.event.subject.startswith("case:")]:
            services.follow_cases(about_cases)

    def clocks(self, case_id: int, *, at: datetime) -> dict[Measure, list[ClockRow]]:
        """Return the clocks of a case after it was followed, by measure."""
        self.follow()
        found: dict[Measure, list[ClockRow]] = {}
        for clock in queries.clocks_of_cases([case_id], viewer=self.ada, at=at).get(case_id, []):
            found.setdefault(clock.measure, []).append(clock)
        return found

    def clock(self, case_id: int, measure: Measure, *, at: datetime) -> ClockRow:
        return self.clocks(case_id, at=at)[measure][-1]

    def outcomes(self, case_id: int) -> dict[Measure, list[Outcome]]:
        clocks = self.clocks(case_id, at=MONDAY + timedelta(days=30))
        return {measure: [clock.outcome for clock in found] for measure, found in clocks.items()}


@pytest.fixture
def desk(north: House) -> Desk:
    return open_desk(north)


def open_desk(house: House) -> Desk:
    """Make the workspace in scope ready for cases, with hours in which something can be promised."""
    case_services.set_up(
        status_names={category: category.value.title() for category in Category},
        type_name="Enquiry",
        actor=HOUSE,
        at=MONDAY,
    )
    met = Met(address="omar@customer.example", name="Omar", language="en", at=MONDAY)
    omar = recognize([met], source="mail", actor=HOUSE)[met.address]
    week = CalendarSettings(name="Nine to six", zone="Asia/Seoul", weekly=(DAY,) * 5 + ((), ()))
    calendar = calendars.create_calendar(settings=week, actor=house.actor("mina"), at=MONDAY)
    statuses = {Category(row.category): row.id for row in cases.statuses()}
    number_events()
    return Desk(house=house, omar=omar, calendar=calendar, statuses=statuses, read_to=head_position())
