"""Programs talk to visitors as people do: from the chat that waits to the case that it leaves."""

from collections.abc import Callable

import pytest

from careloop.domains.cases.queries import reasons, statuses
from careloop.domains.cases.services import publish_reasons
from careloop.domains.cases.services.policy import Branch
from careloop.domains.chats import services as chats
from careloop.domains.chats.queries import widget_in_use
from careloop.domains.chats.types import WidgetSettings
from careloop.domains.people.types import Scope
from careloop.kernel.scope import workspace_scope
from careloop.processes.chatting import Beginning, start_chat, words_of
from tests.cast import NOW, House
from tests.faces.api.conftest import Machine

pytestmark = pytest.mark.database
Machines = Callable[..., Machine]
MARK = "0b5c1d2e-3f40-4a5b-8c6d-7e8f90a1b2c3"


@pytest.fixture
def chat_id(house: House) -> int:
    """Omar waits in a chat of the shop."""
    with workspace_scope(house.north):
        shop = WidgetSettings(name="Shop", language="en")
        chats.add_widget(key="shop", settings=shop, actor=house.actor("mina"), at=NOW)
        beginning = Beginning(
            secret="a secret of thirty-two letters or more",
            mark="1" * 36,
            address="omar@customer.example",
            name="Omar",
            proved=None,
            language="en",
            page="https://shop.example/",
            text="Where is my parcel?",
        )
        return start_chat(beginning, widget=widget_in_use("shop"), at=NOW).id


def test_a_chat_is_taken_answered_and_wrapped_up(machine_of: Machines, house: House, chat_id: int) -> None:
    ada = machine_of("ada")
    with workspace_scope(house.north):
        publish_reasons(branches=[Branch(name="Parcel is late")], actor=house.actor("mina"), at=NOW)
        (reason,) = reasons()
        solved = next(status.id for status in statuses() if status.category == "solved")

    waiting = ada.get("/chats?state=waiting").json()["items"]
    taken = ada.post(f"/chats/{chat_id}/taking").json()
    said = [ada.post(f"/chats/{chat_id}/words", {"text": "Tomorrow.", "mark": MARK}) for _time in range(2)]
    whispered = ada.post(f"/chats/{chat_id}/whispers", {"text": "A regular."})
    words = ada.get(f"/chats/{chat_id}/words").json()["items"]
    unreasoned = ada.post(f"/chats/{chat_id}/ending", {"status_id": solved})
    ended = ada.post(f"/chats/{chat_id}/ending", {"status_id": solved, "reason_id": reason.id}).json()

    assert [(row["id"], row["customer"], row["state"]) for row in waiting] == [(chat_id, "Omar", "waiting")]
    assert (taken["state"], taken["agent_id"]) == ("active", house.ids["ada"])
    assert [one.status_code for one in said] == [201, 201]
    assert said[0].json() == said[1].json()
    assert whispered.status_code == 201
    assert [(word["is_ours"], word["text"]) for word in words] == [(False, "Where is my parcel?"), (True, "Tomorrow.")]
    assert unreasoned.status_code == 422
    assert list(unreasoned.json()["error"]["fields"]) == ["reason_id"]
    assert (ended["state"], ended["ended_by"]) == ("ended", "agent")
    assert ada.get("/chats?state=ended").json()["items"][0]["id"] == chat_id
    assert ada.get(f"/cases/{ended['case_number']}").json()["status_id"] == solved


def test_a_chat_goes_to_a_colleague_and_back_to_whoever_comes(machine_of: Machines, house: House, chat_id: int) -> None:
    ada, grace = machine_of("ada"), machine_of("grace")
    ada.post(f"/chats/{chat_id}/taking")

    both = ada.post(f"/chats/{chat_id}/handover", {"user_id": 1, "team_id": 1, "about": "A refund."})
    cold = ada.post(f"/chats/{chat_id}/handover", {"user_id": house.ids["grace"]})
    given = ada.post(f"/chats/{chat_id}/handover", {"user_id": house.ids["grace"], "about": "A refund."})
    lost = ada.post(f"/chats/{chat_id}/words", {"text": "Still here."})
    back = grace.post(f"/chats/{chat_id}/handover", {"about": "Not mine."})

    assert both.status_code == 422
    assert (cold.status_code, list(cold.json()["error"]["fields"])) == (403, ["about"])
    assert given.json()["agent_id"] == house.ids["grace"]
    assert lost.status_code == 403
    assert (back.json()["state"], back.json()["agent_id"]) == ("waiting", None)
    with workspace_scope(house.north):
        assert [line.text for line in words_of(chat_id)] == ["Where is my parcel?"]


def test_only_what_the_token_and_the_role_allow(machine_of: Machines, house: House, chat_id: int) -> None:
    reader = machine_of("ada", scopes=[Scope.CASES_READ])
    analyst = machine_of("anh")

    assert reader.get(f"/chats/{chat_id}").status_code == 200
    assert reader.post(f"/chats/{chat_id}/taking").status_code == 403
    assert analyst.get(f"/chats/{chat_id}/words").status_code == 200
    assert analyst.post(f"/chats/{chat_id}/taking").status_code == 403
    assert machine_of("ines").get(f"/chats/{chat_id}").status_code == 404


def test_a_widget_is_made_and_changed_and_never_tells_its_secret(machine_of: Machines, house: House) -> None:
    mina = machine_of("mina")
    invited = {
        "texts": {"ko": "도와드릴까요?", "en": "May we help?"},
        "path": "/plans",
        "languages": ["ko"],
        "pause_hours": 48,
    }
    said = {"greetings": {"ko": "안녕하세요."}, "invitations": [invited]}
    given = {"name": "Shop", "language": "ko", "allowed_origins": ["https://shop.example"], **said}

    made = mina.post("/chat-widgets", {**given, "key": "shop"})
    again = mina.post("/chat-widgets", {**given, "key": "shop"})
    changed = mina.send("PUT", f"/chat-widgets/{made.json()['id']}", {**given, "mail_after_seconds": 60})

    assert made.status_code == 201
    assert again.status_code == 409
    assert (changed.json()["mail_after_seconds"], changed.json()["key"]) == (60, "shop")
    assert changed.json()["most_wait_seconds"] == 900
    assert changed.json()["greetings"] == {"ko": "안녕하세요."}
    assert changed.json()["invitations"] == [{**invited, "after_seconds": 30, "to": "everybody"}]
    wrongs: list[dict[str, object]] = [
        {"texts": {"fr": "Bonjour"}},
        {"texts": {"en": "Hi"}, "path": "pricing"},
        {"texts": {}},
    ]
    for wrong in wrongs:
        refused = mina.send("PUT", f"/chat-widgets/{made.json()['id']}", {**given, "invitations": [wrong]})
        assert refused.status_code == 422
    assert mina.get("/chat-widgets").json()["items"] == [changed.json()]
    assert "secret" not in changed.json()
    assert machine_of("ada").get("/chat-widgets").status_code == 403
    assert machine_of("ada").send("PUT", f"/chat-widgets/{made.json()['id']}", given).status_code == 403
