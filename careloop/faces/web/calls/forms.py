"""The shape of what is posted about calls; the services check rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

__all__ = ["CalleeForm", "CallerForm", "CaseNumberForm", "WriteUpForm"]


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
