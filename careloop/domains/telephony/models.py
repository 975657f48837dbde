from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from careloop.domains.telephony.types import CallHookKind, LeftKind, PbxKind, PbxState, Security, ToldKind, Way
from careloop.kernel.models import TenantModel

__all__ = ["CallHook", "Heard", "Left", "Pbx", "Piece", "Provider", "Seat"]


class Pbx(TenantModel):
    """A telephone system that we listen to over its manager interface, or that tells of its calls itself. The secret is sealed."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=PbxKind, default=PbxKind.ASTERISK, db_default=PbxKind.ASTERISK)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=5039)
    security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    user = models.CharField(max_length=120)
    secret = models.BinaryField(default=b"")
    state = models.CharField(max_length=10, choices=PbxState, default=PbxState.TRYING)
    inbound = ArrayField(models.CharField(max_length=80), default=list)
    user_events = models.JSONField(default=dict)
    offers = ArrayField(models.CharField(max_length=20), default=list)
    call_context = models.CharField(max_length=80, blank=True)
    phone_channel = models.CharField(max_length=120, default="PJSIP/{extension}")
    plus = models.CharField(max_length=8, blank=True, default="00")
    barred = ArrayField(models.CharField(max_length=20), default=list)
    transfer_context = models.CharField(max_length=80, blank=True)
    queue_numbers = models.JSONField(default=dict)
    recording_url = models.CharField(max_length=300, blank=True)

    connected_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    deaf_from = models.DateTimeField(null=True)
    deaf_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    failing_since = models.DateTimeField(null=True)
    pausing_refused_at = models.DateTimeField(null=True)
    last_piece = models.BigIntegerField(default=0)
    last_heard = models.BigIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "name"], name="telephony_pbx_once")]

    def __str__(self) -> str:
        return self.name


class Seat(TenantModel):
    """A name of an agent in the queues of a telephone system."""

    pbx = models.ForeignKey(Pbx, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=120)
    extension = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey("people.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pbx", "name"], name="telephony_seat_once")]
        indexes = [models.Index(fields=["workspace_id", "person"], name="telephony_seat_of")]

    def __str__(self) -> str:
        return self.name


class Piece(TenantModel):
    """What a telephone system sent within a second or so, kept before anything was understood of it."""

    pbx = models.ForeignKey(Pbx, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.BigIntegerField()
    received_at = models.DateTimeField()
    body = models.BinaryField()  # whole frames, zlib

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pbx", "number"], name="telephony_piece_once")]
        indexes = [models.Index(fields=["workspace_id", "received_at"], name="telephony_piece_age")]

    def __str__(self) -> str:
        return f"{self.pbx_id}:{self.number}"


class Heard(TenantModel):
    """One thing that a program has told of a call. is_settled: the call is counted, and nothing more is taken of it."""

    pbx = models.ForeignKey(Pbx, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.BigIntegerField()
    told_id = models.CharField(max_length=120)
    call = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in ToldKind])
    way = models.CharField(max_length=3, choices=[(one.value, one.value) for one in Way])
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    customer_number = models.CharField(max_length=40, blank=True)
    line = models.CharField(max_length=40, blank=True)
    queue = models.CharField(max_length=120, blank=True)
    seat = models.CharField(max_length=120, blank=True)
    to = models.CharField(max_length=120, blank=True)
    by_customer = models.BooleanField(default=False)
    is_settled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pbx", "told_id"], name="telephony_heard_once"),
            models.UniqueConstraint(fields=["pbx", "number"], name="telephony_heard_in_order"),
        ]
        indexes = [
            models.Index(fields=["pbx", "call"], name="telephony_heard_of_call"),
            models.Index(
                fields=["pbx", "received_at"], condition=~models.Q(is_settled=True), name="telephony_heard_open"
            ),
            models.Index(fields=["workspace_id", "received_at"], name="telephony_heard_age"),
        ]

    def __str__(self) -> str:
        return f"{self.pbx_id}:{self.number}"


class Left(TenantModel):
    """A voicemail or fax that a telephone system handed over: each once. What it says is a message of a conversation."""

    pbx = models.ForeignKey(Pbx, on_delete=models.CASCADE, related_name="+", db_index=False)
    told_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=LeftKind)
    number = models.CharField(max_length=40, blank=True)
    seconds = models.PositiveIntegerField(null=True)
    left_at = models.DateTimeField()
    conversation_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pbx", "kind", "told_id"], name="telephony_left_once")]
        indexes = [
            models.Index(fields=["pbx", "number", "-id"], name="telephony_left_by"),
            models.Index(fields=["message_id"], name="telephony_left_message"),
        ]

    def __str__(self) -> str:
        return f"{self.pbx_id}:{self.told_id}"


class Provider(TenantModel):
    """A provider whose webhooks tell of the calls of a telephone system. key: in their address. The token is sealed."""

    pbx = models.OneToOneField(Pbx, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=24, unique=True)
    account = models.CharField(max_length=80)
    token = models.BinaryField()
    api_base = models.CharField(max_length=200)
    queue = models.CharField(max_length=120)
    calendar = models.ForeignKey(
        "calendars.Calendar", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    numbers = ArrayField(models.CharField(max_length=20), default=list)

    def __str__(self) -> str:
        return self.account


class CallHook(TenantModel):
    """A webhook of a call, as it came. answer: what it was told to do. lets_go: by it we ended the call, or took a message."""

    pbx = models.ForeignKey(Pbx, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in CallHookKind])
    provider_id = models.CharField(max_length=200)
    call = models.CharField(max_length=80)
    body = models.BinaryField()
    answer = models.TextField(blank=True)
    lets_go = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pbx", "provider_id"], name="telephony_hook_once")]
        indexes = [
            models.Index(fields=["pbx", "call"], name="telephony_hook_of_call"),
            models.Index(
                fields=["pbx", "id"], condition=models.Q(settled_at__isnull=True), name="telephony_hook_waiting"
            ),
            models.Index(fields=["workspace_id", "received_at"], name="telephony_hook_age"),
        ]

    def __str__(self) -> str:
        return f"{self.pbx_id}:{self.provider_id}"
