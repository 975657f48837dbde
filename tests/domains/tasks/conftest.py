"""The cast in north with a case of Omar's, and Cole in another department, Billing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from careloop.domains.cases import queries as cases
from careloop.domains.cases import services as case_services
from careloop.domains.cases.states import Category
from careloop.domains.people.services import add_to_team, create_team
from careloop.domains.tasks import queries, services
from careloop.domains.tasks.types import NewTask, TaskRow
from careloop.kernel.actors import Actor
from tests.cast import NOW, House
from tests.domains.cases.conftest import open_desk
from tests.fixtures import house, north, quick_passwords, signed_in

__all__ = ["Office", "house", "later", "north", "open_office", "quick_passwords", "signed_in"]


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


@dataclass(slots=True, kw_only=True)
class Office:
    """house: the cast. case_id: Omar's case. billing: Cole's team."""

    house: House
    case_id: int
    billing: int
    statuses: dict[str, int] = field(default_factory=dict)

    def __call__(self, name: str) -> Actor:
        """Return somebody of the cast, with their teams as they are now."""
        return self.house.actor(name)

    def asks(self, title: str = "Check the invoice", *, at: datetime = NOW, name: str = "ada", **said: Any) -> int:
        """Ask Billing as Ada, unless it is said otherwise."""
        task = NewTask(title=title, **{"team_id": self.billing, **said})
        return services.ask_task(case_id=self.case_id, task=task, actor=self(name), at=at)

    def task(self, task_id: int, viewer: str = "cole") -> TaskRow:
        return queries.task_of(task_id=task_id, viewer=self(viewer))

    def answers(self, task_id: int, answer: str = "Paid twice.", *, name: str = "cole", after: float = 30) -> None:
        services.finish_task(task_id=task_id, answer=answer, actor=self(name), at=later(after))

    def solves(self, name: str = "ada", category: Category = Category.SOLVED) -> None:
        status = next(row.id for row in cases.statuses() if row.category == category)
        case_services.change_status(case_id=self.case_id, status_id=status, actor=self(name), at=later(60))


@pytest.fixture
def office(north: House) -> Office:
    return open_office(north)


def open_office(house: House) -> Office:
    """Make the workspace in scope ready for cases, with one case and a department besides."""
    desk = open_desk(house)
    mina = house.actor("mina")
    billing = create_team(name="Billing", actor=mina, at=NOW)
    add_to_team(team_id=billing, user_id=house.ids["cole"], actor=mina, at=NOW)
    return Office(house=house, case_id=desk.case_id, billing=billing)
