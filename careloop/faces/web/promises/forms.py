"""The shape of a calendar's settings and of its days; the services check rules."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from babel import Locale
from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.holidays import countries
from careloop.domains.calendars.types import CalendarSettings, DayRow
from careloop.faces.web.access.forms import time_zones
from careloop.faces.web.promises.written import Unreadable, hours_read, hours_written
from careloop.kernel.hours import Span

__all__ = ["WEEKDAYS", "CalendarForm", "DayForm", "country_name"]

WEEKDAYS: Final = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


class HoursField(forms.CharField):
    """The hours of a day as text; empty for a closed one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=120, **kwargs)

    def clean(self, value: Any) -> tuple[Span, ...]:
        """Return the spans that were written. Raises ValidationError."""
        try:
            return hours_read(super().clean(value))
        except Unreadable as problem:
            raise forms.ValidationError(str(problem)) from None


class CalendarForm(forms.Form):
    """The settings of a calendar: a field for each weekday, and whose holidays it keeps."""

    name = forms.CharField(label=_("Name"), max_length=80)
    zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    country = forms.ChoiceField(
        label=_("Holidays of"), required=False, help_text=_("Closed on them; open on weekends that are worked instead.")
    )
    subdivision = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(self, posted: QueryDict | None, *, settings: CalendarSettings) -> None:
        super().__init__(posted, initial=_initial(settings))
        for index, label in enumerate(WEEKDAYS):
            self.fields[f"day_{index}"] = HoursField(label=label)
        asked = settings.country if posted is None else posted.get("country", "")
        parts = countries().get(asked, ())
        self._offer("country", [("", _("Nobody")), *_countries(get_language() or "en")])
        self._offer("subdivision", [("", _("The whole country")), *((part, part) for part in parts)])
        if not parts:
            del self.fields["subdivision"]

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of the weekdays, Monday first."""
        return [self[f"day_{index}"] for index in range(7)]

    def settings(self) -> CalendarSettings:
        """Return what the valid form says."""
        given = self.cleaned_data
        return CalendarSettings(
            name=given["name"],
            zone=given["zone"],
            weekly=tuple(given[f"day_{index}"] for index in range(7)),
            country=given["country"],
            subdivision=given.get("subdivision", ""),
        )

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class DayForm(forms.Form):
    """A date with hours of its own."""

    date = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    day_name = forms.CharField(label=_("What for"), max_length=80, help_text=_("Such as a company outing."))
    hours = HoursField(label=_("Hours"), help_text=_("Empty for a day off."))
    is_yearly = forms.BooleanField(label=_("Every year"), required=False)

    def day(self) -> DayRow:
        """Return what the valid form says."""
        given = self.cleaned_data
        return DayRow(date=given["date"], name=given["day_name"], spans=given["hours"], is_yearly=given["is_yearly"])


def country_name(code: str) -> str:
    """Return a country's name in the reader's language, or its letters where it has none there."""
    return _territories(get_language() or "en").get(code, code)


@cache
def _territories(language: str) -> dict[str, str]:
    return dict(Locale.parse({"zh-hans": "zh_Hans"}.get(language, language)).territories)


@cache
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    names = _territories(language if language in {"en", "ko", "vi", "zh-hans"} else "en")
    return tuple(sorted(((code, names.get(code, code)) for code in countries()), key=lambda pair: pair[1]))


def _initial(settings: CalendarSettings) -> dict[str, object]:
    return {
        "name": settings.name,
        "zone": settings.zone,
        "country": settings.country,
        "subdivision": settings.subdivision,
        **{f"day_{index}": hours_written(spans) for index, spans in enumerate(settings.weekly)},
    }
