"""Drafts: what one is writing in a case, and one's new mail; the same that the pages go on with."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Status

from careloop.domains.cases.errors import MayNotWorkOnCases
from careloop.domains.cases.rules import may_work
from careloop.domains.files.errors import FileNotFound
from careloop.domains.people.types import Scope
from careloop.faces.api.problems import DraftEmpty, DraftNotFound
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import case_id_of, detail_of
from careloop.faces.api.shapes.cases import WordsGiven
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.drafts import (
    CaseDraftGiven,
    CaseDraftShown,
    MailDraftGiven,
    MailDraftShown,
    RecipientsAsked,
    RecipientsShown,
)
from careloop.faces.api.shapes.settings import PhraseList, SavedReplyAsked
from careloop.faces.api.visits import visit_of
from careloop.faces.api.words import words_of
from careloop.processes import answering

__all__ = ["room"]

room = Room()


@room.opens("GET", "/cases/{number}/draft", Scope.CASES_WRITE, CaseDraftShown)
def get_draft(request: HttpRequest, number: PathId) -> Any:
    """Get what one has written so far in a case."""
    return _case_draft(request, case_id_of(request, number))


@room.opens("PUT", "/cases/{number}/draft", Scope.CASES_WRITE, CaseDraftShown)
def save_draft(request: HttpRequest, number: PathId, given: CaseDraftGiven) -> Any:
    """Keep what one is writing in a case, in place of what was kept before."""
    case_id = case_id_of(request, number)
    typed = {
        "to": given.to,
        "cc": given.cc,
        "bcc": given.bcc,
        "forward_to": given.forward_to,
        "forwarded_id": given.forwarded_message_id,
        "conversation_id": given.conversation_id,
    }
    chosen = {"reply_ids": given.saved_reply_ids, "shared_file_ids": given.shared_file_ids}
    _keep(request, case_id, given.kind, given, typed, chosen, status_id=given.status_id)
    return _case_draft(request, case_id)


@room.opens("DELETE", "/cases/{number}/draft", Scope.CASES_WRITE, None, status=204)
def discard_draft(request: HttpRequest, number: PathId) -> Any:
    """Throw away what one has written in a case, with the files that were uploaded for it."""
    _discard(request, case_id_of(request, number), kind="reply")
    return Status(204, None)


@room.opens("GET", "/outbound-draft", Scope.CASES_WRITE, MailDraftShown)
def get_mail_draft(request: HttpRequest) -> Any:
    """Get the first mail to a customer that one has begun."""
    return _mail_draft(request)


@room.opens("PUT", "/outbound-draft", Scope.CASES_WRITE, MailDraftShown)
def save_mail_draft(request: HttpRequest, given: MailDraftGiven) -> Any:
    """Keep a first mail to a customer as far as it is written, in place of what was kept before."""
    typed = {
        "mailbox": given.mailbox_id,
        "team": given.team_id,
        "to": given.to,
        "name": given.name,
        "cc": given.cc,
        "bcc": given.bcc,
        "subject_line": given.subject,
    }
    _keep(request, None, "mail", given, typed, {"reply_ids": given.saved_reply_ids})
    return _mail_draft(request)


@room.opens("DELETE", "/outbound-draft", Scope.CASES_WRITE, None, status=204)
def discard_mail_draft(request: HttpRequest) -> Any:
    """Throw away the first mail that one has begun."""
    _discard(request, None, kind="mail")
    return Status(204, None)


@room.opens("GET", "/cases/{number}/recipients", Scope.CASES_WRITE, RecipientsShown)
def suggest_recipients(request: HttpRequest, number: PathId, asked: Query[RecipientsAsked]) -> Any:
    """Say to whom an answer goes when its writer names nobody."""
    detail = detail_of(request, number)
    if not may_work(visit_of(request).actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not change them."))
    return answering.usual_recipients(detail=detail, conversation_id=asked.conversation_id)


@room.opens("GET", "/cases/{number}/saved-replies", Scope.CASES_READ, PhraseList)
def list_phrases(request: HttpRequest, number: PathId, asked: Query[SavedReplyAsked]) -> Any:
    """List saved replies with their variables filled in for a case, the most used first."""
    found = answering.phrases(
        case_id=case_id_of(request, number), text=asked.query, viewer=visit_of(request).actor, limit=asked.limit
    )
    return {"items": found}


def _keep(
    request: HttpRequest,
    case_id: int | None,
    kind: str,
    given: WordsGiven,
    typed: dict[str, Any],
    chosen: dict[str, list[int]],
    status_id: int | None = None,
) -> None:
    visit = visit_of(request)
    answering.keep_draft(
        case_id=case_id,
        kind=kind,
        html=words_of(given).html,
        fields={name: str(value) for name, value in typed.items() if value is not None},
        file_ids=given.file_ids,
        chosen=chosen,
        status_id=status_id,
        actor=visit.actor,
        at=visit.at,
    )
    kept = answering.open_draft(case_id=case_id, viewer=visit.actor)
    if kept is None:
        raise DraftEmpty(_("There is nothing to keep yet. Write something, or delete the draft."))
    if set(given.file_ids) - {file.id for file in kept.files}:
        raise FileNotFound(_("There is no such file."))


def _discard(request: HttpRequest, case_id: int | None, *, kind: str) -> None:
    visit = visit_of(request)
    answering.keep_draft(
        case_id=case_id, kind=kind, html="", fields={}, file_ids=[], chosen={}, actor=visit.actor, at=visit.at
    )


def _open(request: HttpRequest, case_id: int | None) -> answering.OpenDraft:
    found = answering.open_draft(case_id=case_id, viewer=visit_of(request).actor)
    if found is None:
        raise DraftNotFound(_("You have not begun to write anything here."))
    return found


def _case_draft(request: HttpRequest, case_id: int) -> dict[str, Any]:
    draft = _open(request, case_id)
    return {
        **_shown(draft),
        "kind": draft.kind,
        "conversation_id": _number(draft, "conversation_id"),
        "status_id": draft.status_id,
        "forward_to": draft.fields.get("forward_to", ""),
        "forwarded_message_id": _number(draft, "forwarded_id"),
        "shared_file_ids": draft.chosen.get("shared_file_ids", []),
    }


def _mail_draft(request: HttpRequest) -> dict[str, Any]:
    draft = _open(request, None)
    return {
        **_shown(draft),
        "mailbox_id": _number(draft, "mailbox"),
        "team_id": _number(draft, "team"),
        "name": draft.fields.get("name", ""),
        "subject": draft.fields.get("subject_line", ""),
    }


def _shown(draft: answering.OpenDraft) -> dict[str, Any]:
    return {
        "html": draft.html,
        **{name: draft.fields.get(name) for name in ("to", "cc", "bcc")},
        "files": draft.files,
        "saved_reply_ids": draft.chosen.get("reply_ids", []),
        "saved_at": draft.saved_at,
    }


def _number(draft: answering.OpenDraft, name: str) -> int | None:
    text = draft.fields.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
