"""What is typed about an absence; the services check rules."""

from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

__all__ = ["AbsenceForm"]

AS_TYPED: Final = "%Y-%m-%dT%H:%M"


class AbsenceForm(forms.Form):
    """Until when somebody is away, and who stands in."""

    until = forms.DateTimeField(
        label=_("Away until"),
        required=False,
        input_formats=[AS_TYPED, f"{AS_TYPED}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=AS_TYPED),
        help_text=_("On your clock. Leave it empty when you do not know."),
    )
    deputy = forms.TypedChoiceField(label=_("Deputy"), required=False, coerce=int, empty_value=None)

    def __init__(self, people: list[tuple[int, str]], posted: QueryDict | None = None) -> None:
        super().__init__(posted, auto_id="absence-%s")
        choices: list[Any] = [("", _("Nobody in particular")), *people]
        self.fields["deputy"].choices = choices  # type: ignore[attr-defined]
