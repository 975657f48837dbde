"""Ask for facts as a file."""

from datetime import datetime

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from careloop.domains.exports import services
from careloop.domains.exports.errors import ExportUnclear
from careloop.domains.exports.queries import check_reader
from careloop.domains.exports.types import ExportAsked
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.scope import current_workspace
from careloop.processes.exporting.offering import held_tables
from careloop.processes.measuring.exporting import FileFormat

__all__ = ["ask_export"]


@act
def ask_export(*, asked: ExportAsked, actor: Actor, at: datetime) -> int:
    """Ask for a file, have a worker write it after this transaction, and return its id. Within the workspace's scope.

    Raises MayNotExport, ExportUnclear, TooManyExports, MeasuringMissing. Records ExportAskedFor.
    """
    check_reader(actor)
    if asked.table not in held_tables(current_workspace()):
        problem = _("There are no facts in this workspace that are called “%(table)s”.") % {"table": asked.table}
        raise ExportUnclear(problem, fields={"table": problem})
    if asked.file_format not in set(FileFormat):
        problem = _("Files are CSV, Excel or Parquet.")
        raise ExportUnclear(problem, fields={"file_format": problem})
    export_id = services.ask(asked=asked, actor=actor, at=at)
    app.configure_task("write_export").defer(workspace_id=current_workspace(), export_id=export_id)
    return export_id
