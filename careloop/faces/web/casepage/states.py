"""What a message's codes mean, in words for a person."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import Audience, Channel, DeliveryRow, MailRow, MessageRow
from careloop.domains.telephony.types import LeftKind, LeftRow

__all__ = ["delivery_words", "detail_words", "is_ours", "left_words", "verdict_words", "via_words", "warning_words"]

_WARNINGS: Final[Mapping[str, str | Promise]] = {
    "stranger_quotes_us": _(
        "The sender quotes one of our messages but took no part in that conversation. So this is a case of its own."
    ),
    "sender_not_proven": _(
        "The sender's server did not prove that this address is theirs. Check before you share anything."
    ),
    "file_missing": _("A file that came with it could not be fetched. Ask the sender to send it again."),
    "file_too_large": _("A file was too large and was left out. Ask the sender for a link to it."),
}
_STATES: Final[Mapping[str, tuple[str | Promise, str]]] = {
    DeliveryState.SCHEDULED: (_("Leaves in a moment"), ""),
    DeliveryState.QUEUED: (_("On its way out"), ""),
    DeliveryState.PAUSED: (_("Not taken yet; it is tried again by itself"), "due-soon"),
    DeliveryState.SENDING: (_("Being sent"), ""),
    DeliveryState.SENT: (_("Sent"), ""),
    DeliveryState.DELIVERED: (_("Delivered"), ""),
    DeliveryState.DELAYED: (_("Delayed on the way"), "due-soon"),
    DeliveryState.BOUNCED: (_("Came back: it did not reach everybody"), "missed"),
    DeliveryState.FAILED: (_("Could not be sent"), "missed"),
    DeliveryState.UNCERTAIN: (_("Unclear whether it was sent. Sending it again may deliver it twice."), "missed"),
    DeliveryState.RECALLED: (_("Taken back before it left"), ""),
    DeliveryState.NOT_SENT: (_("Kept in the house: this is a demo or a test"), ""),
}
_DETAILS: Final[Mapping[str, str | Promise]] = {
    "stopped": _("The customer asked for no more text messages before it left."),
    "not_live": _("The number it was to leave from was not live."),
    "interrupted": _("It was interrupted on its way out."),
}


def warning_words(code: str) -> str:
    """Return the sentence for a warning; one this version does not know is shown as it is."""
    return str(_WARNINGS.get(code, code))


def delivery_words(delivery: DeliveryRow | None) -> tuple[str, str]:
    """Return what became of a message and the tone to say it in; empty for what is not sent anywhere."""
    if delivery is None:
        return "", ""
    words, tone = _STATES.get(delivery.state, (delivery.state, ""))
    return str(words), tone


def detail_words(delivery: DeliveryRow | None) -> str:
    """Return why a message did not get through: a code of ours in words, or the other server's own."""
    if delivery is None:
        return ""
    found = _DETAILS.get(delivery.detail)
    return delivery.detail if found is None else str(found)


def is_ours(delivery: DeliveryRow | None) -> bool:
    """Say whether the reason is a code of ours and not another server's words."""
    return delivery is not None and delivery.detail in _DETAILS


def verdict_words(mail: MailRow | None) -> str:
    """Return what the receiving server found out about the sender, or empty."""
    if mail is None:
        return ""
    found = [
        f"{name} {verdict}"
        for name, verdict in (("SPF", mail.spf), ("DKIM", mail.dkim), ("DMARC", mail.dmarc))
        if verdict
    ]
    return " · ".join(found)


def left_words(left: LeftRow) -> str:
    """Return what a caller left, and how long it is, in a few words."""
    kind = LeftKind(left.kind)
    if left.seconds is None:
        return str(kind.label)
    minutes, seconds = divmod(left.seconds, 60)
    return _now("%(kind)s, %(length)s") % {"kind": kind.label, "length": f"{minutes}:{seconds:02}"}


def via_words(row: MessageRow) -> str:
    """Return how a message came or went, and to whom, in a few words."""
    channel = Channel(row.channel).label
    if row.audience == Audience.THIRD_PARTY:
        return _now("%(channel)s, with a third party") % {"channel": channel}
    if row.segment_count is not None and row.delivery is not None:
        return ngettext(
            "%(channel)s to %(address)s, in %(count)d piece",
            "%(channel)s to %(address)s, in %(count)d pieces",
            row.segment_count,
        ) % {"channel": channel, "address": row.peer, "count": row.segment_count}
    if row.mail is not None and row.user_id is not None and row.mail.to:
        return _now("%(channel)s to %(address)s") % {"channel": channel, "address": row.mail.to[0]}
    return str(channel)
