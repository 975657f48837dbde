"""What somebody is writing, saved as they type. Drafts are nobody's history, so they record no events."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.domains.cases.errors import CaseNotFound, CaseUnclear, MayNotWorkOnCases
from careloop.domains.cases.models import Case, Draft
from careloop.domains.cases.services.locking import visible
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act

__all__ = ["discard_draft", "save_draft"]

KINDS = frozenset({"reply", "note", "forward"})
NEW_MAIL = "mail"


@act
def save_draft(
    *, case_id: int | None, kind: str, html: str, fields: dict[str, Any], actor: Actor, at: datetime
) -> None:
    """Keep what a person has written so far; a newer text replaces an older one.

    case_id: None for a new mail. kind: reply, note or forward; mail without a case.
    fields: recipients, files and the like, as the composer keeps them.

    Raises CaseNotFound, CaseUnclear, MayNotWorkOnCases.
    """
    if actor.user_id is None:
        raise CaseNotFound(_("There is no such case."))
    if case_id is not None:
        case = Case.objects.defer("search").filter(pk=case_id).first()
        if case is None:
            raise CaseNotFound(_("There is no such case."))
        visible(case, actor)
    elif not rules.may_work(actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not open them."))
    if kind not in (KINDS if case_id is not None else {NEW_MAIL}):
        raise CaseUnclear(_("A draft is a reply, a note, a forwarded message, or a new mail."))
    Draft.objects.update_or_create(
        case_id=case_id,  # type: ignore[misc]  # a new mail's is empty
        user_id=actor.user_id,
        kind=kind,
        defaults={"html": html, "fields": fields, "saved_at": at},
    )


@act
def discard_draft(*, case_id: int | None, kind: str, actor: Actor) -> None:
    """Throw away what a person had written, if anything."""
    Draft.objects.filter(case=case_id, user_id=actor.user_id or 0, kind=kind).delete()
