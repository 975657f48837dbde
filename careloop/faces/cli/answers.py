"""What every command has in common: `--json`, and how an answer is printed."""

import dataclasses
import json
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandParser
from django.utils.functional import Promise
from django.utils.translation import gettext as _

__all__ = ["AnsweringCommand"]


class AnsweringCommand(BaseCommand):
    """A command that answers a person in sentences, or a machine with one JSON object.

    purpose: what the command is for, said by `--help`.
    """

    purpose: ClassVar[str | Promise]
    requires_system_checks = ()  # a broken page must not keep anybody from a backup

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Say the help in the reader's language; argparse cannot wrap a text that is still to be translated."""
        self.help = str(self.purpose)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer --json."""
        parser.add_argument("--json", action="store_true", dest="as_json", help=_("Answer with one JSON object."))

    def answer(self, *, as_json: bool, words: str, facts: Any) -> None:
        """Print an answer.

        words: for a person.
        facts: for a machine: a dataclass, or what JSON can hold.
        """
        if as_json:
            self.stdout.write(json.dumps(facts, ensure_ascii=False, default=_plain))
        else:
            self.stdout.write(words)


def _plain(fact: Any) -> Any:
    if dataclasses.is_dataclass(fact) and not isinstance(fact, type):
        return dataclasses.asdict(fact)
    return str(fact)
