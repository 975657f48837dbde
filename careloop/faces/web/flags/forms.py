"""What people write to a flag; the services check it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from careloop.domains.integrity.states import Said

__all__ = ["AnswerForm", "DoubtForm"]


class AnswerForm(forms.Form):
    said = forms.ChoiceField(label=_("What is behind it?"), choices=Said.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your words"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The reason, what was corrected, or to whom it was handed on. It stays with the number."),
    )


class DoubtForm(forms.Form):
    words = forms.CharField(label=_("Why does the answer not hold?"), widget=forms.Textarea(attrs={"rows": 3}))
