"""The cast in the north, ready for work, with a widget on the shop's site."""

from collections.abc import Iterator

import pytest

from careloop.domains.chats.types import WidgetRow
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.chatting import put_on_site
from tests.fixtures import quick_passwords
from tests.processes.conftest import bare_house, house

__all__ = ["bare_house", "house", "quick_passwords"]


@pytest.fixture
def north(house: House) -> Iterator[House]:
    with workspace_scope(house.north):
        yield house


@pytest.fixture
def widget(north: House) -> WidgetRow:
    return put_on_site()
