"""The cast, committed for real, because watchers are threads with connections of their own."""

from collections.abc import Iterator
from typing import Any

import pytest

from careloop.domains.channels.services import MailboxSettings, add_mailbox
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.founding import equip_workspace
from tests.cast import NOW, House, open_house
from tests.fixtures import quick_passwords
from tests.servers.dovecot import Dovecot, dovecot_binary, running_dovecot

__all__ = ["quick_passwords"]


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    if dovecot_binary() is None:
        pytest.skip("needs a real Dovecot")
    with running_dovecot() as server:
        yield server


@pytest.fixture
def house(committed: Any) -> House:
    opened = open_house()
    with workspace_scope(opened.north):
        equip_workspace(actor=HOUSE, at=NOW)
    return opened


def connected(house: House, *, user: str, **servers: Any) -> int:
    """Add a mailbox for a user of some servers and return its id."""
    with workspace_scope(house.north):
        return add_mailbox(
            settings=MailboxSettings(
                name="Help", address="help@north.example", sender_name="North Help", imap_user=user, **servers
            ),
            actor=HOUSE,
            at=NOW,
        )
