from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now

from careloop.domains.people.types import PersonalSettings
from careloop.kernel.models import TenantModel

__all__ = ["ApiToken", "Invitation", "Membership", "Presence", "Team", "TeamMember", "User"]


class User(AbstractBaseUser):
    """An account of a person of the operation; what it may do is said by its memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    theme = models.CharField(max_length=10, default="auto")
    signature = models.TextField(blank=True)
    mails_notifications = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        # Two accounts that differ in the case of a letter would be one address to a mail server.
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="people_user_email_lower")]

    def __str__(self) -> str:
        return self.name

    @property
    def personal_settings(self) -> PersonalSettings:
        return PersonalSettings(
            name=self.name,
            language=self.language,
            time_zone=self.time_zone,
            theme=self.theme,
            signature=self.signature,
            mails_notifications=self.mails_notifications,
        )


class Membership(models.Model):
    """A person's place in a workspace. Behind no wall: sign-in asks for it before a workspace is chosen."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20)
    since = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="people_membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.workspace_id}: {self.role}"


class Team(TenantModel):
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "name"], condition=models.Q(is_active=True), name="people_team_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(TenantModel):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="people_teammember_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in team {self.team_id}"


class Presence(TenantModel):
    """When somebody last had a page of the workspace open."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "user"], name="people_presence_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.seen_at:%Y-%m-%d %H:%M}"


class Invitation(models.Model):
    """A one-time link into a workspace. Only a hash of the link is kept."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    role = models.CharField(max_length=20)
    invited_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="people_invitation_one_open",
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="people_invitation_email_lower"),
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk} into {self.workspace_id}"


class ApiToken(models.Model):
    """A key for a machine that acts as its maker in one workspace. Only a hash of it is kept."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    scopes = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} (…{self.hint})"
