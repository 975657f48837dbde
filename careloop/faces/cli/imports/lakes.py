"""Into which lake an import goes."""

from pathlib import Path

from django.utils.translation import gettext as _

from careloop.domains.workspaces.queries import workspace_keys, workspace_of_key
from careloop.faces.cli.imports.refusals import ImportMakesNoSense
from careloop.insight.imports.files import is_gzip
from careloop.processes.measuring.lakes import lake_root

__all__ = ["lake_folder", "refuse_packed"]


def lake_folder(*, facts: Path | None, workspace: str | None) -> Path:
    """Return the folder of the lake that was named, by itself or by its workspace. Raises ImportMakesNoSense."""
    if facts is not None and workspace is not None:
        raise ImportMakesNoSense(_("Give --workspace or --facts, not both: a workspace has a lake of its own."))
    if facts is not None:
        return facts
    if workspace is None:
        raise ImportMakesNoSense(
            _(
                "Say where the lake is: --facts DIR, or --workspace KEY for that of a workspace. With --preview, nothing is kept."
            )
        )
    found = workspace_of_key(workspace)
    if found is None:
        keys = ", ".join(workspace_keys())
        raise ImportMakesNoSense(
            _("There is no workspace “%(key)s”. These exist: %(keys)s.") % {"key": workspace, "keys": keys}
        )
    return lake_root(found.id)


def refuse_packed(path: Path) -> None:
    """Refuse to call a packed file a living one. Raises ImportMakesNoSense."""
    if path.is_file() and is_gzip(path):
        raise ImportMakesNoSense(_("A packed file is finished, and nobody writes to it any more: leave --live out."))
