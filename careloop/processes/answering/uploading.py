"""Files that somebody puts into what they are writing."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases.errors import MayNotWorkOnCases
from careloop.domains.files.queries import file_row
from careloop.domains.files.services import keep_file
from careloop.domains.files.types import FileRow
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.scope import current_workspace

__all__ = ["upload"]


@act
def upload(*, name: str, declared_type: str, content: bytes, actor: Actor, at: datetime) -> FileRow:
    """Keep a file that its uploader may hang on an answer or a note, and return it. Raises MayNotWorkOnCases, FileTooLarge."""
    if not cases_rules.may_note(actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not write in them."))
    file_id = keep_file(name=name, declared_type=declared_type, content=content, is_loose=True, actor=actor, at=at)
    row = file_row(file_id)
    if row.width is not None:
        app.configure_task("preview_file").defer(workspace_id=current_workspace(), file_id=file_id)
    return row
