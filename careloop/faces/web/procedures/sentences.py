"""How the log of who did what tells the events of procedures."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from careloop.domains.procedures.queries import procedure_names
from careloop.faces.web.access.wordings import name_subjects, say

__all__: list[str] = []


def _procedures(ids: Iterable[int]) -> dict[int, str]:
    return procedure_names(set(ids))


name_subjects("procedure", _procedures)

say(
    "procedure.made",
    label=_("Procedure published"),
    sentence=_("%(who)s published the procedure %(whom)s."),
)
say(
    "procedure.changed",
    label=_("Procedure changed"),
    sentence=_("%(who)s changed the procedure %(whom)s; cases begin it in version %(version)s now."),
)
say(
    "procedure.retired",
    label=_("Procedure out of use"),
    sentence=_("%(who)s took the procedure %(whom)s out of use."),
)
say("procedure.begun", label=_("Procedure begun"))
say("procedure.step_done", label=_("Step of a procedure done"))
say("procedure.finished", label=_("Procedure done"))
say("procedure.skipped", label=_("Procedure left out"))
say("approval.asked", label=_("Approval asked for"))
say("approval.given", label=_("Approval given"))
say("approval.refused", label=_("Approval refused"))
say("absence.begun", label=_("Away"), sentence=_("%(who)s is away."))
say("absence.ended", label=_("Back"), sentence=_("%(who)s is back."))
