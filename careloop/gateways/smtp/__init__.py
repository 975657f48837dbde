"""Handing mail to a server, and knowing afterwards what is certain."""

from careloop.gateways.smtp.sending import send, sign_in
from careloop.gateways.smtp.types import Outcome, Receipt, RecipientOutcome, Security, Sender, Server, Trouble

__all__ = ["Outcome", "Receipt", "RecipientOutcome", "Security", "Sender", "Server", "Trouble", "send", "sign_in"]
