"""What a stored mail says, before anybody asks where it belongs."""

from dataclasses import dataclass

from careloop.domains.channels.types import MailKey, RawRow
from careloop.gateways.mime import Limits, Origin, ParsedMail, parse
from careloop.kernel.blobs import read_blob
from careloop.processes.intake.content import key_of
from careloop.processes.intake.origins import verdict_on

__all__ = ["Understood", "referred_by", "understand"]

LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A stored mail that was read. referred: the Message-IDs it refers to, the oldest first."""

    row: RawRow
    parsed: ParsedMail
    verdict: Origin
    key: MailKey
    referred: tuple[str, ...]


def understand(row: RawRow) -> Understood:
    """Read a stored mail. Raises Unreadable; FileNotFoundError when its bytes are gone."""
    parsed = parse(read_blob(row.sha256), limits=LIMITS)
    return Understood(
        row=row, parsed=parsed, verdict=verdict_on(parsed), key=key_of(parsed), referred=referred_by(parsed)
    )


def referred_by(parsed: ParsedMail) -> tuple[str, ...]:
    """Return the Message-IDs a mail refers to, the oldest first."""
    return tuple(dict.fromkeys((*parsed.references, *parsed.in_reply_to)))
