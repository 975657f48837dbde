"""What somebody is writing: one text per person and case, whatever it is to become."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.types import DraftRow
from careloop.domains.files.queries import files_by_id
from careloop.domains.files.types import FileRow
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act

__all__ = ["KINDS", "OpenDraft", "keep_draft", "open_draft"]

KINDS = ("reply", "note", "forward")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDraft:
    """A text to go on with. files: what hung on an answer that was taken back."""

    kind: str
    html: str
    files: Sequence[FileRow]


@act
def keep_draft(*, case_id: int, kind: str, html: str, actor: Actor, at: datetime) -> None:
    """Keep a text as it is typed; one that changed from an answer into a note is a note now, and an empty one is gone.

    kind: reply, note or forward. html: sanitized by the face.

    Raises CaseNotFound, CaseUnclear.
    """
    was = _row(case_id, kind, actor)
    for other in KINDS:
        if other != kind or not html.strip():
            cases.discard_draft(case_id=case_id, kind=other, actor=actor)
    if html.strip():
        fields = dict(was.fields) if was else {}
        cases.save_draft(case_id=case_id, kind=kind, html=html, fields=fields, actor=actor, at=at)


def open_draft(*, case_id: int, viewer: Actor) -> OpenDraft | None:
    """Return what the viewer has written so far on a case, the newest if there are several."""
    if viewer.user_id is None:
        return None
    row = next(iter(cases_queries.drafts_of(case_id=case_id, user_id=viewer.user_id)), None)
    if row is None:
        return None
    files = files_by_id(row.fields.get("file_ids", []))
    return OpenDraft(kind=row.kind, html=row.html, files=list(files.values()))


def _row(case_id: int, kind: str, actor: Actor) -> DraftRow | None:
    if actor.user_id is None:
        return None
    return cases_queries.draft_of(case_id=case_id, user_id=actor.user_id, kind=kind)
