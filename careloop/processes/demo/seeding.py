"""Seed the demo once: two workspaces of one operation, and everything that happened in them up to now."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, connections
from django.utils.translation import gettext_lazy as _

from careloop.domains.people.services import create_user, create_user_alike
from careloop.domains.workspaces.queries import operation_id, workspace_of_key
from careloop.domains.workspaces.services import create_operation, create_workspace
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.acts import act
from careloop.kernel.errors import Conflict
from careloop.kernel.scope import operation_scope, workspace_scope
from careloop.kernel.timers import ring_due
from careloop.processes.demo.calling import bring, calls_of
from careloop.processes.demo.casting import Casting, facts_for
from careloop.processes.demo.ending import settle_down
from careloop.processes.demo.equipping import Stage, equip
from careloop.processes.demo.library import Matter, house_of, matters_of, operation
from careloop.processes.demo.playing import Player
from careloop.processes.demo.plays import Moment, Play
from careloop.processes.demo.queueing import open_queues, talents_of
from careloop.processes.demo.timing import arrivals, course
from careloop.processes.demo.wording import Wording
from careloop.processes.subscriptions import RINGS
from careloop.processes.working import follow_log, follow_log_of

__all__ = ["DEMO_PASSWORD", "DemoRefused", "Login", "Logins", "logins", "seed"]

DEMO_PASSWORD: Final = "care in every answer"  # noqa: S105 - printed on purpose; never on a production installation
KEYS: Final = ("hanbit", "mekong")
SEED: Final = 20261116
BEFORE: Final = timedelta(days=28)
"""How long before its first case a workspace was opened."""
BACKLOG: Final = timedelta(hours=30)
BEHIND_SHARE: Final = 0.5
"""How much of what would have happened in the last hours is still waiting to be done."""


class DemoRefused(Conflict):
    """The demo's known password has no place on an installation that serves customers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Somebody of the demo. workspace: its key."""

    workspace: str
    role: Role
    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Logins:
    """What one needs to look at the demo. is_new: whether it was seeded just now."""

    is_new: bool
    password: str
    people: tuple[Login, ...]


def seed(*, days: int, until: datetime) -> Logins:
    """Seed the demo unless it is there, and return who can sign in.

    days: how many days of life, at least 1. until: the present, at which the demo's life so far ends.

    Opens its own scopes. Raises DemoRefused in production, and where somebody else's workspaces are.
    """
    if settings.IS_PRODUCTION:
        raise DemoRefused(
            _("This installation is open to others, so it gets no demo: everybody knows the demo's password.")
        )
    if workspace_of_key(KEYS[0]) is not None:
        return logins(is_new=False)
    if operation_id() is not None:
        raise DemoRefused(
            _("This installation has workspaces of its own. Set another CARELOOP_HOME to look at the demo.")
        )
    opened_at = until - timedelta(days=days) - BEFORE
    ids = _people(opened_at)
    while follow_log():
        pass
    connections.close_all()  # a process that begins as a copy of this one must not speak on its connections
    with ProcessPoolExecutor(
        len(KEYS), get_context("fork")
    ) as pool:  # behind their walls, the two do not see each other
        filled = [pool.submit(_fill, key, ids=ids, days=days, opened_at=opened_at, until=until) for key in KEYS]
    for workspace in filled:
        workspace.result()
    _to_work(ids, until=until)
    return logins(is_new=True)


def logins(*, is_new: bool) -> Logins:
    """Return who of the demo can sign in, by workspace and role."""
    staff = operation()["people"]
    order = list(Role)
    return Logins(
        is_new=is_new,
        password=DEMO_PASSWORD,
        people=tuple(
            sorted(
                (
                    Login(workspace=key, role=Role(p[key]["role"]), name=p["name"], email=p["email"])
                    for p in staff
                    for key in KEYS
                    if key in p
                ),
                key=lambda login: (KEYS.index(login.workspace), order.index(login.role)),
            )
        ),
    )


def _people(at: datetime) -> dict[str, int]:
    """Make the operation, both workspaces and all accounts; return the accounts' primary keys."""
    staff = operation()["people"]
    ids: dict[str, int] = {}
    with operation_scope():
        create_operation(name=operation()["name"], actor=HOUSE, at=at)
        for key in KEYS:
            house = house_of(key)
            create_workspace(
                key=key,
                name=house["name"],
                language=house["language"],
                time_zone=house["time_zone"],
                accent_color=house["accent_color"],
                may_send=False,
                actor=HOUSE,
                at=at,
            )
        for person in staff:
            facts = {name: person[name] for name in ("email", "name", "language", "time_zone")}
            if ids:
                ids[person["key"]] = create_user_alike(user_id=min(ids.values()), **facts, actor=HOUSE, at=at)
            else:
                ids[person["key"]] = create_user(password=DEMO_PASSWORD, **facts, actor=HOUSE, at=at)
    return ids


def _fill(key: str, *, ids: Mapping[str, int], days: int, opened_at: datetime, until: datetime) -> None:
    """Fill one workspace, in a process of its own."""
    found = workspace_of_key(key)
    if found is None:
        raise LookupError(f"The workspace {key} is gone.")
    try:
        with workspace_scope(found.id):
            stage = _equipped(key, ids=ids, at=opened_at)
        _follow(found.id)
        zone = ZoneInfo(stage.house["time_zone"])
        rng = Random(f"{SEED} {key}")  # noqa: S311 - the demo has to be the same every time
        since = (until - timedelta(days=days)).astimezone(zone)
        player = Player(stage, Wording(stage.house, stage.names))
        days_of_life = _days(_moments(stage, since=since, until=until.astimezone(zone), rng=rng))
        for day in days_of_life:
            # What begins comes first and the house reacts to it: a customer has the receipt before the answer.
            with workspace_scope(found.id):
                _begin(player, [moment for moment in day if moment.is_opening])
            _follow(found.id)
            with workspace_scope(found.id):
                _go_on(player, [moment for moment in day if not moment.is_opening])
                if day is days_of_life[-1]:
                    player.suffer(day[-1].at)
            _follow(found.id, day[-1].at)
        with workspace_scope(found.id):
            settle_down(stage, until=until)
        _follow(found.id, until)
        # Calls have chances of their own, so that cases are what they are without them.
        calls = calls_of(stage, since=since, until=until.astimezone(zone), rng=Random(f"{SEED} {key} calls"))  # noqa: S311
        bring(calls, lakes=Path(settings.LAKE_ROOT), workspace_id=found.id, zone=str(zone), at=until)
    finally:
        connection.close()


def _to_work(ids: Mapping[str, int], *, until: datetime) -> None:
    """Open the queues of both workspaces; who serves in both is known in both by the same skills."""
    talents = talents_of(KEYS, operation()["people"])
    skills: dict[str, int] = {}
    for key in KEYS:
        found = workspace_of_key(key)
        if found is None:
            raise LookupError(f"The workspace {key} is gone.")
        with workspace_scope(found.id):
            open_queues(key, talents=talents, skills=skills, ids=ids, until=until)
        _follow(found.id, until)


@act
def _equipped(key: str, *, ids: Mapping[str, int], at: datetime) -> Stage:
    return equip(key, staff=operation()["people"], ids=ids, at=at)


@act
def _begin(player: Player, moments: Sequence[Moment]) -> None:
    """Let everything that begins on a day happen as one act: every act within joins it, and all events are written at once."""
    player.begin(moments)


@act
def _go_on(player: Player, moments: Sequence[Moment]) -> None:
    """Let everything else of a day happen as one act."""
    for moment in moments:
        player.go_on(moment)


def _moments(stage: Stage, *, since: datetime, until: datetime, rng: Random) -> list[Moment]:
    """Cast everything that happens in a workspace, in the order of time."""
    casting = Casting(stage.house, rng)
    deck: list[Matter] = []
    turns = 0
    found: list[Moment] = []
    for begins in arrivals(since=since, until=until, a_day=stage.house["cases_a_day"], rng=rng):
        if not deck:
            deck = [matter for matter in matters_of(stage.key) if turns == 0 or not matter.is_once]
            rng.shuffle(deck)
            turns += 1
        matter = deck.pop()
        play = _cast(stage, casting, matter, begins, turns * 7 + len(deck), rng)
        for index, (at, step) in enumerate(
            zip(course(matter.steps, begins=begins, rng=rng), matter.steps, strict=True)
        ):
            is_behind = index > 0 and until - at < BACKLOG and rng.random() < BEHIND_SHARE
            if at >= until or is_behind:
                break
            found.append(Moment(at=at, play=play, step=step, is_opening=index == 0))
    return sorted(found, key=lambda moment: moment.at)


def _cast(stage: Stage, casting: Casting, matter: Matter, begins: datetime, turn: int, rng: Random) -> Play:
    writer = casting.somebody(matter.language)
    has_companion = any(step.kind == "companion" for step in matter.steps)
    facts = facts_for(writer=writer, house=stage.house, at=begins, rng=rng)
    fluent = [key for key in stage.agents if matter.language in (stage.speaks[key] or (matter.language,))]
    able = [key for key in fluent if key in stage.of_team[matter.team]] or fluent
    companion = casting.companion_of(writer) if has_companion else None
    return Play(
        matter=matter,
        writer=writer,
        companion=companion,
        facts={name: {**those, "companion": companion.name if companion else ""} for name, those in facts.items()},
        subject=rng.choice(matter.subjects).format_map(facts[matter.language]),
        agent=able[turn % len(able)],
        rng=Random(rng.getrandbits(64)),  # noqa: S311
    )


def _days(moments: Sequence[Moment]) -> list[list[Moment]]:
    return [list(day) for _date, day in groupby(moments, key=lambda moment: moment.at.date())]


def _follow(workspace_id: int, at: datetime | None = None) -> None:
    """Let the house react to everything so far in a workspace.

    at: the simulated present, whose due timers ring; None while what happened before it is still to be told.
    """
    while follow_log_of(workspace_id) or (at is not None and ring_due(workspace_id, rings=RINGS, at=at)):
        pass
