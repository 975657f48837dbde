"""The same mail, seen twice."""

import hashlib

from careloop.gateways.mime import ParsedMail

__all__ = ["content_hash"]


def content_hash(parsed: ParsedMail) -> str:
    """Return the SHA-256, in hex, of what a mail says: its sender, subject, texts and files.

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
    return digest.hexdigest()
