"""How the log of who did what names the events of boards."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.boards.queries import board_names_of
from careloop.faces.web.access.wordings import name_subjects, say

__all__: list[str] = []

name_subjects("board", board_names_of)
for _name, _label in {
    "board.made": _("Board made"),
    "board.changed": _("Board changed"),
    "board.deleted": _("Board deleted"),
    "facts.exported": _("Facts saved as a file"),
    "export.asked_for": _("Facts asked for as a file"),
    "export.settled": _("File of facts written, or not"),
    "export.removed": _("File of facts removed"),
}.items():
    say(_name, label=_label)
