"""What a new workspace needs before its first case."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from careloop.domains.calendars.services import set_up as set_up_calendar
from careloop.domains.cases.services import set_up
from careloop.domains.cases.states import Category
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.workspace import workspace_facts

__all__ = ["equip_workspace"]


@act
def equip_workspace(*, actor: Actor, at: datetime) -> None:
    """Give the workspace in scope statuses, a type of case and opening hours, named in its own language. Twice does once."""
    with translation.override(workspace_facts().settings.language):
        set_up(
            status_names={category: str(category.label) for category in Category},
            type_name=_("Enquiry"),
            actor=actor,
            at=at,
        )
        set_up_calendar(name=_("Opening hours"), zone=workspace_facts().settings.time_zone, actor=actor, at=at)
