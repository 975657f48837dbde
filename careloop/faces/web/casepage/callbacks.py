"""What is typed to promise a callback, to move one, and to take one back; the services check rules."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from careloop.domains.commitments.states import Reason, Way

__all__ = ["CallbackForm", "CancellationForm", "Moment", "MoveForm", "usual_time"]

HOUR: Final = timedelta(hours=1)
AS_TYPED: Final = "%Y-%m-%dT%H:%M"


class Moment(forms.DateTimeField):
    """A moment on the reader's clock; one that their clock skips is refused."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=AS_TYPED)
        super().__init__(widget=widget, input_formats=[AS_TYPED, f"{AS_TYPED}:%S"], **kwargs)


class CallbackForm(forms.Form):
    """The word that is given to a customer."""

    due_at = Moment(label=_("By when"), help_text=_("On your clock. It counts outside your opening hours, too."))
    way = forms.ChoiceField(label=_("How"), choices=Way.choices)
    note = forms.CharField(
        label=_("What about"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For colleagues; the customer does not see it."),
    )

    def __init__(self, posted: QueryDict | None = None, *, due_at: datetime | None = None) -> None:
        super().__init__(posted, auto_id="callback_%s", initial={"due_at": due_at, "way": Way.CALL})


class MoveForm(forms.Form):
    """Another time for it, and why."""

    due_at = Moment(label=_("By when"))
    reason = forms.ChoiceField(
        label=_("Why"), choices=[choice for choice in Reason.choices if choice[0] != Reason.NOT_NEEDED]
    )

    def __init__(self, posted: QueryDict | None = None, *, due_at: datetime | None = None) -> None:
        super().__init__(posted, auto_id="move_%s", initial={"due_at": due_at})


class CancellationForm(forms.Form):
    """Why nobody comes back any more."""

    reason = forms.ChoiceField(label=_("Why"), choices=Reason.choices, initial=Reason.NOT_NEEDED)

    def __init__(self, posted: QueryDict | None = None) -> None:
        super().__init__(posted, auto_id="cancellation_%s")


def usual_time(now: datetime) -> datetime:
    """Return a time that a callback could be promised for: a full hour, one to two hours ahead."""
    return (now + 2 * HOUR).replace(minute=0, second=0, microsecond=0)
