"""Pages of webhooks: connected, tested, read and sent again by owners and managers, and by nobody else."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.webhooks import queries
from careloop.domains.webhooks.states import DeliveryState, State
from careloop.domains.webhooks.types import WebhookRow
from careloop.kernel.scope import workspace_scope
from tests.cast import House

pytestmark = pytest.mark.database
Browser = Callable[[str], Client]
HERE = "/w/north/admin/webhooks/"
GIVEN = {"name": "Parcels", "url": "https://parcels.example/told"}


def row(house: House) -> WebhookRow:
    with workspace_scope(house.north):
        (one,) = queries.webhooks_of(house.actor("mina"))
    return one


def test_lead_from_nothing_to_a_message_that_is_sent_again(house: House, signed_in: Browser) -> None:
    mina = signed_in("mina")

    refused = mina.post(f"{HERE}new", {**GIVEN, "url": "https://127.0.0.1/"})
    assert refused.status_code == 422
    assert "where nothing is sent" in refused.content.decode()
    mina.post(f"{HERE}new", GIVEN)
    one = f"{HERE}{row(house).id}/"
    mina.post(f"{one}test")
    with workspace_scope(house.north):
        (message,) = queries.deliveries_of(house.actor("mina"), webhook_id=row(house).id).items
        secret = queries.webhook_secret(house.actor("mina"), webhook_id=row(house).id)
    page = mina.get(f"{one}?state=waiting").content.decode()
    assert secret in page
    assert f"deliveries/{message.id}" in page
    assert f"deliveries/{message.id}" not in mina.get(f"{one}?state=failed").content.decode()
    assert message.key in mina.get(f"{one}deliveries/{message.id}").content.decode()
    assert mina.post(f"{one}deliveries/{message.id}/resending").status_code == 302

    for act in ("secret", "pause"):
        mina.post(f"{one}{act}")
    assert row(house).state == State.PAUSED
    assert mina.post(f"{one}test").status_code == 422
    assert mina.post(f"{one}resumption").status_code == 302
    mina.post(f"{one}settings", {**GIVEN, "name": "Parcels of ours"})
    assert (row(house).name, message.state) == ("Parcels of ours", DeliveryState.WAITING)
    mina.post(f"{one}retirement")
    assert mina.get(one).status_code == 404
    assert "No other system is told anything yet" in mina.get(HERE).content.decode()


def test_are_for_owners_and_managers_and_not_there_for_others(house: House, signed_in: Browser) -> None:
    signed_in("mina").post(f"{HERE}new", GIVEN)
    one = f"{HERE}{row(house).id}/"

    for name in ("grace", "ada", "vera"):
        browser = signed_in(name)
        assert {browser.get(path).status_code for path in (HERE, f"{HERE}new", one)} == {403}
        assert {browser.post(f"{one}{act}").status_code for act in ("test", "secret", "pause", "retirement")} == {403}
    ines = signed_in("ines")
    assert ines.get(one).status_code == 404
    assert ines.get(one.replace("north", "south")).status_code == 404
    assert row(house).state == State.ACTIVE
