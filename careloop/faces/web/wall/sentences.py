"""How the log of who did what names the events of the wall."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.wallboards.events import ThresholdChanged
from careloop.domains.wallboards.queries import subjects_of_alarms, subjects_of_thresholds
from careloop.domains.wallboards.types import Figure
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.events import Event

__all__: list[str] = []

CHANGED = {
    "made": _("%(who)s watches a figure: %(whom)s"),
    "changed": _("%(who)s changed when a figure alarms: %(whom)s"),
    "removed": _("%(who)s watches a figure no more: %(whom)s"),
}


def _labels(figures: dict[int, str]) -> dict[int, str]:
    return {key: str(Figure(figure).label) for key, figure in figures.items()}


def _thresholds(threshold_ids: Iterable[int]) -> dict[int, str]:
    return _labels(subjects_of_thresholds(threshold_ids))


def _alarms(alarm_ids: Iterable[int]) -> dict[int, str]:
    return _labels(subjects_of_alarms(alarm_ids))


def _changed(event: Event) -> str | Promise:
    return CHANGED[event.change if isinstance(event, ThresholdChanged) else "changed"]


name_subjects("wall_threshold", _thresholds)
name_subjects("wall_alarm", _alarms)
say(
    "wall.target_changed",
    label=_("Target of first answers changed"),
    sentence=_("%(who)s changed within which time a first answer is promised"),
)
say("wall.threshold_changed", label=_("Threshold changed"), sentence=_changed)
say("wall.alarm_raised", label=_("Alarm raised"), sentence=_("Alarm on the wall: %(whom)s"))
say("wall.alarm_acknowledged", label=_("Alarm acknowledged"), sentence=_("%(who)s takes care of an alarm: %(whom)s"))
say("wall.alarm_cleared", label=_("Alarm over"), sentence=_("Alarm over: %(whom)s"))
