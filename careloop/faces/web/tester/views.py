"""Administration: play a customer on any connected channel; what we answer appears here and nowhere else."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from careloop.domains.calls.queries import played_call
from careloop.domains.calls.states import CallState
from careloop.domains.channels import rules
from careloop.domains.channels.errors import MayNotKeepMailboxes
from careloop.domains.channels.queries import mailboxes, messengers, web_forms
from careloop.domains.chats.queries import widgets
from careloop.domains.conversations.types import Author, Channel, MessageRow
from careloop.domains.people.queries import names_of
from careloop.domains.telephony.queries import pbxes, seats
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.calls.shown import shown
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.processes.calling import hang_up_play, pick_up_play, play_call
from careloop.processes.playing import play_mail, play_text, played, player_address, player_number

__all__ = ["tester", "tester_call", "tester_hanging_up", "tester_picking_up"]


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


class CallForm(forms.Form):
    """Where the telephone rings when a customer calls."""

    seat = forms.ChoiceField(label=gettext_lazy("At whose phone it rings"), choices=[])
    queue = forms.CharField(label=gettext_lazy("Queue, if it comes through one"), required=False, max_length=120)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        found = [(pbx, seat) for pbx in pbxes() for seat in seats(pbx.id) if seat.user_id is not None]
        names = names_of({seat.user_id for _pbx, seat in found if seat.user_id is not None})
        self.fields["seat"].choices = [  # type: ignore[attr-defined]
            (f"{pbx.id}-{seat.id}", f"{names.get(seat.user_id or 0, seat.name)} · {pbx.name}") for pbx, seat in found
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def tester(request: HttpRequest) -> HttpResponse:
    """Take a customer's words as if they had come by the channel, and show what was said there."""
    _refuse_unless_keeper(request)
    status = 200
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
    return _page(request, status=status, form=form)


@require_POST
def tester_call(request: HttpRequest) -> HttpResponse:
    """Call us as a customer."""
    _refuse_unless_keeper(request)
    form = CallForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, call_form=form)
    pbx_id, _dash, seat_id = form.cleaned_data["seat"].partition("-")
    try:
        play_call(
            pbx_id=int(pbx_id),
            seat_id=int(seat_id),
            queue=form.cleaned_data["queue"],
            actor=actor_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        show_refusal_in(form, refusal)
        return _page(request, status=refusal.status, call_form=form)
    return redirect("admin_tester", workspace=workspace_of(request).key)


@require_POST
def tester_picking_up(request: HttpRequest, call_id: int) -> HttpResponse:
    """Let the phone be picked up at which a played call rings."""
    pick_up_play(call_id=call_id, actor=actor_of(request), at=clock.now())
    return redirect("admin_tester", workspace=workspace_of(request).key)


@require_POST
def tester_hanging_up(request: HttpRequest, call_id: int) -> HttpResponse:
    """Hang up as the customer."""
    hang_up_play(call_id=call_id, actor=actor_of(request), at=clock.now())
    return redirect("admin_tester", workspace=workspace_of(request).key)


def _page(
    request: HttpRequest, *, status: int = 200, form: TesterForm | None = None, call_form: CallForm | None = None
) -> HttpResponse:
    key, actor = workspace_of(request).key, actor_of(request)
    call = played_call(actor)
    context = {
        "form": form or TesterForm(),
        "call": shown(call) if call is not None else None,
        "is_ringing": call is not None and call.state == CallState.RINGING,
        "call_form": call_form or CallForm(),
        "sites": sorted({site for one in widgets() if one.settings.is_active for site in one.settings.allowed_origins}),
        "said": [(one, _is_ours(one), Channel(one.channel).label) for one in played(viewer=actor)],
        "address": player_address(actor),
        "number": player_number(actor),
        "forms": [
            (one.name, reverse("portal_site_form", kwargs={"portal": key, "form_key": one.key}))
            for one in web_forms()
            if one.is_active
        ],
    }
    return render(request, "tester/tester.html", context, status=status)


def _refuse_unless_keeper(request: HttpRequest) -> None:
    if not rules.may_keep_mailboxes(actor_of(request)):
        raise MayNotKeepMailboxes(_("Owners and managers try the channels. Ask one of them."))


def _play(request: HttpRequest, form: TesterForm) -> None:
    said, actor, at = form.cleaned_data, actor_of(request), clock.now()
    kind, _dash, number = said["channel"].partition("-")
    if kind == "text":
        play_text(messenger_id=int(number), text=said["text"], actor=actor, at=at)
    else:
        play_mail(mailbox_id=int(number), subject_line=said["subject"], text=said["text"], actor=actor, at=at)


def _is_ours(row: MessageRow) -> bool:
    return row.author in {Author.AGENT, Author.HOUSE}
