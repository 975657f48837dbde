"""One case in full."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.cases.models import Case, CaseConversation, Cycle, Draft, Follower, Note, NoteFile, Participant
from careloop.domains.cases.queries.lists import row_of, row_values, seen_by
from careloop.domains.cases.states import DONE
from careloop.domains.cases.types import CaseBrief, CaseDetail, ConversationRange, CycleRow, DraftRow, NoteRow
from careloop.kernel.actors import Actor

__all__ = [
    "case_briefs",
    "case_detail",
    "case_id_of_number",
    "case_of_message",
    "case_of_note_file",
    "cases_of_conversations",
    "conversations_of",
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
    """Return everything about a case except its words, in three queries. Raises CaseNotFound, also for what is not theirs."""
    takes_part = Participant.objects.filter(case=OuterRef("pk")).order_by("pk").values("customer_id")
    follows = Follower.objects.filter(case=OuterRef("pk")).order_by("pk").values("user_id")
    found = row_values(
        seen_by(viewer).filter(pk=case_id),
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
    ).first()
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
        conversations=conversations_of(case_id),
        cycles=tuple(
            CycleRow(
                sequence=c.sequence,
                opened_at=c.opened_at,
                first_response_at=c.first_response_at,
                solved_at=c.solved_at,
            )
            for c in Cycle.objects.filter(case_id=case_id).order_by("sequence")
        ),
    )


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
            is_spam=case.is_spam,
            conversations=tuple(conversations[case.pk]),
            follower_ids=tuple(followers[case.pk]),
        )
        for case in cases.only("id", "number", "subject", "requester_id", "assignee_id", "is_spam")
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
        _range(link)
        for link in CaseConversation.objects.filter(case_id=case_id, unlinked_at__isnull=True).order_by("pk")
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
    links = list(
        CaseConversation.objects.filter(
            conversation_id__in={conversation_id for _message_id, conversation_id in found},
            unlinked_at__isnull=True,
            case__in=seen_by(viewer),
        )
        .order_by("pk")
        .values_list("conversation_id", "case_id", "first_message_id", "last_message_id")
    )
    return {
        message_id: case_id
        for message_id, conversation_id in found
        for linked_id, case_id, first, last in links
        if linked_id == conversation_id and (first or 0) <= message_id and (last is None or message_id <= last)
    }


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
    found = Note.objects.filter(case_id=case_id).defer("search").order_by("-pk")
    notes = list((found if before_id is None else found.filter(pk__lt=before_id))[:limit])
    files: defaultdict[int, list[int]] = defaultdict(list)
    for note_id, file_id in NoteFile.objects.filter(note__in=notes).order_by("pk").values_list("note_id", "file_id"):
        files[note_id].append(file_id)
    return [
        NoteRow(id=n.pk, author_id=n.author_id, at=n.at, html=n.html, text=n.text, file_ids=tuple(files[n.pk]))
        for n in reversed(notes)
    ]


def notes_by_id(note_ids: Collection[int], *, viewer: Actor) -> dict[int, NoteRow]:
    """Return some notes of cases that the viewer may see, without their files; none for those who may not read notes."""
    if not rules.may_read_notes(viewer):
        return {}
    found = Note.objects.filter(pk__in=note_ids, case__in=seen_by(viewer)).defer("search")
    return {
        n.pk: NoteRow(id=n.pk, author_id=n.author_id, at=n.at, html=n.html, text=n.text, file_ids=()) for n in found
    }


def files_in_drafts() -> set[int]:
    """Return the files that anybody's draft in the workspace holds."""
    return {file_id for kept in Draft.objects.values_list("fields", flat=True) for file_id in kept.get("file_ids", [])}


def drafts_of(*, case_id: int | None, user_id: int) -> list[DraftRow]:
    """Return what a person has written so far on a case, or in a new mail for None, one of each kind, the newest first."""
    found = Draft.objects.filter(case=case_id, user_id=user_id).order_by("-saved_at", "-pk")
    return [DraftRow(kind=d.kind, html=d.html, fields=d.fields, saved_at=d.saved_at) for d in found]
