"""The wall and the lake say the same for the same instant: counters kept by events equal what `careloop.insight` makes of facts."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from careloop.domains.wallboards.bands import IMMEDIATE_SECONDS, SHORT_SECONDS
from careloop.domains.wallboards.queries import WallFigures, figures
from careloop.domains.wallboards.reckoning import QueueFigures
from careloop.domains.wallboards.services import set_target
from careloop.insight.facts import Facts, read
from careloop.insight.kpis import measure
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.lake.following import follow, lake_of
from careloop.processes.lake.naming import ours_or_none
from tests.cast import NOW, House
from tests.domains.wallboards.floor import open_floor, read_all
from tests.domains.wallboards.test_counting import live

pytestmark = pytest.mark.database

SEOUL = ZoneInfo("Asia/Seoul")
WHAT = ("writes", "writes", "writes", "answers", "answers by another", "hands over", "ends")
PAUSES = (0, 1, 4, 5, 6, 20, 21, 60, 300, 900)


def lived(house: House, seed: int, target: int) -> datetime:
    """Let an evening and a morning pass on the floor, and return when they are over."""
    chance = random.Random(seed)
    steps = [
        (chance.choice(WHAT), chance.randrange(36), chance.randrange(3), chance.choice(PAUSES)) for _ in range(300)
    ]
    with workspace_scope(house.north):
        live(open_floor(house, matters=36), steps)
        set_target(team_id=None, channel="", seconds=target, actor=HOUSE, at=NOW)
    read_all()
    return NOW + timedelta(seconds=sum(step[3] for step in steps))


def lake_at(root: Path, house: House, at: datetime) -> Facts:
    """Let the lake read the same log to its end."""
    while follow(root, at=at + timedelta(hours=1)):
        pass
    return read(lake_of(root, house.north).root)


class Lake:
    """The facts of one workspace, asked each question once for all queues."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._asked: dict[object, dict[tuple[object, object], tuple[float, float]]] = {}

    def of_queue(self, queue: QueueFigures, metric: str, since: datetime, **options: Any) -> tuple[float, float]:
        """Measure one queue since a moment, and return numerator and denominator."""
        key = (metric, since, tuple(options.items()))
        if key not in self._asked:
            result = measure(
                self.facts, metric, by=["queue", "channel"], since=since, options=options, with_intervals=False
            )
            self._asked[key] = {
                (row.dimensions["queue"], row.dimensions["channel"]): (row.numerator or 0.0, row.denominator or 0.0)
                for row in result.rows
            }
        return self._asked[key].get((name_of(queue), queue.channel), (0.0, 0.0))


def name_of(queue: QueueFigures) -> str | None:
    """Return what the lake calls a queue of the wall."""
    return queue.queue or ours_or_none("team", queue.team_id)


def open_ones(facts: Facts, queue: QueueFigures) -> list[datetime]:
    """Return since when each open segment of a queue has been waiting, by the facts."""
    rows = facts["contact_segment"]
    name = name_of(queue)
    is_here = rows.queue_id.isnull() if name is None else rows.queue_id == name
    found = rows.filter(is_here & (rows.channel == queue.channel) & rows.exit.isnull())
    return [value.as_py() for value in found.queued_at.to_pyarrow()]


@pytest.mark.parametrize(("seed", "target"), [(1, 20), (2, 3600)])
def test_every_figure_equals_what_the_metrics_make_of_the_facts(
    house: House, tmp_path: Path, seed: int, target: int
) -> None:
    at = lived(house, seed, target)
    lake = Lake(lake_at(tmp_path / "lake", house, at))
    with workspace_scope(house.north):
        wall = figures(viewer=HOUSE, zone=SEOUL, at=at)

    assert wall.total.waiting
    assert wall.total.new_today
    assert 0 < wall.total.today.kept < wall.total.today.of
    for queue in wall.queues:
        assert_equal(wall, queue, lake, target)


def assert_equal(wall: WallFigures, queue: QueueFigures, lake: Lake, target: int) -> None:
    is_immediate = queue.channel in IMMEDIATE_SECONDS
    waiting = open_ones(lake.facts, queue)
    overdue = [since for since in waiting if wall.at - since > timedelta(seconds=target)]
    assert (queue.waiting, queue.oldest_at) == (len(waiting), min(waiting, default=None))
    assert queue.overdue == len(overdue)
    for share, since in ((queue.today, wall.periods.day), (queue.half_hour, wall.periods.half_hour)):
        kept, of = lake.of_queue(
            queue,
            "service_level",
            since,
            target_s=target,
            denominator="offered_ex_short" if is_immediate else "ex_abandon_within_target",
        )
        late = 0 if is_immediate else sum(moment >= since for moment in overdue)
        assert (share.kept, share.of) == (kept, of + late)
    lost, _of = lake.of_queue(
        queue, "abandonment_rate", wall.periods.day, short_abandon_s=SHORT_SECONDS if is_immediate else 0
    )
    assert queue.abandoned_today == lost
    assert queue.new_today == lake.of_queue(queue, "contact_volume", wall.periods.day, series="offered")[0]
