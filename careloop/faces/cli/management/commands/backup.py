"""`careloop backup`: everything in one verified file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.faces.cli.answers import AnsweringCommand
from careloop.kernel import clock
from careloop.processes.upkeep.backups import back_up, may_rehearse
from careloop.processes.upkeep.disk import readable_size


class Command(AnsweringCommand):
    purpose = lazily(
        "Save the database, all blobs and all facts into one file, and prove by restoring it that it is whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "archive", nargs="?", type=Path, help=_("The file to write; by default in CARELOOP_HOME/backups.")
        )

    def handle(self, *, archive: Path | None, as_json: bool, **_options: Any) -> None:
        at = clock.now()
        target = archive or settings.CARELOOP_HOME / "backups" / f"careloop-{at:%Y%m%dT%H%M%SZ}.tar"
        report = back_up(
            owner=connections["owner"],
            target=target.absolute(),
            blob_root=Path(settings.BLOB_ROOT),
            lake_root=Path(settings.LAKE_ROOT),
            secret=settings.SECRET_KEY,
            at=at,
            is_rehearsed=may_rehearse(connections["owner"]),
        )
        words = _("Saved %(rows)s rows, %(blobs)s files and %(facts)s files of facts in %(archive)s (%(size)s).") % {
            "rows": report.rows,
            "blobs": report.blobs,
            "facts": report.lake_files,
            "archive": report.archive,
            "size": readable_size(report.bytes),
        }
        words += "\n" + (
            _("Restored it into a scratch database: every table is equal.")
            if report.rehearsed
            else _("Read it back whole. It was not restored for proof, for the database role may not make databases.")
        )
        words += "\n" + _("SECRET_KEY is not in it: keep that elsewhere, or mailbox passwords must be entered again.")
        self.answer(as_json=as_json, words=words, facts=report)
        if report.damaged_blobs:
            self.stderr.write(
                _("These files were damaged before the backup: %(names)s. Look for them in an older backup.")
                % {"names": ", ".join(report.damaged_blobs)}
            )
            raise SystemExit(1)
