"""The shape of what is posted about chats and widgets; the services check rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from careloop.domains.chats.types import WidgetRow, WidgetSettings

__all__ = ["CallForm", "HandoverForm", "NewWidgetForm", "WhisperForm", "WidgetForm", "WrapUpForm"]

# Each in its own words, so that whoever reads only that language finds it.
LANGUAGES = [("en", "English"), ("ko", "한국어"), ("zh-hans", "简体中文"), ("vi", "Tiếng Việt")]
_GREETINGS: Final = {f"greeting_{code}": code for code, _name in LANGUAGES}
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
        for code, language in LANGUAGES:
            self.fields[f"greeting_{code}"] = forms.CharField(
                label=_("Greeting in %(language)s") % {"language": language},
                max_length=300,
                required=False,
                help_text=_("Left empty, a sentence of ours stands there."),
            )
        self.order_fields(["name", *_GREETINGS])
        _offer(self, "team_id", teams, empty=_("Everybody"))
        _offer(self, "queue_id", queues, empty=_("None: taken by hand"))
        _offer(self, "mailbox_id", mailboxes, empty=_("The first mailbox"))
        _offer(self, "calendar_id", calendars, empty=_("Always"))

    @staticmethod
    def initial_of(row: WidgetRow) -> dict[str, object]:
        """Return a widget as the form shows it."""
        said = {name: getattr(row.settings, name) for name in WidgetSettings.__slots__}
        said |= {name: row.settings.greetings.get(code, "") for name, code in _GREETINGS.items()}
        return {**said, "allowed_origins": "\n".join(row.settings.allowed_origins)}

    def settings_over(self, before: WidgetSettings) -> WidgetSettings:
        """Return what was posted, once it is valid, and as before what is not said here."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in _GREETINGS}
        said["greetings"] = {code: self.cleaned_data[name] for name, code in _GREETINGS.items()}
        return replace(before, **{**said, "allowed_origins": tuple(str(said["allowed_origins"]).split())})


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
        """What was posted, once it is valid."""
        said = self.cleaned_data
        return WidgetSettings(
            name=said["name"], language=said["language"], allowed_origins=tuple(said["allowed_origins"].split())
        )
