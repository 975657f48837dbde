"""How the log of who did what names the events of cases, contacts, conversations, customers and channels."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.queries import cases_by_id
from careloop.domains.customers.queries import rows_of
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.actors import HOUSE

__all__: list[str] = []


def _cases(case_ids: Iterable[int]) -> dict[int, str]:
    return {case_id: f"#{row.number}" for case_id, row in cases_by_id(case_ids, viewer=HOUSE).items()}


def _customers(customer_ids: Iterable[int]) -> dict[int, str]:
    return {customer_id: row.name for customer_id, row in rows_of(customer_ids).items()}


name_subjects("case", _cases)
name_subjects("customer", _customers)

for _name, _label in {
    "case.opened": _("Case opened"),
    "case.customer_wrote": _("Customer wrote in a case"),
    "case.third_party_wrote": _("Third party wrote in a case"),
    "case.answered": _("Case answered"),
    "case.noted": _("Note written in a case"),
    "case.status_changed": _("Status of a case changed"),
    "case.solved": _("Case solved"),
    "case.closed": _("Case closed"),
    "case.reopened": _("Case reopened"),
    "case.assigned": _("Case assigned"),
    "case.prioritized": _("Priority of a case changed"),
    "case.typed": _("Type of a case changed"),
    "case.reasoned": _("Reason of a case changed"),
    "case.renamed": _("Subject of a case changed"),
    "case.tagged": _("Tags of a case changed"),
    "case.followed": _("Case followed"),
    "case.unfollowed": _("Case no longer followed"),
    "case.marked_spam": _("Case marked as spam"),
    "case.unmarked_spam": _("Case taken out of the spam"),
    "case.participant_added": _("Participant added to a case"),
    "case.participant_removed": _("Participant removed from a case"),
    "case.conversation_linked": _("Conversation linked to a case"),
    "case.conversation_unlinked": _("Conversation unlinked from a case"),
    "case.policy_changed": _("Status, type, reasons or view changed"),
    "contact.opened": _("Contact begun"),
    "contact.ended": _("Contact ended"),
    "contact.segment_queued": _("Contact waits for a team"),
    "contact.segment_answered": _("Contact taken by an agent"),
    "contact.segment_left": _("Contact left without an answer"),
    "contact.segment_released": _("Contact handed on by an agent"),
    "conversation.started": _("Conversation begun"),
    "message.received": _("Message received"),
    "message.written": _("Message written"),
    "message.recalled": _("Message taken back"),
    "message.delivery_changed": _("Delivery of a message changed"),
    "saved_reply.changed": _("Saved reply changed"),
    "customer.created": _("Customer made"),
    "customer.changed": _("Customer changed"),
    "customer.tagged": _("Tags of a customer changed"),
    "customer.noted": _("Note written about a customer"),
    "customer.identity_linked": _("Address linked to a customer"),
    "customer.identity_unlinked": _("Address unlinked from a customer"),
    "customer.link_issued": _("Sign-in link made for a customer"),
    "customer.signed_in": _("Customer signed in to the portal"),
    "customer.signed_out": _("Customer signed out of the portal"),
    "organization.created": _("Organization made"),
    "organization.changed": _("Organization changed"),
    "mail.stored": _("Mail stored"),
    "mail.accepted": _("Mail accepted"),
    "mail.duplicate": _("Mail that was here already"),
    "web_form.changed": _("Web form changed"),
}.items():
    say(_name, label=_label)
