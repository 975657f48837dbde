"""The wall around each workspace, on views made for the purpose."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from careloop.domains.people import services
from careloop.domains.people.queries import teams_of
from careloop.domains.workspaces.errors import NothingChanged
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.kernel.scope import current_workspace, workspace_scope
from tests.cast import NOW, House

Browsers = Callable[[str], Client]


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{current_workspace()} {workspace_of(request).key} {actor_of(request).role}")


def late(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "access/teams.html", {"rows": teams_of(actor_of(request))})


def half_done(request: HttpRequest) -> HttpResponse:
    services.create_team(name="Half done", actor=actor_of(request), at=NOW)
    raise NothingChanged("Not like <this>.")


@opens_own_scope
def stream(request: HttpRequest) -> HttpResponse:
    with pytest.raises(RuntimeError):
        current_workspace()
    with workspace_scope(workspace_of(request).id):
        return HttpResponse(f"{current_workspace()} {actor_of(request).role}")


def forgetful(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(current_workspace()))


urlpatterns = [
    path("w/<slug:workspace>/plain", plain),
    path("w/<slug:workspace>/late", late),
    path("w/<slug:workspace>/half-done", half_done),
    path("w/<slug:workspace>/stream", stream),
    path("forgetful", forgetful),
    path("", include("careloop.config.urls")),
]

pytestmark = pytest.mark.urls(__name__)


def test_runs_a_view_inside_its_workspace_as_its_member(signed_in: Browsers, house: House) -> None:
    assert signed_in("ada").get("/w/north/plain").content.decode() == f"{house.north} north agent"


def test_answers_head_like_get(signed_in: Browsers) -> None:
    assert signed_in("ada").head("/w/north/plain").status_code == 200


def test_renders_before_the_scope_closes(signed_in: Browsers) -> None:
    assert signed_in("ada").get("/w/north/late").status_code == 200


def test_leaves_a_stream_to_open_its_own_scope(signed_in: Browsers, house: House) -> None:
    assert signed_in("ada").get("/w/north/stream").content.decode() == f"{house.north} agent"
    assert signed_in("ines").get("/w/north/stream").status_code == 404


def test_lets_no_view_work_without_a_workspace(signed_in: Browsers) -> None:
    with pytest.raises(RuntimeError, match="No workspace is in scope"):
        signed_in("ada").get("/forgetful")


def test_undoes_everything_when_a_view_refuses(signed_in: Browsers, house: House) -> None:
    answer = signed_in("olga").get("/w/north/half-done")

    assert answer.status_code == 409
    assert "Not like &lt;this&gt;." in answer.content.decode()
    assert "<html" in answer.content.decode()
    with workspace_scope(house.north):
        assert teams_of(house.actor("olga")) == []


def test_answers_htmx_with_the_refusal_alone(signed_in: Browsers) -> None:
    answer = signed_in("olga").get("/w/north/half-done", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "<html" not in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_leads_the_unknown_back_to_the_page_they_were_on(client: Client, house: House) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/w/north/plain?x=1"}

    answer = client.post("/w/north/half-done", headers=asked)

    assert answer["HX-Redirect"] == "/account/sign-in?next=%2Fw%2Fnorth%2Fplain%3Fx%3D1"
    assert client.post("/w/north/half-done")["Location"] == "/account/sign-in?next=%2F"


def test_shows_the_workspaces_of_the_person_only(signed_in: Browsers) -> None:
    page: Any = signed_in("ada").get("/w/north/admin/people")

    assert [choice.name for choice in page.context["shell"].workspaces] == ["North"]


def test_shuts_out_an_account_that_is_switched_off(
    signed_in: Browsers, house: House, sql: Callable[..., object]
) -> None:
    browser = signed_in("ada")

    sql("UPDATE people_user SET is_active = false WHERE id = %s RETURNING id", [house.ids["ada"]])

    assert browser.get("/w/north/plain").status_code == 302


def test_a_page_that_is_only_read_writes_nothing(signed_in: Browsers, house: House) -> None:
    browser = signed_in("ada")
    browser.get("/w/north/views/all")  # notes that the session is used

    with CaptureQueriesContext(connection) as asked:
        browser.get("/w/north/views/all")

    assert [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_a_session_that_is_used_from_elsewhere_is_noted_at_once(signed_in: Browsers, house: House) -> None:
    browser = signed_in("ada")
    browser.get("/w/north/views/all")

    browser.get("/w/north/views/all", headers={"User-Agent": "Another browser"})

    assert "Another browser" in {one.user_agent for one in UserSession.objects.all()}
