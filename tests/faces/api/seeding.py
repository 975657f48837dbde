"""A workspace in which everything that the API can name is there once."""

from dataclasses import dataclass
from datetime import timedelta

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.services.policy import Branch
from careloop.domains.channels import services as channels
from careloop.domains.contacts.queries import contacts_of_conversations
from careloop.domains.conversations import services as conversations
from careloop.domains.customers import services as customers
from careloop.domains.customers.queries import card
from careloop.domains.files.services import attach_loose, keep_file
from careloop.domains.people.services import create_team, invite, make_token
from careloop.domains.people.types import Scope
from careloop.domains.workspaces.services import add_host
from careloop.kernel import clock
from careloop.kernel.actors import Role
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import forward, receive_request, reply
from careloop.processes.answering.types import Words
from tests.cast import House
from tests.mailing import receive

__all__ = ["ASIDE", "SECRET", "Seeded", "seed"]

SECRET = "Between us: he shouts."
"""Said among colleagues."""
ASIDE = "Our customer shouts. Where is it?"
"""Said to a third party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """Primary keys, named as in the API's addresses."""

    number: int
    case_id: int
    customer_id: int
    identity_id: int
    organization_id: int
    message_id: int
    contact_id: int
    file_id: int
    note_file_id: int
    reply_id: int
    key: str
    status_id: int
    type_id: int
    person_id: int
    mailbox_id: int
    form_id: int
    mail_id: int
    host: str
    team_id: int
    invitation_id: int
    token_id: int


def seed(house: House) -> Seeded:
    """Fill the workspace north and return what is there."""
    at = clock.now() - timedelta(hours=1)
    with workspace_scope(house.north):
        olga, ada = house.actor("olga"), house.actor("ada")
        file_id, note_file_id = (
            keep_file(name=name, declared_type="text/plain", content=b"words", is_loose=True, actor=ada, at=at)
            for name in ("bill.txt", "inner.txt")
        )
        case_id = receive_request(
            channel="api",
            address="omar@customer.example",
            name="Omar",
            language="en",
            subject_line="My parcel",
            words=Words(text="Where is it?", html="<p>Where is it?</p>", file_ids=[file_id]),
            actor=ada,
            at=at,
        )
        attach_loose(file_ids=[note_file_id], actor=ada)
        cases.add_note(
            case_id=case_id, html=SECRET, text=SECRET, mentions=[], file_ids=[note_file_id], actor=ada, at=at
        )
        message_id = reply(case_id=case_id, words=Words(text="Soon.", html="<p>Soon.</p>"), actor=ada, at=at)
        forward(
            case_id=case_id,
            to="carrier@elsewhere.example",
            words=Words(text=ASIDE, html=ASIDE),
            actor=ada,
            at=at,
        )
        detail = cases_queries.case_detail(case_id=case_id, viewer=olga)
        cases.publish_reasons(branches=[Branch(name="Parcels", branches=(Branch(name="Late"),))], actor=olga, at=at)
        organization_id = customers.create_organization(name="Omar Ltd", domains=frozenset(), actor=olga, at=at)
        form_id = channels.add_web_form(
            key="contact",
            name="Contact",
            language="en",
            team_id=None,
            mailbox_id=None,
            allowed_origins=[],
            actor=olga,
            at=at,
        )
        broken = receive(b"\x00" * 40, at=at)
        add_host(host="help.north.example", actor=olga, at=at)
        return Seeded(
            number=detail.row.number,
            case_id=case_id,
            customer_id=detail.row.requester_id,
            identity_id=card(customer_id=detail.row.requester_id, viewer=olga).identities[0].id,
            organization_id=organization_id,
            message_id=message_id,
            contact_id=contacts_of_conversations([detail.conversations[0].conversation_id])[0].id,
            file_id=file_id,
            note_file_id=note_file_id,
            reply_id=conversations.save_reply(
                reply_id=None, name="Hello", language="en", html="Hello", is_shared=True, actor=olga, at=at
            ),
            key=str(
                cases.save_view(
                    view_id=None,
                    name="Everything",
                    conditions={},
                    columns=["number"],
                    order="-activity_at",
                    is_shared=True,
                    actor=olga,
                    at=at,
                )
            ),
            status_id=cases.add_status(name="Parked", category="waiting", actor=olga, at=at),
            type_id=cases.add_case_type(name="Claim", actor=olga, at=at),
            person_id=house.ids["ada"],
            mailbox_id=broken.mailbox_id,
            form_id=form_id,
            mail_id=broken.id,
            host="help.north.example",
            team_id=create_team(name="Parcels of Omar", actor=olga, at=at),
            invitation_id=invite(
                email="newcomer@north.example", role=Role.AGENT, link="/{token}", actor=olga, at=at
            ).id,
            token_id=make_token(
                name="Ada's program", scopes=[Scope.CASES_READ], expires_at=at + timedelta(days=1), actor=ada, at=at
            ).id,
        )
