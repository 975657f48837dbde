"""The same mail, seen twice."""

import hashlib

from careloop.domains.channels.types import MailKey
from careloop.gateways.mime import ParsedMail

__all__ = ["key_of"]


def key_of(parsed: ParsedMail) -> MailKey:
    """Return what a mail is known by: its Message-ID, and the hash of its sender, subject, texts and files.

    Headers that each delivery writes anew stay out, so that a second copy of a mail is known as one, and another mail
    under a Message-ID that was used before is not taken for it.
    """
    digest = hashlib.sha256()
    sender = parsed.from_.address if parsed.from_ else ""
    # Space at the end is lost or won when mail moves between programs.
    for part in (sender, parsed.subject, parsed.text.rstrip(), (parsed.html or "").rstrip()):
        digest.update(hashlib.sha256(part.encode()).digest())
    for attachment in parsed.attachments:
        digest.update(hashlib.sha256(attachment.filename.encode()).digest())
        digest.update(hashlib.sha256(attachment.payload).digest())
    return MailKey(rfc_message_id=parsed.message_id[:500], content_hash=digest.hexdigest())
