"""The shapes of targets and thresholds; the services check rules."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.conversations.types import Channel
from careloop.domains.wallboards.bands import TARGETS
from careloop.domains.wallboards.measures import measure_of
from careloop.domains.wallboards.types import QUEUE_FIGURES, Direction, Figure, Measure, NewThreshold, ThresholdRow
from careloop.faces.web.wall.wording import lasting

__all__ = ["QueueThresholdForm", "TargetForm", "ThresholdForm"]

# What people say: minutes and percent. What is kept: seconds and shares.
SCALE: Mapping[Measure, float] = {Measure.COUNT: 1, Measure.SECONDS: 60, Measure.SHARE: 0.01}
HOLDS = (0, 30, 60, 120, 300, 600, 1800)
Choices = Iterable[tuple[int, str]]


def _offer(form: forms.Form, name: str, choices: Iterable[tuple[object, str | Promise]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


class ThresholdForm(forms.Form):
    """A threshold, in the units that people say: percent for shares, minutes for waits."""

    figure = forms.ChoiceField(label=_("Figure"), choices=Figure.choices)
    team_id = forms.TypedChoiceField(label=_("Team"), coerce=int, empty_value=None, required=False)
    queue_id = forms.TypedChoiceField(
        label=_("Queue"), coerce=int, empty_value=None, required=False, help_text=_("Only for figures of a queue.")
    )
    direction = forms.ChoiceField(label=_("Is bad when it"), choices=Direction.choices)
    warning = forms.FloatField(
        label=_("Warning"), required=False, help_text=_("Shares in percent, times in minutes, the rest in numbers.")
    )
    alarm = forms.FloatField(label=_("Alarm"), required=False)
    margin = forms.FloatField(
        label=_("Over once it came back by"),
        required=False,
        help_text=_("In the same unit. So a figure that trembles around the limit alarms once."),
    )
    hold_seconds = forms.TypedChoiceField(label=_("Once it has lasted"), coerce=int, initial=60)

    def __init__(
        self, posted: QueryDict | None, *, teams: Choices, queues: Choices, row: ThresholdRow | None = None
    ) -> None:
        super().__init__(posted, initial=None if row is None else _initial(row))
        _offer(self, "team_id", [("", _("The whole workspace")), *teams])
        _offer(self, "queue_id", [("", _("No queue")), *queues])
        _offer(
            self, "hold_seconds", [(seconds, _("at once") if not seconds else lasting(seconds)) for seconds in HOLDS]
        )
        if row is not None:
            for name in ("figure", "team_id", "queue_id", "direction"):
                self.fields[name].disabled = True
            # Of what is watched only one of both is there to be said.
            del self.fields["team_id" if row.queue_id is not None else "queue_id"]

    def asked(self) -> NewThreshold:
        """Return what the valid form asks for."""
        given = self.cleaned_data
        figure = Figure(given["figure"])
        scale = SCALE[measure_of(figure)]

        def kept(value: float | None) -> float | None:
            return None if value is None else value * scale

        return NewThreshold(
            figure=figure,
            direction=Direction(given["direction"]),
            team_id=given.get("team_id"),
            queue_id=given.get("queue_id"),
            warning=kept(given["warning"]),
            alarm=kept(given["alarm"]),
            margin=kept(given["margin"]) or 0.0,
            hold_seconds=given["hold_seconds"],
        )


def _initial(row: ThresholdRow) -> dict[str, object]:
    scale = SCALE[measure_of(row.figure)]

    def said(value: float | None) -> float | None:
        return None if value is None else round(value / scale, 4)

    return {
        "figure": row.figure,
        "team_id": row.team_id,
        "queue_id": row.queue_id,
        "direction": row.direction,
        "warning": said(row.warning),
        "alarm": said(row.alarm),
        "margin": said(row.margin),
        "hold_seconds": row.hold_seconds,
    }


class QueueThresholdForm(ThresholdForm):
    """A threshold on a figure of one queue, asked for on the page of that queue."""

    def __init__(self, posted: QueryDict | None, *, queue_id: int) -> None:
        super().__init__(posted, teams=[], queues=[])
        self._queue_id = queue_id
        _offer(self, "figure", [(figure.value, figure.label) for figure in QUEUE_FIGURES])
        for name in ("team_id", "queue_id"):
            del self.fields[name]

    def asked(self) -> NewThreshold:
        """Return what the valid form asks for."""
        return replace(super().asked(), queue_id=self._queue_id)


class TargetForm(forms.Form):
    """Within which time a first answer is promised."""

    team_id = forms.TypedChoiceField(label=_("Team"), coerce=int, empty_value=None, required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    seconds = forms.TypedChoiceField(label=_("First answer within"), coerce=int, empty_value=None, required=False)

    def __init__(self, posted: QueryDict | None, *, teams: Choices) -> None:
        super().__init__(posted)
        _offer(self, "team_id", [("", _("Every team")), *teams])
        _offer(self, "channel", [("", _("Every channel")), *Channel.choices])
        _offer(
            self, "seconds", [("", _("No target of its own")), *((seconds, lasting(seconds)) for seconds in TARGETS)]
        )
