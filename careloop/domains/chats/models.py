from django.contrib.postgres.fields import ArrayField
from django.db import models

from careloop.domains.chats.states import EndedBy, State
from careloop.kernel.models import TenantModel

__all__ = ["Chat", "Helper", "Said", "Session", "Widget"]


class Widget(TenantModel):
    """A chat on the company's sites."""

    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    # By language; where one has none, visitors read a sentence of ours.
    greetings = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    team = models.ForeignKey("people.Team", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    # Where its chats wait to be offered to people; empty: they are taken by hand.
    queue = models.ForeignKey("queues.Queue", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    mailbox = models.ForeignKey(
        "channels.Mailbox", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Whose hours count; empty: every hour of the day and the week.
    calendar = models.ForeignKey(
        "calendars.Calendar", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    allowed_origins = ArrayField(models.CharField(max_length=253), default=list)
    # Sealed; the sites sign with it who their visitor is.
    secret = models.BinaryField()
    # After how long without a word of the visitor's an answered chat is over.
    visitor_silence_s = models.PositiveIntegerField(default=600)
    # After how long without an answer a chat goes back to those who wait.
    agent_silence_s = models.PositiveIntegerField(default=300)
    # After how long a wait is over in which nobody came, and the answer goes by mail; 0: it never is.
    most_wait_s = models.PositiveIntegerField(default=900, db_default=900)
    # While so many wait, nobody else begins to, and a message can be left; 0: there is always room to wait.
    most_waiting = models.PositiveIntegerField(default=0, db_default=0)
    # After how long our words that were not read are mailed.
    mail_after_s = models.PositiveIntegerField(default=120)
    # Rules in their order (types.InvitationRule); none: nobody is invited.
    invitations = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    # What visitors agree to before they give name and address; empty: nothing is asked. The address says more of it.
    notice = models.CharField(max_length=500, blank=True, default="", db_default="")
    notice_url = models.CharField(max_length=300, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "key"], name="chats_widget_once")]

    def __str__(self) -> str:
        return self.name


class Chat(TenantModel):
    """A visitor and somebody of ours, from the first word until one of them, or silence, ends it."""

    widget = models.ForeignKey(Widget, on_delete=models.PROTECT, related_name="+", db_index=False)
    conversation = models.OneToOneField("conversations.Conversation", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    agent = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    language = models.CharField(max_length=10)
    # The page on which the visitor wrote first.
    page = models.CharField(max_length=500, blank=True)
    # The site itself said who the visitor is.
    is_proved = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    # Since when it waits, if it waits.
    queued_at = models.DateTimeField()
    picked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, choices=EndedBy, blank=True)
    # The last message that either side has had before their eyes.
    visitor_read_id = models.BigIntegerField(default=0)
    agent_read_id = models.BigIntegerField(default=0)
    # Up to which message our words went out by mail.
    mailed_id = models.BigIntegerField(default=0)
    wants_transcript = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="ended", ended_at__isnull=False)
                | (~models.Q(state="ended") & models.Q(ended_at__isnull=True)),
                name="chats_ended_exactly_when_said",
            ),
            models.CheckConstraint(
                condition=models.Q(state="ended")
                | models.Q(state="waiting", agent__isnull=True)
                | models.Q(state="active", agent__isnull=False),
                name="chats_active_exactly_with_agent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace_id", "queued_at", "id"], condition=models.Q(state="waiting"), name="chats_waiting"
            ),
            models.Index(fields=["workspace_id", "agent"], condition=models.Q(state="active"), name="chats_of_agent"),
            models.Index(
                fields=["workspace_id", "team", "-picked_at"],
                condition=models.Q(picked_at__isnull=False),
                name="chats_last_waits",
            ),
            models.Index(
                fields=["workspace_id", "case"], condition=~models.Q(state="ended"), name="chats_live_of_case"
            ),
            models.Index(fields=["case"], name="chats_of_case"),
            models.Index(fields=["workspace_id", "customer", "-id"], name="chats_of_customer"),
            models.Index(fields=["workspace_id", "-ended_at", "-id"], name="chats_lately_ended"),
        ]

    def __str__(self) -> str:
        return f"chat {self.pk}, {self.state}"


class Session(TenantModel):
    """A browser of the visitor's. It made the secret; only its hash is kept."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="+")
    secret_hash = models.CharField(max_length=64)
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "secret_hash"], name="chats_session_once")]

    def __str__(self) -> str:
        return f"session of chat {self.chat_id}"


class Said(TenantModel):
    """By which mark its writer sent a message, so that one sent twice is kept once."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="+", db_index=False)
    mark = models.CharField(max_length=40)
    message = models.ForeignKey("conversations.Message", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chat", "mark"], name="chats_said_once")]
        indexes = [models.Index(fields=["chat", "message"], name="chats_said_in_order")]

    def __str__(self) -> str:
        return f"{self.mark} of chat {self.chat_id}"


class Helper(TenantModel):
    """A colleague whom the agent called in: reads along and speaks, before the chat is perhaps handed to them."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    called_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chat", "user"], name="chats_helper_once")]
        indexes = [models.Index(fields=["workspace_id", "user"], name="chats_of_helper")]

    def __str__(self) -> str:
        return f"user {self.user_id} in chat {self.chat_id}"
