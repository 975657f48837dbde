"""The cast in north, with a case of Omar's and a procedure that can be begun in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from careloop.domains.cases import queries as cases
from careloop.domains.cases import services as case_services
from careloop.domains.cases.states import Category
from careloop.domains.procedures import queries, services
from careloop.domains.procedures.types import RunRow
from careloop.kernel.actors import Actor
from tests.cast import NOW, House
from tests.domains.cases.conftest import open_desk
from tests.fixtures import house, north, quick_passwords, signed_in
from tests.procedures import REFUND

__all__ = ["house", "north", "quick_passwords", "signed_in"]


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


@dataclass(slots=True, kw_only=True)
class Office:
    """house: the cast. case_id: Omar's case. procedure_id: the refund. run_id: of it in the case, once it was begun."""

    house: House
    case_id: int
    procedure_id: int
    run_id: int = 0

    def __call__(self, name: str) -> Actor:
        """Return somebody of the cast."""
        return self.house.actor(name)

    def begins(self) -> "Office":
        self.run_id = services.begin_procedure(
            procedure_id=self.procedure_id, case_id=self.case_id, actor=self("ada"), at=NOW
        )
        return self

    def asks(self, amount: str = "250") -> "Office":
        """Fill the form in and ask for the approval, as Ada."""
        self.fills(amount)
        services.ask_approval(run_id=self.run_id, step="ok", actor=self("ada"), at=later(2))
        return self

    def fills(self, amount: str, *, name: str = "ada") -> None:
        services.fill_form(run_id=self.run_id, step="form", values={"sum": amount}, actor=self(name), at=later(1))

    def approves(self, name: str, rung: int = 0, *, at: datetime = NOW + timedelta(minutes=3)) -> None:
        services.approve(run_id=self.run_id, step="ok", rung=rung, actor=self(name), at=at)

    def run(self, viewer: str = "ada") -> RunRow:
        return queries.run_of(run_id=self.run_id, viewer=self(viewer))

    def solves(self, name: str = "ada", category: Category = Category.SOLVED) -> None:
        status = next(row.id for row in cases.statuses() if row.category == category)
        case_services.change_status(case_id=self.case_id, status_id=status, actor=self(name), at=later(30))

    def is_solved(self) -> bool:
        return cases.is_done(self.case_id)


@pytest.fixture
def office(north: House) -> Office:
    return open_office(north)


def open_office(house: House) -> Office:
    """Make the workspace in scope ready for cases, with one case and one procedure."""
    desk = open_desk(house)
    procedure_id = services.make_procedure(settings=REFUND, actor=house.actor("mina"), at=NOW)
    return Office(house=house, case_id=desk.case_id, procedure_id=procedure_id)
