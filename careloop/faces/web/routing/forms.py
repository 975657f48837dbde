"""Shapes of skills, languages and room; the services check rules."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from careloop.domains.queues.states import Kind
from careloop.domains.workforce.types import Capacity, PersonProfile, SkillRow
from careloop.faces.web.routing.wording import LANGUAGES, language_names

__all__ = ["LEVELS", "LanguagesForm", "LevelsForm", "RoomForm", "ShareForm", "SkillForm"]

LEVELS: Final = (
    (1, _("1 – knows some")),
    (2, _("2 – handles simple matters")),
    (3, _("3 – handles usual matters")),
    (4, _("4 – handles hard matters")),
    (5, _("5 – knows all, helps others")),
)


class SkillForm(forms.Form):
    """The name of a skill."""

    name = forms.CharField(label=_("Skill"), max_length=60, help_text=_("Such as billing, roaming or complaints."))


class ShareForm(forms.Form):
    """How much of the operation's work the workspace ought to get."""

    agreed = forms.FloatField(
        label=_("Weight of this workspace"),
        min_value=0.01,
        max_value=1000,
        help_text=_("Of two workspaces with the weights 3 and 1, the first ought to get three quarters of the work."),
    )


class LevelsForm(forms.Form):
    """How much somebody knows of each skill."""

    def __init__(self, posted: QueryDict | None, *, skills: Sequence[SkillRow], profile: PersonProfile) -> None:
        super().__init__(posted)
        self.skills = skills
        for skill in skills:
            self.fields[f"level_{skill.id}"] = forms.TypedChoiceField(
                label=skill.name,
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", _("Does not know it")), *LEVELS],
                initial=profile.levels.get(skill.id, ""),
            )

    def levels(self) -> dict[int, int]:
        """Return what the valid form says."""
        given = ((skill.id, self.cleaned_data[f"level_{skill.id}"]) for skill in self.skills)
        return {skill_id: level for skill_id, level in given if level is not None}


class LanguagesForm(forms.Form):
    """What somebody speaks well enough to serve in."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("In which they serve.")
    )

    def __init__(self, posted: QueryDict | None, *, profile: PersonProfile, in_use: Iterable[str]) -> None:
        super().__init__(posted, initial={"languages": sorted(profile.languages)})
        field = self.fields["languages"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(language_names({*LANGUAGES, *in_use, *profile.languages}))


class RoomForm(forms.Form):
    """How much somebody holds at a time."""

    room = forms.IntegerField(
        label=_("Everything together"),
        min_value=0,
        max_value=1000,
        help_text=_("In weights: each thing takes as much of it as its queue says."),
    )

    def __init__(self, posted: QueryDict | None, *, profile: PersonProfile) -> None:
        initial: dict[str, Any] = {"room": profile.capacity.room}
        initial |= {f"most_{kind}": profile.capacity.most.get(kind, 0) for kind in Kind.values}
        super().__init__(posted, initial=initial)
        for kind, label in MOST.items():
            self.fields[f"most_{kind}"] = forms.IntegerField(label=label, min_value=0, max_value=1000)

    def capacity(self) -> Capacity:
        """Return what the valid form says."""
        most = {kind: self.cleaned_data[f"most_{kind}"] for kind in Kind.values}
        return Capacity(room=self.cleaned_data["room"], most={kind: number for kind, number in most.items() if number})


MOST: Final = {
    Kind.CASE.value: _("Cases at a time"),
    Kind.CHAT.value: _("Chats at a time"),
    Kind.CALL.value: _("Calls at a time"),
    Kind.CALLBACK.value: _("Callbacks at a time"),
}
