"""The page where owners and managers say whom a widget invites: several rules, the first that fits counts."""

import dataclasses
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from careloop.domains.chats import queries, rules
from careloop.domains.chats.errors import MayNotKeepWidgets, WidgetNotFound
from careloop.domains.chats.services import MOST_INVITATIONS, change_widget
from careloop.domains.chats.states import Invited
from careloop.domains.chats.types import InvitationRule
from careloop.faces.web.access.forms import LANGUAGES
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["InvitationForm", "widget_invitations"]

_TEXTS: Final = {f"text_{code}": code for code, _name in LANGUAGES}


class InvitationForm(forms.Form):
    """One rule. place: its number in the order; where all texts are empty there is no rule."""

    place = forms.IntegerField(label=gettext_lazy("Place in the order"), min_value=1, max_value=99)
    to = forms.ChoiceField(label=gettext_lazy("Whom to invite"), choices=Invited.choices)
    path = forms.CharField(
        label=gettext_lazy("Invite on pages that begin with"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as /pricing."),
    )
    after_s = forms.IntegerField(label=gettext_lazy("Invite after so many seconds on the page"))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Only to those who read"),
        choices=LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing chosen: everybody."),
    )
    pause_h = forms.IntegerField(
        label=gettext_lazy("Not again to the same visitor for so many hours"),
        help_text=gettext_lazy("Whoever said “not now” is not invited for a month."),
    )

    def __init__(self, posted: QueryDict | None, *, rule: InvitationRule, place: int) -> None:
        texts = {name: rule.texts.get(code, "") for name, code in _TEXTS.items()}
        said = {name: getattr(rule, name) for name in ("to", "path", "after_s", "languages", "pause_h")}
        super().__init__(posted, prefix=f"rule-{place}", initial={**said, **texts, "place": place})
        names = dict(LANGUAGES)
        for name, code in _TEXTS.items():
            label = gettext_lazy("Words in %(language)s") % {"language": names[code]}
            self.fields[name] = forms.CharField(label=label, max_length=200, required=False)
        self.order_fields([*_TEXTS, "place"])

    @property
    def rule(self) -> InvitationRule:
        """What was posted, once it is valid."""
        said = self.cleaned_data
        return InvitationRule(
            texts={code: said[name] for name, code in _TEXTS.items()},
            path=said["path"],
            after_s=said["after_s"],
            to=Invited(said["to"]),
            languages=tuple(said["languages"]),
            pause_h=said["pause_h"],
        )


@require_http_methods(["GET", "HEAD", "POST"])
def widget_invitations(request: HttpRequest, widget_id: int) -> HttpResponse:
    """Show the rules by which a widget invites, with room for one more, and change them together."""
    actor = actor_of(request)
    if not rules.may_keep_widgets(actor):
        raise MayNotKeepWidgets(_("Owners and managers put the chat on sites. Ask one of them."))
    row = next((one for one in queries.widgets() if one.id == widget_id), None)
    if row is None:
        raise WidgetNotFound(_("There is no such widget."))
    status, problem = 200, ""
    forms_shown = _forms(request, row.settings.invitations)
    if request.method == "POST":
        status = 422
        if not [form for form in forms_shown if not form.is_valid()]:
            in_order = sorted(forms_shown, key=lambda form: int(form.cleaned_data["place"]))
            settings = dataclasses.replace(row.settings, invitations=tuple(form.rule for form in in_order))
            try:
                change_widget(widget_id=widget_id, settings=settings, actor=actor, at=clock.now())
            except Refusal as refusal:
                status, problem = refusal.status, _show(refusal, in_order)
            else:
                messages.success(request, _("Saved."))
                return redirect("admin_widget_invitations", workspace=workspace_of(request).key, widget_id=widget_id)
    context: dict[str, Any] = {"row": row, "forms": forms_shown, "problem": problem}
    return render(request, "chats/invitations.html", context, status=status)


def _forms(request: HttpRequest, kept: Sequence[InvitationRule]) -> list[InvitationForm]:
    """Return a form for each rule, and one for a new one; what was posted says itself how many it has."""
    posted = request.POST if request.method == "POST" else None
    count = len(kept) + 1
    if posted is not None:
        count = 0
        while count < MOST_INVITATIONS + 1 and f"rule-{count + 1}-place" in posted:
            count += 1
    shown = [*kept, *[InvitationRule(texts={})] * count][:count]
    return [InvitationForm(posted, rule=rule, place=place) for place, rule in enumerate(shown, start=1)]


def _show(refusal: Refusal, in_order: Sequence[InvitationForm]) -> str:
    """Put what is wrong where it was written; what belongs to no rule stands above them."""
    for name, words in refusal.fields.items():
        kind, _point, rest = name.partition(".")
        place, _point, field = rest.partition(".")
        if kind == "invitations" and field:
            in_order[int(place)].add_error(field, str(words))
    return "" if any(name.count(".") == 2 for name in refusal.fields) else str(refusal)
