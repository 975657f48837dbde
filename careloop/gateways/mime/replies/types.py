"""What a customer's mail falls into."""

from dataclasses import dataclass

__all__ = ["Reply"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A mail's text in three parts, none of them lost.

    text: what the customer wrote now; never empty unless the mail is.
    quoted: earlier mails, with the lines that introduce them.
    signature: "Sent from my phone" and what follows "-- ".
    """

    text: str
    quoted: str
    signature: str
