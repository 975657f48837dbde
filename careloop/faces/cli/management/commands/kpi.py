"""`careloop kpi`: every metric of the catalogue, measured over a folder of facts."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.faces.cli.answers import AnsweringCommand
from careloop.faces.cli.extras import require_extra

PACKAGES = ("duckdb", "ibis", "numpy", "pyarrow", "scipy")


class Command(AnsweringCommand):
    purpose = lazily(
        "Measure the metrics of the catalogue: value, interval, numerator, denominator and how complete the data are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "act",
            nargs="?",
            choices=["measure", "list", "explain", "contacts"],
            default="measure",
            help=_("Measure, list all metrics, explain one, or show the contacts behind one."),
        )
        parser.add_argument("id", nargs="?", help=_("The metric to explain, or to show the contacts of."))
        parser.add_argument("--facts", metavar="DIR", help=_("The folder with the facts."))
        parser.add_argument(
            "--metric", metavar="ID", action="append", default=[], help=_("What to measure; may be repeated.")
        )
        parser.add_argument("--board", metavar="NAME", help=_("Several metrics under one name, such as determinants."))
        parser.add_argument("--by", metavar="NAMES", default="", help=_("What to split by, such as queue,half_hour."))
        parser.add_argument("--from", metavar="MOMENT", dest="since", help=_("The first day or moment, included."))
        parser.add_argument("--to", metavar="MOMENT", dest="until", help=_("The day or moment before which it ends."))
        parser.add_argument(
            "--where", metavar="CONDITION", help=_("A condition as JSON, or such as queue=billing;channel=voice.")
        )
        parser.add_argument(
            "--option", metavar="K=V", action="append", default=[], help=_("An option of the metric; may be repeated.")
        )
        parser.add_argument(
            "--compare",
            metavar="PERIOD",
            help=_("Hold the period against another one: previous, or two days such as 2026-02-01..2026-03-01."),
        )
        parser.add_argument(
            "--as-of",
            metavar="DAY",
            help=_("With the data that were known at the end of a day in UTC, and as metrics were defined then."),
        )
        parser.add_argument(
            "--day-begins",
            metavar="HH:MM",
            help=_("When a day of operation begins, such as 05:00; midnight unless given."),
        )
        parser.add_argument(
            "--format",
            choices=["table", "csv", "json", "parquet", "png", "svg"],
            default="table",
            help=_("How to write the answer."),
        )
        parser.add_argument(
            "--output", metavar="FILE", type=Path, help=_("Where to write it; else it goes to the standard output.")
        )
        parser.add_argument(
            "--check", metavar="ID", help=_("Show the contacts that this integrity check of the metric counts.")
        )
        parser.add_argument("--limit", metavar="ROWS", type=int, help=_("How many contacts to show at most."))
        parser.add_argument(
            "--language", metavar="CODE", help=_("The language of names and formulas: en, ko, zh-hans or vi.")
        )

    def handle(self, *, as_json: bool, act: str, id: str | None, language: str | None, **options: Any) -> None:  # noqa: A002
        require_extra("analytics", packages=PACKAGES)
        from careloop.faces.cli.kpi import acts  # needs what was looked for in the line before
        from careloop.faces.cli.kpi.questions import QuestionMakesNoSense

        with translation.override(language or translation.get_language()):
            form = "json" if as_json else options["format"]
            if act != "measure" and form in acts.PICTURES:
                raise QuestionMakesNoSense(_("Only measured numbers have a picture."))
            output: Path | None = options["output"]
            if output is not None and not output.parent.is_dir():
                raise QuestionMakesNoSense(_("There is no folder “%(folder)s”.") % {"folder": output.parent})
            text: str | bytes
            match act:
                case "list":
                    text = acts.listed(form)
                case "explain":
                    text = acts.explained(id, form)
                case "contacts":
                    text = acts.contacts(
                        id,
                        form,
                        **_question(options),
                        **{name: options[name] for name in ("limit", "check", "as_of")},
                    )
                case _:
                    text = acts.measured(
                        form,
                        metrics=options["metric"],
                        board=options["board"],
                        **_question(options),
                        **{name: options[name] for name in ("as_of", "day_begins", "compare")},
                    )
            if output is not None:
                try:
                    output.write_bytes(text if isinstance(text, bytes) else text.encode())
                except OSError as problem:
                    raise QuestionMakesNoSense(
                        _("%(file)s cannot be written: %(problem)s.")
                        % {"file": output, "problem": problem.strerror or problem}
                    ) from problem
                return
        if isinstance(text, bytes):
            if sys.stdout.isatty():
                raise QuestionMakesNoSense(_("This is not for reading: say with --output which file it goes to."))
            sys.stdout.buffer.write(text)
        else:
            self.stdout.write(text)


def _question(options: dict[str, Any]) -> dict[str, Any]:
    names = ("facts", "by", "since", "until", "where", "option")
    return {name: options[name] for name in names}
