"""Administration: who is in the workspace, as what, and who is invited."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.people import queries, rules, services
from careloop.domains.people.types import ROLE_LABELS
from careloop.faces.web.access.forms import InvitationForm, RoleForm
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.actors import Actor, Role
from careloop.kernel.errors import Refusal

__all__ = [
    "admin_home",
    "invitation_revocation",
    "invitations",
    "membership_end",
    "people_list",
    "role",
]

PAGE = 50


@require_safe
def admin_home(request: HttpRequest) -> HttpResponse:
    """Lead to the people, whom everybody who works here may see."""
    return redirect("admin_people", workspace=workspace_of(request).key)


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """List the people of the workspace; administrators change roles here."""
    viewer = actor_of(request)
    page = queries.people_page(viewer, cursor=request.GET.get("cursor"), limit=PAGE)
    teams = {team.id: team.name for team in queries.teams_of(viewer)}
    rows = [
        {
            "person": person,
            "role": ROLE_LABELS[person.role],
            "teams": sorted(teams[team] for team in person.team_ids if team in teams),
            "roles": _role_choices(viewer, person.role),
            "may_end": rules.may_end_membership(viewer, user_id=person.id, role=person.role),
            "is_self": viewer.user_id == person.id,
        }
        for person in page.items
    ]
    return render(request, "access/people.html", {"rows": rows, "next_cursor": page.next_cursor})


@require_POST
def role(request: HttpRequest, user_id: int) -> HttpResponse:
    """Change somebody's role."""
    form = RoleForm(request.POST)
    services.change_role(user_id=user_id, role=form.role_chosen(), actor=actor_of(request), at=clock.now())
    messages.success(request, _("The role is changed."))
    return redirect("admin_people", workspace=workspace_of(request).key)


@require_POST
def membership_end(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take somebody out of the workspace, or leave it."""
    actor = actor_of(request)
    services.end_membership(user_id=user_id, actor=actor, at=clock.now())
    if actor.user_id == user_id:
        messages.success(request, _("You have left %(workspace)s.") % {"workspace": workspace_of(request).name})
        return redirect("home")
    messages.success(request, _("This person is no longer in the workspace."))
    return redirect("admin_people", workspace=workspace_of(request).key)


@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    """List open invitations and send a new one."""
    actor, workspace = actor_of(request), workspace_of(request)
    open_rows = queries.invitations_of(actor, at=clock.now())
    form = InvitationForm(request.POST or None, roles=rules.given_roles(actor))
    link, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            pattern = request.build_absolute_uri(reverse("invitation", args=["TOKEN"])).replace("TOKEN", "{token}")
            try:
                issued = services.invite(
                    email=form.cleaned_data["email"],
                    role=Role(form.cleaned_data["role"]),
                    link=pattern,
                    actor=actor,
                    at=clock.now(),
                )
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                if workspace.may_send:
                    messages.success(request, _("The invitation is on its way."))
                    return redirect("admin_invitations", workspace=workspace.key)
                link, status = pattern.replace("{token}", issued.token), 200
                open_rows = queries.invitations_of(actor, at=clock.now())
    names = queries.names_of(row.invited_by_id for row in open_rows)
    rows = [
        {"invitation": row, "role": ROLE_LABELS[row.role], "inviter": names.get(row.invited_by_id, "")}
        for row in open_rows
    ]
    answer = render(request, "access/invitations.html", {"rows": rows, "form": form, "link": link}, status=status)
    if link:
        answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def invitation_revocation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take back an invitation."""
    services.revoke_invitation(invitation_id=invitation_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The invitation is taken back; its link no longer works."))
    return redirect("admin_invitations", workspace=workspace_of(request).key)


def _role_choices(viewer: Actor, was: Role) -> list[tuple[str, object]]:
    return [(to.value, ROLE_LABELS[to]) for to in Role if rules.may_change_role(viewer, was=was, role=to)]
