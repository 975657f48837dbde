"""What a rehearsal foresees, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.processes.intake import Fate, Receipt

__all__ = ["FATES", "RECEIPTS", "WARNINGS"]

FATES: Final[Mapping[Fate, Promise]] = {
    Fate.NEW_CASE: _("New case"),
    Fate.FOLLOW_UP: _("New case, following a closed one"),
    Fate.JOINS: _("Joins a case"),
    Fate.BESIDE: _("Automatic reply, kept in its conversation"),
    Fate.DUPLICATE: _("Duplicate, here already"),
    Fate.REPORT: _("Tells an answer whether it arrived"),
    Fate.LEFT_OUT: _("Left out: a machine's note to us"),
    Fate.QUARANTINE: _("Quarantine"),
}

RECEIPTS: Final[Mapping[Receipt, Promise]] = {
    Receipt.YES: _("A receipt would be sent."),
    Receipt.NO_NEW_CASE: _("No receipt: it opens no case."),
    Receipt.OFF: _("No receipt: this mailbox sends none."),
    Receipt.MACHINE: _("No receipt: a machine or a list wrote it, or its sender asks for silence."),
    Receipt.FORGED: _("No receipt: the sender is not proven."),
    Receipt.SPAM: _("No receipt: it looks like spam."),
    Receipt.DEMO: _("No receipt: a demo workspace sends nothing."),
}

WARNINGS: Final[Mapping[str, Promise]] = {
    "stranger_quotes_us": _("Quotes a conversation that its sender has no part in, so it stays apart."),
    "sender_not_proven": _("The receiving server says that the sender is forged."),
}
