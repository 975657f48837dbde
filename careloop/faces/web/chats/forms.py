"""The shape of what is posted about chats and widgets; the services check rules."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from careloop.domains.chats.states import Invited
from careloop.domains.chats.types import WidgetRow, WidgetSettings

__all__ = ["CallForm", "HandoverForm", "NewWidgetForm", "WhisperForm", "WidgetForm", "WrapUpForm"]

# Each in its own words, so that whoever reads only that language finds it.
LANGUAGES = [("en", "English"), ("ko", "한국어"), ("zh-hans", "简体中文"), ("vi", "Tiếng Việt")]
Choices = Iterable[tuple[Any, str]]


def _offer(form: forms.Form, name: str, choices: Choices, *, empty: Any = None) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = [*([] if empty is None else [("", empty)]), *choices]


class WhisperForm(forms.Form):
    text = forms.CharField(
        label=_("Whisper"), widget=forms.Textarea(attrs={"rows": 2}), help_text=_("The visitor never sees it.")
    )


class CallForm(forms.Form):
    user_id = forms.TypedChoiceField(label=_("Whom to call in"), coerce=int)

    def __init__(self, posted: QueryDict | None, *, people: Choices) -> None:
        super().__init__(posted)
        _offer(self, "user_id", people, empty=_("Choose a colleague"))


class HandoverForm(forms.Form):
    """to: "user:3" or "team:2", or "team:" for whoever comes."""

    to = forms.ChoiceField(label=_("Hand it to"))
    about = forms.CharField(
        label=_("What it is about"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )

    def __init__(self, posted: QueryDict | None, *, people: Choices, teams: Choices) -> None:
        super().__init__(posted)
        colleagues = [(f"user:{key}", name) for key, name in people]
        _offer(
            self,
            "to",
            [*colleagues, *((f"team:{key}", name) for key, name in teams), ("team:", str(_("Whoever comes")))],
        )


class WrapUpForm(forms.Form):
    """reason_id may be left out only where the workspace keeps no reasons."""

    reason_id = forms.TypedChoiceField(label=_("Reason"), coerce=int, empty_value=None)
    status_id = forms.TypedChoiceField(label=_("The case becomes"), coerce=int)

    def __init__(self, posted: QueryDict | None, *, reasons: Sequence[tuple[int, str]], statuses: Choices) -> None:
        super().__init__(posted)
        _offer(self, "reason_id", reasons, empty=_("Choose a reason"))
        _offer(self, "status_id", statuses)
        if not reasons:
            del self.fields["reason_id"]


class WidgetForm(forms.Form):
    """What may be changed about a widget."""

    name = forms.CharField(label=_("Title"), max_length=80, help_text=_("Stands above the chat, for visitors."))
    greeting = forms.CharField(label=_("Greeting"), max_length=300, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES, help_text=_("Where the site speaks none of our languages.")
    )
    team_id = forms.TypedChoiceField(label=_("Chats go to"), coerce=int, empty_value=None, required=False)
    queue_id = forms.TypedChoiceField(
        label=_("They wait in the queue"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("From there they are offered to whoever is free and fits. Without a queue they are taken by hand."),
    )
    mailbox_id = forms.TypedChoiceField(label=_("Mails leave from"), coerce=int, empty_value=None, required=False)
    calendar_id = forms.TypedChoiceField(label=_("Open in the hours"), coerce=int, empty_value=None, required=False)
    allowed_origins = forms.CharField(
        label=_("Sites that may show it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, such as https://www.example.com. Others are not answered."),
    )
    visitor_silence_s = forms.IntegerField(label=_("End after so many seconds without a word of the visitor"))
    agent_silence_s = forms.IntegerField(
        label=_("Give the chat to somebody else after so many seconds without an answer")
    )
    most_wait_s = forms.IntegerField(
        label=_("Answer by mail after so many seconds in which nobody comes"),
        help_text=_("The visitor reads so. With 0 the wait has no end."),
    )
    most_waiting = forms.IntegerField(
        label=_("Take messages instead while so many wait"),
        help_text=_("With 0 there is always room to wait."),
    )
    mail_after_s = forms.IntegerField(label=_("Mail what was not read after so many seconds"))
    invitation = forms.CharField(
        label=_("Invitation"), max_length=200, required=False, help_text=_("Left empty, nobody is invited.")
    )
    invitation_to = forms.ChoiceField(
        label=_("Whom to invite"),
        choices=Invited.choices,
        help_text=_("Once a day at most, for a month not after “not now”, and only while somebody is free."),
    )
    invitation_path = forms.CharField(
        label=_("Invite on pages that begin with"), max_length=200, required=False, help_text=_("Such as /pricing.")
    )
    invitation_after_s = forms.IntegerField(label=_("Invite after so many seconds on the page"))
    notice = forms.CharField(
        label=_("Visitors agree first"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Such as what you do with their details. Left empty, nothing is asked. Who agreed to what stays on record."
        ),
    )
    notice_url = forms.CharField(
        label=_("Page that says more of it"),
        max_length=300,
        required=False,
        help_text=_("Such as https://www.example.com/privacy."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(
        self,
        posted: QueryDict | None,
        *,
        teams: Choices,
        queues: Choices,
        mailboxes: Choices,
        calendars: Choices,
        initial: Mapping[str, object],
    ) -> None:
        super().__init__(posted, initial=dict(initial))
        _offer(self, "team_id", teams, empty=_("Everybody"))
        _offer(self, "queue_id", queues, empty=_("None: taken by hand"))
        _offer(self, "mailbox_id", mailboxes, empty=_("The first mailbox"))
        _offer(self, "calendar_id", calendars, empty=_("Always"))

    @staticmethod
    def initial_of(row: WidgetRow) -> dict[str, object]:
        """Return a widget as the form shows it."""
        said = {name: getattr(row.settings, name) for name in WidgetSettings.__slots__}
        return {**said, "allowed_origins": "\n".join(row.settings.allowed_origins)}

    @property
    def settings(self) -> WidgetSettings:
        """What was posted, once it is valid."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return WidgetSettings(**{**said, "allowed_origins": tuple(str(said["allowed_origins"]).split())})


class NewWidgetForm(WidgetForm):
    """A new widget; it is in use at once, and the rest is set on its own page."""

    key = forms.SlugField(
        label=_("Address"),
        max_length=40,
        help_text=_("What its address ends in: small letters, digits and hyphens."),
        error_messages={"invalid": _("An address is made of small letters, digits and hyphens.")},
    )
    field_order = ["name", "key", "language", "allowed_origins"]

    def __init__(self, posted: QueryDict | None, **given: Any) -> None:
        super().__init__(posted, **given)
        self.fields = {name: self.fields[name] for name in self.field_order}

    @property
    def settings(self) -> WidgetSettings:
        said = self.cleaned_data
        return WidgetSettings(
            name=said["name"], language=said["language"], allowed_origins=tuple(said["allowed_origins"].split())
        )
