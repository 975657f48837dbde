from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from careloop.domains.channels.types import HookKind, MailboxState, MessengerState, RawMailState, Security
from careloop.kernel.models import TenantModel

__all__ = ["Mailbox", "Messenger", "RawHook", "RawMail", "WebForm"]


class Mailbox(TenantModel):
    """A mail address of the workspace: read over IMAP, answered over SMTP. Passwords are sealed."""

    name = models.CharField(max_length=80)
    address = models.EmailField()
    sender_name = models.CharField(max_length=120)
    team = models.ForeignKey("people.Team", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=MailboxState, default=MailboxState.TRYING)
    sends_receipts = models.BooleanField(default=True)

    imap_host = models.CharField(max_length=253, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    imap_user = models.CharField(max_length=320, blank=True)
    imap_password = models.BinaryField(default=b"")
    imap_folder = models.CharField(max_length=200, default="INBOX")
    # Mail older than this stays where it is when the mailbox goes live; importing it is an act of its own.
    accepts_since = models.DateTimeField(null=True)
    # The host whose Authentication-Results are believed; others' are ignored.
    trusted_host = models.CharField(max_length=253, blank=True)

    smtp_host = models.CharField(max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(default=587)
    smtp_security = models.CharField(max_length=10, choices=Security, default=Security.STARTTLS)
    smtp_user = models.CharField(max_length=320, blank=True)
    smtp_password = models.BinaryField(default=b"")

    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    last_fetched_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    failing_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "address"], name="channels_mailbox_once")]

    def __str__(self) -> str:
        return self.address


class RawMail(TenantModel):
    """A mail as it arrived, kept before anything was understood of it."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The provider's name for it: "uidvalidity:uid", or the path of an imported file.
    provider_id = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64)
    byte_count = models.BigIntegerField()
    # When the mailbox got it, as its server says; an imported file knows only the Date its sender wrote.
    received_at = models.DateTimeField(null=True)
    # Imported mail: kept quiet, nothing is sent because of it.
    is_silent = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=RawMailState, default=RawMailState.STORED)
    reason = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    rfc_message_id = models.CharField(max_length=500, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    message_id = models.BigIntegerField(null=True)
    stored_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "provider_id"], name="channels_rawmail_fetched_once"),
            models.UniqueConstraint(
                fields=["mailbox", "rfc_message_id", "content_hash"],
                condition=models.Q(state="accepted"),
                name="channels_rawmail_accepted_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace_id", "id"], name="channels_rawmail_waiting", condition=models.Q(state="stored")
            ),
            models.Index(
                fields=["workspace_id", "-id"],
                name="channels_rawmail_quarantine",
                condition=models.Q(state="quarantined"),
            ),
            models.Index(fields=["message_id"], name="channels_rawmail_message"),
        ]

    def __str__(self) -> str:
        return self.provider_id


class WebForm(TenantModel):
    """A form on the company's site that writes to the workspace."""

    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=10, default="en")
    team = models.ForeignKey("people.Team", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # Sites that may show the form in a frame, such as https://www.example.com.
    allowed_origins = ArrayField(models.CharField(max_length=253), default=list)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "key"], name="channels_webform_once")]

    def __str__(self) -> str:
        return self.name


class Messenger(TenantModel):
    """A number of the workspace that customers send text messages to, at a provider. The token is sealed."""

    name = models.CharField(max_length=80)
    number = models.CharField(max_length=20)
    team = models.ForeignKey("people.Team", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=MessengerState, default=MessengerState.TRYING)
    api_base = models.CharField(max_length=200)
    account = models.CharField(max_length=80)
    token = models.BinaryField(default=b"")
    # Part of the address that the provider calls; nobody guesses it.
    key = models.CharField(max_length=40)

    heard_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    failing_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "number"], name="channels_messenger_once"),
            models.UniqueConstraint(fields=["workspace_id", "key"], name="channels_messenger_key_once"),
        ]

    def __str__(self) -> str:
        return self.number


class RawHook(TenantModel):
    """A call of a messenger's provider as it came, kept before anything was understood of it."""

    messenger = models.ForeignKey(Messenger, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=HookKind)
    # The provider's name for what it tells: of a message, or of a message and its new state.
    provider_id = models.CharField(max_length=200)
    # The message of ours that a state is about, as we said when we sent it.
    about_id = models.BigIntegerField(null=True)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=RawMailState, default=RawMailState.STORED)
    reason = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    message_id = models.BigIntegerField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["messenger", "kind", "provider_id"], name="channels_rawhook_called_once")
        ]
        indexes = [
            models.Index(
                fields=["workspace_id", "messenger", "id"],
                name="channels_rawhook_unsettled",
                condition=models.Q(state__in=["stored", "quarantined"]),
            )
        ]

    def __str__(self) -> str:
        return self.provider_id
