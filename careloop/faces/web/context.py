"""What every page knows: the shell around it, and how its reader wants it to look."""

from functools import partial

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from careloop.domains.cases.queries import views_of
from careloop.domains.cases.rules import may_work
from careloop.domains.people.queries import memberships_of
from careloop.domains.people.types import Account
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.faces.web.actors import actor_of, person_asking
from careloop.faces.web.calls.shown import own_phones
from careloop.faces.web.navigation import navigation_of
from careloop.faces.web.routing.seats import CHOICES, own_seat
from careloop.kernel.scope import current_workspace
from careloop.ui.context import appearance
from careloop.ui.shell import Language, PublicShell, StaffShell, WorkspaceChoice

__all__ = ["PRODUCT", "shell"]

PRODUCT = "Careloop"
# Each in its own words, so that whoever reads only that language finds it.
LANGUAGES = (
    Language(code="en", name="English"),
    Language(code="ko", name="한국어"),
    Language(code="zh-hans", name="简体中文"),
    Language(code="vi", name="Tiếng Việt"),
)


def shell(request: HttpRequest) -> dict[str, object]:
    """Return `shell` (a StaffShell within a workspace, else a PublicShell), `theme`, `density` and `brand_name`.

    Within a workspace also `rail_views`, `own_seat` and `own_phone` (what they have to telephone with), asked for only by pages
    that show them, and `doings`, what one can do. Error pages are drawn after the scope of the workspace has closed; they get
    the public shell.
    """
    person = person_asking(request)
    workspace: WorkspaceFacts | None = getattr(request, "workspace", None)
    look: dict[str, object] = {**appearance(request), "brand_name": PRODUCT}
    if person is not None and "careloop_theme" not in request.COOKIES:
        look["theme"] = person.theme
    if person is not None and workspace is not None and _is_in_scope():
        return {
            **look,
            "shell": _staff(request, person, workspace),
            "rail_views": partial(views_of, actor_of(request)),
            "own_seat": SimpleLazyObject(partial(own_seat, request)),
            "doings": CHOICES,
            "own_phone": SimpleLazyObject(partial(own_phones, request)),
        }
    return {**look, "shell": _public(person)}


def _is_in_scope() -> bool:
    try:
        current_workspace()
    except RuntimeError:
        return False
    return True


def _staff(request: HttpRequest, person: Account, workspace: WorkspaceFacts) -> StaffShell:
    return StaffShell(
        workspaces=tuple(
            WorkspaceChoice(
                name=place.name,
                href=reverse("workspace_home", args=[place.key]),
                is_current=place.workspace_id == workspace.id,
            )
            for place in memberships_of(person.pk)
        ),
        navigation=navigation_of(request),
        person_name=person.name,
        person_email=person.email,
        search_url=reverse("search", args=[workspace.key]),
        search_query=request.GET.get("q", ""),
        settings_url=reverse("personal_settings"),
        sign_out_url=reverse("account_logout"),
        brand_css_url=reverse("brand_css", args=[workspace.settings.accent_color[1:]]),
        new_url=reverse("case_new", args=[workspace.key]) if may_work(actor_of(request)) else "",
        zone=person.time_zone,
        stream_url=reverse("live", args=[workspace.key]),
        stream_since=str(request.seen_to),  # type: ignore[attr-defined]
    )


def _public(person: Account | None) -> PublicShell:
    return PublicShell(
        brand_name=PRODUCT,
        home_url=reverse("home"),
        languages=() if person else LANGUAGES,
        language_url=reverse("set_language"),
        person_name=person.name if person else "",
        sign_out_url=reverse("account_logout") if person else "",
    )
