"""`careloop import`: old mail, and other systems' logs and tables."""  # noqa: N999 - the command is called so

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.faces.cli.answers import AnsweringCommand
from careloop.faces.cli.extras import require_extra

PACKAGES = ("duckdb", "ibis", "numpy", "openpyxl", "pyarrow", "yaml")


class Command(AnsweringCommand):
    purpose = lazily("Bring in old mail, the logs of a telephone system, or any table. Nothing is sent because of it.")

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
        mail = kinds.add_parser("mail", help=_("Mail from an mbox file, a Maildir, or a folder with .eml files."))
        self._common(mail, _("An mbox file, a Maildir, or a folder with .eml files."))
        mail.add_argument("--workspace", metavar="KEY", help=_("Needed where there are several workspaces."))
        mail.add_argument("--mailbox", metavar="ADDRESS", help=_("Needed where the workspace has several mailboxes."))

        queue_log = kinds.add_parser("queue-log", help=_("The queue log of Asterisk."))
        self._common(queue_log, _("The queue_log, plain or gzip; it may still be written to."))
        self._telephony(queue_log)
        queue_log.add_argument("--cdr", type=Path, metavar="FILE", help=_("Call detail records, Master.csv."))
        queue_log.add_argument("--cel", type=Path, metavar="FILE", help=_("The channel event log, Master.csv."))
        queue_log.add_argument(
            "--zone", default="UTC", metavar="ZONE", help=_("Time zone of call records, UTC unless said.")
        )

        ami = kinds.add_parser("ami", help=_("Recorded events of Asterisk's manager interface."))
        self._common(ami, _("What a manager connection received, plain or gzip."))
        self._telephony(ami)

        facts = kinds.add_parser("facts", help=_("Any table, by a mapping."))
        self._common(facts, _("A CSV, TSV, Parquet or Excel file, plain or gzip."))
        self._lake(facts)
        facts.add_argument("--map", type=Path, metavar="MAP.yaml", help=_("Says what each column is."))
        facts.add_argument(
            "--preview", type=int, metavar="ROWS", help=_("Show what the first rows become, and keep nothing.")
        )
        facts.add_argument("--suggest", action="store_true", help=_("Begin a mapping from the file, and keep nothing."))
        facts.add_argument("--zone", default="UTC", metavar="ZONE", help=_("For --suggest: the time zone of the file."))
        facts.add_argument(
            "--encoding", metavar="NAME", help=_("For --suggest: the encoding of the file, UTF-8 unless said.")
        )

    def _common(self, parser: CommandParser, path_help: str) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", type=Path, help=path_help)

    def _lake(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", metavar="KEY", help=_("Into the lake of this workspace."))
        parser.add_argument("--facts", type=Path, metavar="DIR", help=_("The folder of a lake; made where missing."))

    def _telephony(self, parser: CommandParser) -> None:
        self._lake(parser)
        parser.add_argument(
            "--live", action="store_true", help=_("The file is being written to: what stands in it is all until now.")
        )
        parser.add_argument(
            "--source", default="asterisk", metavar="NAME", help=_("Names the telephone system, asterisk unless said.")
        )
        parser.add_argument(
            "--agents", type=Path, metavar="FILE", help=_("A CSV that says which agent is behind a name: name,agent.")
        )
        for option, meta, help_text in (
            (
                "--custom",
                "NAME=MEANING",
                _("What a verb or user event of your dialplan means: blocked, callback, outbound, ignored."),
            ),
            ("--pause", "REASON=STATE", _("What agents do in a pause of that reason, such as training or break.")),
            (
                "--inbound",
                "NAME",
                _("A dialplan context or the beginning of a channel's name in which customers' calls begin."),
            ),
        ):
            parser.add_argument(option, action="append", default=[], metavar=meta, help=help_text)

    def handle(self, *, what: str, as_json: bool, **options: Any) -> None:
        given = {
            name: value
            for name, value in options.items()
            if name
            in (
                *("path", "workspace", "mailbox", "facts", "source", "cdr", "cel", "zone", "encoding"),
                *("custom", "pause", "inbound", "agents", "live"),
            )
        }
        match what:
            case "mail":
                self._mail(as_json=as_json, **given)
            case "queue-log" | "ami":
                self._logs(what, as_json=as_json, **given)
            case _:
                self._table(
                    as_json=as_json, mapping=options["map"], rows=options["preview"], begin=options["suggest"], **given
                )

    def _mail(self, *, as_json: bool, **given: Any) -> None:
        from careloop.faces.cli.imports.mail import bring_in, in_words  # needs a database, which the others do not

        report = bring_in(as_json=as_json, **given)
        self.answer(as_json=as_json, words=in_words(report), facts=report)

    def _logs(
        self,
        what: str,
        *,
        as_json: bool,
        path: Path,
        facts: Path | None,
        workspace: str | None,
        live: bool,
        **given: Any,
    ) -> None:
        require_extra("analytics", packages=PACKAGES)
        from careloop.faces.cli.imports.facts import answer_of, import_ami, import_queue_log
        from careloop.faces.cli.imports.lakes import lake_folder, refuse_packed
        from careloop.faces.cli.imports.words import in_words

        if live:
            refuse_packed(path)
        lake = lake_folder(facts=facts, workspace=workspace)
        bring_in = import_queue_log if what == "queue-log" else import_ami
        report, loaded = bring_in(path=path, facts=lake, is_live=live, as_json=as_json, **given)
        self.answer(as_json=as_json, words=in_words(report, loaded), facts=answer_of(report, loaded))

    def _table(
        self,
        *,
        path: Path,
        facts: Path | None,
        workspace: str | None,
        zone: str,
        encoding: str | None,
        mapping: Path | None,
        rows: int | None,
        begin: bool,
        as_json: bool,
    ) -> None:
        require_extra("analytics", packages=PACKAGES)
        from careloop.faces.cli.imports import facts as imports
        from careloop.faces.cli.imports.lakes import lake_folder
        from careloop.faces.cli.imports.refusals import ImportMakesNoSense
        from careloop.faces.cli.imports.words import in_words, previewed_in_words

        if begin:
            begun = imports.suggest_mapping(path=path, zone=zone, encoding=encoding)
            self.answer(as_json=as_json, words=begun, facts={"mapping": begun})
            return
        if mapping is None:
            raise ImportMakesNoSense(_("Say what the columns are: --map MAP.yaml. Begin one with --suggest."))
        if rows is not None:
            report, made = imports.show_preview(path=path, mapping=mapping, rows=rows)
            self.answer(as_json=as_json, words=previewed_in_words(report, made), facts=imports.preview_of(report, made))
            return
        lake = lake_folder(facts=facts, workspace=workspace)
        report, loaded = imports.import_facts(path=path, facts=lake, mapping=mapping, as_json=as_json)
        self.answer(as_json=as_json, words=in_words(report, loaded), facts=imports.answer_of(report, loaded))
