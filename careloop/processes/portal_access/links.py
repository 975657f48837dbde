"""The link that lets a customer in: asked for by anybody, mailed only to those who are known.

The page that takes an address only puts a job aside, so it answers alike, and equally fast, whoever asks about whomever.
"""

from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from careloop.domains.channels.queries import default_mailbox_id, mailbox, smtp_server
from careloop.domains.channels.types import MailboxRow, MailServer
from careloop.domains.customers.queries import customer_of_address, rows_of
from careloop.domains.sign_ins.services import issue_link
from careloop.gateways import mime, smtp
from careloop.kernel import clock
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.scope import current_workspace, workspace_scope
from careloop.kernel.secrets import open_secret, seal_secret
from careloop.processes.workspace import workspace_facts

__all__ = ["LinkNotMailed", "demo_link", "mail_link", "request_link"]

DOOR = Actor(kind=ActorKind.HOUSE, name="portal")


class LinkNotMailed(Exception):
    """The mail server did not take a sign-in mail; the job tries again."""


def request_link(*, address: str, link: str, next_path: str, language: str) -> None:
    """Have a sign-in link mailed to a customer of the workspace in scope, after commit.

    address: as the visitor wrote it. link: the address of the sign-in page, to which the secret is added.
    next_path: where they want to go on to, or empty. language: the page's, for customers whose own is not known.
    """
    # The job's arguments lie in a table: the address is readable there only with the installation's secret.
    app.configure_task("mail_sign_in_link").defer(
        workspace_id=current_workspace(),
        sealed_address=seal_secret(address).decode(),
        link=link,
        next_path=next_path,
        language=language,
    )


def demo_link(*, address: str, link: str, next_path: str) -> str:
    """Return a sign-in link of a demo workspace, which sends no mail, or nothing when nobody is known by the address.

    Arguments as in request_link. Raises RuntimeError where it would open a real workspace or a real installation.
    """
    if workspace_facts().may_send or settings.IS_PRODUCTION:
        raise RuntimeError("Only demo workspaces on one's own machine show sign-in links.")
    customer_id = customer_of_address(address)
    return "" if customer_id is None else link + _issued(customer_id, address, next_path)


def mail_link(
    *,
    workspace_id: int,
    sealed_address: str,
    link: str,
    next_path: str,
    language: str,
    wire: smtp.Sender = smtp.send,
) -> None:
    """Mail a sign-in link if a customer is known by the address; nobody else is written to.

    Opens its own scope, because the wire lies behind the transaction. Arguments as in request_link; wire: a fake twin in tests.

    Raises LinkNotMailed, so that the job is tried again with a new link; the old one simply expires.
    """
    address = open_secret(sealed_address.encode())
    with workspace_scope(workspace_id):
        facts = workspace_facts()
        customer_id = customer_of_address(address)
        if customer_id is None or not facts.may_send:
            return
        customer = rows_of([customer_id])[customer_id]
        token = _issued(customer_id, address, next_path)
        box_id = default_mailbox_id()
        box, server = (None, None) if box_id is None else (mailbox(box_id), smtp_server(box_id))
    with translation.override(customer.language or language):
        subject_line, text = _worded(link + token, workspace=facts.name)
    if box is None or server is None:
        sender = formataddr((facts.name, settings.DEFAULT_FROM_EMAIL))
        EmailMessage(subject_line, text, sender, [address], headers={"Auto-Submitted": "auto-generated"}).send()
    else:
        _send(box, server, to=address, subject_line=subject_line, text=text, wire=wire)


def _issued(customer_id: int, address: str, next_path: str) -> str:
    return issue_link(
        customer_id=customer_id,
        address=address.strip().lower(),
        next_path=next_path,
        actor=DOOR,
        at=clock.now(),
    )


def _worded(link: str, *, workspace: str) -> tuple[str, str]:
    places = {"workspace": workspace, "link": link}
    return (
        _("Your sign-in link for %(workspace)s") % places,
        _(
            "Hello,\n\nopen this link to see your requests at %(workspace)s:\n\n%(link)s\n\n"
            "It works once, for the next 30 minutes. If you did not ask for it, you need not do anything."
        )
        % places,
    )


def _send(box: MailboxRow, server: MailServer, *, to: str, subject_line: str, text: str, wire: smtp.Sender) -> None:
    raw = mime.build(
        mime.OutgoingMail(
            message_id=mime.new_message_id(box.address.partition("@")[2]),
            date=clock.now(),
            from_=mime.Address(name=box.sender_name, address=box.address),
            to=(mime.Address(name="", address=to),),
            subject=subject_line,
            text=text,
            automatic=mime.Automatic.GENERATED,
            loop_mark=settings.LOOP_MARK,
        )
    )
    receipt = wire(
        raw,
        envelope_from=box.address,
        recipients=[to],
        server=smtp.Server(
            host=server.host,
            port=server.port,
            security=smtp.Security(server.security),
            username=server.user,
            password=server.password,
        ),
    )
    if receipt.recipients[0].outcome in {smtp.Outcome.TEMPORARY, smtp.Outcome.UNCERTAIN}:
        raise LinkNotMailed(receipt.trouble or receipt.recipients[0].text)
