"""What is typed in a step of a procedure; the services check rules."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from careloop.domains.procedures.states import FieldKind
from careloop.domains.procedures.types import Field, Step
from careloop.kernel.errors import Refusal

__all__ = ["AnswerForm", "ReasonForm"]


class AnswerForm(forms.Form):
    """The form of a step, with its own fields."""

    def __init__(
        self, step: Step, *, run_id: int, values: Mapping[str, str] | None = None, posted: QueryDict | None = None
    ) -> None:
        super().__init__(posted, auto_id=f"step-{run_id}-{step.key}-%s", initial=dict(values or {}))
        for field in step.fields:
            self.fields[field.key] = _field(field)

    def answers(self) -> dict[str, str]:
        """Return what was typed, as it was typed."""
        return {name: str(self.data.get(name, "")) for name in self.fields}

    def refused(self, refusal: Refusal) -> "AnswerForm":
        """Return the form with what is wrong beside its fields."""
        self.is_valid()
        for name, words in refusal.fields.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, str(words))
        return self


class ReasonForm(forms.Form):
    """Why something is refused or left out."""

    reason = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, name: str, posted: QueryDict | None = None) -> None:
        super().__init__(posted, auto_id=f"{name}-%s")


def _field(field: Field) -> forms.Field:
    common: dict[str, Any] = {"label": field.label, "required": False}
    match field.kind:
        case FieldKind.CHOICE:
            made: forms.Field = forms.ChoiceField(
                choices=[("", _("Choose")), *((one, one) for one in field.choices)], **common
            )
        case FieldKind.YES_NO:
            made = forms.ChoiceField(choices=[("", _("Choose")), ("yes", _("Yes")), ("no", _("No"))], **common)
        case FieldKind.DATE:
            made = forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **common)
        case FieldKind.TEXT:
            made = forms.CharField(widget=forms.Textarea(attrs={"rows": 2, "maxlength": 4000}), **common)
        case _:
            widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
            made = forms.CharField(widget=widget, help_text=_bounds(field), **common)
            if field.currency:
                made.label = _("%(field)s (%(currency)s)") % {"field": field.label, "currency": field.currency}
    made.required = field.is_required
    made.widget.is_required = (
        False  # the browser leaves the refusing to us, so that it is said in the person's language
    )
    return made


def _bounds(field: Field) -> Any:
    least, most = (None if one is None else formats.localize(one) for one in (field.least, field.most))
    if least is not None and most is not None:
        return _("From %(least)s to %(most)s.") % {"least": least, "most": most}
    if least is not None:
        return _("At least %(least)s.") % {"least": least}
    return "" if most is None else _("At most %(most)s.") % {"most": most}
