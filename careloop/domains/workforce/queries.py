"""Who does what, who can what, and what programs got."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import people_choices
from careloop.domains.workforce import rules
from careloop.domains.workforce.errors import PersonNotHere
from careloop.domains.workforce.fading import faded
from careloop.domains.workforce.models import Holding, PersonLanguage, PersonSkill, Seat, Share, Skill
from careloop.domains.workforce.states import LIVE, State
from careloop.domains.workforce.types import USUAL, Capacity, HoldingRow, PersonProfile, SeatRow, ShareRow, SkillRow
from careloop.kernel.actors import Actor
from careloop.kernel.scope import current_workspace

__all__ = [
    "at_work",
    "doings_of",
    "expected_people",
    "holdings_of",
    "is_at_work",
    "languages_in_use",
    "last_seen",
    "levels_of",
    "profiles_of",
    "seat_of",
    "seats_of",
    "seeking",
    "share_of",
    "shares_at",
    "skill_names",
    "skills_of",
    "working_by_state",
]


def seats_of(viewer: Actor) -> list[SeatRow]:
    """Return what everybody of the workspace does who ever had a state, by the order of their names; at most 500."""
    if not rules.may_see_seats(viewer):
        return []
    ids = [user_id for user_id, _name, _role in people_choices(viewer)]
    rows = {seat.pk: _seat(seat) for seat in Seat.objects.filter(pk__in=ids)}
    return [rows[user_id] for user_id in ids if user_id in rows]


def seat_of(viewer: Actor, *, user_id: int, at: datetime) -> SeatRow:
    """Return what somebody of the workspace does; whoever never had a state is off work. Raises PersonNotHere."""
    is_known = viewer.user_id == user_id or user_id in {pk for pk, _name, _role in people_choices(viewer)}
    if not is_known or not (viewer.user_id == user_id or rules.may_see_seats(viewer)):
        raise PersonNotHere(_("Nobody like that serves customers in this workspace."))
    seat = Seat.objects.filter(pk=user_id).first()
    return _seat(seat or Seat(user_id=user_id, chosen_at=at, since=at, room=USUAL.room, most=dict(USUAL.most)))


def is_at_work(user_id: int) -> bool:
    """Say whether somebody says what they do, and is not off work. For the house."""
    return Seat.objects.filter(pk=user_id).exclude(chosen=State.OFFLINE).exists()


def at_work(user_ids: Collection[int]) -> set[int]:
    """Return those of some people who say what they do, and are not off work. For the house."""
    here = Seat.objects.filter(pk__in=user_ids).exclude(chosen=State.OFFLINE)
    return set(here.values_list("pk", flat=True))


def doings_of(user_ids: Collection[int]) -> dict[int, SeatRow]:
    """Return what people do, of those who ever said so. For the house."""
    return {seat.pk: _seat(seat) for seat in Seat.objects.filter(pk__in=user_ids)}


def working_by_state(user_ids: Collection[int]) -> dict[str, int]:
    """Count by state those of some people who are not off work. For the house."""
    here = Seat.objects.filter(pk__in=user_ids).exclude(state=State.OFFLINE)
    return dict(here.values_list("state").annotate(people=Count("pk")).order_by("state"))


def holdings_of(user_id: int) -> list[HoldingRow]:
    """Return what somebody has in hand, in all workspaces, the oldest first. For the house and the person themselves."""
    rows = Holding.objects.filter(seat_id=user_id).order_by("since", "pk")
    return [
        HoldingRow(
            workspace_id=row.workspace_id,
            kind=row.kind,
            subject_id=row.subject_id,
            weight=row.weight,
            since=row.since,
        )
        for row in rows
    ]


def skills_of(viewer: Actor) -> list[SkillRow]:
    """Return the skills in use by name, in the whole operation."""
    if not rules.may_see_seats(viewer):
        return []
    people = dict(PersonSkill.objects.values_list("skill_id").annotate(people=Count("pk")))
    rows = Skill.objects.filter(is_active=True).order_by("name", "pk").values_list("pk", "name")
    return [SkillRow(id=skill_id, name=name, people_count=people.get(skill_id, 0)) for skill_id, name in rows]


def skill_names(skill_ids: Collection[int]) -> dict[int, str]:
    """Return what skills are called, also those that are out of use."""
    return dict(Skill.objects.filter(pk__in=set(skill_ids)).values_list("pk", "name"))


def levels_of(user_id: int, *, skill_ids: Collection[int]) -> dict[int, int]:
    """Return how well somebody knows some skills; those they do not know are left out. For the house."""
    if not skill_ids:
        return {}
    rows = PersonSkill.objects.filter(user_id=user_id, skill_id__in=list(skill_ids))
    return dict(rows.values_list("skill_id", "level"))


def languages_in_use() -> list[str]:
    """Return the codes of all languages that somebody of the operation speaks, in alphabetical order."""
    return sorted(set(PersonLanguage.objects.values_list("language", flat=True)))


def profiles_of(viewer: Actor) -> list[PersonProfile]:
    """Return what everybody of the workspace can, speaks and holds, by the order of their names; at most 500."""
    if not rules.may_see_seats(viewer):
        return []
    ids = [user_id for user_id, _name, _role in people_choices(viewer)]
    levels: dict[int, dict[int, int]] = {user_id: {} for user_id in ids}
    for user_id, skill_id, level in PersonSkill.objects.filter(user_id__in=ids).values_list(
        "user_id", "skill_id", "level"
    ):
        levels[user_id][skill_id] = level
    spoken: dict[int, set[str]] = {user_id: set() for user_id in ids}
    for user_id, language in PersonLanguage.objects.filter(user_id__in=ids).values_list("user_id", "language"):
        spoken[user_id].add(language)
    capacities = {
        pk: Capacity(room=room, most=most)
        for pk, room, most in Seat.objects.filter(pk__in=ids).values_list("pk", "room", "most")
    }
    return [
        PersonProfile(
            user_id=user_id,
            levels=levels[user_id],
            languages=frozenset(spoken[user_id]),
            capacity=capacities.get(user_id, USUAL),
        )
        for user_id in ids
    ]


def seeking(*, limit: int) -> list[tuple[int, datetime]]:
    """Return who has room and looks for work, with since when, the longest first. For the house, in any scope or none."""
    rows = Seat.objects.filter(seeks_since__isnull=False).order_by("seeks_since", "pk").values_list("pk", "seeks_since")
    return [(user_id, since) for user_id, since in rows[:limit] if since is not None]


def share_of(viewer: Actor, *, at: datetime) -> ShareRow:
    """Return what the workspace in scope ought to get of the operation's work, and got lately."""
    workspace_id, shares = current_workspace(), shares_at(at)
    agreed, given = shares.setdefault(workspace_id, (1.0, 0.0))
    total = sum(given for _agreed, given in shares.values())
    return ShareRow(
        workspace_id=workspace_id,
        agreed_weight=agreed,
        agreed_share=agreed / sum(agreed for agreed, _given in shares.values()),
        given_share=given / total if total else None,
    )


def shares_at(at: datetime) -> dict[int, tuple[float, float]]:
    """Return by program what was agreed for it and what it got lately, in weights; others have 1 and 0. For the house."""
    rows = Share.objects.values_list("pk", "agreed", "given", "given_at")
    return {key: (agreed, faded(given, since=since, at=at)) for key, agreed, given, since in rows}


def expected_people() -> list[tuple[int, datetime, datetime | None]]:
    """Return who ought to be there, because they can be offered work, are, or have a customer with them.

    Each with since when they do what they do, and when they last had a page open in whatever workspace, None for never. For the
    house, in any scope or none.
    """
    live = Holding.objects.filter(kind__in=LIVE).values("seat_id")
    rows = Seat.objects.filter(Q(chosen=State.AVAILABLE) | Q(is_offered=True) | Q(pk__in=live)).order_by("pk")
    since = dict(rows.values_list("pk", "chosen_at"))
    seen = last_seen(since)
    return [(user_id, at, seen.get(user_id)) for user_id, at in since.items()]


def last_seen(user_ids: Collection[int]) -> dict[int, datetime]:
    """Return when people last had a page open, in whatever workspace. For the house, in any scope or none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id, seen_at FROM careloop_last_seen(%s)", [list(user_ids)])
        return dict(cursor.fetchall())


def _seat(seat: Seat) -> SeatRow:
    return SeatRow(
        user_id=seat.pk,
        chosen=State(seat.chosen),
        state=State(seat.state),
        reason=seat.reason,
        since=seat.since,
        forced_by=seat.forced_by,
        wraps_until=seat.wraps_until,
        rests_until=seat.rests_until,
        held=seat.held,
        load=seat.load,
        capacity=Capacity(room=seat.room, most=seat.most),
        open_kinds=frozenset(seat.open_kinds),
        idle_since=seat.idle_since,
    )
