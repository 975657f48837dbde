from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now

from careloop.domains.cases.states import Category
from careloop.domains.cases.types import Priority
from careloop.kernel.models import TenantModel

__all__ = [
    "Case",
    "CaseConversation",
    "CaseTag",
    "CaseType",
    "Cycle",
    "Draft",
    "Follower",
    "Hold",
    "Note",
    "NoteFile",
    "Participant",
    "Reason",
    "ReasonTree",
    "SavedView",
    "Status",
    "Tag",
    "Tally",
]


class Status(TenantModel):
    """A status under the workspace's own name, in one of the fixed categories that the code looks at."""

    name = models.CharField(max_length=60)
    category = models.CharField(max_length=8, choices=Category)
    position = models.PositiveSmallIntegerField(default=0)
    # The status a case gets when it enters the category without anybody choosing one.
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "name"], name="cases_status_once"),
            models.UniqueConstraint(
                fields=["workspace_id", "category"],
                condition=models.Q(is_default=True),
                name="cases_status_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CaseType(TenantModel):
    name = models.CharField(max_length=60)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "name"], name="cases_type_once")]

    def __str__(self) -> str:
        return self.name


class ReasonTree(TenantModel):
    """A version of the workspace's tree of reasons; the newest one is offered, older ones explain older cases."""

    version = models.PositiveIntegerField()
    effective_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "version"], name="cases_reasontree_once")]

    def __str__(self) -> str:
        return f"version {self.version}"


class Reason(TenantModel):
    """A node of one version of the tree. `code` is the same reason across versions."""

    tree = models.ForeignKey(ReasonTree, on_delete=models.CASCADE, related_name="+", db_index=False)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tree", "code"], name="cases_reason_once")]

    def __str__(self) -> str:
        return self.name


class Case(TenantModel):
    """A matter to be solved."""

    number = models.BigIntegerField()
    subject = models.CharField(max_length=500)
    type = models.ForeignKey(CaseType, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.CharField(max_length=8, choices=Category)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    requester = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    assignee = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=12)
    is_spam = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    first_response_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    # Set while the last word was the customer's: how long they have been waiting.
    waiting_since = models.DateTimeField(null=True)
    activity_at = models.DateTimeField()
    # When the next thing that was promised is due, kept by whoever promises; empty while nothing is due.
    due_at = models.DateTimeField(null=True)
    # How many tasks of it are not done yet, kept by whoever hands them out.
    open_task_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Grows with every change; a form that was opened on an older one is refused, not silently applied.
    revision = models.PositiveIntegerField(default=1)
    search = SearchVectorField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "number"], name="cases_number_once"),
            models.CheckConstraint(
                condition=models.Q(category__in=["solved", "closed"], solved_at__isnull=False)
                | (~models.Q(category__in=["solved", "closed"]) & models.Q(solved_at__isnull=True)),
                name="cases_solved_exactly_when_said",
            ),
            models.CheckConstraint(
                condition=models.Q(category="closed", closed_at__isnull=False)
                | (~models.Q(category="closed") & models.Q(closed_at__isnull=True)),
                name="cases_closed_exactly_when_said",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "-activity_at", "-id"], name="cases_by_activity"),
            models.Index(fields=["workspace_id", "category", "-activity_at", "-id"], name="cases_by_category"),
            models.Index(
                fields=["workspace_id", "assignee", "category", "-activity_at", "-id"], name="cases_by_assignee"
            ),
            models.Index(fields=["workspace_id", "team", "category", "-activity_at", "-id"], name="cases_by_team"),
            models.Index(fields=["workspace_id", "requester", "-activity_at", "-id"], name="cases_by_requester"),
            models.Index(fields=["workspace_id", "-opened_at", "-id"], name="cases_by_opening"),
            models.Index(fields=["workspace_id", "due_at", "id"], name="cases_by_due"),
            GinIndex(fields=["search"], name="cases_search", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class Cycle(TenantModel):
    """One way of a case from open to solved; a reopening begins the next, and overwrites nothing."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    sequence = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    first_response_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    solved_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence"], name="cases_cycle_order"),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(solved_at__isnull=True), name="cases_cycle_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"cycle {self.sequence} of case {self.case_id}"


class CaseConversation(TenantModel):
    """Which messages of a conversation belong to a case; both ends open means all of it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    first_message_id = models.BigIntegerField(null=True)
    last_message_id = models.BigIntegerField(null=True)
    linked_at = models.DateTimeField()
    unlinked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="cases_conversations_of_case"),
            models.Index(fields=["conversation"], name="cases_cases_of_conversation"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.conversation_id} in case {self.case_id}"


class Participant(TenantModel):
    """A customer who takes part in a case beside the requester."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "customer"], name="cases_participant_once")]

    def __str__(self) -> str:
        return f"customer {self.customer_id} in case {self.case_id}"


class Follower(TenantModel):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="cases_follower_once")]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.case_id}"


class Hold(TenantModel):
    """Something that has to be done before a case may be solved; kept by whoever demands it, under a key of theirs."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=40)
    # In the workspace's own words: who demands it, and what is missing first.
    name = models.CharField(max_length=80)
    missing = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="cases_hold_once")]

    def __str__(self) -> str:
        return f"{self.key} holds case {self.case_id}"


class Note(TenantModel):
    """A word among colleagues. It lives apart from messages, so that no customer's page can ever read one."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    # Empty: the house wrote it, by a rule.
    author = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    html = models.TextField()
    text = models.TextField()
    mentions = models.JSONField(default=list)
    search = SearchVectorField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "at", "id"], name="cases_note_order"),
            GinIndex(fields=["search"], name="cases_note_search", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class NoteFile(TenantModel):
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"file {self.file_id} of note {self.note_id}"


class Tag(TenantModel):
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "name"], name="cases_tag_name_once")]

    def __str__(self) -> str:
        return self.name


class CaseTag(TenantModel):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "case"], name="cases_tag_once")]
        indexes = [models.Index(fields=["case"], name="cases_tags_of_case")]

    def __str__(self) -> str:
        return f"tag {self.tag_id} on case {self.case_id}"


class Draft(TenantModel):
    """What somebody is writing, saved as they type."""

    # Empty: a new mail, which belongs to no case yet.
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)  # reply, note or forward; mail without a case
    html = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "case", "user", "kind"], name="cases_draft_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(case__isnull=True, kind="mail")
                | models.Q(case__isnull=False) & ~models.Q(kind="mail"),
                name="cases_draft_of_case_or_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.user_id} on case {self.case_id}"


class SavedView(TenantModel):
    """A named list of cases: its conditions, its columns and its order."""

    name = models.CharField(max_length=80)
    conditions = models.JSONField()
    columns = models.JSONField(default=list)
    order = models.CharField(max_length=30, default="-activity_at")
    # Empty: shared with everybody in the workspace, or with a team.
    owner = models.ForeignKey("people.User", on_delete=models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey("people.Team", on_delete=models.CASCADE, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Tally(TenantModel):
    """How many cases lie where, kept by the log's reader, so that no page ever counts the table."""

    category = models.CharField(max_length=8, choices=Category)
    assignee_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    is_spam = models.BooleanField(default=False)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "category", "assignee_id", "team_id", "is_spam"],
                name="cases_tally_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.count}"
