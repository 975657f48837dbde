"""The cast, in workspaces that are ready for cases and have a mailbox."""

import pytest

from careloop.domains.channels.services import MailboxSettings, add_mailbox
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.founding import equip_workspace
from tests.cast import NOW, House
from tests.fixtures import house as bare_house
from tests.fixtures import quick_passwords

__all__ = ["bare_house", "quick_passwords"]


@pytest.fixture
def house(bare_house: House) -> House:
    ready(bare_house)
    return bare_house


def ready(house: House) -> None:
    """Give both workspaces what cases need, and a mailbox each."""
    for workspace_id, address in ((house.north, "help@north.example"), (house.south, "help@south.example")):
        with workspace_scope(workspace_id):
            equip_workspace(actor=HOUSE, at=NOW)
            add_mailbox(
                settings=MailboxSettings(
                    name="Help",
                    address=address,
                    sender_name="North Help",
                    smtp_host="smtp.example.com",
                ),
                actor=HOUSE,
                at=NOW,
            )
