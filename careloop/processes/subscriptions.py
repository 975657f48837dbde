"""Everything that happens next: who reacts to what, which readers follow the log, and what timers do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from careloop.domains.automation.services import RULE_DUE
from careloop.domains.calls.services import PLAY_OVER
from careloop.domains.cases.tallies import TALLIES
from careloop.domains.chats.services import ANSWER_DUE, NOBODY_CAME, VISITOR_SILENT, WORDS_UNREAD
from careloop.domains.commitments import services as commitments
from careloop.domains.commitments.services import COMMITMENT, follow_calls, follow_cases, follow_chats, follow_tasks
from careloop.domains.contacts.services import QUIET, end_quiet
from careloop.domains.conversations.events import DeliveryChanged
from careloop.domains.conversations.services import DISPATCH
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.exports import services as exports
from careloop.domains.exports.services import EXPORT_OVER
from careloop.domains.notifications.services import MAIL_NOTICES
from careloop.domains.procedures.services import ABSENCE_OVER
from careloop.domains.queues import services as queues
from careloop.domains.queues.services import EXPIRY, HOURS, OVERFLOW
from careloop.domains.reports.services import REPORT_DUE
from careloop.domains.tasks.tallies import count_tasks
from careloop.domains.wallboards.counting import COUNTS
from careloop.domains.wallboards.services import WATCH, check_thresholds
from careloop.domains.webhooks.services import WEBHOOK_DUE
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.services import WRAP_OVER
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import Recorded
from careloop.kernel.readers import Reader
from careloop.kernel.scope import current_workspace
from careloop.kernel.timers import Ring
from careloop.processes.automation import RULES, ring_wait, tell_about_rule
from careloop.processes.calling import end_play, keep_callbacks
from careloop.processes.chatting import (
    end_with_case,
    mail_unread,
    ring_answer_due,
    ring_nobody_came,
    ring_visitor_silent,
)
from careloop.processes.notifying import tell_about_case, tell_about_delivery, tell_about_flag
from careloop.processes.previewing import draw_previews
from careloop.processes.procedures import (
    begin_where_held,
    count_approvals,
    recount_approvals,
    tell_approvers,
    tell_requesters,
)
from careloop.processes.promising import count_again, escalate
from careloop.processes.reactions import Reaction, reader_of
from careloop.processes.receipts import send_receipts
from careloop.processes.reporting import REPORT_RETRY, begin, retry
from careloop.processes.routing.answering import expire
from careloop.processes.routing.callbacks import PLACE_CALLBACK, place_callback, place_callback_soon
from careloop.processes.routing.chats import PLACE_CHAT, place_chat, place_chat_soon, place_chats_of_cases_soon
from careloop.processes.routing.hours import follow_calendars
from careloop.processes.routing.house import ROUTER
from careloop.processes.routing.placing import PLACE, place_case, place_soon
from careloop.processes.routing.presence import spread
from careloop.processes.sending import dispatch
from careloop.processes.supervising import call_leads, tell_leads
from careloop.processes.tasks import tell_about_task
from careloop.processes.texting import read_waiting, take_in
from careloop.processes.webhooks import ring_webhook
from careloop.processes.workspace import quiet_time, workspace_facts

__all__ = ["READERS", "RINGS", "SUBSCRIPTIONS"]


def _put_on_wire(recorded: Sequence[Recorded]) -> None:
    jobs = [
        app.configure_task("send_message", queueing_lock=f"send {one.event.message_id}").make_new_job(
            workspace_id=one.workspace_id, message_id=one.event.message_id
        )
        for one in recorded
        if isinstance(one.event, DeliveryChanged) and one.event.now == DeliveryState.QUEUED
    ]
    if jobs:
        app.job_manager.batch_defer_jobs(jobs=jobs)


def _mail_notices(user_id: int, at: datetime) -> None:
    if not workspace_facts().may_send:
        return  # a demo's people read their notices in the app
    app.configure_task("mail_notices").defer(workspace_id=current_workspace(), user_id=user_id)


def _end_quiet(contact_id: int, at: datetime) -> None:
    end_quiet(contact_id=contact_id, quiet=quiet_time(), actor=HOUSE, at=at)


def _watch_wall(_all_of_them: int, at: datetime) -> None:
    facts = workspace_facts()
    check_thresholds(zone=ZoneInfo(facts.time_zone), day_begins_s=facts.day_begins_s, actor=HOUSE, at=at)


def _throw_away(export_id: int, at: datetime) -> None:
    exports.expire(export_id=export_id, at=at)


def _mail_unread(chat_id: int, at: datetime) -> None:
    mail_unread(chat_id=chat_id, at=at)


def _ring_clock(clock_id: int, at: datetime) -> None:
    commitments.ring(clock_id=clock_id, at=at)


def _run_out(offer_id: int, at: datetime) -> None:
    expire(offer_id=offer_id, at=at)


def _overflow(waiting_id: int, at: datetime) -> None:
    queues.overflow(waiting_id=waiting_id, actor=ROUTER, at=at)


def _turn_hours(queue_id: int, at: datetime) -> None:
    if queues.turn_hours(queue_id=queue_id, at=at):
        workforce.look_everywhere(at=at)


def _end_wrap(user_id: int, at: datetime) -> None:
    workforce.end_wrap(user_id=user_id, actor=ROUTER, at=at)


def _place(case_id: int, at: datetime) -> None:
    place_case(case_id=case_id, at=at)


def _place_chat(chat_id: int, at: datetime) -> None:
    place_chat(chat_id=chat_id, at=at)


def _place_callback(clock_id: int, at: datetime) -> None:
    place_callback(clock_id=clock_id, at=at)


def _recount_approvals(_user_id: int, at: datetime) -> None:
    recount_approvals(at=at)


SUBSCRIPTIONS: Final[Mapping[str, Sequence[Reaction]]] = {
    "abuse.noted": (tell_leads,),
    "abuse.contact_ended": (tell_leads,),
    "absence.begun": (tell_approvers, count_approvals),
    "absence.ended": (count_approvals,),
    "approval.asked": (tell_approvers, count_approvals),
    "approval.given": (tell_approvers, tell_requesters, count_approvals),
    "approval.refused": (tell_requesters, count_approvals),
    "calendar.changed": (count_again, follow_calendars),
    "calendar.day_set": (count_again, follow_calendars),
    "calendar.day_cleared": (count_again, follow_calendars),
    "call.answered": (keep_callbacks,),
    "call.ended": (keep_callbacks,),
    "call.left_queue": (follow_calls,),
    "call.queued": (follow_calls,),
    "callback.promised": (place_callback_soon,),
    "callback.moved": (place_callback_soon,),
    "callback.tried": (place_callback_soon,),
    "callback.done": (place_callback_soon,),
    "callback.cancelled": (place_callback_soon,),
    "case.opened": (send_receipts, follow_cases, place_soon, begin_where_held),
    "case.status_changed": (follow_cases, place_soon, begin_where_held),
    "case.assigned": (tell_about_case, follow_cases, place_soon, begin_where_held, tell_approvers, count_approvals),
    "case.prioritized": (follow_cases, place_soon, place_chats_of_cases_soon, begin_where_held),
    "case.typed": (follow_cases, place_soon, begin_where_held),
    "case.reasoned": (follow_cases, place_soon, begin_where_held),
    "case.tagged": (follow_cases, place_soon, begin_where_held),
    "case.marked_spam": (follow_cases, place_soon),
    "case.unmarked_spam": (follow_cases, place_soon),
    "case.followed": (tell_about_case,),
    "case.noted": (tell_about_case,),
    "case.answered": (tell_about_case, follow_cases, begin_where_held),
    "case.customer_wrote": (tell_about_case, follow_cases, place_soon, begin_where_held),
    "case.third_party_wrote": (tell_about_case, begin_where_held),
    "case.solved": (tell_about_case, follow_cases, place_soon, end_with_case),
    "case.closed": (follow_cases, place_soon, end_with_case),
    "case.reopened": (tell_about_case, follow_cases, place_soon, begin_where_held),
    "chat.started": (follow_chats, place_chat_soon),
    "chat.agent_joined": (follow_chats, place_chat_soon),
    "chat.handed_over": (follow_chats, place_chat_soon),
    "chat.ended": (follow_chats, place_chat_soon),
    "commitment.escalated": (escalate,),
    "flag.opened": (tell_about_flag,),
    "flag.reopened": (tell_about_flag,),
    "hand.raised": (call_leads,),
    "hand.taken_up": (call_leads,),
    "hand.lowered": (call_leads,),
    "person.joined": (count_approvals,),
    "person.left": (tell_approvers, count_approvals),
    "person.role_changed": (tell_approvers, count_approvals),
    "presence.changed": (spread,),
    "messenger.changed": (read_waiting,),
    "message.received": (draw_previews,),
    "message.delivery_changed": (_put_on_wire, tell_about_delivery),
    "procedure.finished": (count_approvals,),
    "procedure.skipped": (count_approvals,),
    "procedure.step_done": (count_approvals,),
    "rule.paused": (tell_about_rule,),
    "task.accepted": (count_tasks,),
    "task.asked": (tell_about_task, follow_tasks, count_tasks),
    "task.done": (tell_about_task, follow_tasks, count_tasks),
    "task.refused": (tell_about_task, follow_tasks, count_tasks),
    "task.withdrawn": (tell_about_task, follow_tasks, count_tasks),
    "team.member_added": (count_approvals,),
    "team.member_removed": (tell_approvers, count_approvals),
    "team.retired": (tell_approvers, count_approvals),
    "text.retried": (take_in,),
    "text.stored": (take_in,),
}

READERS: Final[Sequence[Reader]] = (TALLIES, COUNTS, reader_of(SUBSCRIPTIONS), RULES)

RINGS: Final[Mapping[str, Ring]] = {
    ANSWER_DUE: ring_answer_due,
    COMMITMENT: _ring_clock,
    NOBODY_CAME: ring_nobody_came,
    RULE_DUE: ring_wait,
    WEBHOOK_DUE: ring_webhook,
    DISPATCH: dispatch,
    QUIET: _end_quiet,
    VISITOR_SILENT: ring_visitor_silent,
    WORDS_UNREAD: _mail_unread,
    MAIL_NOTICES: _mail_notices,
    WATCH: _watch_wall,
    REPORT_DUE: begin,
    REPORT_RETRY: retry,
    EXPIRY: _run_out,
    OVERFLOW: _overflow,
    HOURS: _turn_hours,
    WRAP_OVER: _end_wrap,
    PLACE: _place,
    PLACE_CHAT: _place_chat,
    PLACE_CALLBACK: _place_callback,
    ABSENCE_OVER: _recount_approvals,
    PLAY_OVER: end_play,
    EXPORT_OVER: _throw_away,
}
