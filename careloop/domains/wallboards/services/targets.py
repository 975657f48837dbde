"""What is promised."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.conversations.types import Channel
from careloop.domains.people.queries import is_team
from careloop.domains.wallboards import rules
from careloop.domains.wallboards.bands import TARGETS
from careloop.domains.wallboards.errors import MayNotSetThresholds, NoSuchTarget
from careloop.domains.wallboards.events import TargetChanged
from careloop.domains.wallboards.models import Target
from careloop.domains.wallboards.news import say_changed
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.scope import current_workspace

__all__ = ["set_target"]


@act
def set_target(*, team_id: int | None, channel: str, seconds: int | None, actor: Actor, at: datetime) -> None:
    """Say within which time a first answer is promised.

    team_id: for one team, or None for every one. channel: a Channel, or empty for every one.
    seconds: one of TARGETS; None takes back what was said, so that what is said more broadly holds again.

    Raises MayNotSetThresholds, NoSuchTarget. Records TargetChanged.
    """
    if not rules.may_set(actor):
        raise MayNotSetThresholds(_("Owners, managers and team leads say what is promised and what is to alarm."))
    fields: dict[str, str | Promise] = {}
    if team_id is not None and not is_team(team_id):
        fields["team_id"] = _("There is no such team.")
    if channel and channel not in Channel.values:
        fields["channel"] = _("There is no such channel.")
    if seconds is not None and seconds not in TARGETS:
        fields["seconds"] = _("Choose one of the times that are offered.")
    if fields:
        raise NoSuchTarget(_("Choose a team, a channel and a time among those offered."), fields=fields)
    if seconds is None:
        said = Target.objects.filter(channel=channel)
        (said.filter(team__isnull=True) if team_id is None else said.filter(team_id=team_id)).delete()
    else:
        Target.objects.bulk_create(
            [Target(team_id=team_id, channel=channel, seconds=seconds)],
            update_conflicts=True,
            unique_fields=["workspace_id", "team", "channel"],
            update_fields=["seconds"],
        )
    about = subject("workspace", current_workspace())
    record(TargetChanged(subject=about, actor=str(actor), at=at, team_id=team_id, channel=channel, seconds=seconds))
    say_changed()
