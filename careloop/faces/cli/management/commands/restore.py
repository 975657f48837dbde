"""`careloop restore`: a backup into an empty installation."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.domains.workspaces.queries import workspace_ids
from careloop.faces.cli.answers import AnsweringCommand
from careloop.faces.cli.extras import LAKE_PACKAGES, has_packages
from careloop.kernel import clock
from careloop.processes.upkeep.backups import bring_back


def _settle_lakes() -> bool:
    """Work our own facts out again, for the lakes were copied a moment after the log; return whether that was possible."""
    if not has_packages(LAKE_PACKAGES):
        return False
    from careloop.processes.lake.rebuilding import rebuild  # needs what was looked for in the line before

    for workspace_id in workspace_ids():
        rebuild(Path(settings.LAKE_ROOT), workspace_id, at=clock.now())
    return True


class Command(AnsweringCommand):
    purpose = lazily(
        "Bring a backup back into an empty database, and compare every table and file with what was saved."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("archive", type=Path, help=_("The file that `careloop backup` wrote."))

    def handle(self, *, archive: Path, as_json: bool, **_options: Any) -> None:
        report = bring_back(
            owner=connections["owner"],
            source=archive.absolute(),
            blob_root=Path(settings.BLOB_ROOT),
            lake_root=Path(settings.LAKE_ROOT),
            secret=settings.SECRET_KEY,
        )
        call_command("migrate", verbosity=0, interactive=False)
        words = _("Restored %(rows)s rows, %(blobs)s files and %(facts)s files of facts; all equal what was saved.") % {
            "rows": report.rows,
            "blobs": report.blobs,
            "facts": report.lake_files,
        }
        if not _settle_lakes():
            words += "\n" + _(
                "The facts were not compared with the log, for the extra “analytics” is not installed here. "
                "Install it, then run: careloop lake rebuild"
            )
        if not report.same_secret:
            words += "\n" + _(
                "SECRET_KEY differs from the saved installation's. "
                "Set the old one in SECRET_KEY_FALLBACKS, or enter the passwords of the mailboxes again."
            )
        self.answer(as_json=as_json, words=words, facts=report)
