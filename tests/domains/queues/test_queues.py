"""Queues are kept by those who may, and what waits in them keeps its place."""

from dataclasses import replace
from datetime import timedelta

import pytest

from careloop.domains.queues import queries, services
from careloop.domains.queues.errors import (
    BadQueue,
    MayNotKeepQueues,
    MayNotMoveWork,
    NotWaiting,
    QueueInUse,
    QueueNameTaken,
    QueueNotFound,
)
from careloop.domains.queues.states import Kind, Stage
from careloop.domains.queues.types import NewWaiting, QueueSettings, RuleSettings
from careloop.kernel.actors import HOUSE
from tests.cast import NOW, House

pytestmark = pytest.mark.database

CHATS = QueueSettings(name="Chats", kinds=(Kind.CHAT,))


def made(settings: QueueSettings) -> int:
    return services.make_queue(settings=settings, actor=HOUSE, at=NOW)


def comes(queue_id: int, number: int = 1) -> int:
    new = NewWaiting(queue_id=queue_id, kind=Kind.CHAT, subject_id=number, at=NOW)
    return services.enter(new, actor=HOUSE, at=NOW)


class TestKeeping:
    def test_what_is_said_is_read_back(self, north: House) -> None:
        after = made(replace(CHATS, name="After"))
        settings = replace(CHATS, needs={4: 2}, tiers={"gold": 3}, overflow_id=after, overflow_after_s=60, weight=2)
        queue = services.make_queue(settings=settings, actor=north.actor("mina"), at=NOW)

        assert queries.queue_of(north.actor("ada"), queue_id=queue).settings == settings

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("name", {"name": " "}),
            ("kinds", {"kinds": ()}),
            ("teams", {"team_ids": (99,)}),
            ("needs", {"needs": {1: 9}}),
            ("step", {"step_s": 0}),
            ("tiers", {"tiers": {"gold": 99}}),
            ("calendar", {"calendar_id": 99}),
            ("overflow", {"overflow_after_s": 5}),
            ("overflow", {"overflow_id": 99, "overflow_after_s": 5}),
            ("offer", {"offer_s": 4}),
            ("weight", {"weight": 0}),
        ],
    )
    def test_each_mistake_is_named(self, north: House, field: str, wrong: dict[str, object]) -> None:
        with pytest.raises(BadQueue) as refused:
            services.make_queue(settings=replace(CHATS, **wrong), actor=HOUSE, at=NOW)  # type: ignore[arg-type]

        assert set(refused.value.fields) == {field}
        assert queries.queues_of(HOUSE) == []

    def test_only_those_who_may(self, north: House) -> None:
        for name in ("anh", "grace", "ada", "cole", "vera"):
            with pytest.raises(MayNotKeepQueues):
                services.make_queue(settings=CHATS, actor=north.actor(name), at=NOW)
        assert queries.queues_of(north.actor("vera")) == []

    def test_a_name_is_free_again_when_its_queue_is_retired(self, north: House) -> None:
        queue = made(CHATS)
        with pytest.raises(QueueNameTaken):
            made(CHATS)
        waiting = comes(queue)
        with pytest.raises(QueueInUse):
            services.retire_queue(queue_id=queue, actor=HOUSE, at=NOW)
        services.leave(kind=Kind.CHAT, subject_id=1, reason="over", actor=HOUSE, at=NOW)
        services.retire_queue(queue_id=queue, actor=HOUSE, at=NOW)

        assert made(CHATS) != queue
        with pytest.raises(NotWaiting):
            services.move(waiting_id=waiting, queue_id=queue, revision=None, actor=HOUSE, at=NOW)

    def test_rules_are_asked_in_their_order(self, north: House) -> None:
        queue = made(replace(CHATS, kinds=(Kind.CASE,)))
        first, second, third = (
            services.make_rule(settings=RuleSettings(queue_id=queue), actor=HOUSE, at=NOW) for _place in range(3)
        )
        services.move_rule(rule_id=third, position=0, actor=HOUSE, at=NOW)
        services.remove_rule(rule_id=first, actor=HOUSE, at=NOW)

        assert [(row.id, row.position) for row in queries.rules_of(HOUSE)] == [(third, 0), (second, 1)]


class TestWaiting:
    def test_it_waits_once(self, north: House) -> None:
        queue = made(CHATS)

        assert comes(queue) == comes(queue)
        assert [load.waiting for load in queries.loads_of(HOUSE)] == [1]

    def test_a_queue_takes_only_its_kinds(self, north: House) -> None:
        queue = made(replace(CHATS, kinds=(Kind.CALL,)))
        with pytest.raises(BadQueue):
            comes(queue)
        with pytest.raises(QueueNotFound):
            comes(queue + 1)

    def test_a_changed_queue_puts_what_waits_in_order_anew(self, north: House) -> None:
        queue = made(CHATS)
        waiting = comes(queue)
        services.change_queue(
            queue_id=queue, settings=replace(CHATS, priority=2, step_s=60, needs={5: 1}), actor=HOUSE, at=NOW
        )

        row = queries.house_waiting(waiting)
        assert row is not None
        assert (row.rank_at, dict(row.needs)) == (NOW - timedelta(seconds=120), {5: 1})

    def test_only_who_leads_moves_it(self, north: House) -> None:
        here, there = made(CHATS), made(replace(CHATS, name="There"))
        waiting = comes(here)
        with pytest.raises(MayNotMoveWork):
            services.move(waiting_id=waiting, queue_id=there, revision=None, actor=north.actor("ada"), at=NOW)
        services.move(waiting_id=waiting, queue_id=there, revision=1, actor=north.actor("grace"), at=NOW)

        row = queries.house_waiting(waiting)
        assert row is not None
        assert (row.queue_id, row.entered_at, row.stage) == (there, NOW, Stage.WAITING)

    def test_its_place_counts_those_ahead(self, north: House) -> None:
        queue = made(CHATS)
        for number in (1, 2, 3):
            comes(queue, number)

        assert [queries.place_of(kind=Kind.CHAT, subject_id=number) for number in (1, 3, 4)] == [0, 2, None]
