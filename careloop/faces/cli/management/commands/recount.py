"""`careloop recount`: the live counters of a workspace, from the beginning of its log."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily
from django.utils.translation import ngettext

from careloop.domains.wallboards.counting import COUNTS, count_anew
from careloop.domains.workspaces.errors import WorkspaceNotFound
from careloop.domains.workspaces.queries import workspace_of_key
from careloop.faces.cli.answers import AnsweringCommand
from careloop.kernel.readers import catch_up, number_events
from careloop.kernel.scope import workspace_scope

__all__ = ["Command"]


class Command(AnsweringCommand):
    purpose = lazily("Count a workspace's live figures again from the beginning of its log.")

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask which workspace."""
        super().add_arguments(parser)
        parser.add_argument("--workspace", required=True, help=_("The workspace's key, as in its address."))

    def handle(self, *, workspace: str, as_json: bool, **_options: Any) -> None:
        """Forget the counters and read the log; a worker that runs beside helps rather than disturbs."""
        found = workspace_of_key(workspace)
        if found is None:
            raise WorkspaceNotFound(_("There is no workspace with the key “%(key)s”.") % {"key": workspace})
        with workspace_scope(found.id):
            count_anew()
        number_events()
        read = 0
        while batch := catch_up(COUNTS, only=found.id):
            read += batch
        words = ngettext("%(count)s event was counted.", "%(count)s events were counted.", read) % {"count": read}
        self.answer(as_json=as_json, words=words, facts={"workspace": workspace, "events": read})
