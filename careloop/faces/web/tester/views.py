"""Administration: play a customer on any connected channel; what we answer appears here and nowhere else."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from careloop.domains.channels import rules
from careloop.domains.channels.errors import MayNotKeepMailboxes
from careloop.domains.channels.queries import mailboxes, messengers, web_forms
from careloop.domains.conversations.types import Author, Channel, MessageRow
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.processes.playing import play_mail, play_text, played, player_address, player_number

__all__ = ["tester"]


class TesterForm(forms.Form):
    """What a customer would write, and where to."""

    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=[])
    subject = forms.CharField(label=gettext_lazy("Subject, for a mail"), required=False, max_length=200)
    text = forms.CharField(
        label=gettext_lazy("What the customer writes"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["channel"].choices = [  # type: ignore[attr-defined]
            *((f"text-{one.id}", f"{Channel.SMS.label} · {one.name} ({one.number})") for one in messengers()),
            *((f"mail-{one.id}", f"{Channel.EMAIL.label} · {one.name} ({one.address})") for one in mailboxes()),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def tester(request: HttpRequest) -> HttpResponse:
    """Take a customer's words as if they had come by the channel, and show what was said there."""
    actor, status = actor_of(request), 200
    if not rules.may_keep_mailboxes(actor):
        raise MayNotKeepMailboxes(_("Owners and managers try the channels. Ask one of them."))
    form = TesterForm(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _play(request, form)
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("It is on its way in, as any message. It appears below in a moment."))
                return redirect("admin_tester", workspace=workspace_of(request).key)
    key = workspace_of(request).key
    shown = {
        "form": form,
        "said": [(one, _is_ours(one), Channel(one.channel).label) for one in played(viewer=actor)],
        "address": player_address(actor),
        "number": player_number(actor),
        "forms": [
            (one.name, reverse("portal_site_form", kwargs={"portal": key, "form_key": one.key}))
            for one in web_forms()
            if one.is_active
        ],
    }
    return render(request, "tester/tester.html", shown, status=status)


def _play(request: HttpRequest, form: TesterForm) -> None:
    said, actor, at = form.cleaned_data, actor_of(request), clock.now()
    kind, _dash, number = said["channel"].partition("-")
    if kind == "text":
        play_text(messenger_id=int(number), text=said["text"], actor=actor, at=at)
    else:
        play_mail(mailbox_id=int(number), subject_line=said["subject"], text=said["text"], actor=actor, at=at)


def _is_ours(row: MessageRow) -> bool:
    return row.author in {Author.AGENT, Author.HOUSE}
