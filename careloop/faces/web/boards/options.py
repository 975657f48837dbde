"""Options of a metric as people read and choose them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from careloop.faces.web.boards.figures import duration_words
from careloop.processes.measuring.catalogue import MetricCard, OptionCard

__all__ = ["OptionShown", "option_words", "options_shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionShown:
    """An option with what it is, as typed and in words."""

    card: OptionCard
    value: str

    @property
    def said(self) -> str:
        """Return what a choice is called, how long seconds are, and anything else as it is typed."""
        if self.card.name.endswith("_s") and self.value.isdecimal():
            return duration_words(int(self.value))
        return self.card.choice_names.get(self.value, self.value)


def options_shown(metric: MetricCard, settings: Mapping[str, str]) -> list[OptionShown]:
    """Return every option of a metric. settings: those that are set, as typed."""
    return [OptionShown(card=one, value=settings.get(one.name, one.default)) for one in metric.options]


def option_words(metric: MetricCard, settings: Mapping[str, str]) -> list[str]:
    """Say in words what options are set to."""
    return [_words(one) for one in options_shown(metric, settings) if one.card.name in settings]


def _words(option: OptionShown) -> str:
    if option.card.name == "target_s":
        return _("within %(time)s") % {"time": option.said}
    if option.card.kind == "choice":
        return option.said
    return _("%(option)s: %(value)s") % {"option": option.card.meaning, "value": option.said}
