"""What goes to a provider and what comes back."""

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Account", "Media", "MediaTrouble", "Outcome", "Receipt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account at a provider. api_base: where its REST API begins. token: in the clear, for asking; never logged."""

    api_base: str
    account: str
    token: str = field(repr=False)
    timeout_seconds: float = 20.0


class Outcome(StrEnum):
    """ACCEPTED: the provider has it. TEMPORARY: it surely has not, try again. REFUSED: it will not. UNCERTAIN: nobody knows."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of an attempt. provider_id: the provider's name of the message. detail: its words, or ours."""

    outcome: Outcome
    provider_id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file that came with a message."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


class MediaTrouble(Exception):
    """A file could not be fetched. reason: a code. is_final: trying again is of no use."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.reason, self.is_final = reason, is_final
