"""The shape of what is posted about calls; the services check rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from careloop.domains.calls.states import TransferKind
from careloop.domains.workforce.states import State
from careloop.processes.calling import TransferTargets

__all__ = ["CalleeForm", "CallerForm", "CaseNumberForm", "TransferForm", "WriteUpForm"]


class CallerForm(forms.Form):
    customer = forms.IntegerField(
        label=_("Customer"),
        min_value=1,
        max_value=2**63 - 1,
        error_messages={"required": _("Choose a customer."), "invalid": _("Choose a customer.")},
    )


class CalleeForm(forms.Form):
    """What the buttons beside numbers send; case: the number of the case it is about."""

    customer = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    number = forms.CharField(max_length=80)
    case = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class CaseNumberForm(forms.Form):
    number = forms.IntegerField(label=_("Case number"), min_value=1, max_value=2**63 - 1)


class WriteUpForm(forms.Form):
    """reason_id may be left out only where the workspace keeps no reasons."""

    reason_id = forms.TypedChoiceField(label=_("What it was about"), coerce=int, empty_value=None)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For colleagues. It stands in the case that the call belongs to."),
    )

    def __init__(
        self,
        posted: QueryDict | None,
        *,
        reasons: Sequence[tuple[int, str]],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(posted, initial=dict(initial or {}))
        field = self.fields["reason_id"]
        if not reasons:
            del self.fields["reason_id"]
        elif isinstance(field, forms.TypedChoiceField):
            field.choices = [("", _("Choose a reason")), *reasons]


class TransferForm(forms.Form):
    """To whom a call is passed on, how, and with which words."""

    to = forms.ChoiceField(label=_("To whom"), error_messages={"required": _("Choose a colleague or a queue.")})
    kind = forms.ChoiceField(
        label=_("How"),
        choices=TransferKind.choices,
        initial=TransferKind.BLIND,
        help_text=_("To announce it, you speak to your colleague first and hang up to hand the call over."),
    )
    note = forms.CharField(
        label=_("What they should know"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands on their screen before they pick up, with the case that the call belongs to."),
    )

    def __init__(self, posted: QueryDict | None, *, targets: TransferTargets) -> None:
        super().__init__(posted, auto_id="transfer_%s")
        if not targets.announces:
            del self.fields["kind"]
        people = [(f"person-{one.user_id}", _named(one.name, one.state)) for one in targets.people]
        queues = [(f"queue-{name}", name) for name in targets.queues]
        groups = [(_("Colleagues"), people), (_("Queues"), queues)]
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose a colleague or a queue")), *(group for group in groups if group[1])]

    @property
    def receiver_id(self) -> int | None:
        """Return the colleague that was chosen; None for a queue."""
        kind, _dash, which = self.cleaned_data["to"].partition("-")
        return int(which) if kind == "person" else None

    @property
    def queue(self) -> str:
        """Return the queue that was chosen, or nothing."""
        kind, _dash, which = self.cleaned_data["to"].partition("-")
        return str(which) if kind == "queue" else ""


def _named(name: str, state: str) -> str:
    return str(_("%(name)s (%(state)s)") % {"name": name, "state": State(state).label}) if state else name
