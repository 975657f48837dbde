"""What a rule may wait for, what it may do, and how a run of it may end."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["EVENTS", "OF_CONTACTS", "ActionKind", "Outcome", "Result", "State", "When", "Why"]


class When(models.TextChoices):
    """What a rule waits for."""

    OPENED = "opened", _("A case is opened")
    CUSTOMER_WROTE = "customer_wrote", _("The customer writes in a case")
    THIRD_PARTY_WROTE = "third_party_wrote", _("A third party writes in a case")
    ANSWERED = "answered", _("We answer")
    NOTED = "noted", _("Somebody writes a note")
    STATUS_CHANGED = "status_changed", _("The status changes")
    SOLVED = "solved", _("A case is solved")
    CLOSED = "closed", _("A case is closed")
    REOPENED = "reopened", _("A case is opened again")
    ASSIGNED = "assigned", _("A case changes hands")
    PRIORITIZED = "prioritized", _("The priority changes")
    TYPED = "typed", _("The type changes")
    REASONED = "reasoned", _("The reason changes")
    TAGGED = "tagged", _("Tags change")
    PROMISE_RUNS_OUT = "promise_runs_out", _("Time runs out for a promise")
    PROMISE_MISSED = "promise_missed", _("A promise is missed")
    DELIVERY_FAILED = "delivery_failed", _("An answer does not arrive")
    TASK_DONE = "task_done", _("A task is answered")
    TASK_REFUSED = "task_refused", _("A task is refused")
    CALL_UNANSWERED = "call_unanswered", _("A call ends unanswered")
    CHAT_UNANSWERED = "chat_unanswered", _("A chat ends unanswered")


OF_CONTACTS: Final = frozenset({When.CALL_UNANSWERED, When.CHAT_UNANSWERED})
"""What happens to calls and chats and not in cases; a rule that waits for it opens the case in which it acts."""


EVENTS: Final[Mapping[str, When]] = {
    "case.opened": When.OPENED,
    "case.customer_wrote": When.CUSTOMER_WROTE,
    "case.third_party_wrote": When.THIRD_PARTY_WROTE,
    "case.answered": When.ANSWERED,
    "case.noted": When.NOTED,
    "case.status_changed": When.STATUS_CHANGED,
    "case.solved": When.SOLVED,
    "case.closed": When.CLOSED,
    "case.reopened": When.REOPENED,
    "case.assigned": When.ASSIGNED,
    "case.prioritized": When.PRIORITIZED,
    "case.typed": When.TYPED,
    "case.reasoned": When.REASONED,
    "case.tagged": When.TAGGED,
    "commitment.escalated": When.PROMISE_RUNS_OUT,
    "commitment.missed": When.PROMISE_MISSED,
    "message.delivery_changed": When.DELIVERY_FAILED,
    "task.done": When.TASK_DONE,
    "task.refused": When.TASK_REFUSED,
    "call.ended": When.CALL_UNANSWERED,
    "chat.ended": When.CHAT_UNANSWERED,
}
"""By the name of an event in the log, what rules call it."""


class ActionKind(models.TextChoices):
    """One act of a rule or a macro; every one is an act that people have, too."""

    PRIORITY = "priority", _("Set the priority")
    STATUS = "status", _("Set the status")
    TYPE = "type", _("Set the type")
    REASON = "reason", _("Set the reason")
    TAG = "tag", _("Add tags")
    UNTAG = "untag", _("Remove tags")
    ASSIGN = "assign", _("Give it to a person")
    TEAM = "team", _("Give it to a team")
    REPLY = "reply", _("Answer with a saved reply")
    NOTE = "note", _("Write a note")
    NOTIFY = "notify", _("Tell a person")
    NOTIFY_TEAM = "notify_team", _("Tell a team")
    NOTIFY_ASSIGNEE = "notify_assignee", _("Tell the assignee")
    WEBHOOK = "webhook", _("Tell another system")
    TASK = "task", _("Give a team a task")
    CALLBACK = "callback", _("Promise a callback")
    PROCEDURE = "procedure", _("Begin a procedure")
    SPAM = "spam", _("Put it among the spam")


class State(models.TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    RETIRED = "retired", _("Out of use")


class Outcome(models.TextChoices):
    """How a run ended: its actions were tried, the guard stopped it before, or it broke and everything was undone."""

    DONE = "done", _("Ran")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Failed")


class Why(models.TextChoices):
    """Why a run was stopped or a rule is paused."""

    NONE = "", ""
    LOOP = "loop", _("It had run already in this chain of rules.")
    DEPTH = "depth", _("Too many rules had called each other.")
    OFTEN = "often", _("It had run on this case too often in a day.")
    NOBODY = "nobody", _("Nobody knows who it was: the number is withheld, or belongs to several customers.")
    PEOPLE = "people", _("Paused by a person.")
    FAILURES = "failures", _("Paused because it failed several times in a row.")


class Result(models.TextChoices):
    """What became of one action of a run."""

    DONE = "done", _("Done")
    UNCHANGED = "unchanged", _("It was so already")
    REFUSED = "refused", _("Refused")
