"""One case in full."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.cases.models import Case, CaseConversation, Cycle, Draft, Follower, Note, NoteFile, Participant
from careloop.domains.cases.queries.lists import row_of, row_values, seen_by
from careloop.domains.cases.states import DONE
from careloop.domains.cases.types import CaseBrief, CaseDetail, ConversationRange, CycleRow, DraftRow, NoteRow
from careloop.kernel.actors import Actor
from careloop.kernel.statements import Asked, Statement

__all__ = [
    "case_briefs",
    "case_detail",
    "case_id_of_number",
    "case_of_message",
    "case_of_note_file",
    "case_of_number",
    "cases_of_conversations",
    "conversations_of",
    "cycles_of",
    "drafts_of",
    "files_in_drafts",
    "is_done",
    "notes_by_id",
    "notes_of",
    "opened_since",
    "visible_among",
    "visible_case_ids",
    "visible_cases_of_messages",
]


def case_detail(*, case_id: int, viewer: Actor) -> CaseDetail:
    """Return everything about a case except its words, in two queries. Raises CaseNotFound, also for what is not theirs."""
    found = BY_ID.by_name(case_id=case_id) if rules.may_see_all(viewer) else _whole(seen_by(viewer).filter(pk=case_id))
    return _detail(found)


def case_of_number(*, number: int, viewer: Actor) -> CaseDetail:
    """Return the `case_detail` of the case with a number. Raises CaseNotFound."""
    sees_all = rules.may_see_all(viewer)
    found = BY_NUMBER.by_name(number=number) if sees_all else _whole(seen_by(viewer).filter(number=number))
    return _detail(found)


def _whole(cases: QuerySet[Case]) -> QuerySet[Case, dict[str, Any]]:
    takes_part = Participant.objects.filter(case=OuterRef("pk")).order_by("pk").values("customer_id")
    follows = Follower.objects.filter(case=OuterRef("pk")).order_by("pk").values("user_id")
    return row_values(
        cases,
        "status_id",
        "type_id",
        "reason_id",
        "reason__name",
        "revision",
        "reopen_count",
        "first_response_at",
        "closed_at",
        participant_ids=ArraySubquery(takes_part),
        follower_ids=ArraySubquery(follows),
    )


BY_ID: Final = Statement(lambda: _whole(Case.objects.filter(pk=Asked("case_id"))))
BY_NUMBER: Final = Statement(lambda: _whole(Case.objects.filter(number=Asked("number"))))


def _detail(rows: Iterable[dict[str, Any]]) -> CaseDetail:
    found = next(iter(rows), None)
    if found is None:
        raise CaseNotFound(_("There is no such case."))
    return CaseDetail(
        row=row_of(found),
        status_id=found["status_id"],
        type_id=found["type_id"],
        reason_id=found["reason_id"],
        reason=found["reason__name"] or "",
        revision=found["revision"],
        reopen_count=found["reopen_count"],
        first_response_at=found["first_response_at"],
        closed_at=found["closed_at"],
        participant_ids=tuple(found["participant_ids"]),
        follower_ids=tuple(found["follower_ids"]),
        conversations=conversations_of(found["id"]),
    )


def cycles_of(case_id: int) -> list[CycleRow]:
    """Return the cycles of a case from its opening on; whether it may be seen is settled before."""
    return [
        CycleRow(
            sequence=c.sequence, opened_at=c.opened_at, first_response_at=c.first_response_at, solved_at=c.solved_at
        )
        for c in Cycle.objects.filter(case_id=case_id).order_by("sequence")
    ]


def case_briefs(case_ids: Collection[int]) -> dict[int, CaseBrief]:
    """Return what the house's own work asks of cases most often, by case, in three queries."""
    conversations: defaultdict[int, list[ConversationRange]] = defaultdict(list)
    for link in CaseConversation.objects.filter(case_id__in=case_ids, unlinked_at__isnull=True).order_by("pk"):
        conversations[link.case_id].append(_range(link))
    followers: defaultdict[int, list[int]] = defaultdict(list)
    following = Follower.objects.filter(case_id__in=case_ids).order_by("pk")
    for case_id, user_id in following.values_list("case_id", "user_id"):
        followers[case_id].append(user_id)
    cases = Case.objects.filter(pk__in=case_ids)
    return {
        case.pk: CaseBrief(
            id=case.pk,
            number=case.number,
            subject=case.subject,
            requester_id=case.requester_id,
            assignee_id=case.assignee_id,
            team_id=case.team_id,
            priority=case.priority,
            is_spam=case.is_spam,
            conversations=tuple(conversations[case.pk]),
            follower_ids=tuple(followers[case.pk]),
        )
        for case in cases.only(
            "id", "number", "subject", "requester_id", "assignee_id", "team_id", "priority", "is_spam"
        )
    }


def case_id_of_number(*, number: int, viewer: Actor) -> int:
    """Return the id of the case with a number. Raises CaseNotFound, also for what is not theirs."""
    found = seen_by(viewer).filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise CaseNotFound(_("There is no such case."))
    return found


def is_done(case_id: int) -> bool:
    """Say whether a case is solved or closed."""
    return Case.objects.filter(pk=case_id, category__in=DONE).exists()


def conversations_of(case_id: int) -> tuple[ConversationRange, ...]:
    """Return which conversations belong to a case, or which parts of them."""
    return tuple(
        ConversationRange(conversation_id=conversation_id, first_message_id=first, last_message_id=last)
        for conversation_id, first, last in RANGES(case_id=case_id)
    )


RANGES: Final = Statement(
    lambda: (
        CaseConversation.objects.filter(case=Asked("case_id"), unlinked_at__isnull=True)
        .order_by("pk")
        .values_list("conversation_id", "first_message_id", "last_message_id")
    )
)


def _range(link: CaseConversation) -> ConversationRange:
    return ConversationRange(
        conversation_id=link.conversation_id,
        first_message_id=link.first_message_id,
        last_message_id=link.last_message_id,
    )


def cases_of_conversations(conversation_ids: Collection[int]) -> Mapping[int, list[tuple[int, str]]]:
    """Return (case, category) of every case that conversations belong to, by conversation, the newest link first."""
    known: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    links = CaseConversation.objects.filter(conversation_id__in=conversation_ids, unlinked_at__isnull=True)
    for conversation_id, case_id, category in (
        links.order_by("-pk").values_list("conversation_id", "case_id", "case__category") if conversation_ids else ()
    ):
        known[conversation_id].append((case_id, category))
    return known


def visible_case_ids(conversation_ids: Collection[int], *, viewer: Actor) -> dict[int, int]:
    """Return by conversation the newest case of it that the viewer may see."""
    links = CaseConversation.objects.filter(
        conversation_id__in=conversation_ids, unlinked_at__isnull=True, case__in=seen_by(viewer)
    ).order_by("pk")
    return dict(links.values_list("conversation_id", "case_id"))


def visible_among(case_ids: Collection[int], *, viewer: Actor) -> set[int]:
    """Return those of some cases that the viewer may see."""
    return set(seen_by(viewer).filter(pk__in=case_ids).values_list("pk", flat=True)) if case_ids else set()


def case_of_message(*, conversation_id: int, message_id: int, viewer: Actor) -> int | None:
    """Return the newest case that holds a message and that the viewer may see, or None."""
    holds = (Q(first_message_id__isnull=True) | Q(first_message_id__lte=message_id)) & (
        Q(last_message_id__isnull=True) | Q(last_message_id__gte=message_id)
    )
    links = CaseConversation.objects.filter(
        holds, conversation_id=conversation_id, unlinked_at__isnull=True, case__in=seen_by(viewer)
    )
    return links.order_by("-pk").values_list("case_id", flat=True).first()


def case_of_note_file(*, file_id: int, viewer: Actor) -> int | None:
    """Return a case in which a note carries the file, if the viewer may read that note; else None."""
    if not rules.may_read_notes(viewer):
        return None
    carried = NoteFile.objects.filter(file_id=file_id, note__case__in=seen_by(viewer))
    return carried.order_by("-pk").values_list("note__case_id", flat=True).first()


def visible_cases_of_messages(found: Collection[tuple[int, int]], *, viewer: Actor) -> dict[int, int]:
    """Return by message the newest case holding it that the viewer may see.

    found: (message, conversation). A case that took only a part of a conversation shows that part only.
    """
    conversation_ids = list({conversation_id for _message_id, conversation_id in found})
    links: Iterable[tuple[Any, ...]] = LINKS(conversation_ids=conversation_ids) if found else ()
    if not rules.may_see_all(viewer):
        visible = visible_among({case_id for _conversation, case_id, _first, _last in links}, viewer=viewer)
        links = [link for link in links if link[1] in visible]
    return {
        message_id: case_id
        for message_id, conversation_id in found
        for linked_id, case_id, first, last in links
        if linked_id == conversation_id and (first or 0) <= message_id and (last is None or message_id <= last)
    }


LINKS: Final = Statement(
    lambda: (
        CaseConversation.objects.filter(conversation__among=Asked("conversation_ids"), unlinked_at__isnull=True)
        .order_by("pk")
        .values_list("conversation_id", "case_id", "first_message_id", "last_message_id")
    )
)


def opened_since(customer_ids: Collection[int], *, since: datetime) -> Mapping[int, int]:
    """Count the cases that customers opened since a moment, by customer."""
    opened = Case.objects.filter(requester_id__in=customer_ids, opened_at__gte=since)
    return Counter(opened.values_list("requester_id", flat=True) if customer_ids else ())


def notes_of(*, case_id: int, viewer: Actor, limit: int = 200, before_id: int | None = None) -> list[NoteRow]:
    """Return the newest notes of a case, oldest first; none for those who may not read notes.

    before_id: only notes with a smaller id, for reading further back.
    """
    if not rules.may_read_notes(viewer):
        return []
    notes = _notes(limit)(case_id=case_id, before_id=2**62 if before_id is None else before_id)
    return [_note_row(note) for note in reversed(notes)]


@cache
def _notes(limit: int) -> Statement:
    found = Note.objects.filter(case=Asked("case_id"), pk__lt=Asked("before_id"))
    return Statement(lambda: _written(found).order_by("-pk")[:limit])


def notes_by_id(note_ids: Collection[int], *, viewer: Actor) -> dict[int, NoteRow]:
    """Return some notes of cases that the viewer may see; none for those who may not read notes."""
    if not rules.may_read_notes(viewer):
        return {}
    found = _written(Note.objects.filter(pk__in=note_ids, case__in=seen_by(viewer)))
    return {row.id: row for row in map(_note_row, found)}


def _written(notes: QuerySet[Note]) -> QuerySet[Note, Any]:
    files = NoteFile.objects.filter(note=OuterRef("pk")).order_by("pk").values("file_id")
    return notes.values_list("pk", "author_id", "author__name", "at", "html", "text", ArraySubquery(files))


HOUSE_NAME: Final = "Careloop"
"""Who wrote a note that no person wrote."""


def _note_row(note: tuple[Any, ...]) -> NoteRow:
    key, author_id, author, at, html, text, file_ids = note
    return NoteRow(
        id=key, author_id=author_id, author=author or HOUSE_NAME, at=at, html=html, text=text, file_ids=tuple(file_ids)
    )


def files_in_drafts() -> set[int]:
    """Return the files that anybody's draft in the workspace holds."""
    return {file_id for kept in Draft.objects.values_list("fields", flat=True) for file_id in kept.get("file_ids", [])}


def drafts_of(*, case_id: int | None, user_id: int) -> list[DraftRow]:
    """Return what a person has written so far on a case, or in a new mail for None, one of each kind, the newest first."""
    found = NEW_DRAFTS(user_id=user_id) if case_id is None else DRAFTS(case_id=case_id, user_id=user_id)
    return [DraftRow(kind=kind, html=html, fields=fields, saved_at=saved_at) for kind, html, fields, saved_at in found]


def _drafts(of_case: dict[str, Any]) -> Statement:
    found = Draft.objects.filter(**of_case, user_id=Asked("user_id")).order_by("-saved_at", "-pk")
    return Statement(lambda: found.values_list("kind", "html", "fields", "saved_at"))


DRAFTS: Final = _drafts({"case_id": Asked("case_id")})
NEW_DRAFTS: Final = _drafts({"case_id": None})
