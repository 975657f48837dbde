from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now

from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import Audience, Author, Channel
from careloop.kernel.models import TenantModel

__all__ = ["Attachment", "Conversation", "Delivery", "Mail", "Message", "SavedReply", "Text"]


class Conversation(TenantModel):
    """A channel thread of messages with one customer, or with a third party about a customer's matter."""

    channel = models.CharField(max_length=12, choices=Channel)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.CUSTOMER)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    mailbox = models.ForeignKey(
        "channels.Mailbox", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # A number of ours and the customer's: between two numbers there is one conversation, for ever.
    messenger = models.ForeignKey(
        "channels.Messenger", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    peer = models.CharField(max_length=40, blank=True, db_default="", default="")
    # The customer's word that no more messages are wanted there.
    stopped_at = models.DateTimeField(null=True)
    subject = models.CharField(max_length=500)
    started_at = models.DateTimeField()
    last_message_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["messenger", "peer"],
                condition=models.Q(messenger__isnull=False),
                name="conversations_texting_once",
            )
        ]
        indexes = [
            models.Index(fields=["workspace_id", "customer", "-last_message_at"], name="conversations_by_customer")
        ]

    def __str__(self) -> str:
        return self.subject


class Message(TenantModel):
    """One message of a conversation. `text` is what its author wrote; quotes and signature are kept apart."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    author = models.CharField(max_length=12, choices=Author)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # The provider's time orders messages; `recorded_at` says when we learnt of it.
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    is_auto = models.BooleanField(default=False)
    # A sender who is not part of the conversation he quotes, a failed DMARC check: shown as a warning, code by code.
    warnings = ArrayField(models.CharField(max_length=40), default=list)
    text = models.TextField()
    quoted = models.TextField(blank=True)
    html = models.TextField(blank=True)
    search = SearchVectorField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "at", "id"], name="conversations_message_order"),
            GinIndex(fields=["search"], name="conversations_message_search", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Mail(TenantModel):
    """What a message is as a mail: its identity on the wire, its addresses, and the receiving server's verdicts."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="mail")
    rfc_message_id = models.CharField(max_length=500)
    references = ArrayField(models.CharField(max_length=500), default=list)
    subject = models.CharField(max_length=500)
    from_name = models.CharField(max_length=200, blank=True)
    from_address = models.CharField(max_length=320)
    reply_to = models.CharField(max_length=320, blank=True)
    to = ArrayField(models.CharField(max_length=320), default=list)
    cc = ArrayField(models.CharField(max_length=320), default=list)
    bcc = ArrayField(models.CharField(max_length=320), default=list)
    spf = models.CharField(max_length=12, blank=True)
    dkim = models.CharField(max_length=12, blank=True)
    dmarc = models.CharField(max_length=12, blank=True)
    # False when its headers tell machines to stay silent.
    is_answerable = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "rfc_message_id"], name="conversations_mail_by_id")]

    def __str__(self) -> str:
        return self.rfc_message_id


class Text(TenantModel):
    """What a message is as a text message: the provider's name for it, and in how many pieces it travels."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="texting")
    provider_id = models.CharField(max_length=80, blank=True)
    segment_count = models.PositiveSmallIntegerField(default=1)

    def __str__(self) -> str:
        return self.provider_id


class Attachment(TenantModel):
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+", db_index=False)
    content_id = models.CharField(max_length=300, blank=True)
    is_inline = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"file {self.file_id} of message {self.message_id}"


class Delivery(TenantModel):
    """What became of one message on its way to its recipients. `sending` is committed before the wire (docs/reasons/sending.md)."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="delivery")
    state = models.CharField(max_length=12, choices=DeliveryState)
    changed_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # Recipients whose server has taken it; another try goes to the others only.
    accepted = ArrayField(models.CharField(max_length=320), default=list)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace_id", "-changed_at"],
                name="conversations_delivery_worry",
                condition=models.Q(state__in=["bounced", "failed", "uncertain"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.state}"


class SavedReply(TenantModel):
    """A text that is written often, with variables such as {{ customer }}."""

    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, blank=True)
    html = models.TextField()
    # Empty: for everybody in the workspace.
    owner = models.ForeignKey("people.User", on_delete=models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey("people.Team", on_delete=models.CASCADE, null=True, related_name="+")
    used_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "owner", "name"], name="conversations_savedreply_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name
