"""People, teams, invitations and tokens through the API: the same rules as on the pages, and never more than the maker's."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from careloop.domains.people.errors import InvitationRevoked
from careloop.domains.people.services import open_invitation
from careloop.domains.people.types import Scope
from careloop.domains.workspaces.models import Workspace
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.kernel.secrets import open_secret
from tests.cast import House
from tests.faces.api.conftest import Machine
from tests.faces.api.test_error_shape import assert_refused

pytestmark = pytest.mark.database

Machines = Callable[..., Machine]
ADMINISTRATION = [
    ("POST", "/people/{ada}/role", {"role": "lead"}),
    ("DELETE", "/people/{ada}", None),
    ("GET", "/invitations", None),
    ("POST", "/invitations", {"email": "new@north.example", "role": "agent"}),
    ("POST", "/teams", {"name": "Parcels"}),
]


def named(house: House, path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: str(house.ids[found[1]]), path)


@pytest.mark.parametrize(("method", "path", "body"), ADMINISTRATION)
class TestWhoAdministers:
    @pytest.mark.parametrize("name", ["grace", "ada", "anh"])
    def test_nobody_below_a_manager(
        self, house: House, machine_of: Machines, name: str, method: str, path: str, body: Any
    ) -> None:
        answer = machine_of(name).send(method, named(house, path), body)

        assert answer.status_code == 403
        assert machine_of("olga").get(f"/people/{house.ids['ada']}").json()["role"] == "agent"
        assert machine_of("olga").get("/invitations").json()["items"] == []
        assert machine_of("olga").get("/teams").json()["items"] == []

    def test_no_token_without_the_scope(
        self, house: House, machine_of: Machines, method: str, path: str, body: Any
    ) -> None:
        reader = machine_of("olga", scopes=[Scope.SETTINGS_READ, Scope.PEOPLE_READ])

        answer = reader.send(method, named(house, path), body)

        assert_refused(answer, status=403, code="scope_missing")


class TestPeople:
    def test_a_role_is_changed(self, house: House, machine_of: Machines) -> None:
        mina, path = machine_of("mina"), named(house, "/people/{ada}/role")

        first = mina.post(path, {"role": "lead"}, Idempotency_Key="one")
        second = mina.post(path, {"role": "lead"}, Idempotency_Key="one")
        third = mina.post(path, {"role": "lead"})

        assert (first.status_code, first.json()["role"]) == (200, "lead")
        assert second.json() == first.json()
        assert_refused(third, status=409, code="nothing_changed")

    def test_people_are_found_by_a_part_of_their_name(self, house: House, machine_of: Machines) -> None:
        found = machine_of("ada").get("/people?query=grA").json()

        assert ([row["name"] for row in found["items"]], found["next_cursor"]) == (["Grace"], None)

    def test_nobody_reaches_above_themselves(self, house: House, machine_of: Machines) -> None:
        mina = machine_of("mina")

        raised = mina.post(named(house, "/people/{mina}/role"), {"role": "owner"})
        lowered = mina.post(named(house, "/people/{olga}/role"), {"role": "agent"})
        ended = mina.send("DELETE", named(house, "/people/{olga}"))

        for answer in (raised, lowered, ended):
            assert_refused(answer, status=403, code="may_not_administer_people")

    def test_a_workspace_keeps_an_owner(self, house: House, machine_of: Machines) -> None:
        answer = machine_of("olga").post(named(house, "/people/{olga}/role"), {"role": "manager"})

        assert_refused(answer, status=409, code="last_owner")

    def test_an_unknown_role_is_refused_in_the_language_asked_for(self, house: House, machine_of: Machines) -> None:
        path = named(house, "/people/{ada}/role")

        answer = machine_of("olga").post(path, {"role": "king"}, Accept_Language="vi")

        error = assert_refused(answer, status=422, code="invalid_input")
        assert "chọn" in error["fields"]["role"]
        assert "owner, manager" in error["fields"]["role"]

    def test_somebody_is_taken_out_and_their_programs_with_them(self, house: House, machine_of: Machines) -> None:
        ada = machine_of("ada")

        answer = machine_of("mina").send("DELETE", named(house, "/people/{ada}"))

        assert answer.status_code == 204
        assert_refused(ada.get("/me"), status=401, code="token_not_valid")

    def test_nobody_leaves_by_token(self, house: House, machine_of: Machines) -> None:
        mina = machine_of("mina")

        answer = mina.send("DELETE", named(house, "/people/{mina}"), Accept_Language="vi")

        error = assert_refused(answer, status=403, code="not_signed_in")
        assert error["message"].startswith("Hãy đăng nhập")
        assert mina.get("/me").status_code == 200


class TestTeams:
    def test_a_team_is_made_filled_renamed_emptied_and_retired(self, house: House, machine_of: Machines) -> None:
        mina, ada = machine_of("mina"), house.ids["ada"]

        made = mina.post("/teams", {"name": "Parcels"}, Idempotency_Key="one")
        again = mina.post("/teams", {"name": "Parcels"}, Idempotency_Key="one")
        path = f"/teams/{made.json()['id']}"
        filled = mina.post(f"{path}/members", {"user_id": ada})
        twice = mina.post(f"{path}/members", {"user_id": ada})
        renamed = mina.send("PATCH", path, {"name": "Letters"})
        emptied = mina.send("DELETE", f"{path}/members/{ada}")
        retired = mina.post(f"{path}/retirement")

        assert (made.status_code, again.json()) == (201, made.json())
        assert filled.json()["member_ids"] == [ada]
        assert_refused(twice, status=409, code="already_member")
        assert renamed.json() == {"id": made.json()["id"], "name": "Letters", "member_ids": [ada]}
        assert (emptied.status_code, retired.status_code) == (204, 204)
        assert mina.get("/teams").json()["items"] == []
        assert_refused(mina.send("PATCH", path, {"name": "Gone"}), status=404, code="team_not_found")

    def test_a_lead_fills_their_own_team_only(self, house: House, machine_of: Machines) -> None:
        mina, grace = machine_of("mina"), machine_of("grace")
        own, other = (mina.post("/teams", {"name": name}).json()["id"] for name in ("Own", "Other"))
        mina.post(f"/teams/{own}/members", {"user_id": house.ids["grace"]})

        filled = grace.post(f"/teams/{own}/members", {"user_id": house.ids["ada"]})
        refused = grace.post(f"/teams/{other}/members", {"user_id": house.ids["ada"]})

        assert filled.status_code == 200
        assert_refused(refused, status=403, code="may_not_administer_teams")

    def test_nobody_of_another_workspace_gets_in(self, house: House, machine_of: Machines) -> None:
        mina = machine_of("mina")
        team_id = mina.post("/teams", {"name": "Parcels"}).json()["id"]

        answer = mina.post(f"/teams/{team_id}/members", {"user_id": house.ids["ines"]})

        assert_refused(answer, status=404, code="person_not_found")

    def test_a_name_is_taken_once(self, machine_of: Machines) -> None:
        mina = machine_of("mina")
        mina.post("/teams", {"name": "Parcels"})

        answer = mina.post("/teams", {"name": "Parcels"}, Accept_Language="zh-hans")

        error = assert_refused(answer, status=409, code="team_name_taken")
        assert list(error["fields"]) == ["name"]


class TestInvitations:
    def test_somebody_is_invited_by_mail_alone(self, house: House, machine_of: Machines) -> None:
        mina = machine_of("mina")

        made = mina.post("/invitations", {"email": "New@north.example", "role": "agent"}, Idempotency_Key="one")
        again = mina.post("/invitations", {"email": "New@north.example", "role": "agent"}, Idempotency_Key="one")

        assert made.status_code == 201
        assert again.json() == made.json()
        assert mina.get("/invitations").json()["items"] == [made.json()]
        assert (made.json()["email"], made.json()["role"]) == ("new@north.example", "agent")
        assert invited_links() == [_opening_link(house, made.json()["id"])]
        assert invited_links()[0].rpartition("/")[2] not in made.content.decode()

    def test_an_invitation_is_sent_again_with_a_new_link(self, house: House, machine_of: Machines) -> None:
        mina = machine_of("mina")
        first = mina.post("/invitations", {"email": "new@north.example", "role": "agent"}).json()

        second = mina.post(f"/invitations/{first['id']}/resending")

        assert second.status_code == 201
        assert {key: second.json()[key] for key in ("email", "role")} == {"email": first["email"], "role": "agent"}
        assert mina.get("/invitations").json()["items"] == [second.json()]
        old, new = invited_links()
        assert old != new
        assert _opening_link(house, second.json()["id"]) == new

    def test_an_invitation_is_taken_back(self, machine_of: Machines) -> None:
        mina = machine_of("mina")
        made = mina.post("/invitations", {"email": "new@north.example", "role": "agent"}).json()

        answer = mina.send("DELETE", f"/invitations/{made['id']}")

        assert answer.status_code == 204
        assert mina.get("/invitations").json()["items"] == []
        resent = mina.post(f"/invitations/{made['id']}/resending")
        assert_refused(resent, status=404, code="invitation_not_found")

    def test_nobody_invites_above_themselves(self, machine_of: Machines) -> None:
        made = machine_of("olga").post("/invitations", {"email": "new@north.example", "role": "owner"}).json()
        mina = machine_of("mina")

        invited = mina.post("/invitations", {"email": "two@north.example", "role": "owner"})
        resent = mina.post(f"/invitations/{made['id']}/resending")
        revoked = mina.send("DELETE", f"/invitations/{made['id']}")

        for answer in (invited, resent, revoked):
            assert_refused(answer, status=403, code="may_not_administer_people")
        assert mina.get("/invitations").json()["items"] == [made]

    @pytest.mark.parametrize("email", ["nobody", "a@b", "x" * 260 + "@north.example"])
    def test_what_is_no_address_is_refused(self, machine_of: Machines, email: str) -> None:
        answer = machine_of("olga").post("/invitations", {"email": email, "role": "agent"})

        error = assert_refused(answer, status=422, code="invalid_input")
        assert list(error["fields"]) == ["email"]

    def test_a_workspace_that_sends_no_mail_says_so(self, house: House, machine_of: Machines) -> None:
        Workspace.objects.filter(pk=house.north).update(may_send=False)
        mina = machine_of("mina")

        answer = mina.post("/invitations", {"email": "new@north.example", "role": "agent"}, Accept_Language="ko")

        error = assert_refused(answer, status=409, code="no_mail_leaves")
        assert "메일" in error["message"]
        assert mina.get("/invitations").json()["items"] == []


class TestTokens:
    def test_one_sees_ones_own_without_their_secrets(self, machine_of: Machines) -> None:
        machine_of("grace")
        ada, other = machine_of("ada"), machine_of("ada", scopes=[Scope.CASES_READ])

        answer = ada.get("/tokens")

        newest, oldest = answer.json()["items"]
        assert (newest["is_current"], oldest["is_current"]) == (False, True)
        assert (newest["hint"], newest["scopes"]) == (other.token[-4:], ["cases:read"])
        assert ada.token not in answer.content.decode()

    def test_administrators_see_and_revoke_all(self, house: House, machine_of: Machines) -> None:
        ada, mina = machine_of("ada"), machine_of("mina")
        (token_id,) = (row["id"] for row in mina.get("/tokens").json()["items"] if row["user_id"] == house.ids["ada"])

        answer = mina.send("DELETE", f"/tokens/{token_id}")

        assert answer.status_code == 204
        assert_refused(ada.get("/me"), status=401, code="token_not_valid")
        assert_refused(mina.send("DELETE", f"/tokens/{token_id}"), status=404, code="token_not_found")

    def test_nobody_else_revokes_them(self, machine_of: Machines) -> None:
        grace, ada = machine_of("grace"), machine_of("ada")
        (token_id,) = (row["id"] for row in grace.get("/tokens").json()["items"])

        answer = ada.send("DELETE", f"/tokens/{token_id}")

        assert_refused(answer, status=404, code="token_not_found")
        assert grace.get("/me").status_code == 200

    def test_a_token_without_the_scope_sees_and_revokes_none_but_itself(self, machine_of: Machines) -> None:
        small = machine_of("olga", scopes=[Scope.CASES_READ])

        listed, revoked = small.get("/tokens"), small.send("DELETE", "/tokens/1")
        given_up = small.send("DELETE", "/me/token")

        assert_refused(listed, status=403, code="scope_missing")
        assert_refused(revoked, status=403, code="scope_missing")
        assert given_up.status_code == 204
        assert_refused(small.get("/me"), status=401, code="token_not_valid")

    def test_a_token_makes_no_tokens(self, machine_of: Machines) -> None:
        body = {"name": "offspring", "scopes": ["cases:read"]}

        answer = machine_of("olga").post("/tokens", body)

        assert_refused(answer, status=405, code="method_not_allowed")


def invited_links() -> list[str]:
    """Return the links that wait to be mailed, as their mails will show them."""
    jobs = ProcrastinateJob.objects.filter(args__has_key="sealed_link").order_by("pk")
    return [open_secret(job.args["sealed_link"].encode()) for job in jobs]


def _opening_link(house: House, invitation_id: int) -> str:
    """Return the link among those mailed that opens an invitation."""
    for link in invited_links():
        with workspace_scope(house.north):
            try:
                opened = open_invitation(token=link.rpartition("/")[2], at=clock.now())
            except InvitationRevoked:
                continue
        if opened.id == invitation_id:
            return link
    raise AssertionError(f"No link opens invitation {invitation_id}.")
