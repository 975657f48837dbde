"""What somebody is writing: one text per person and case, whatever it is to become, and one new mail per person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.types import DraftRow
from careloop.domains.files.queries import files_by_id, loose_among
from careloop.domains.files.services import attach_loose, drop_loose
from careloop.domains.files.types import FileRow
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act

__all__ = ["OpenDraft", "attach_written", "files_at_hand", "keep_draft", "open_draft", "resume"]

KINDS = ("reply", "note", "forward")
NEW_MAIL = ("mail",)
# Typed around a text, these alone are worth keeping; a recipient is usually there before anybody wrote.
WORDS_OF_THEIR_OWN = ("forward_to", "subject_line")
MOST_FILES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDraft:
    """A text to go on with.

    fields: what stood around it, as it was typed: recipients, a subject, a mailbox. files: uploaded for it, or hung on an
    answer that was taken back. chosen: numbers by what they choose, such as the saved replies that were put into it.
    status_id: what the case is to become when it is sent; None for the usual.
    """

    kind: str
    html: str
    fields: Mapping[str, str]
    files: Sequence[FileRow]
    chosen: Mapping[str, Sequence[int]]
    saved_at: datetime
    status_id: int | None = None


@act
def keep_draft(
    *,
    case_id: int | None,
    kind: str,
    html: str,
    fields: Mapping[str, str],
    file_ids: Sequence[int],
    chosen: Mapping[str, Sequence[int]],
    status_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep a text as it is typed; one that changed from an answer into a note is a note now, and an empty one is gone.

    case_id: None for a new mail. kind: reply, note or forward; mail without a case. html: sanitized by the face.
    fields, chosen, status_id: as in `OpenDraft`. file_ids: those that are not the writer's to send are left out.

    With an empty text go the files that were uploaded for it. Raises CaseNotFound, CaseUnclear, MayNotWorkOnCases.
    """
    known = _known_files(case_id, actor)
    kept = _at_hand(file_ids, known, actor)
    is_empty = not (html.strip() or kept or any(fields.get(name, "").strip() for name in WORDS_OF_THEIR_OWN))
    for other in _kinds(case_id):
        if other != kind or is_empty:
            cases.discard_draft(case_id=case_id, kind=other, actor=actor)
    if is_empty:
        drop_loose(file_ids=known, actor=actor)
        return
    numbers = {name: list(ids) for name, ids in chosen.items()}
    kept_fields = {"typed": dict(fields), "file_ids": kept, "chosen": numbers, "status_id": status_id}
    cases.save_draft(case_id=case_id, kind=kind, html=html, fields=kept_fields, actor=actor, at=at)


@act
def resume(
    *,
    case_id: int,
    html: str,
    fields: Mapping[str, str],
    file_ids: Sequence[int],
    status_id: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Make an answer that was taken back a draft again, above what its writer has begun meanwhile.

    fields: where it was to go; they win over those of the newer text. file_ids: what hung on it. status_id: what the case became
    with it; None for the usual. Raises CaseNotFound.
    """
    begun = open_draft(case_id=case_id, viewer=actor)
    for kind in KINDS:
        cases.discard_draft(case_id=case_id, kind=kind, actor=actor)
    kept_fields = {
        "typed": dict(fields),
        "file_ids": [*file_ids, *(file.id for file in (begun.files if begun else ()) if file.id not in file_ids)],
        "chosen": {},
        "status_id": status_id,
    }
    whole = f"{html}{begun.html if begun else ''}"
    cases.save_draft(case_id=case_id, kind="reply", html=whole, fields=kept_fields, actor=actor, at=at)


def open_draft(*, case_id: int | None, viewer: Actor) -> OpenDraft | None:
    """Return what the viewer has written so far on a case, or in a new mail for None, the newest if there are several."""
    row = next(iter(_rows(case_id, viewer)), None)
    if row is None:
        return None
    return OpenDraft(
        kind=row.kind,
        html=row.html,
        fields=row.fields.get("typed", {}),
        files=_in_order(row.fields.get("file_ids", [])),
        chosen=row.fields.get("chosen", {}),
        saved_at=row.saved_at,
        status_id=row.fields.get("status_id"),
    )


def files_at_hand(*, case_id: int | None, file_ids: Sequence[int], viewer: Actor) -> list[FileRow]:
    """Return those of some files that the viewer may send: uploaded by them, or of their answer that was taken back."""
    return _in_order(_at_hand(file_ids, _known_files(case_id, viewer), viewer))


def attach_written(*, case_id: int, file_ids: Sequence[int], actor: Actor) -> None:
    """Make files part of what is sent: loose ones, and those of the writer's answer that was taken back, which hang already.

    Raises FileNotFound.
    """
    known = _known_files(case_id, actor)
    again = known - loose_among(known, actor=actor)
    attach_loose(file_ids=[file_id for file_id in file_ids if file_id not in again], actor=actor)


def _at_hand(file_ids: Sequence[int], known: Collection[int], actor: Actor) -> list[int]:
    # A draft may name a file that hangs already only if the draft before it did: the first was written by taking back.
    allowed = loose_among(file_ids, actor=actor) | set(known)
    return [file_id for file_id in dict.fromkeys(file_ids) if file_id in allowed][:MOST_FILES]


def _known_files(case_id: int | None, actor: Actor) -> set[int]:
    return {file_id for row in _rows(case_id, actor) for file_id in row.fields.get("file_ids", [])}


def _in_order(file_ids: Sequence[int]) -> list[FileRow]:
    found = files_by_id(file_ids)
    return [found[file_id] for file_id in file_ids if file_id in found]


def _kinds(case_id: int | None) -> Sequence[str]:
    return KINDS if case_id is not None else NEW_MAIL


def _rows(case_id: int | None, actor: Actor) -> list[DraftRow]:
    if actor.user_id is None:
        return []
    return cases_queries.drafts_of(case_id=case_id, user_id=actor.user_id)
