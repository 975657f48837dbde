"""Administration: teams and who is in them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careloop.domains.people import queries, rules, services
from careloop.faces.web.access.forms import PersonForm, TeamForm
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["team_list", "team_members", "team_name", "team_removal", "team_retirement"]


@require_http_methods(["GET", "HEAD", "POST"])
def team_list(request: HttpRequest) -> HttpResponse:
    """List the teams and make a new one."""
    actor, status = actor_of(request), 200
    form = TeamForm(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.create_team(name=form.cleaned_data["name"], actor=actor, at=clock.now())
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                return _back(request, _("The team is made. Now add its people."))
    people = queries.people_of(actor)
    rows = [
        {
            "team": team,
            "members": [person for person in people if person.id in team.member_ids],
            "others": [(person.id, person.name) for person in people if person.id not in team.member_ids],
            "may_fill": rules.may_fill_team(actor, team_id=team.id),
        }
        for team in queries.teams_of(actor)
    ]
    context = {"rows": rows, "form": form, "may_manage": rules.may_manage_teams(actor)}
    return render(request, "access/teams.html", context, status=status)


@require_POST
def team_name(request: HttpRequest, team_id: int) -> HttpResponse:
    """Rename a team."""
    services.rename_team(team_id=team_id, name=request.POST.get("name", ""), actor=actor_of(request), at=clock.now())
    return _back(request, _("The team has its new name."))


@require_POST
def team_retirement(request: HttpRequest, team_id: int) -> HttpResponse:
    """Take a team out of use."""
    services.retire_team(team_id=team_id, actor=actor_of(request), at=clock.now())
    return _back(request, _("The team is out of use."))


@require_POST
def team_members(request: HttpRequest, team_id: int) -> HttpResponse:
    """Put somebody into a team."""
    form = PersonForm(request.POST)
    services.add_to_team(team_id=team_id, user_id=form.person_chosen(), actor=actor_of(request), at=clock.now())
    return _back(request, _("The person is in the team."))


@require_POST
def team_removal(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    """Take somebody out of a team."""
    services.remove_from_team(team_id=team_id, user_id=user_id, actor=actor_of(request), at=clock.now())
    return _back(request, _("The person is no longer in the team."))


def _back(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("admin_teams", workspace=workspace_of(request).key)
