"""A workspace in which cases arrive and wait, at a time that stands still."""

from datetime import timedelta

import pytest

from careloop.kernel import clock
from tests.cast import NOW, House
from tests.fixtures import quick_passwords, signed_in
from tests.flooring import equip
from tests.processes.conftest import bare_house, house

__all__ = ["bare_house", "house", "quick_passwords", "signed_in"]


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def queue(house: House) -> int:
    """The queue Bills of north, which asks for Korean and for billing level 2."""
    return equip(house, at=NOW - timedelta(hours=1))
