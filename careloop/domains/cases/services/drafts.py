"""What somebody is writing, saved as they type. Drafts are nobody's history, so they record no events."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.errors import CaseNotFound, CaseUnclear
from careloop.domains.cases.models import Case, Draft
from careloop.domains.cases.services.locking import visible
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act

__all__ = ["discard_draft", "save_draft"]

KINDS = frozenset({"reply", "note", "forward"})


@act
def save_draft(*, case_id: int, kind: str, html: str, fields: dict[str, Any], actor: Actor, at: datetime) -> None:
    """Keep what a person has written so far on a case; a newer text replaces an older one.

    kind: reply, note or forward. fields: recipients, files and the like, as the composer keeps them.

    Raises CaseNotFound, CaseUnclear.
    """
    case = Case.objects.defer("search").filter(pk=case_id).first()
    if case is None or actor.user_id is None:
        raise CaseNotFound(_("There is no such case."))
    visible(case, actor)
    if kind not in KINDS:
        raise CaseUnclear(_("A draft is a reply, a note, or a forwarded message."))
    Draft.objects.update_or_create(
        case=case, user_id=actor.user_id, kind=kind, defaults={"html": html, "fields": fields, "saved_at": at}
    )


@act
def discard_draft(*, case_id: int, kind: str, actor: Actor) -> None:
    """Throw away what a person had written, if anything."""
    Draft.objects.filter(case_id=case_id, user_id=actor.user_id or 0, kind=kind).delete()
