"""Customers: finding them, their card with everything that happened, their record."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.calls.queries import calls_of_customer, declines_calls
from careloop.domains.cases.rules import may_work
from careloop.domains.channels.queries import messengers
from careloop.domains.channels.types import MessengerState
from careloop.domains.customers import queries, rules, services
from careloop.domains.customers.errors import MayNotChangeCustomers
from careloop.domains.customers.types import IdentityKind
from careloop.faces.web.access.forms import LANGUAGES
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.calls.shown import shown
from careloop.faces.web.desk.forms import CustomerForm, IdentityForm, NewCustomerForm, NoteForm, TagsForm
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.processes.customer_history import history_of

__all__ = [
    "customer",
    "customer_form",
    "customer_identities",
    "customer_identity_removal",
    "customer_list",
    "customer_new",
    "customer_notes",
    "customer_options",
]

PAGE = 50
LINKED_BY_STAFF = 0.9


@require_safe
def customer_list(request: HttpRequest) -> HttpResponse:
    """List the customers, newest first, or those that words find."""
    viewer, text = actor_of(request), request.GET.get("q", "").replace("\0", "").strip()
    if not rules.may_see(viewer):
        raise MayNotChangeCustomers(_("Your role meets customers only inside their cases."))
    page = queries.customers(viewer=viewer, cursor=request.GET.get("cursor"), limit=PAGE) if not text else None
    context = {
        "q": text,
        "rows": page.items if page else queries.find(text=text, viewer=viewer, limit=PAGE),
        "next_cursor": page.next_cursor if page else None,
        "is_first": "cursor" not in request.GET,
        "may_change": rules.may_change(viewer),
    }
    return render(request, "desk/customers.html", context)


@require_safe
def customer_options(request: HttpRequest) -> JsonResponse:
    """Answer ?q= with the customers it may mean, for lists with typing."""
    text = request.GET.get("q", "").replace("\0", "")
    found = queries.find(text=text, viewer=actor_of(request), limit=12)
    options = [{"value": str(row.id), "label": row.name, "detail": row.address} for row in found]
    return JsonResponse(options, safe=False)


@require_http_methods(["GET", "HEAD", "POST"])
def customer_new(request: HttpRequest) -> HttpResponse:
    """Make a customer by hand."""
    actor, status = actor_of(request), 200
    _refuse_unless_keeper(request)
    form = NewCustomerForm(request.POST or None, initial={"name": request.GET.get("name", "")})
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.create_customer(**form.cleaned_data, source="by_hand", actor=actor, at=clock.now())
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("The customer is kept."))
                return redirect("customer", workspace=workspace_of(request).key, customer_id=made)
    return render(request, "desk/customer_new.html", {"form": form}, status=status)


@require_safe
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show everything about a customer, with everything that happened on one line of time."""
    return _card(request, customer_id)


@require_http_methods(["GET", "HEAD", "POST"])
def customer_form(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Change what is written about a customer."""
    actor, status = actor_of(request), 200
    card = queries.card(customer_id=customer_id, viewer=actor)
    _refuse_unless_keeper(request)
    offered = [(str(row.id), row.name) for row in queries.organizations(viewer=actor, limit=500).items]
    if card.organization_id is not None and str(card.organization_id) not in dict(offered):
        offered.append((str(card.organization_id), card.organization))
    initial = {
        "name": card.name,
        "language": card.language,
        "time_zone": card.time_zone,
        "organization": card.organization_id or "",
    }
    form = CustomerForm(request.POST or None, initial=initial, organizations=offered)
    tags = TagsForm(request.POST or None, initial={"tags": ", ".join(card.tags)})
    if request.method == "POST":
        status = 422
        if form.is_valid() and tags.is_valid():
            try:
                _change(customer_id, form, tags, was=frozenset(card.tags), request=request)
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("The changes are kept."))
                return redirect("customer", workspace=workspace_of(request).key, customer_id=customer_id)
    context = {"card": card, "form": form, "tags": tags}
    return render(request, "desk/customer_form.html", context, status=status)


@require_POST
def customer_notes(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Write a note about a customer."""
    form = NoteForm(request.POST)
    if form.is_valid():
        services.add_note(
            customer_id=customer_id, text=form.cleaned_data["text"], actor=actor_of(request), at=clock.now()
        )
        return redirect("customer", workspace=workspace_of(request).key, customer_id=customer_id)
    return _card(request, customer_id, note_form=form, status=422)


@require_POST
def customer_identities(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Add an address or a number to a customer."""
    form, status = IdentityForm(request.POST), 422
    if form.is_valid():
        try:
            services.link_identity(
                customer_id=customer_id,
                kind=form.cleaned_data["kind"],
                value=form.cleaned_data["value"],
                confidence=LINKED_BY_STAFF,
                actor=actor_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            show_refusal_in(form, refusal)
            status = refusal.status
        else:
            return redirect("customer", workspace=workspace_of(request).key, customer_id=customer_id)
    return _card(request, customer_id, identity_form=form, status=status)


@require_POST
def customer_identity_removal(request: HttpRequest, customer_id: int, identity_id: int) -> HttpResponse:
    """Take an address or a number off a customer."""
    services.unlink_identity(identity_id=identity_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The address is no longer linked to this customer."))
    return redirect("customer", workspace=workspace_of(request).key, customer_id=customer_id)


def _card(
    request: HttpRequest,
    customer_id: int,
    *,
    note_form: NoteForm | None = None,
    identity_form: IdentityForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = actor_of(request)
    card = queries.card(customer_id=customer_id, viewer=viewer)
    page = history_of(customer_id=customer_id, viewer=viewer, cursor=request.GET.get("cursor"))
    kinds = dict(IdentityKind.choices)
    context = {
        "card": card,
        "speaks": dict(LANGUAGES).get(card.language, card.language),
        "identities": [(identity, kinds.get(identity.kind, identity.kind)) for identity in card.identities],
        "moments": page.items,
        "next_cursor": page.next_cursor,
        "is_first": "cursor" not in request.GET,
        "note_form": note_form or NoteForm(),
        "identity_form": identity_form or IdentityForm(),
        "declines_calls": declines_calls(customer_id),
        "calls": [shown(row) for row in calls_of_customer(customer_id=customer_id, viewer=viewer)],
        "may_change": rules.may_change(viewer),
        "may_text": may_work(viewer) and any(one.state == MessengerState.LIVE for one in messengers()),
    }
    return render(request, "desk/customer.html", context, status=status)


def _change(customer_id: int, form: CustomerForm, tags: TagsForm, *, was: frozenset[str], request: HttpRequest) -> None:
    wanted, organization = tags.tags_written(), form.cleaned_data["organization"]
    actor, at = actor_of(request), clock.now()
    with transaction.atomic():
        services.change_customer(
            customer_id=customer_id,
            name=form.cleaned_data["name"],
            language=form.cleaned_data["language"],
            time_zone=form.cleaned_data["time_zone"],
            organization_id=int(organization) if organization else None,
            actor=actor,
            at=at,
        )
        services.tag_customer(customer_id=customer_id, add=wanted - was, remove=was - wanted, actor=actor, at=at)


def _refuse_unless_keeper(request: HttpRequest) -> None:
    if not rules.may_change(actor_of(request)):
        raise MayNotChangeCustomers(_("Your role reads customers but does not change them."))
