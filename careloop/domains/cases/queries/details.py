"""One case in full."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.cases.models import Case, CaseConversation, Cycle, Draft, Follower, Note, NoteFile, Participant
from careloop.domains.cases.queries.lists import case_rows, seen_by
from careloop.domains.cases.types import CaseBrief, CaseDetail, ConversationRange, CycleRow, DraftRow, NoteRow
from careloop.kernel.actors import Actor

__all__ = [
    "case_brief",
    "case_detail",
    "case_id_of_number",
    "case_of_message",
    "case_of_note_file",
    "cases_of_conversation",
    "drafts_of",
    "followers_of",
    "notes_by_id",
    "notes_of",
    "opened_since",
    "visible_among",
    "visible_case_ids",
    "visible_cases_of_messages",
]


def case_detail(*, case_id: int, viewer: Actor) -> CaseDetail:
    """Return everything about a case except its words, in seven queries. Raises CaseNotFound, also for what is not theirs."""
    case = seen_by(viewer).select_related("reason").defer("search").filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound(_("There is no such case."))
    return CaseDetail(
        row=case_rows([case_id])[case_id],
        status_id=case.status_id,
        type_id=case.type_id,
        reason_id=case.reason_id,
        reason=case.reason.name if case.reason else "",
        revision=case.revision,
        reopen_count=case.reopen_count,
        first_response_at=case.first_response_at,
        closed_at=case.closed_at,
        participant_ids=tuple(
            Participant.objects.filter(case_id=case_id).order_by("pk").values_list("customer_id", flat=True)
        ),
        follower_ids=tuple(followers_of(case_id)),
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


def case_brief(case_id: int) -> CaseBrief:
    """Return what the house's own work asks of a case most often, in two queries. Raises CaseNotFound."""
    case = (
        Case.objects.filter(pk=case_id)
        .only("id", "number", "subject", "requester_id", "assignee_id", "is_spam")
        .first()
    )
    if case is None:
        raise CaseNotFound(_("There is no such case."))
    return CaseBrief(
        id=case.pk,
        number=case.number,
        subject=case.subject,
        requester_id=case.requester_id,
        assignee_id=case.assignee_id,
        is_spam=case.is_spam,
        conversations=conversations_of(case_id),
    )


def followers_of(case_id: int) -> list[int]:
    """Return the users who follow a case."""
    return list(Follower.objects.filter(case_id=case_id).order_by("pk").values_list("user_id", flat=True))


def case_id_of_number(*, number: int, viewer: Actor) -> int:
    """Return the id of the case with a number. Raises CaseNotFound, also for what is not theirs."""
    found = seen_by(viewer).filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise CaseNotFound(_("There is no such case."))
    return found


def conversations_of(case_id: int) -> tuple[ConversationRange, ...]:
    """Return which conversations belong to a case, or which parts of them."""
    return tuple(
        ConversationRange(
            conversation_id=link.conversation_id,
            first_message_id=link.first_message_id,
            last_message_id=link.last_message_id,
        )
        for link in CaseConversation.objects.filter(case_id=case_id, unlinked_at__isnull=True).order_by("pk")
    )


def cases_of_conversation(conversation_id: int) -> list[tuple[int, str]]:
    """Return (case, category) of every case a conversation belongs to, the newest link first."""
    return list(
        CaseConversation.objects.filter(conversation_id=conversation_id, unlinked_at__isnull=True)
        .order_by("-pk")
        .values_list("case_id", "case__category")
    )


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


def opened_since(*, customer_id: int, since: datetime) -> int:
    """Count the cases that a customer opened since a moment."""
    return Case.objects.filter(requester_id=customer_id, opened_at__gte=since).count()


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


def drafts_of(*, case_id: int | None, user_id: int) -> list[DraftRow]:
    """Return what a person has written so far on a case, or in a new mail for None, one of each kind at most."""
    found = Draft.objects.filter(case=case_id, user_id=user_id).order_by("pk")
    return [DraftRow(kind=d.kind, html=d.html, fields=d.fields, saved_at=d.saved_at) for d in found]
