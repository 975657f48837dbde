"""The cast in workspaces that are ready for cases, and a case to look at."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from careloop.domains.cases.queries import case_detail, find_cases
from careloop.domains.cases.types import CaseDetail
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.fixtures import house as bare_house
from tests.fixtures import quick_passwords, signed_in
from tests.mailing import receive, written
from tests.processes.conftest import house

__all__ = ["Browsers", "Opened", "bare_house", "house", "opened", "opened_by", "quick_passwords", "signed_in"]

Browsers = Callable[[str], Client]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A case that came by mail. address: of its page."""

    house: House
    id: int
    number: int

    @property
    def address(self) -> str:
        """Where its page stands."""
        return f"/w/north/cases/{self.number}"

    def detail(self) -> CaseDetail:
        """Return the case as it is now."""
        with workspace_scope(self.house.north):
            return self.detail_in_scope()

    def detail_in_scope(self) -> CaseDetail:
        """Return the case as it is now, where its workspace is in scope already."""
        return case_detail(case_id=self.id, viewer=HOUSE)


def opened_by(house: House, raw: bytes) -> Opened:
    """Let a mail about a parcel in, and return the case it made."""
    with workspace_scope(house.north):
        receive(raw, at=NOW)
        row = find_cases(text="parcel", viewer=HOUSE)[0]
    return Opened(house=house, id=row.id, number=row.number)


@pytest.fixture
def opened(house: House) -> Opened:
    """Omar asks about his parcel."""
    return opened_by(house, written(text="Where is my parcel?", at=NOW))
