"""Who wrote a mail, for a house in which several workspaces write to each other."""

from django.conf import settings

from careloop.domains.conversations.queries import known_mails
from careloop.gateways.mime import Origin, OriginKind, ParsedMail, origin

__all__ = ["verdict_on"]


def verdict_on(parsed: ParsedMail) -> Origin:
    """Judge who wrote a mail.

    Our mark says that this installation wrote it. It is our own mail coming back only when the workspace in scope sent it;
    from a neighbor workspace it is a letter like any other, except that machines stay silent about it.
    """
    verdict = origin(parsed, loop_mark=settings.LOOP_MARK)
    if verdict.kind is OriginKind.OWN_LOOP and not known_mails([parsed.message_id]):
        return origin(parsed, loop_mark="")
    return verdict
