"""Forms of the desk: they check shape; the services check rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from careloop.domains.customers.types import IdentityKind
from careloop.faces.web.access.forms import LANGUAGES, time_zones

__all__ = [
    "CustomerForm",
    "IdentityForm",
    "NewCustomerForm",
    "NoteForm",
    "OrganizationForm",
    "TagsForm",
]

NO_LANGUAGE = ("", _("Not known"))
NO_ZONE = ("", _("Not known"))


def _zones() -> list[tuple[str, Any]]:
    return [NO_ZONE, *time_zones()]


class CustomerForm(forms.Form):
    """What is written about a customer. organizations: pairs of id and name to choose from."""

    name = forms.CharField(label=_("Name"), max_length=200)
    language = forms.ChoiceField(
        label=_("Language"), choices=[NO_LANGUAGE, *LANGUAGES], required=False, help_text=_("We write to them in it.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones, required=False)
    organization = forms.ChoiceField(label=_("Organization"), required=False)

    def __init__(self, *args: Any, organizations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].choices = [("", _("None")), *organizations]  # type: ignore[attr-defined]


class NewCustomerForm(forms.Form):
    """A customer and the first way to reach them."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Reached by"), choices=IdentityKind)
    value = forms.CharField(label=_("Address or number"), max_length=320)
    language = forms.ChoiceField(label=_("Language"), choices=[NO_LANGUAGE, *LANGUAGES], required=False)


class IdentityForm(forms.Form):
    """Another way to reach a customer."""

    kind = forms.ChoiceField(label=_("Kind"), choices=IdentityKind)
    value = forms.CharField(label=_("Address or number"), max_length=320)


class NoteForm(forms.Form):
    """A note about a customer."""

    text = forms.CharField(label=_("Note for colleagues"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))


class TagsForm(forms.Form):
    """Tags of a customer, written with commas between them."""

    tags = forms.CharField(label=_("Tags"), required=False, max_length=1000, help_text=_("Separate several by commas."))

    def tags_written(self) -> frozenset[str]:
        """Return the tags that the form holds."""
        return frozenset(tag.strip()[:60] for tag in self.cleaned_data["tags"].split(",") if tag.strip())


class OrganizationForm(forms.Form):
    """A customer's company."""

    name = forms.CharField(label=_("Name"), max_length=200)
    domains = forms.CharField(
        label=_("Mail domains"),
        required=False,
        max_length=1000,
        help_text=_("New customers who write from these domains belong to it. Separate several by commas."),
    )

    def domains_written(self) -> frozenset[str]:
        """Return the domains that the form holds."""
        return frozenset(part.strip().lstrip("@") for part in self.cleaned_data["domains"].split(",") if part.strip())
