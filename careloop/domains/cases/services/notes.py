"""Words among colleagues."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.domains.cases.errors import CaseUnclear, MayNotWorkOnCases
from careloop.domains.cases.events import CaseNoted
from careloop.domains.cases.models import Follower, Note, NoteFile
from careloop.domains.cases.services.locking import about, locked, saved, visible
from careloop.domains.people.queries import active_members_among
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record
from careloop.kernel.text import document

__all__ = ["add_note"]


@act
def add_note(
    *,
    case_id: int,
    html: str,
    text: str,
    mentions: Collection[int],
    file_ids: Collection[int] = (),
    actor: Actor,
    at: datetime,
) -> int:
    """Write a note that customers never see, and return its id.

    html: sanitized by the face; text: the same as plain text.
    mentions: users to be drawn in; they follow the case from now on and may therefore see it.

    Raises CaseNotFound, MayNotWorkOnCases, CaseUnclear. Records CaseNoted.
    """
    case = visible(locked(case_id), actor)
    if not rules.may_note(actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not write in them."))
    if not text.strip() and not file_ids:
        raise CaseUnclear(_("Write something, or attach a file."))
    drawn_in = sorted(active_members_among(mentions))
    note = Note.objects.create(
        case=case, author_id=actor.user_id, at=at, html=html, text=text, mentions=drawn_in, search=document(text)
    )
    NoteFile.objects.bulk_create([NoteFile(note=note, file_id=file_id) for file_id in file_ids])
    Follower.objects.bulk_create(
        [Follower(case=case, user_id=user_id, since=at) for user_id in drawn_in], ignore_conflicts=True
    )
    saved(case, at=at)
    record(CaseNoted(subject=about(case), actor=str(actor), at=at, note_id=note.pk, mentions=tuple(drawn_in)))
    return note.pk
