"""The shape of a queue's settings; the services check rules. Fields are named as the refusals name them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from careloop.domains.queues.states import Choice, Kind
from careloop.domains.queues.types import QueueSettings
from careloop.domains.workforce.types import SkillRow
from careloop.faces.web.routing.forms import LEVELS

__all__ = ["QueueForm", "level_choices"]

Choices = Sequence[tuple[str, Any]]
ASKED_FOR: Final = _("Nothing is asked for")


def level_choices() -> list[tuple[Any, Any]]:
    """Return what can be asked of a skill."""
    return [("", ASKED_FOR), *LEVELS]


class MinutesField(forms.FloatField):
    """A length of time in minutes, kept in seconds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=7 * 24 * 60, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Return whole seconds, None for nothing."""
        minutes = super().clean(value)
        return None if minutes is None else round(minutes * 60)


class TiersField(forms.CharField):
    """Tags of customers with the steps they are ahead, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def clean(self, value: Any) -> dict[str, int]:
        """Return the steps by tag. Raises ValidationError."""
        tiers: dict[str, int] = {}
        for line in super().clean(value).splitlines():
            tag, _colon, steps = (part.strip() for part in line.rpartition(":"))
            if not line.strip():
                continue
            if not tag or not (steps.isascii() and steps.isdigit() and len(steps) < 4):
                raise forms.ValidationError(gettext("Write each tag with a number of steps, such as VIP: 3."))
            tiers[tag] = int(steps)
        return tiers


class QueueForm(forms.Form):
    """All that people decide about a queue."""

    name = forms.CharField(label=_("Name"), max_length=80)
    kinds = forms.MultipleChoiceField(
        label=_("What may wait in it"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    teams = forms.MultipleChoiceField(
        label=_("Whose people serve it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody chosen: everybody who works on cases."),
    )
    is_by_language = forms.BooleanField(
        label=_("Only to people who speak the customer's language"),
        required=False,
        help_text=_("Where the language is not known, anybody may take it."),
    )
    choice = forms.ChoiceField(label=_("Who is asked first"), choices=Choice.choices)
    same_agent = MinutesField(
        label=_("Minutes ahead for whoever served the customer last"),
        help_text=_("To them it seems to have waited so much longer. 0: it does not matter who did."),
    )
    offer = forms.IntegerField(
        label=_("Seconds to answer an offer"), min_value=5, max_value=3600, help_text=_("Then somebody else is asked.")
    )
    wrap = forms.IntegerField(
        label=_("Seconds to write up afterwards"),
        min_value=0,
        max_value=3600,
        help_text=_("After a call or a chat nothing new comes for so long."),
    )
    weight = forms.IntegerField(
        label=_("Room that one takes"),
        min_value=1,
        max_value=100,
        help_text=_("Of the room that a person has for everything together."),
    )
    priority = forms.IntegerField(label=_("Priority"), min_value=0, max_value=20, help_text=_("0 to 20 steps ahead."))
    step = MinutesField(
        label=_("Minutes ahead for each step of priority"),
        help_text=_("What is less urgent still gets its turn, once it has waited that much longer."),
    )
    tiers = TiersField(
        label=_("Customers with a tag come first"),
        help_text=_("One tag a line with the steps it is ahead, such as VIP: 3."),
    )
    calendar = forms.ChoiceField(
        label=_("Open in these hours"), required=False, help_text=_("While it is closed, nothing is offered.")
    )
    overflow = forms.ChoiceField(label=_("When nobody takes it, it goes to"), required=False)
    overflow_after = MinutesField(label=_("After so many minutes"), required=False)

    def __init__(
        self,
        posted: QueryDict | None,
        *,
        settings: QueueSettings,
        teams: Choices,
        calendars: Choices,
        others: Choices,
        skills: Sequence[SkillRow],
    ) -> None:
        super().__init__(posted, initial=_initial(settings))
        self.skills = skills
        self._offer("teams", teams)
        self._offer("calendar", [("", _("Always open")), *calendars])
        self._offer("overflow", [("", _("It stays here")), *others])
        for skill in skills:
            self.fields[f"need_{skill.id}"] = forms.TypedChoiceField(
                label=skill.name,
                required=False,
                coerce=int,
                empty_value=None,
                choices=level_choices(),
                initial=settings.needs.get(skill.id, ""),
            )

    @property
    def needs(self) -> list[forms.BoundField]:
        """The fields of the skills."""
        return [self[f"need_{skill.id}"] for skill in self.skills]

    def settings(self) -> QueueSettings:
        """Return what the valid form says."""
        given = self.cleaned_data
        needs: Mapping[int, int | None] = {skill.id: given[f"need_{skill.id}"] for skill in self.skills}
        return QueueSettings(
            name=given["name"],
            kinds=tuple(map(Kind, given["kinds"])),
            team_ids=tuple(int(team) for team in given["teams"]),
            needs={skill_id: level for skill_id, level in needs.items() if level is not None},
            is_by_language=given["is_by_language"],
            priority=given["priority"],
            tiers=given["tiers"],
            step_s=given["step"],
            calendar_id=_number(given["calendar"]),
            overflow_id=_number(given["overflow"]),
            overflow_after_s=given["overflow_after"] if given["overflow"] else None,
            choice=Choice(given["choice"]),
            same_agent_s=given["same_agent"],
            offer_s=given["offer"],
            wrap_s=given["wrap"],
            weight=given["weight"],
        )

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)


def _number(text: str) -> int | None:
    return int(text) if text else None


def _minutes(seconds: int | None) -> str:
    return "" if seconds is None else f"{round(seconds / 60, 4):g}"


def _initial(settings: QueueSettings) -> dict[str, object]:
    return {
        "name": settings.name,
        "kinds": [kind.value for kind in settings.kinds],
        "teams": [str(team) for team in settings.team_ids],
        "is_by_language": settings.is_by_language,
        "choice": settings.choice.value,
        "same_agent": _minutes(settings.same_agent_s),
        "offer": settings.offer_s,
        "wrap": settings.wrap_s,
        "weight": settings.weight,
        "priority": settings.priority,
        "tiers": "\n".join(f"{tag}: {steps}" for tag, steps in sorted(settings.tiers.items())),
        "step": _minutes(settings.step_s),
        "calendar": settings.calendar_id or "",
        "overflow": settings.overflow_id or "",
        "overflow_after": _minutes(settings.overflow_after_s),
    }
