"""The shape of a report; the services check rules."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from careloop.domains.boards.periods import PERIODS
from careloop.domains.boards.types import BoardRow
from careloop.domains.reports.schedule import Clock, Frequency, Schedule
from careloop.domains.reports.types import ReportContent, ReportRow

__all__ = ["ReportForm", "initial_of"]


class ReportForm(forms.Form):
    """What a report is, when it comes, and to whom.

    boards, people: what there is to choose from; people as (id, name), empty where a report goes to its maker only.
    """

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("The subject of its mails."))
    board_key = forms.ChoiceField(label=_("Board"))
    period = forms.ChoiceField(
        label=_("Period"), required=False, choices=[("", _("The board's own")), *PERIODS.items()],
        help_text=_("A daily report is best about yesterday, a weekly one about last week."),
    )  # fmt: skip
    frequency = forms.ChoiceField(label=_("How often"), choices=Frequency.choices)
    weekday = forms.TypedChoiceField(
        label=_("On"), coerce=int, empty_value=None, required=False, help_text=_("For a weekly report."),
        choices=[("", "–"), *((day + 1, name) for day, name in WEEKDAYS.items())],
    )  # fmt: skip
    month_day = forms.IntegerField(
        label=_("Day of the month"), min_value=1, max_value=31, required=False,
        help_text=_("For a monthly report; in a shorter month its last day."),
    )  # fmt: skip
    at = forms.TimeField(
        label=_("At"), input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    clock = forms.ChoiceField(label=_("By"), choices=Clock.choices)
    readers = forms.TypedMultipleChoiceField(
        label=_("Who gets it"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        posted: QueryDict | None,
        *,
        boards: Sequence[BoardRow],
        people: Sequence[tuple[int, str]],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(posted, initial=initial)
        self._offer("board_key", [(board.key, board.name) for board in boards])
        self._offer("readers", people)
        if not people:
            del self.fields["readers"]

    def _offer(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    def content(self) -> ReportContent:
        """Return what was given, once it is valid. A day that belongs to another frequency is left out."""
        given = self.cleaned_data
        frequency = Frequency(given["frequency"])
        return ReportContent(
            name=given["name"],
            board_key=given["board_key"],
            period=given["period"],
            clock=Clock(given["clock"]),
            schedule=Schedule(
                frequency=frequency,
                at=given["at"],
                weekday=given["weekday"] if frequency is Frequency.WEEKLY else None,
                month_day=given["month_day"] if frequency is Frequency.MONTHLY else None,
            ),
        )


def initial_of(row: ReportRow) -> dict[str, Any]:
    """Return a report as the form shows it."""
    content = row.content
    return {
        "name": content.name,
        "board_key": content.board_key,
        "period": content.period,
        "frequency": content.schedule.frequency.value,
        "weekday": content.schedule.weekday,
        "month_day": content.schedule.month_day,
        "at": content.schedule.at,
        "clock": content.clock.value,
        "readers": [reader.user_id for reader in row.readers],
    }
