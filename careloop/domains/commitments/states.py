"""What is promised, and what becomes of it, as data."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = [
    "BY_POLICY",
    "OF_CASES",
    "PROMISED",
    "TRIED",
    "About",
    "Measure",
    "NotReached",
    "Outcome",
    "Reason",
    "Way",
    "Whom",
    "Why",
]


class About(models.TextChoices):
    """What a policy is about: what customers wait for in cases and chats, or how long callers stand in a queue."""

    CASES = "cases", _("Cases and chats")
    CALLS = "calls", _("Calls")


class Measure(models.TextChoices):
    """What is timed; the names are those of the facts (`sla_policy.measure`).

    CALLBACK: what a person gave their word for. TASK: what another team was asked to do, an agreement among ourselves.
    WAIT: how long a visitor waits in a chat until somebody of ours joins, or a caller in a queue until somebody answers.
    """

    FIRST_RESPONSE = "first_response", _("First answer")
    NEXT_RESPONSE = "next_response", _("Next answer")
    RESOLUTION = "resolution", _("Solution")
    CALLBACK = "callback", _("Promised callback")
    WAIT = "wait", _("Wait in line")
    TASK = "task", _("Task of another team")


BY_POLICY: Final = (Measure.FIRST_RESPONSE, Measure.NEXT_RESPONSE, Measure.RESOLUTION)
"""What policies promise to customers, case by case."""
PROMISED: Final = (*BY_POLICY, Measure.WAIT, Measure.TASK)
"""All that policies promise; everything else is promised by a person."""
TRIED: Final = (*BY_POLICY, Measure.WAIT)
"""What would have become of it under another policy can be worked out again."""
OF_CASES: Final = (*BY_POLICY, Measure.CALLBACK)
"""Of which a case has one that holds; chats and tasks have clocks of their own, and may have many."""


class Outcome(models.TextChoices):
    """How a clock ended. CALLED_OFF: what was promised was not needed any more, so it was neither kept nor missed."""

    RUNNING = "running", _("Running")
    KEPT = "kept", _("Kept")
    MISSED = "missed", _("Missed")
    CALLED_OFF = "called_off", _("Called off")


class Why(models.TextChoices):
    """Why a clock turned."""

    STARTED = "started", _("Somebody began to wait for us")
    PROMISED = "promised", _("This promise began to apply")
    PAUSED = "paused", _("The clock was stopped")
    RESUMED = "resumed", _("The clock went on")


class Way(models.TextChoices):
    """How we come back to a customer."""

    CALL = "call", _("By phone")
    WRITE = "write", _("In writing")


class NotReached(models.TextChoices):
    """Why a customer was not reached, as in the facts (`callback_attempt.outcome`)."""

    NO_ANSWER = "no_answer", _("Nobody picked up")
    BUSY = "busy", _("The line was busy")
    FAILED = "failed", _("The number cannot be reached")


class Reason(models.TextChoices):
    """Why a callback is moved or taken back. A choice, so that it can be counted and said in every language."""

    CUSTOMER_ASKED = "customer_asked", _("The customer asked for it")
    NOT_REACHED = "not_reached", _("The customer could not be reached")
    MORE_TIME = "more_time", _("We need more time")
    NOT_NEEDED = "not_needed", _("It is not needed any more")


class Whom(models.TextChoices):
    """Who is told that time runs out."""

    ASSIGNEE = "assignee", _("Whoever has the case")
    LEADS = "leads", _("The team's leads")
    MANAGERS = "managers", _("The managers")
