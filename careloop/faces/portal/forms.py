"""Forms of the portal: they check shape; the services check rules."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from careloop.domains.cases.states import Category
from careloop.domains.files.errors import FileTooLarge
from careloop.faces.portal.tokens import FormMark, new_mark, read_mark
from careloop.kernel.errors import Refusal
from careloop.processes.portal_access import Upload

__all__ = [
    "AddressForm",
    "CallForm",
    "OwnRequestForm",
    "ReplyForm",
    "RequestForm",
    "SiteForm",
    "WritingForm",
    "uploads_of",
]

LONGEST_TEXT: Final = 20_000
QUICKEST: Final = timedelta(seconds=3)
"""No person fills a form in less."""
ADDRESS_ERRORS: Final = {
    "required": _("Please tell us your mail address."),
    "invalid": _("This is not a mail address. Write it like name@example.com."),
}
REPLY_LABELS: Final = {
    Category.NEW: _("Would you like to add something?"),
    Category.OPEN: _("Would you like to add something?"),
    Category.WAITING: _("Your answer"),
    Category.SOLVED: _("Is something still open?"),
}


class WaitingForm(forms.Form):
    """A form that says when somebody may come back, and keeps what they wrote."""

    def ask_to_wait(self, seconds: int) -> None:
        """Put above the form that it was posted too often. seconds: how long to wait, above 0."""
        minutes = max(1, -(-seconds // 60))
        self.add_error(
            None,
            ngettext(
                "You wrote very often in a short time. Please come back in %(count)d minute; your text stays here.",
                "You wrote very often in a short time. Please come back in %(count)d minutes; your text stays here.",
                minutes,
            )
            % {"count": minutes},
        )

    def show(self, refusal: Refusal) -> None:
        """Put a refusal's sentence beside the field it is about, or above the form."""
        field = "address" if refusal.code == "address_unusable" and "address" in self.fields else None
        if isinstance(refusal, FileTooLarge):
            self.add_error(None, f"{refusal} " + str(_("Please choose your files again.")))
        else:
            self.add_error(field, str(refusal))


class AddressForm(WaitingForm):
    """Where a sign-in link goes."""

    address = forms.EmailField(
        label=_("Your mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=ADDRESS_ERRORS,
    )
    next = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)


class WritingForm(WaitingForm):
    """Words with files. It carries a signed mark, so that it is taken once and not for ever.

    posted: what came, or None to show it fresh. purpose: which form of which workspace. at: now.
    """

    text = forms.CharField(
        label=_("What is it about?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": _("Please write something.")},
    )
    mark = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order: list[str] = []

    def __init__(
        self, posted: QueryDict | None, *, purpose: str, at: datetime, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(posted, initial={**(initial or {}), "mark": new_mark(purpose=purpose, at=at)})
        self.purpose, self.at = purpose, at
        self.taken: FormMark | None = None

    def clean_mark(self) -> str:
        """Check the mark; an old page gets a fresh one and is asked to send again."""
        self.taken = read_mark(self.cleaned_data["mark"], purpose=self.purpose, at=self.at)
        if self.taken is None:
            self.renew_mark()
            self.add_error(
                None, _("This page was open for a long time. Your text is still here: please send it again.")
            )
        return ""

    def renew_mark(self) -> None:
        """Let what was written be sent again as something new."""
        self._rewrite("mark", new_mark(purpose=self.purpose, at=self.at))

    def _rewrite(self, field: str, value: str) -> None:
        self.data = {**dict(self.data.items()), field: value}

    def clean_subject(self) -> str:
        """Return the subject on one line."""
        return " ".join(self.cleaned_data["subject"].split())

    def clean_name(self) -> str:
        """Return the name on one line."""
        return " ".join(self.cleaned_data["name"].split())


class OwnRequestForm(WritingForm):
    """A request of a signed-in customer."""

    subject = forms.CharField(label=_("In a few words"), max_length=200, required=False)
    field_order = ["text", "subject"]


class RequestForm(OwnRequestForm):
    """A request of a visitor."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please tell us your name.")},
    )
    address = forms.EmailField(
        label=_("Your mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We answer to this address."),
        error_messages=ADDRESS_ERRORS,
    )
    field_order = ["text", "subject", "name", "address"]


class SiteForm(RequestForm):
    """A request from the company's own site. Two traps tell machines from people; a person caught in one just sends again."""

    website = forms.CharField(
        label=_("Please leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_website(self) -> str:
        """Refuse what only a machine fills in, and empty it for whoever's browser did."""
        if self.cleaned_data["website"]:
            self._rewrite("website", "")
            self.add_error(None, _("A field was filled in that people do not see. We emptied it: please send again."))
        return ""

    def clean_mark(self) -> str:
        """Refuse also what was written faster than people write."""
        super().clean_mark()
        if self.taken is not None and self.at - self.taken.shown_at < QUICKEST:
            self.add_error(None, _("That was very quick. Your text is still here: please send it again."))
        return ""


class ReplyForm(WritingForm):
    """What a customer adds to a request. category: how the request stands, for the right question."""

    def __init__(self, posted: QueryDict | None, *, category: str, purpose: str, at: datetime) -> None:
        super().__init__(posted, purpose=purpose, at=at)
        self.fields["text"].label = REPLY_LABELS.get(Category(category), _("Your answer"))
        self.fields["text"].widget.attrs["rows"] = 4


class CallForm(WaitingForm):
    """The number at which a customer would like to be called."""

    phone = forms.CharField(
        label=_("Your phone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Please tell us your phone number.")},
    )


def uploads_of(request: HttpRequest) -> list[Upload]:
    """Return the files that came with a form, without the empty places of browsers that chose none."""
    return [
        Upload(name=file.name, declared_type=file.content_type or "", byte_count=file.size or 0, read=file.read)
        for file in request.FILES.getlist("files")
        if file.name
    ]
