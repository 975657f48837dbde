"""Statements in words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.domains.invoices.types import Amounts
from careloop.faces.web.boards.codes import CODES
from careloop.processes.invoicing import Line

__all__ = [
    "BASES",
    "KINDS",
    "AmountsShown",
    "LineShown",
    "amounts_shown",
    "line_shown",
    "moment_words",
    "month_of",
    "month_words",
]

KINDS: Final[dict[str, str | Promise]] = {
    "contact": lazily("Contact"),
    "resolution": lazily("Resolution in time"),
    "first_response": lazily("First response in time"),
    "callback": lazily("Promised callback"),
}
BASES: Final[dict[str, str | Promise]] = {
    "call": lazily("talk, hold and after-call work"),
    "shared": lazily("the agent's share of a chat"),
    "answer_to_release": lazily("first human answer to release"),
    "": lazily("not measured"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountsShown:
    """Amounts in words. unmeasured: a sentence, or empty."""

    contacts: str
    minutes: str
    unmeasured: str
    promises: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    month: str
    kind: str
    item: str
    at: datetime | None
    channel: str
    minutes: str
    basis: str
    outcome: str


def amounts_shown(amounts: Amounts, *, is_difference: bool = False) -> AmountsShown:
    """Say amounts. is_difference: with a sign, because they come on top of what was said before."""
    sign = "+" if is_difference else ""
    unmeasured = ""
    if amounts.unmeasured and not is_difference:
        unmeasured = _("%(count)s of them without a measured time") % {"count": _whole(amounts.unmeasured, "")}
    share = ""
    if amounts.made and not is_difference:
        share = f"{formats.number_format(100 * amounts.kept / amounts.made, 1)} %"
    return AmountsShown(
        contacts=_whole(amounts.contacts, sign),
        minutes=_minutes(amounts.handled_seconds, sign),
        unmeasured=unmeasured,
        promises=_("%(kept)s of %(made)s") % {"kept": _whole(amounts.kept, sign), "made": _whole(amounts.made, sign)}
        if amounts.made or amounts.kept
        else "–",
        share=share,
    )


def line_shown(line: Line, *, is_correction: bool) -> LineShown:
    """Say one row."""
    sign = "+" if is_correction else ""
    is_contact = line.kind == "contact"
    kept = _("kept") if line.kept else _("not kept")
    if is_correction:
        kept = _("%(kept)s of %(made)s") % {"kept": _whole(line.kept, sign), "made": _whole(line.made, sign)}
    return LineShown(
        month=line.month,
        kind=str(KINDS.get(line.kind, line.kind)),
        item=line.contact_id or line.case_id or line.item_id,
        at=line.at,
        channel=str(CODES["channel"].get(line.channel or "", line.channel or "")),
        minutes="" if line.unmeasured > 0 or not is_contact else _minutes(line.handled_s, sign),
        basis=str(BASES.get(line.basis, line.basis)) if is_contact else "",
        outcome=_contacts(line.contacts) if is_correction and is_contact else "" if is_contact else kept,
    )


def month_words(month: date) -> str:
    """Say a month."""
    return formats.date_format(month, "YEAR_MONTH_FORMAT")


def month_of(text: str) -> date | None:
    """Read YYYY-MM; None for what is no month."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if len(text) == 7 and 2000 <= found.year < 2200 else None


def moment_words(moment: datetime) -> str:
    """Say a moment on the reader's clock."""
    return formats.date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def _contacts(count: int) -> str:
    return _whole(count, "+") if count else ""


def _minutes(seconds: float, sign: str) -> str:
    said = formats.number_format(abs(seconds) / 60, 1, force_grouping=True)
    return f"−{said}" if seconds < 0 else f"{sign}{said}"


def _whole(count: int, sign: str) -> str:
    said = formats.number_format(abs(count), 0, force_grouping=True)
    return f"−{said}" if count < 0 else f"{sign if count else ''}{said}"
