"""Questions about chats and widgets; answers are frozen rows, and visibility is an argument."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from careloop.domains.chats import rules, waits
from careloop.domains.chats.errors import ChatNotFound, MayNotKeepWidgets, WidgetNotFound
from careloop.domains.chats.models import Chat, Helper, Said, Widget
from careloop.domains.chats.states import Invited, State
from careloop.domains.chats.types import ChatRow, InvitationRule, LastSaid, Place, WidgetRow, WidgetSettings
from careloop.domains.conversations.types import Author
from careloop.domains.queues.queries import chat_queue_of, last_waits, takes, waiting_of_subject
from careloop.domains.queues.queries import place_of as queue_place_of
from careloop.domains.queues.states import Kind
from careloop.kernel.actors import Actor
from careloop.kernel.paging import Order, Page, paged
from careloop.kernel.secrets import open_secret
from careloop.kernel.statements import Asked, Statement, ask

__all__ = [
    "chat_of_conversation",
    "chat_of_secret",
    "chat_queue",
    "chat_row",
    "chat_rows",
    "chat_seen_by",
    "chats_of",
    "chats_of_cases",
    "chats_of_conversations",
    "chats_of_customers",
    "chats_of_secrets",
    "ended_chats",
    "going_on",
    "is_full",
    "last_said",
    "live_chat_of_case",
    "live_chats_of_cases",
    "marked_messages",
    "open_chat_of_customer",
    "place_of",
    "unread_counts",
    "waiting_chats",
    "waiting_count",
    "waiting_ids",
    "waiting_in_cases",
    "widget_in_use",
    "widget_secret",
    "widget_settings",
    "widgets",
]


def widgets() -> list[WidgetRow]:
    """Return the widgets of the workspace by name."""
    return [_widget_row(widget) for widget in Widget.objects.order_by("name", "pk")]


def is_full(widget: WidgetRow) -> bool:
    """Say whether as many visitors wait in a widget as may. For the house."""
    most = widget.settings.most_waiting
    return most > 0 and Chat.objects.filter(widget_id=widget.id, state=State.WAITING)[:most].count() >= most


def widget_in_use(key: str) -> WidgetRow:
    """Return a widget that is in use by its key. Raises WidgetNotFound."""
    for values in IN_USE.by_name(key=key):
        return _widget_row(Widget(**values))
    raise WidgetNotFound(_("This chat is not in use any more."))


IN_USE: Final = Statement(lambda: Widget.objects.filter(key=Asked("key"), is_active=True).values())


def widget_settings(widget_id: int) -> WidgetSettings:
    """Return what is set for a widget, also one that is switched off. For the house. Raises WidgetNotFound."""
    for widget in Widget.objects.filter(pk=widget_id):
        return _widget_row(widget).settings
    raise WidgetNotFound(_("There is no such widget."))


def widget_secret(*, widget_id: int, viewer: Actor) -> str:
    """Return the secret that sites sign with, in the clear. Raises MayNotKeepWidgets, WidgetNotFound."""
    if not rules.may_keep_widgets(viewer):
        raise MayNotKeepWidgets(_("Owners and managers put the chat on sites. Ask one of them."))
    for sealed in Widget.objects.filter(pk=widget_id).values_list("secret", flat=True):
        return open_secret(bytes(sealed))
    raise WidgetNotFound(_("There is no such widget."))


def chat_of_secret(secret_hash: str) -> ChatRow:
    """Return the chat that a browser's secret opens. Raises ChatNotFound."""
    for row in chats_of_secrets([secret_hash]).values():
        return row
    raise ChatNotFound(_("This chat is not here any more. Begin a new one."))


def chats_of_secrets(secret_hashes: Collection[str]) -> dict[str, ChatRow]:
    """Return the chats that browsers' secrets open, by secret; what opens none is left out."""
    opened = dict(
        ask("SELECT secret_hash, chat_id FROM chats_session WHERE secret_hash = ANY(%s)", [list(secret_hashes)])
    )
    rows = chat_rows(set(opened.values()))
    return {secret_hash: rows[chat_id] for secret_hash, chat_id in opened.items() if chat_id in rows}


def open_chat_of_customer(*, widget_id: int, customer_id: int) -> ChatRow | None:
    """Return the newest chat of a customer on a widget that is not over and whose visitor the site itself has named."""
    found = Chat.objects.filter(customer_id=customer_id, widget_id=widget_id, is_proved=True)
    return next(iter(_rows(found.exclude(state=State.ENDED).order_by("-pk")[:1])), None)


def chat_of_conversation(conversation_id: int) -> ChatRow | None:
    """Return the chat that a conversation is, or None. For the house."""
    return next(iter(_rows(Chat.objects.filter(conversation_id=conversation_id))), None)


def chats_of_conversations(conversation_ids: Collection[int]) -> dict[int, int]:
    """Return the chat that each of some conversations is, by conversation; others are left out. For the house."""
    found = Chat.objects.filter(conversation_id__in=conversation_ids) if conversation_ids else Chat.objects.none()
    return dict(found.values_list("conversation_id", "pk"))


def chats_of_cases(case_ids: Collection[int]) -> dict[int, int]:
    """Return the case of each chat there ever was about some cases, by chat. For the house."""
    found = Chat.objects.filter(case_id__in=case_ids) if case_ids else Chat.objects.none()
    return dict(found.values_list("pk", "case_id"))


def waiting_in_cases(case_ids: Collection[int]) -> list[int]:
    """Return the primary keys of the chats about some cases that wait, ascending. For the house."""
    found = Chat.objects.filter(case_id__in=case_ids, state=State.WAITING) if case_ids else Chat.objects.none()
    return list(found.order_by("pk").values_list("pk", flat=True))


def live_chat_of_case(case_id: int) -> ChatRow | None:
    """Return the chat of a case that is not over, or None. For the house."""
    return next(iter(_rows(Chat.objects.filter(case_id=case_id).exclude(state=State.ENDED).order_by("-pk")[:1])), None)


def live_chats_of_cases(case_ids: Collection[int]) -> dict[int, ChatRow]:
    """Return the chats of some cases that are not over, by case. For the house."""
    if not case_ids:
        return {}
    found = Chat.objects.filter(case_id__in=case_ids).exclude(state=State.ENDED).order_by("pk")
    return {row.case_id: row for row in _rows(found)}


def chat_queue(row: ChatRow) -> int | None:
    """Return the queue in use in which a chat is to wait; None where it is taken by hand. For the house.

    That of its widget; of a team to which it was handed on, that from which the team takes chats.
    """
    widget = Widget.objects.get(pk=row.widget_id)
    if row.team_id is not None and row.team_id != widget.team_id:
        return chat_queue_of(row.team_id)
    return widget.queue_id if widget.queue_id is not None and takes(widget.queue_id, Kind.CHAT) else None


def waiting_ids(*, after: int = 0, limit: int = 500) -> list[int]:
    """Return the primary keys of the chats that wait, ascending from behind one. For the house."""
    found = Chat.objects.filter(state=State.WAITING, pk__gt=after).order_by("pk")
    return list(found.values_list("pk", flat=True)[:limit])


def chat_row(chat_id: int) -> ChatRow:
    """Return a chat. For the house. Raises ChatNotFound."""
    for row in chat_rows([chat_id]).values():
        return row
    raise ChatNotFound(_("There is no such chat."))


def chat_seen_by(viewer: Actor, *, chat_id: int) -> ChatRow:
    """Return a chat as one of ours may read it. Raises ChatNotFound."""
    if not rules.may_see(viewer):
        raise ChatNotFound(_("There is no such chat."))
    return chat_row(chat_id)


def chats_of_customers(customer_ids: Collection[int], *, since: datetime, limit: int = 20_000) -> list[ChatRow]:
    """Return the chats of some customers that began since a moment, the newest first. For the house."""
    found = Chat.objects.filter(customer_id__in=set(customer_ids), started_at__gte=since)
    return _rows(found.order_by("-pk")[:limit])


def chat_rows(chat_ids: Collection[int]) -> dict[int, ChatRow]:
    """Return some chats by id. For the house."""
    found = ROWS.by_name(chat_ids=list(chat_ids)) if chat_ids else ()
    return {row.id: row for row in map(_row, found)}


def marked_messages(after: Mapping[int, int], *, limit: int = 1000) -> dict[int, list[int]]:
    """Return by chat the messages that were said in it behind one that is known, in their order, in one query.

    after: the last known message by chat, 0 for all. limit: of all together; whoever gets so many asks again.

    Within a chat the order of the ids is the order of the commits: the ids are drawn under the chat's lock.
    """
    found: dict[int, list[int]] = {chat_id: [] for chat_id in after}
    if after:
        said = ask(
            "SELECT s.chat_id, s.message_id FROM chats_said s "
            "JOIN unnest(%s::bigint[], %s::bigint[]) AS known (chat_id, message_id) "
            "ON s.chat_id = known.chat_id AND s.message_id > known.message_id ORDER BY s.message_id LIMIT %s",
            [list(after.keys()), list(after.values()), limit],
        )
        for chat_id, message_id in said:
            found[chat_id].append(message_id)
    return found


def last_said(chat_ids: Collection[int]) -> dict[int, LastSaid]:
    """Return the newest word of some chats, by chat, in one query; chats without a word are left out."""
    if not chat_ids:
        return {}
    said = Said.objects.filter(chat_id__in=chat_ids).order_by("chat_id", "-message_id").distinct("chat_id")
    found = said.values_list("chat_id", "message__at", "message__author", Left("message__text", 200))
    return {
        chat_id: LastSaid(at=at, is_ours=author != Author.CUSTOMER, text=text.strip())
        for chat_id, at, author, text in found
    }


def unread_counts(rows: Sequence[ChatRow]) -> dict[int, int]:
    """Return how many words of each chat its agent has not read, up to 1000 together."""
    unread = marked_messages({row.id: row.agent_read_id for row in rows})
    return {chat_id: len(ids) for chat_id, ids in unread.items()}


def going_on(viewer: Actor, *, limit: int = 200) -> list[ChatRow]:
    """Return the chats that somebody has, the oldest first."""
    if not rules.may_see(viewer):
        return []
    return _rows(Chat.objects.filter(state=State.ACTIVE).order_by("picked_at", "pk")[:limit])


def waiting_chats(*, viewer: Actor, limit: int = 100) -> list[ChatRow]:
    """Return the chats that wait, those of the viewer's teams and of nobody's first, the longest waiting first."""
    if not rules.may_see(viewer):
        return []
    rows = _rows(Chat.objects.filter(state=State.WAITING).order_by("queued_at", "pk")[:limit])
    return sorted(rows, key=lambda row: row.team_id is not None and row.team_id not in viewer.team_ids)


def waiting_count() -> int:
    """Count the chats that wait, up to 100."""
    return Chat.objects.filter(state=State.WAITING)[:100].count()


def chats_of(viewer: Actor, *, limit: int = 50) -> list[ChatRow]:
    """Return the chats that the viewer has, or was called into, the oldest first."""
    called = Helper.objects.filter(user_id=viewer.id).values_list("chat_id", flat=True)
    mine = Chat.objects.filter(Q(agent_id=viewer.id) | Q(pk__in=list(called)), state=State.ACTIVE)
    return _rows(mine.order_by("picked_at", "pk")[:limit]) if viewer.user_id and rules.may_see(viewer) else []


def ended_chats(*, viewer: Actor, cursor: str | None = None, limit: int = 50) -> Page[ChatRow]:
    """Return one page of the chats that are over, the newest first. Raises BadCursor."""
    found = Chat.objects.filter(state=State.ENDED) if rules.may_see(viewer) else Chat.objects.none()
    page = paged(found, order=[Order(column="id")], cursor=cursor, limit=limit)
    by_id = {row.id: row for row in _rows(Chat.objects.filter(pk__in=[chat.pk for chat in page.items]))}
    return Page(items=[by_id[chat.pk] for chat in page.items], next_cursor=page.next_cursor)


def place_of(row: ChatRow, *, at: datetime) -> Place:
    """Return where a waiting chat stands, in its queue or among those that are taken by hand, and what its visitor may expect."""
    in_line = queue_place_of(kind=Kind.CHAT, subject_id=row.id)
    waited_for = waiting_of_subject(kind=Kind.CHAT, subject_id=row.id) if in_line is not None else None
    if in_line is not None and waited_for is not None:
        lately = last_waits(queue_id=waited_for.queue_id, kind=Kind.CHAT, at=at, limit=waits.LAST)
        since = (at - waited_for.entered_at).total_seconds()
        return Place(ahead=in_line, wait=waits.still_to_wait(lately, waited=since))
    queue = Chat.objects.filter(Q(team_id=row.team_id) if row.team_id else Q(team_id__isnull=True))
    ahead = queue.filter(state=State.WAITING).filter(
        Q(queued_at__lt=row.queued_at) | Q(queued_at=row.queued_at, pk__lt=row.id)
    )
    last = queue.filter(picked_at__isnull=False, picked_at__lte=at).order_by("-picked_at")[: waits.LAST]
    waited = [
        (picked - started).total_seconds() for picked, started in last.values_list("picked_at", "started_at") if picked
    ]
    return Place(
        ahead=ahead.count(),
        wait=waits.still_to_wait(waited, waited=(at - row.started_at).total_seconds()),
    )


def _rows(found: QuerySet[Chat]) -> list[ChatRow]:
    return [_row(values) for values in _shown(found)]


def _shown(found: QuerySet[Chat]) -> QuerySet[Chat, Any]:
    return found.values(
        "id",
        "widget_id",
        "conversation_id",
        "case_id",
        "customer_id",
        "state",
        "team_id",
        "agent_id",
        "language",
        "page",
        "is_proved",
        "started_at",
        "queued_at",
        "picked_at",
        "ended_at",
        "ended_by",
        "visitor_read_id",
        "agent_read_id",
        "mailed_id",
        "wants_transcript",
        case_number=F("case__number"),
        subject=F("conversation__subject"),
        customer_name=F("customer__name"),
        team_name=F("team__name"),
        agent_name=F("agent__name"),
        helpers=ArraySubquery(Helper.objects.filter(chat_id=OuterRef("pk")).order_by("pk").values("user_id")),
    )


def _row(values: dict[str, Any]) -> ChatRow:
    return ChatRow(
        customer=values.pop("customer_name"),
        team=values.pop("team_name") or "",
        agent=values.pop("agent_name") or "",
        helper_ids=tuple(values.pop("helpers")),
        **values,
    )


ROWS: Final = Statement(lambda: _shown(Chat.objects.filter(pk__among=Asked("chat_ids"))))


def _widget_row(widget: Widget) -> WidgetRow:
    said = {name: getattr(widget, name) for name in WidgetSettings.__slots__}
    rules_kept = [
        {**rule, "languages": tuple(rule["languages"]), "to": Invited(rule["to"])} for rule in widget.invitations
    ]
    said["invitations"] = tuple(InvitationRule(**rule) for rule in rules_kept)
    return WidgetRow(
        id=widget.pk,
        key=widget.key,
        settings=WidgetSettings(**{**said, "allowed_origins": tuple(widget.allowed_origins)}),
    )
