"""What people know, speak and have room for: one of everything in the whole operation."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careloop.domains.people.queries import people_choices, person_of
from careloop.domains.people.types import ROLE_LABELS
from careloop.domains.queues.states import Kind
from careloop.domains.workforce import queries, rules, services
from careloop.domains.workforce.errors import MayNotKeepSkills, PersonNotHere
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.refusals import show_refusal_in
from careloop.faces.web.routing.forms import LanguagesForm, LevelsForm, RoomForm, ShareForm, SkillForm
from careloop.faces.web.routing.wording import language_names
from careloop.faces.web.wall.wording import percent
from careloop.kernel import clock
from careloop.kernel.actors import Actor, Role
from careloop.kernel.errors import Refusal
from careloop.processes.floor.wording import joined, needs_said

__all__ = ["profile", "share", "skill_list", "skill_name", "skill_retirement"]

METHODS: Final = ["GET", "HEAD", "POST"]
SERVING: Final = frozenset({Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT})


@require_http_methods(METHODS)
def skill_list(request: HttpRequest) -> HttpResponse:
    """List who can what, and name a new skill."""
    actor, status = actor_of(request), 200
    _refuse_unless_reader(actor)
    form = SkillForm(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.make_skill(name=form.cleaned_data["name"], actor=actor, at=clock.now())
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                return _back(request, _("The skill is named. Now say who has it."))
    return render(request, "routing/skills.html", _listed(actor) | {"form": form}, status=status)


@require_POST
def skill_name(request: HttpRequest, skill_id: int) -> HttpResponse:
    """Call a skill something else."""
    name = request.POST.get("name", "")
    services.rename_skill(skill_id=skill_id, name=name, actor=actor_of(request), at=clock.now())
    return _back(request, _("The skill has its new name."))


@require_POST
def skill_retirement(request: HttpRequest, skill_id: int) -> HttpResponse:
    """Take a skill out of use."""
    services.retire_skill(skill_id=skill_id, actor=actor_of(request), at=clock.now())
    return _back(request, _("The skill is out of use."))


@require_POST
def share(request: HttpRequest) -> HttpResponse:
    """Say how much of the operation's work this workspace ought to get."""
    form = ShareForm(request.POST)
    if not form.is_valid():
        actor = actor_of(request)
        _refuse_unless_reader(actor)
        context = _listed(actor) | {"form": SkillForm(), "share_form": form}
        return render(request, "routing/skills.html", context, status=422)
    services.set_share(agreed=form.cleaned_data["agreed"], actor=actor_of(request), at=clock.now())
    return _back(request, _("This is what the workspace ought to get from now on."))


@require_http_methods(METHODS)
def profile(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show what somebody can, speaks and holds at a time, and change one of the three."""
    actor, status, act = actor_of(request), 200, request.POST.get("act", "")
    _refuse_unless_reader(actor)
    person = person_of(actor, user_id=user_id)
    known = next((row for row in queries.profiles_of(actor) if row.user_id == user_id), None)
    if known is None or person.role not in SERVING:
        raise PersonNotHere(_("Nobody like that serves customers in this workspace."))

    def posted(name: str) -> QueryDict | None:
        return request.POST if request.method == "POST" and act == name else None

    levels = LevelsForm(posted("skills"), skills=queries.skills_of(actor), profile=known)
    languages = LanguagesForm(posted("languages"), profile=known, in_use=queries.languages_in_use())
    room = RoomForm(posted("room"), profile=known)
    forms = {"skills": levels, "languages": languages, "room": room}
    form = forms.get(act) if request.method == "POST" else None
    if form is not None:
        status = 422
        if form.is_valid():
            at = clock.now()
            try:
                match act:
                    case "skills":
                        services.set_skills(user_id=user_id, levels=levels.levels(), actor=actor, at=at)
                    case "languages":
                        spoken = languages.cleaned_data["languages"]
                        services.set_languages(user_id=user_id, languages=spoken, actor=actor, at=at)
                    case _:
                        services.set_capacity(user_id=user_id, capacity=room.capacity(), actor=actor, at=at)
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("Saved. What is offered from now on goes by it."))
                return redirect("admin_profile", workspace=workspace_of(request).key, user_id=user_id)
    context = {"person": person, "forms": forms, "may_keep": rules.may_keep_skills(actor)}
    return render(request, "routing/profile.html", context, status=status)


def _listed(actor: Actor) -> dict[str, Any]:
    skills = queries.skills_of(actor)
    names = {row.id: row.name for row in skills}
    people = {pk: (name, role) for pk, name, role in people_choices(actor)}
    share = queries.share_of(actor, at=clock.now())
    kinds = dict(Kind.choices)
    return {
        "skills": skills,
        "people": [
            {
                "id": row.user_id,
                "name": people[row.user_id][0],
                "role": ROLE_LABELS[Role(people[row.user_id][1])],
                "skills": joined(needs_said({k: v for k, v in row.levels.items() if k in names}, skills=names)),
                "languages": joined(name for _code, name in language_names(row.languages)),
                "room": row.capacity.room,
                "most": joined(
                    _("%(kind)s %(most)d") % {"kind": kinds[kind], "most": row.capacity.most[kind]}
                    for kind in kinds
                    if row.capacity.most.get(kind)
                ),
            }
            for row in queries.profiles_of(actor)
            if row.user_id in people and Role(people[row.user_id][1]) in SERVING
        ],
        "share": share,
        "share_agreed": percent(share.agreed_share),
        "share_given": "" if share.given_share is None else percent(share.given_share),
        "share_form": ShareForm(None, initial={"agreed": share.agreed_weight}),
        "may_keep": rules.may_keep_skills(actor),
    }


def _refuse_unless_reader(actor: Actor) -> None:
    if not (rules.may_see_seats(actor) and actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD)):
        raise MayNotKeepSkills(_("Only an owner or a manager can say what people can and hold."))


def _back(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("admin_skills", workspace=workspace_of(request).key)
