"""Everything that stands on the page of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases.states import DONE, MOVES, Category
from careloop.domains.cases.types import CaseDetail, Priority
from careloop.domains.conversations.errors import MessageNotFound
from careloop.domains.conversations.types import Channel
from careloop.domains.customers.queries import card, rows_of
from careloop.domains.files.queries import files_by_id
from careloop.domains.files.types import FileRow
from careloop.domains.people.queries import names_of, people_choices, team_choices
from careloop.faces.web.actors import actor_of, person_asking, workspace_of
from careloop.faces.web.casepage.callbacks import AttemptForm, CallbackForm, CancellationForm, MoveForm, usual_time
from careloop.faces.web.casepage.case_tasks import TaskForm, case_tasks_shown
from careloop.faces.web.casepage.letters import html_words
from careloop.faces.web.casepage.procedures import procedures_shown
from careloop.faces.web.casepage.promises import Promises, promises_shown
from careloop.faces.web.casepage.queueing import in_queue
from careloop.faces.web.casepage.shown import Look, shown
from careloop.kernel import clock
from careloop.kernel.actors import Actor, ActorKind, Role
from careloop.kernel.errors import Refusal
from careloop.processes.answering import open_draft, usual_recipients
from careloop.processes.timeline import Story, newest, visible_message

__all__ = ["Composing", "look_of", "page_context", "side_context"]

LEVELS = {Priority.LOW: "low", Priority.NORMAL: "normal", Priority.HIGH: "high", Priority.URGENT: "urgent"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Composing:
    """What stands in the composer to go on with: a draft, or what was refused, so that nothing typed is lost.

    fields: as they were typed. files: to be sent with it. chosen: numbers by what they choose. status: the number of what the
    case is to become; empty for the usual. unfilled: places that the writer has neither filled nor said to leave.
    """

    kind: str
    html: str
    fields: Mapping[str, str]
    files: Sequence[FileRow]
    chosen: Mapping[str, Sequence[int]]
    status: str = ""
    unfilled: Sequence[str] = ()


def look_of(request: HttpRequest, *, now: datetime, images_of: int | None = None) -> Look:
    """Return who looks at a story, and how."""
    workspace = workspace_of(request)
    return Look(
        viewer=actor_of(request),
        key=workspace.key,
        now=now,
        undo_seconds=workspace.settings.undo_send_seconds,
        images_of=images_of,
    )


def page_context(
    request: HttpRequest,
    detail: CaseDetail,
    *,
    composing: Composing | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Return the context of the whole page.

    detail: the case as the viewer got it. composing, refusal: what was typed and why it was not taken, after a refusal.
    """
    viewer, now = actor_of(request), clock.now()
    story = newest(detail=detail, viewer=viewer)
    look = look_of(request, now=now, images_of=_number(request.GET.get("images")))
    moments = shown(story, look, case_id=detail.row.id)
    side = side_context(request, detail)
    empty = TaskForm(people=side["colleagues"], teams=side["teams"]) if side["may_work"] else None
    return {
        **side,
        "story": story,
        "moments": moments,
        "leaving": [m for m in moments if m.seconds_left],
        "refusal": refusal,
        "procedures": procedures_shown(detail.row, viewer=viewer, now=now),
        "tasks": case_tasks_shown(detail.row, viewer=viewer, now=now, empty=empty),
        "composer": _composer(request, detail, story, composing) if cases_rules.may_note(viewer) else None,
    }


def side_context(request: HttpRequest, detail: CaseDetail) -> dict[str, Any]:
    """Return the context of what stands beside and above the story."""
    viewer = actor_of(request)
    row, may_work = detail.row, cases_rules.may_work(viewer)
    people = rows_of(detail.participant_ids) if detail.participant_ids else {}
    now = clock.now()
    promises = promises_shown(row, viewer=viewer, now=now)
    customer = card(customer_id=row.requester_id, viewer=viewer, in_case=True)
    return {
        "detail": detail,
        "case": row,
        "level": LEVELS[Priority(row.priority)],
        "level_words": Priority(row.priority).label,
        "promises": promises,
        "in_queue": in_queue(row.id, viewer=viewer, clock_id=promises.owed.id if promises.owed is not None else None),
        "customer": customer,
        "customer_language": _language_name(customer.language),
        "others": cases_queries.other_cases(customer_id=row.requester_id, case_id=row.id, viewer=viewer),
        "participants": [people[i] for i in detail.participant_ids if i in people],
        "followers": sorted(names_of(detail.follower_ids).items(), key=lambda follower: follower[1]),
        "reads_notes": cases_rules.may_read_notes(viewer),
        "may_work": may_work,
        "may_follow": viewer.user_id is not None and cases_rules.may_read_notes(viewer),
        "is_following": viewer.user_id in detail.follower_ids,
        "is_mine": viewer.user_id is not None and row.assignee_id == viewer.user_id,
        "is_done": Category(row.category) in DONE,
        **(_choices(detail, viewer) if may_work else {}),
        **(_callback_forms(promises, now) if may_work else {}),
    }


def _callback_forms(promises: Promises, now: datetime) -> dict[str, Any]:
    """Return what can be typed about a callback: another time and why while one is owed, and else the word itself."""
    owed = promises.owed
    if owed is None:
        return {"callback_form": CallbackForm(due_at=usual_time(now))}
    return {
        "attempt_form": AttemptForm(),
        "move_form": MoveForm(due_at=owed.due_at),
        "cancellation_form": CancellationForm(),
    }


def _language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def _choices(detail: CaseDetail, viewer: Actor) -> dict[str, Any]:
    category = Category(detail.row.category)
    open_to = [
        status
        for status in cases_queries.statuses()
        if status.id == detail.status_id or Category(status.category) in MOVES[category]
    ]
    people = people_choices(viewer)
    assignable = [(i, name) for i, name, role in people if cases_rules.may_be_given(Role(role))]
    if detail.row.assignee_id is not None and detail.row.assignee_id not in {i for i, _name in assignable}:
        assignable.append((detail.row.assignee_id, detail.row.assignee))
    return {
        "statuses": [(s.id, s.name) for s in open_to],
        "solved_status": next((s for s in open_to if s.category == Category.SOLVED and s.id != detail.status_id), None),
        "usual_status": next(
            (s.name for s in open_to if s.category == Category.WAITING and s.is_default), _("As usual")
        ),
        "send_statuses": [
            (s.id, s.name)
            for s in open_to
            if s.category != Category.NEW and not (s.category == Category.WAITING and s.is_default)
        ],
        "colleagues": people,
        "people": assignable,
        "not_following": [
            (i, name)
            for i, name, role in people
            if i not in detail.follower_ids
            and cases_rules.may_read_notes(Actor(kind=ActorKind.USER, id=i, role=Role(role)))
        ],
        "teams": team_choices(viewer),
        "types": [(t.id, t.name) for t in cases_queries.case_types()],
        "reasons": [(r.id, " › ".join(r.path)) for r in cases_queries.reasons()],
        "priorities": [(p.value, p.label) for p in Priority],
    }


def _composer(request: HttpRequest, detail: CaseDetail, story: Story, refused: Composing | None) -> dict[str, Any]:
    viewer, key, number = actor_of(request), workspace_of(request).key, detail.row.number
    person = person_asking(request)
    may_work = cases_rules.may_work(viewer)
    asked = request.GET if may_work and refused is None else QueryDict()
    begun = refused or _begun(detail.row.id, viewer, forwarded=asked.get("forward", ""))
    fields = begun.fields
    if asked.get("conversation") and asked["conversation"] != fields.get("conversation_id"):
        # The text goes on, but to whom it was to go belongs to the other conversation.
        fields = {"conversation_id": asked["conversation"]}
    elif fields.get("conversation_id") and not _holds(detail, fields["conversation_id"]):
        fields = {}
    conversation = fields.get("conversation_id", "")
    usual = usual_recipients(detail=detail, conversation_id=_number(conversation)) if may_work else None
    usually = {"to": ", ".join(usual.to) if usual else "", "cc": ", ".join(usual.cc) if usual else "", "bcc": ""}
    offered = _offered(_number(fields.get("forwarded_id")), viewer) if may_work else []
    return {
        "kind": begun.kind if may_work else "note",
        "html": begun.html,
        "files": begun.files,
        "may_work": may_work,
        "may_answer": may_work and usual is not None and usual.conversation_id is not None,
        "usual": usually,
        "texts_to": usual.to[0] if usual is not None and usual.channel == Channel.SMS else "",
        "most_characters": usual.capabilities.most_characters if usual is not None else None,
        "stopped_at": usual.stopped_at if usual is not None else None,
        **{name: fields.get(name, address) for name, address in usually.items()},
        "forward_to": fields.get("forward_to", ""),
        "conversation_id": conversation,
        "signature": person.signature if person is not None and may_work else "",
        "forwarded_id": fields.get("forwarded_id", ""),
        "forwarded_files": [(file, file.id in begun.chosen.get("shared_file_ids", [file.id])) for file in offered],
        "reply_ids": begun.chosen.get("reply_ids", ()),
        "status": begun.status,
        "unfilled": begun.unfilled,
        "action": reverse("case_words", args=[key, number]),
        "draft_url": reverse("case_draft", args=[key, number]),
        "replies_url": reverse("case_phrases", args=[key, number]) if may_work else "",
        "people_url": reverse("case_people", args=[key, number]),
        "upload_url": reverse("file_upload", args=[key]),
        "seen_message_id": story.newest_message_id or "",
    }


def _holds(detail: CaseDetail, conversation: str) -> bool:
    return any(str(c.conversation_id) == conversation for c in detail.conversations)


def _begun(case_id: int, viewer: Actor, *, forwarded: str) -> Composing:
    """Return what the composer begins with: a message that is to be forwarded, the viewer's draft, or nothing."""
    draft = open_draft(case_id=case_id, viewer=viewer)
    if draft is not None and forwarded in {"", draft.fields.get("forwarded_id")}:
        kind = "answer" if draft.kind == "reply" else draft.kind
        return Composing(
            kind=kind,
            html=draft.html,
            fields=draft.fields,
            files=draft.files,
            chosen=draft.chosen,
            status=str(draft.status_id or ""),
        )
    message_id = _number(forwarded)
    if message_id is None:
        return Composing(kind="answer", html="", fields={}, files=(), chosen={})
    row, _case_id = visible_message(message_id=message_id, viewer=viewer)
    words = (
        html_words(row.html, inline={}, shows_images=False)
        if row.html
        else "".join(f"<p>{escape(line)}</p>" for line in row.text.splitlines())
    )
    html = f"<p></p><blockquote>{words}</blockquote>"
    return Composing(kind="forward", html=html, fields={"forwarded_id": forwarded}, files=(), chosen={})


def _offered(message_id: int | None, viewer: Actor) -> list[FileRow]:
    """Return the files of the message that is forwarded; none when it is gone meanwhile."""
    if message_id is None:
        return []
    try:
        row, _case_id = visible_message(message_id=message_id, viewer=viewer)
    except MessageNotFound:
        return []
    return list(files_by_id(f.file_id for f in row.files).values())


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else None
