"""What forms send, read as numbers and addresses."""

import re
from collections.abc import Mapping

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from careloop.gateways.mime import normal_address
from careloop.kernel.errors import Refusal

__all__ = [
    "FormUnclear",
    "addresses",
    "chosen",
    "chosen_numbers",
    "chosen_or_none",
    "left_open",
    "numbers",
    "typed_fields",
]

# What may stand around a text in a composer, and how much of it is kept.
AROUND = ("to", "cc", "bcc", "forward_to", "forwarded_id", "conversation_id", "mailbox", "team", "name", "subject_line")
CHOSEN = ("reply_ids", "shared_file_ids")
MOST_LETTERS = 2000


class FormUnclear(Refusal):
    """Something in a form is not what its field is for."""


def chosen(form: Mapping[str, str], name: str) -> int:
    """Return the number a field holds. Raises FormUnclear when it holds none."""
    number = chosen_or_none(form, name)
    if number is None:
        raise FormUnclear(_("Choose one of the entries in the list."))
    return number


def chosen_or_none(form: Mapping[str, str], name: str) -> int | None:
    """Return the number a field holds, None for an empty one. Raises FormUnclear for anything else."""
    text = str(form.get(name, "")).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise FormUnclear(_("Choose one of the entries in the list."))
    return int(text)


def numbers(form: QueryDict, name: str) -> list[int]:
    """Return the numbers of a field that may stand several times, each once; what is no number is left out."""
    found = (text for text in form.getlist(name) if text.isascii() and text.isdigit() and len(text) < 18)
    return list(dict.fromkeys(int(text) for text in found))


def typed_fields(form: QueryDict) -> dict[str, str]:
    """Return what was typed around a text, as it was typed, to be shown again."""
    return {name: str(form[name]).replace("\0", "")[:MOST_LETTERS] for name in AROUND if name in form}


def chosen_numbers(form: QueryDict) -> dict[str, list[int]]:
    """Return what was chosen for a text by number: the saved replies in it, the files of the case that go along."""
    return {name: numbers(form, name)[:50] for name in CHOSEN if name in form}


def left_open(form: QueryDict) -> list[str]:
    """Return the places such as {{ customer }} that the writer said to send as they stand."""
    return form.getlist("left_open")[:50]


def addresses(text: str) -> list[str]:
    """Return the mail addresses in a field, separated by commas, semicolons or spaces. Raises FormUnclear for a wrong one."""
    found = [normal_address(part) for part in re.split(r"[,;\s]+", text) if part]
    if not all(found):
        raise FormUnclear(_("One of the addresses is not a mail address. Check it and send again."))
    return list(dict.fromkeys(found))
