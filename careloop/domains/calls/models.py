from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from careloop.domains.calls.states import (
    CallState,
    Consent,
    Ending,
    PauseState,
    TransferKind,
    TransferState,
    TransferWhy,
)
from careloop.kernel.models import TenantModel

__all__ = ["Call", "Followed", "NoCalls", "Recording", "RecordingPause", "Transfer"]


class Call(TenantModel):
    """A customer's call, or ours to them, from the first we hear of it until what was said is written up."""

    PLAYED: ClassVar[str] = "played-"
    """How the key of a call begins that somebody of ours plays, before their own."""

    pbx = models.ForeignKey("telephony.Pbx", on_delete=models.CASCADE, related_name="+", db_index=False)
    # What the telephone system calls the caller's channel; its facts are called by it as well.
    key = models.CharField(max_length=80)
    number = models.CharField(max_length=80, blank=True)
    is_outbound = models.BooleanField(default=False)
    # The number that was called, where the telephone system tells it.
    line = models.CharField(max_length=80, blank=True)
    queue = models.CharField(max_length=120, blank=True)
    # Since when the caller stands in the queue; empty where they do not, or nobody knows since when.
    queued_at = models.DateTimeField(null=True)
    # They left it, and nobody has said yet for whom.
    left_queue_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=CallState, default=CallState.WAITING)
    ringing = ArrayField(models.CharField(max_length=120), default=list)
    missed = ArrayField(models.CharField(max_length=120), default=list)
    seat = models.CharField(max_length=120, blank=True)
    # The person behind the seat that answered, as was said at that moment.
    agent = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    gave_up = models.BooleanField(default=False)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    case = models.ForeignKey("cases.Case", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    # Where what the caller said was taken down, if it was; its contact is measured as the call, not once more.
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    reason = models.ForeignKey("cases.Reason", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    note = models.TextField(blank=True)
    written_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pbx", "key"], name="calls_once"),
            models.CheckConstraint(
                condition=models.Q(state="ended", ended_at__isnull=False)
                | (~models.Q(state="ended") & models.Q(ended_at__isnull=True)),
                name="calls_ended_exactly_when_said",
            ),
            models.UniqueConstraint(
                fields=["workspace_id", "agent"], condition=models.Q(state="calling"), name="calls_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "-id"], name="calls_newest"),
            models.Index(fields=["workspace_id", "pbx"], condition=~models.Q(state="ended"), name="calls_open"),
            models.Index(fields=["workspace_id", "agent", "-id"], name="calls_of_agent"),
            models.Index(fields=["workspace_id", "customer", "-id"], name="calls_of_customer"),
            models.Index(fields=["workspace_id", "number", "-id"], name="calls_of_number"),
            models.Index(fields=["conversation"], name="calls_by_conversation"),
            models.Index(fields=["case"], name="calls_by_case"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}, {self.state}"


class Transfer(TenantModel):
    """A call that somebody passes on to a colleague or to a queue: who, with which words, and what came of it."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+", db_index=False)
    sender = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    receiver = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    queue = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=TransferKind)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=TransferState, default=TransferState.ASKED)
    why = models.CharField(max_length=12, choices=TransferWhy, blank=True)
    # Seats and phones as they were at that moment: by them it is told who was rung, and who answered.
    sender_seat = models.CharField(max_length=120)
    sender_phone = models.CharField(max_length=160)
    seat = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=160, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(state="asked"), name="calls_transfer_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(receiver__isnull=False, queue="") | (models.Q(receiver=None) & ~models.Q(queue="")),
                name="calls_transfer_to_one",
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked", ended_at=None)
                | (~models.Q(state="asked") & models.Q(ended_at__isnull=False)),
                name="calls_transfer_ended_exactly_when_said",
            ),
        ]
        indexes = [
            models.Index(fields=["call", "-id"], name="calls_transfers_of_call"),
            models.Index(fields=["workspace_id", "receiver"], name="calls_transfers_to"),
            models.Index(fields=["workspace_id", "sender"], name="calls_transfers_from"),
        ]

    def __str__(self) -> str:
        return f"transfer {self.pk} of call {self.call_id}, {self.state}"


class Recording(TenantModel):
    """Whether the caller of a call agrees to be recorded. consent_by: who noted it; none for the telephone system.

    The sound is elsewhere, on the telephone system.
    """

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="+")
    consent = models.CharField(max_length=10, choices=Consent, default=Consent.UNKNOWN)
    consent_at = models.DateTimeField(null=True)
    consent_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"recording of call {self.call_id}, {self.consent}"


class RecordingPause(TenantModel):
    """A span of a call that is not recorded. begun_by, ended_by: none where the telephone system or the end of the call did."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=PauseState, default=PauseState.ASKED)
    begun_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ended_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    is_forced = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(state__in=["asked", "on"]), name="calls_pause_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "on"], ended_at=None)
                | models.Q(state__in=["over", "failed"], ended_at__isnull=False),
                name="calls_pause_ended_exactly_when_said",
            ),
        ]
        indexes = [models.Index(fields=["call", "id"], name="calls_pauses_of_call")]

    def __str__(self) -> str:
        return f"pause {self.pk} of call {self.call_id}, {self.state}"


class NoCalls(TenantModel):
    """A customer who does not want to be called. by: who noted it."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"customer {self.customer_id}"


class Followed(TenantModel):
    """Up to which piece of a telephone system its calls were followed."""

    pbx = models.OneToOneField("telephony.Pbx", on_delete=models.CASCADE, related_name="+")
    piece = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.pbx_id}:{self.piece}"
