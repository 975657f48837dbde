"""`careloop export`: any table of facts as a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily
from django.utils.translation import ngettext

from careloop.faces.cli.answers import AnsweringCommand
from careloop.faces.cli.extras import require_extra

PACKAGES = ("duckdb", "ibis", "openpyxl", "pyarrow")


class Command(AnsweringCommand):
    purpose = lazily("Save a table of facts as CSV, Excel or Parquet, with one row for each contact, case and so on.")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("table", help=_("The table, such as contact or case; “list” names all that have rows."))
        parser.add_argument("--facts", metavar="DIR", type=Path, required=True, help=_("The folder with the facts."))
        parser.add_argument(
            "--format", choices=["csv", "xlsx", "parquet"], default="csv", help=_("What to write; csv unless said.")
        )
        parser.add_argument(
            "--output", metavar="FILE", type=Path, help=_("Where to write it; CSV goes to standard output otherwise.")
        )
        parser.add_argument("--from", metavar="MOMENT", dest="since", help=_("The first day or moment, included."))
        parser.add_argument("--to", metavar="MOMENT", dest="until", help=_("The day or moment before which it ends."))
        parser.add_argument(
            "--zone", metavar="ZONE", help=_("In which CSV and Excel tell moments; that of the facts unless said.")
        )

    def handle(self, *, table: str, facts: Path, as_json: bool, **options: Any) -> None:
        require_extra("analytics", packages=PACKAGES)
        from careloop.faces.cli import exporting  # needs what was looked for in the line before
        from careloop.faces.cli.kpi.questions import QuestionMakesNoSense
        from careloop.processes.measuring.exporting import FileFormat

        if table == "list":
            found = exporting.held(facts)
            words = "\n".join(f"{one.table:<24}{one.rows:>12,}  {one.meaning}" for one in found)
            self.answer(as_json=as_json, words=words or _("No table has rows."), facts={"tables": found})
            return
        output: Path | None = options["output"]
        if output is None and (as_json or options["format"] != "csv"):
            raise QuestionMakesNoSense(_("Say where to write it: --output FILE."))
        written = exporting.write(
            table,
            facts=facts,
            file_format=FileFormat(options["format"]),
            output=output,
            since=options["since"],
            until=options["until"],
            zone=options["zone"],
            as_json=as_json,
        )
        if output is not None:
            rows = ngettext("%(rows)s row is in %(file)s.", "%(rows)s rows are in %(file)s.", written.rows)
            self.answer(as_json=as_json, words=rows % {"rows": f"{written.rows:,}", "file": output}, facts=written)
