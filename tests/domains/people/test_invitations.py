"""One-time links into a workspace."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from careloop.domains.people import jobs, queries, services
from careloop.domains.people.errors import (
    AlreadyMember,
    BadInvitation,
    EmailTaken,
    InvitationAccepted,
    InvitationExpired,
    InvitationForSomebodyElse,
    InvitationNotFound,
    InvitationRevoked,
    MayNotAdministerPeople,
    WeakPassword,
)
from careloop.domains.people.types import IssuedInvitation
from careloop.kernel import clock
from careloop.kernel.actors import Role
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from careloop.kernel.secrets import seal_secret
from tests.cast import NOW, PASSWORD, House

LINK = "https://care.example.com/{token}"


def _invited(house: House, *, email: str = "minh@example.com", role: Role = Role.AGENT) -> IssuedInvitation:
    return services.invite(email=email, role=role, link=LINK, actor=house.actor("olga"), at=NOW)


def _newcomer(token: str, **changes: Any) -> int:
    said = {"name": "Minh", "password": PASSWORD, "language": "vi", "time_zone": "Asia/Ho_Chi_Minh", "at": NOW}
    return services.accept_invitation_with_new_account(token=token, **{**said, **changes})


class TestInvite:
    def test_keeps_only_a_hash_and_mails_after_commit(self, north: House, sql: Any) -> None:
        issued = _invited(north)

        rows = sql("SELECT token_hash FROM people_invitation WHERE id = %s", [issued.id])
        assert issued.token not in str(rows)
        ((arguments,),) = sql("SELECT args FROM procrastinate_jobs WHERE task_name = 'people.mail_invitation'")
        assert issued.token not in str(arguments)
        assert mail.outbox == []

    def test_sends_nothing_from_a_workspace_that_may_not_send(self, north: House, sql: Any) -> None:
        sql("UPDATE workspaces_workspace SET may_send = false WHERE id = %s RETURNING id", [north.north])

        issued = _invited(north)

        assert issued.token
        assert sql("SELECT 1 FROM procrastinate_jobs") == []

    def test_replaces_an_earlier_link(self, north: House) -> None:
        earlier = _invited(north)
        later = _invited(north, email="MINH@example.com")

        with pytest.raises(InvitationRevoked):
            services.open_invitation(token=earlier.token, at=NOW)
        assert services.open_invitation(token=later.token, at=NOW).email == "minh@example.com"

    @pytest.mark.parametrize("name", ["anh", "grace", "ada", "cole", "vera"])
    def test_is_for_owners_and_managers(self, north: House, name: str) -> None:
        with pytest.raises(MayNotAdministerPeople):
            services.invite(email="minh@example.com", role=Role.COLLEAGUE, link=LINK, actor=north.actor(name), at=NOW)

        assert queries.invitations_of(north.actor("olga"), at=NOW) == []

    def test_lets_no_manager_invite_an_owner(self, north: House) -> None:
        with pytest.raises(MayNotAdministerPeople):
            services.invite(email="minh@example.com", role=Role.OWNER, link=LINK, actor=north.actor("mina"), at=NOW)

    def test_refuses_a_member(self, north: House) -> None:
        with pytest.raises(AlreadyMember):
            _invited(north, email="Ada@example.com")

    @pytest.mark.parametrize("email", ["", "minh", "minh@", "a@b.c\nBcc: all@example.com"])
    def test_refuses_what_is_no_address(self, north: House, email: str) -> None:
        with pytest.raises(BadInvitation):
            _invited(north, email=email)


class TestMail:
    def test_speaks_the_workspaces_language_and_carries_the_link(self, north: House) -> None:
        issued = services.invite(
            email="minh@example.com", role=Role.AGENT, link=LINK, actor=north.actor("olga"), at=clock.now()
        )
        link = LINK.replace("{token}", issued.token)

        jobs.mail_invitation(invitation_id=issued.id, sealed_link=seal_secret(link).decode())

        (sent,) = mail.outbox
        assert sent.to == ["minh@example.com"]
        assert link in sent.body
        assert "Olga" in sent.subject

    def test_is_not_sent_for_a_link_that_was_taken_back(self, north: House) -> None:
        issued = _invited(north)
        services.revoke_invitation(invitation_id=issued.id, actor=north.actor("olga"), at=NOW)

        jobs.mail_invitation(invitation_id=issued.id, sealed_link=seal_secret("x").decode())

        assert mail.outbox == []


class TestAccept:
    def test_makes_an_account_and_a_membership(self, north: House) -> None:
        user_id = _newcomer(_invited(north).token)

        person = queries.person_of(north.actor("olga"), user_id=user_id)
        assert (person.name, person.email, person.role) == ("Minh", "minh@example.com", Role.AGENT)
        assert [recorded.name for recorded in trail(limit=2)] == ["person.joined", "account.created"]

    def test_works_once(self, north: House) -> None:
        issued = _invited(north)
        _newcomer(issued.token)

        with pytest.raises(InvitationAccepted) as refused:
            services.open_invitation(token=issued.token, at=NOW)
        assert refused.value.status == 410

    def test_works_for_seven_days(self, north: House) -> None:
        issued = _invited(north)
        last_moment = NOW + timedelta(days=7)

        services.open_invitation(token=issued.token, at=last_moment - timedelta(seconds=1))
        with pytest.raises(InvitationExpired):
            _newcomer(issued.token, at=last_moment)

    def test_refuses_a_link_that_was_taken_back(self, north: House) -> None:
        issued = _invited(north)
        services.revoke_invitation(invitation_id=issued.id, actor=north.actor("mina"), at=NOW)

        with pytest.raises(InvitationRevoked):
            _newcomer(issued.token)

    def test_refuses_a_guess(self, north: House) -> None:
        with pytest.raises(InvitationNotFound):
            _newcomer("guess")

    def test_refuses_a_weak_password_and_changes_nothing(self, north: House) -> None:
        issued = _invited(north)

        with pytest.raises(WeakPassword) as refused:
            _newcomer(issued.token, password="password")

        assert set(refused.value.fields) == {"password"}
        assert queries.account_id_of("minh@example.com") is None
        assert services.open_invitation(token=issued.token, at=NOW).has_account is False

    def test_takes_the_signed_in_account_of_the_same_address(self, house: House) -> None:
        with workspace_scope(house.south):
            ines = house.actor("ines")
        with workspace_scope(house.north):
            issued = _invited(house, email="ines@example.com", role=Role.ANALYST)
            services.accept_invitation(token=issued.token, actor=ines, at=NOW)
            joined = queries.actor_for(house.ids["ines"], house.north)

        assert joined is not None
        assert joined.role is Role.ANALYST

    def test_refuses_another_address(self, north: House) -> None:
        issued = _invited(north)

        with pytest.raises(InvitationForSomebodyElse):
            services.accept_invitation(token=issued.token, actor=north.actor("ada"), at=NOW)

    def test_makes_no_second_account_for_an_address(self, house: House) -> None:
        with workspace_scope(house.north):
            issued = _invited(house, email="ines@example.com")
            with pytest.raises(EmailTaken):
                _newcomer(issued.token)

    def test_is_not_accepted_in_another_workspace(self, house: House) -> None:
        with workspace_scope(house.north):
            issued = _invited(house)
        with pytest.raises(InvitationNotFound), workspace_scope(house.south):
            _newcomer(issued.token)


class TestRevoke:
    def test_is_not_for_another_workspace(self, house: House) -> None:
        with workspace_scope(house.north):
            issued = _invited(house)
        with pytest.raises(InvitationNotFound), workspace_scope(house.south):
            services.revoke_invitation(invitation_id=issued.id, actor=house.actor("ines"), at=NOW)

        services.open_invitation(token=issued.token, at=NOW)

    def test_is_not_for_agents(self, north: House) -> None:
        issued = _invited(north)

        with pytest.raises(MayNotAdministerPeople):
            services.revoke_invitation(invitation_id=issued.id, actor=north.actor("ada"), at=NOW)
