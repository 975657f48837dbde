"""How a visit begins: on which host, in which language, for whoever comes."""

from typing import Any

import pytest
from django.test import Client

from careloop.domains.workspaces.models import Host
from tests.cast import House
from tests.faces.portal.conftest import OMAR
from tests.faces.portal.test_requests import write
from tests.faces.portal.test_sign_in import deferred

pytestmark = pytest.mark.database

OPEN_PAGES = ("", "requests/new", "sign-in", "sign-in/sent")


@pytest.fixture
def own_host(house: House, settings: Any) -> str:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "testserver", "help.north.example", "else.example"]
    Host.objects.create(host="help.north.example", workspace_id=house.north)
    return "help.north.example"


class TestHosts:
    def test_of_a_workspace_leads_to_its_portal(self, house: House, own_host: str) -> None:
        visitor = Client(headers={"Host": own_host})

        assert visitor.get("/")["Location"] == "/help/north/"
        assert visitor.get("/help/north/").status_code == 200
        assert visitor.get("/brand/2f6f5e.css").status_code == 200

    @pytest.mark.parametrize("path", ["/help/south/", "/account/sign-in", "/w/north/", "/w/north/admin/people"])
    def test_of_a_workspace_leads_nowhere_else(self, house: House, own_host: str, path: str) -> None:
        assert Client(headers={"Host": own_host}).get(path).status_code == 404

    @pytest.mark.parametrize(
        ("host", "base"),
        [("help.north.example", "http://help.north.example"), ("else.example", "http://127.0.0.1:8000")],
    )
    def test_stands_in_the_link_only_when_it_is_the_workspaces(
        self, house: House, own_host: str, host: str, base: str
    ) -> None:
        Client(headers={"Host": host}).post("/help/north/sign-in", {"address": OMAR})

        assert deferred()[0]["link"] == f"{base}/help/north/sign-in/links/"


class TestLanguages:
    def test_are_the_browsers_then_the_workspaces(self, client: Client, house: House) -> None:
        asked = [
            client.get("/help/north/", headers={"Accept-Language": wish})["Content-Language"]
            for wish in ("ko-KR,ko;q=0.9", "zh-CN", "vi", "sw", "")
        ]

        assert asked == ["ko", "zh-hans", "vi", "en", "en"]

    def test_are_remembered(self, client: Client, house: House) -> None:
        answer = client.post("/help/north/language", {"language": "vi", "next": "/help/north/sign-in"})

        assert answer["Location"] == "/help/north/sign-in"
        assert client.get("/help/north/", headers={"Accept-Language": "ko"})["Content-Language"] == "vi"

    @pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example"])
    def test_lead_nowhere_else(self, client: Client, house: House, onward: str) -> None:
        answer = client.post("/help/north/language", {"language": "vi", "next": onward})

        assert "evil" not in answer["Location"]


@pytest.mark.parametrize("path", OPEN_PAGES)
@pytest.mark.parametrize("language", ["en", "ko", "zh-hans", "vi"])
def test_opens_for_everybody(client: Client, house: House, path: str, language: str) -> None:
    answer = client.get(f"/help/north/{path}", headers={"Accept-Language": language})

    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("path", ["/help/nowhere/", "/help/nowhere/requests/1", "/help/nowhere/forms/x"])
def test_knows_no_workspace_that_is_not_there(client: Client, house: House, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["requests/sent/forged", "requests/99999999999999999999", "requests/1/files/99999999999999999999"]
)
def test_answers_nonsense_kindly(client: Client, house: House, path: str) -> None:
    write(client)

    assert client.get(f"/help/north/{path}").status_code in {302, 404}
