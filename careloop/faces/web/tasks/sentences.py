"""How the log of who did what tells the events of tasks."""

from django.utils.translation import gettext_lazy as _

from careloop.faces.web.access.wordings import say

__all__: list[str] = []

say("task.asked", label=_("Somebody asked for a task"))
say("task.accepted", label=_("Task taken"))
say("task.done", label=_("Task answered"))
say("task.refused", label=_("Task refused"))
say("task.withdrawn", label=_("Task withdrawn"))
