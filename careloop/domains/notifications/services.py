"""Acts on notices. They repeat what the log already says, so they record no events of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection

from careloop.domains.notifications.models import Notification, Pending
from careloop.domains.notifications.types import Notice, Waiting
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.scope import current_workspace
from careloop.kernel.timers import set_timer

__all__ = [
    "MAIL_NOTICES",
    "add_pending",
    "mark_all_read",
    "mark_call_read",
    "mark_case_read",
    "mark_flag_read",
    "mark_hand_read",
    "mark_task_read",
    "notify",
    "set_pending",
    "take_unmailed",
]

MAIL_NOTICES = "notifications.mail"
"""The timer that mails a person what they have not read by then. Its subject is the user."""
MAIL_AFTER = timedelta(minutes=2)


@act
def notify(notices: Sequence[Notice]) -> None:
    """Let people hear of something, each once per event, and by mail if they have not read it two minutes later.

    notices: the oldest first; asked twice for one person and event, it tells once.
    """
    if not notices:
        return
    Notification.objects.bulk_create([Notification(**asdict(notice)) for notice in notices], ignore_conflicts=True)
    newest = {notice.user_id: notice.at for notice in notices}
    with connection.cursor() as cursor:
        for user_id, at in sorted(newest.items()):
            set_timer(kind=MAIL_NOTICES, subject_id=user_id, due_at=at + MAIL_AFTER)
            cursor.execute("SELECT pg_notify('careloop_notice', %s)", [f"{current_workspace()}:{user_id}"])


@act
def mark_all_read(*, actor: Actor, at: datetime) -> None:
    """Let a person have read everything."""
    Notification.objects.filter(user_id=actor.user_id or 0, read_at__isnull=True).update(read_at=at)


@act
def mark_case_read(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Let a person have read everything about a case, because they opened it, or the chat that it is about."""
    unread = Notification.objects.filter(user_id=actor.user_id or 0, case_id=case_id, read_at__isnull=True)
    if unread.update(read_at=at):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('careloop_notice', %s)", [f"{current_workspace()}:{actor.user_id}"])


@act
def mark_task_read(*, task_id: int, actor: Actor, at: datetime) -> None:
    """Let a person have read everything about a task, because they opened it."""
    Notification.objects.filter(user_id=actor.user_id or 0, task_id=task_id, read_at__isnull=True).update(read_at=at)


@act
def mark_flag_read(*, flag_id: int, actor: Actor, at: datetime) -> None:
    """Let a person have read everything about a flag, because they opened it."""
    Notification.objects.filter(user_id=actor.user_id or 0, flag_id=flag_id, read_at__isnull=True).update(read_at=at)


@act
def mark_call_read(*, call_id: int, actor: Actor, at: datetime) -> None:
    """Let a person have read everything about a call, because they opened it."""
    Notification.objects.filter(user_id=actor.user_id or 0, call_id=call_id, read_at__isnull=True).update(read_at=at)


@act
def mark_hand_read(*, hand_id: int, at: datetime) -> None:
    """Let everybody have read that somebody asked for help, because somebody goes there, or it is over."""
    unread = Notification.objects.filter(hand_id=hand_id, read_at__isnull=True)
    people = sorted(unread.values_list("user_id", flat=True))
    unread.update(read_at=at)
    with connection.cursor() as cursor:
        for user_id in people:
            cursor.execute("SELECT pg_notify('careloop_notice', %s)", [f"{current_workspace()}:{user_id}"])


@act
def take_unmailed(*, user_id: int, at: datetime) -> list[int]:
    """Claim a person's notices that are neither read nor mailed, and return their ids; each is handed out once."""
    waiting = list(
        Notification.objects.select_for_update()
        .filter(user_id=user_id, read_at__isnull=True, mailed_at__isnull=True)
        .order_by("pk")
    )
    Notification.objects.filter(pk__in=[n.pk for n in waiting]).update(mailed_at=at)
    return [n.pk for n in waiting]


@act
def add_pending(kind: Waiting, changes: Mapping[tuple[int | None, int | None], int]) -> None:
    """Let more or less of a kind wait for some people and teams. For readers of the log, in the transaction of their place.

    changes: by (user, team), one of which is None.
    """
    values = [
        [current_workspace(), kind.value, user_id, team_id, change]
        for (user_id, team_id), change in sorted(changes.items(), key=str)
        if change
    ]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO notifications_pending (workspace_id, kind, user_id, team_id, count) "
                "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (workspace_id, kind, user_id, team_id) "
                "DO UPDATE SET count = notifications_pending.count + excluded.count",
                values,
            )


@act
def set_pending(kind: Waiting, counts: Mapping[int, int]) -> None:
    """Say how much of a kind waits for people, by their primary keys, and nothing for everybody else. As `add_pending`."""
    Pending.objects.filter(kind=kind).delete()
    Pending.objects.bulk_create([Pending(kind=kind, user_id=key, count=count) for key, count in sorted(counts.items())])
