"""Nobody stands in a queue longer than was promised: the clock of each time, what ends it, and for whom it holds."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from careloop.domains.calls.course import Happened, Step
from careloop.domains.calls.errors import CallNotFound
from careloop.domains.calls.standing import OF_STANDING
from careloop.domains.commitments.errors import BadPolicy, PolicyNotFound
from careloop.domains.commitments.models import Clock
from careloop.domains.commitments.queries import clocks_of_call, due_counts, due_of_lines, policies_of
from careloop.domains.commitments.services import change_policy, follow_calls, make_policy
from careloop.domains.commitments.states import About, Measure, Outcome, Whom
from careloop.domains.commitments.trying import what_retiring_would_change, what_would_change
from careloop.domains.commitments.types import Escalation, PolicySettings
from careloop.domains.customers.services import create_customer, tag_customer
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import events_between, head_position
from careloop.kernel.scope import workspace_scope
from tests.calling import KEY, SEAT, connect, rows, tell
from tests.cast import NOW, House
from tests.chatting import later
from tests.promising import follow, promise, ring

pytestmark = pytest.mark.database

H = Happened
STEPS = (Escalation(share=0.75, tell=(Whom.LEADS,)),)


def minute(seconds: int = 60) -> dict[Measure, dict[int, int]]:
    return {Measure.WAIT: dict.fromkeys(range(1, 5), seconds)}


def promised(house: House, **said: Any) -> int:
    """Promise callers a minute, and return the telephone system on which they call."""
    with workspace_scope(house.north):
        settings = PolicySettings(
            **{"name": "Calls", "about": About.CALLS, "targets": minute(), "steps": STEPS, **said}
        )
        make_policy(settings=settings, actor=house.actor("mina"), at=NOW - timedelta(hours=1))
        return connect(user_id=house.ids["ada"], at=NOW)


def happens(house: House, pbx_id: int, *told: tuple[Happened, float, str], key: str = KEY) -> None:
    """Let a telephone system tell what happens in queues, some seconds from now, and the clocks follow."""
    steps = [Step(what=what, key=key, at=later(s), queue=queue, seat=SEAT, line="1588") for what, s, queue in told]
    with workspace_scope(house.north):
        tell(pbx_id, steps, people={SEAT: house.ids["ada"]}, at=NOW)
    follow()


def comes(house: House, pbx_id: int, *, queue: str = "billing", key: str = KEY) -> None:
    happens(house, pbx_id, (H.BEGAN, -5, ""), (H.QUEUED, 0, queue), key=key)


def clocks(house: House) -> list[Clock]:
    with workspace_scope(house.north):
        return list(Clock.objects.filter(call__isnull=False).order_by("started_at", "pk"))


def outcomes(house: House) -> list[str]:
    return [clock.outcome for clock in clocks(house)]


class TestClock:
    def test_runs_from_the_queue_to_the_answer_and_is_shown_to_those_who_see_the_call(self, house: House) -> None:
        pbx_id = promised(house)
        comes(house, pbx_id)

        (clock,) = clocks(house)
        assert (clock.case_id, clock.measure, clock.started_at, clock.due_at) == (None, Measure.WAIT, NOW, later(60))
        with workspace_scope(house.north):
            (row,) = rows()
            assert due_of_lines([row.id]) == {row.id: later(60)}
            # Who stands in a queue is counted among those who wait.
            assert due_counts(at=later(90)).overdue == 0  # type: ignore[union-attr]
        happens(house, pbx_id, (H.LEFT, 45, "billing"), (H.ANSWERED, 45.002, "billing"))

        assert outcomes(house) == [Outcome.KEPT]
        with workspace_scope(house.north):
            (shown,) = clocks_of_call(row.id, viewer=house.actor("ada"), at=later(50))
            assert due_of_lines([row.id]) == {}
        assert (shown.call_id, shown.queue, int(shown.spent_s), shown.target_s) == (row.id, "billing", 45, 60)
        with workspace_scope(house.north), pytest.raises(CallNotFound):
            clocks_of_call(row.id, viewer=house.actor("cole"), at=later(50))
        with workspace_scope(house.south):
            assert clocks_of_call(row.id, viewer=HOUSE, at=later(50)) == []

    @pytest.mark.parametrize(
        ("told", "outcome"),
        [
            ([(H.ANSWERED, 61, "billing")], Outcome.MISSED),
            ([(H.GAVE_UP, 59, "billing"), (H.HUNG_UP, 59.1, "")], Outcome.CALLED_OFF),
            ([(H.GAVE_UP, 61, "billing"), (H.HUNG_UP, 61.1, "")], Outcome.MISSED),
            # A mailbox is no answer, and no breach while there was time.
            ([(H.LEFT, 40, "billing"), (H.HUNG_UP, 300, "")], Outcome.CALLED_OFF),
            # Nobody heard how it ended: it counts as long as we heard of it, however late we hear that it is over.
            ([(H.RANG, 30, "billing"), (H.GONE, 600, "")], Outcome.CALLED_OFF),
            ([(H.RANG, 70, "billing"), (H.GONE, 600, "")], Outcome.MISSED),
        ],
    )
    def test_ends_as_they_leave_the_queue(
        self, house: House, told: list[tuple[Happened, float, str]], outcome: Outcome
    ) -> None:
        pbx_id = promised(house)
        comes(house, pbx_id)

        happens(house, pbx_id, *told)

        assert outcomes(house) == [outcome]

    def test_that_rang_while_the_line_was_silent_is_called_off_all_the_same(self, house: House) -> None:
        pbx_id = promised(house)
        comes(house, pbx_id)
        ring(later(61))
        assert clocks(house)[0].missed_at == later(60)

        happens(house, pbx_id, (H.GONE, 600, ""))

        assert [(one.outcome, one.missed_at) for one in clocks(house)] == [(Outcome.CALLED_OFF, None)]

    def test_begins_anew_each_time_they_come_into_a_queue(self, house: House) -> None:
        pbx_id = promised(house)
        comes(house, pbx_id)
        happens(house, pbx_id, (H.LEFT, 50, "billing"), (H.QUEUED, 50.01, "claims"), (H.ANSWERED, 90, "claims"))
        happens(house, pbx_id, (H.RELEASED, 120, ""), (H.QUEUED, 121, "billing"), (H.GAVE_UP, 200, "billing"))
        happens(house, pbx_id, (H.HUNG_UP, 200.1, ""))

        assert outcomes(house) == [Outcome.CALLED_OFF, Outcome.KEPT, Outcome.MISSED]

    def test_is_the_same_when_the_news_is_told_again_late_and_one_by_one(self, house: House) -> None:
        pbx_id = promised(house)
        comes(house, pbx_id)
        happens(house, pbx_id, (H.LEFT, 50, "billing"), (H.QUEUED, 50.01, "claims"), (H.ANSWERED, 120, "claims"))
        before = [(one.pk, one.outcome, one.started_at, one.ended_at) for one in clocks(house)]

        with workspace_scope(house.north):
            news = [one for one in events_between(0, head_position(), limit=10_000) if one.name in OF_STANDING]
            follow_calls(news)
            for one in reversed(news):
                follow_calls([one])

        assert [(one.pk, one.outcome, one.started_at, one.ended_at) for one in clocks(house)] == before
        assert len(before) == 2

    def test_is_not_for_those_of_whom_nobody_knows_since_when_they_wait(self, house: House) -> None:
        pbx_id = promised(house)

        happens(house, pbx_id, (H.WAITS, -30, "billing"), (H.ANSWERED, 5, "billing"))

        assert clocks(house) == []

    def test_is_of_a_case_or_of_a_call(self, house: House) -> None:
        with workspace_scope(house.north), pytest.raises(IntegrityError), transaction.atomic():
            Clock.objects.create(measure=Measure.WAIT, started_at=NOW)


class TestPolicy:
    def settings(self, **said: Any) -> PolicySettings:
        return PolicySettings(**{"name": "Calls", "about": About.CALLS, "targets": minute(), "steps": STEPS, **said})

    @pytest.mark.parametrize(
        ("field", "value", "holds"),
        [
            ("queue", ["billing", "claims"], True),
            ("queue", ["claims"], False),
            ("line", ["1588"], True),
            ("line", ["1600"], False),
            ("customer_tag", ["gold"], True),
            ("is_known", False, False),
        ],
    )
    def test_holds_for_those_whom_it_fits_as_they_come(
        self, house: House, field: str, value: object, holds: bool
    ) -> None:
        with workspace_scope(house.north):
            omar = create_customer(
                name="Omar", kind="phone", value="+82 10 1234 5678", language="", source="by_hand", actor=HOUSE, at=NOW
            )
            tag_customer(
                customer_id=omar, add=frozenset({"gold"}), remove=frozenset(), actor=house.actor("mina"), at=NOW
            )
        operator = "is" if isinstance(value, bool) else "any_of"
        pbx_id = promised(house, conditions={"field": field, "operator": operator, "value": value})
        steps = [(H.BEGAN, -5.0, ""), (H.QUEUED, 0.0, "billing")]
        told = [Step(what=w, key=KEY, at=later(s), queue=q, line="1588", number="01012345678") for w, s, q in steps]

        with workspace_scope(house.north):
            tell(pbx_id, told, people={}, at=NOW)
        follow()

        assert bool(clocks(house)) is holds

    def test_of_cases_promises_callers_nothing_and_the_other_way_round(self, house: House) -> None:
        promise(house, targets=minute(), calendar_id=None, name="Chats")
        pbx_id = promised(house, targets=minute(30))

        comes(house, pbx_id)

        assert [one.due_at for one in clocks(house)] == [later(30)]

    def test_that_changes_leaves_what_was_promised(self, house: House) -> None:
        pbx_id = promised(house)
        comes(house, pbx_id)

        with workspace_scope(house.north):
            mina = house.actor("mina")
            (policy,) = policies_of(mina)
            shorter = self.settings(name=policy.settings.name, targets=minute(10))
            change_policy(policy_id=policy.id, settings=shorter, actor=mina, at=later(5))
        happens(house, pbx_id, (H.ANSWERED, 50, "billing"))
        comes(house, pbx_id, key="2.2")

        assert [(one.outcome, one.due_at) for one in clocks(house)] == [
            (Outcome.KEPT, later(60)),
            (Outcome.RUNNING, later(10)),
        ]

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"targets": {Measure.RESOLUTION: {2: 3600}}}, "targets"),
            ({"targets": {Measure.WAIT: {1: 60, 4: 10}}}, "targets"),
            ({"targets": minute(4)}, "targets"),
            ({"steps": (Escalation(share=0.5, tell=(Whom.LEADS,), priority=4),)}, "steps"),
            ({"conditions": {"field": "priority", "operator": "is", "value": "4"}}, "conditions"),
        ],
    )
    def test_promises_callers_nothing_that_a_call_has_not(self, house: House, said: dict[str, Any], field: str) -> None:
        with workspace_scope(house.north), pytest.raises(BadPolicy) as refused:
            make_policy(settings=self.settings(**said), actor=house.actor("mina"), at=NOW)

        assert list(refused.value.fields) == [field]

    def test_never_becomes_one_of_cases(self, house: House) -> None:
        promised(house)

        with workspace_scope(house.north):
            mina = house.actor("mina")
            (policy,) = policies_of(mina)
            with pytest.raises(BadPolicy):
                change_policy(policy_id=policy.id, settings=self.settings(about=About.CASES), actor=mina, at=later(1))
        with workspace_scope(house.south), pytest.raises(PolicyNotFound):
            change_policy(policy_id=policy.id, settings=self.settings(), actor=HOUSE, at=later(1))

    def test_is_tried_on_each_time_that_a_caller_stood_in_a_queue(self, house: House) -> None:
        pbx_id = promised(house, conditions={"field": "queue", "operator": "any_of", "value": ["billing"]})
        comes(house, pbx_id)
        happens(house, pbx_id, (H.ANSWERED, 10, "billing"), (H.RELEASED, 30, ""), (H.QUEUED, 31, "claims"))
        happens(house, pbx_id, (H.ANSWERED, 36, "claims"), (H.HUNG_UP, 60, ""))
        comes(house, pbx_id, key="2.2")
        happens(house, pbx_id, (H.GAVE_UP, 50, "billing"), (H.HUNG_UP, 50.1, ""), key="2.2")

        with workspace_scope(house.north):
            mina = house.actor("mina")
            (policy,) = policies_of(mina)

            def tried(**said: Any) -> Any:
                settings = replace(policy.settings, **said)
                return what_would_change(policy_id=policy.id, settings=settings, viewer=mina, at=later(3600))

            same, shorter, wider = tried(), tried(targets=minute(20)), tried(conditions=None)
            gone = what_retiring_would_change(policy_id=policy.id, viewer=mina, at=later(3600))

        assert (same.about, same.case_count, same.held_count, same.changes) == (About.CALLS, 3, 2, ())
        assert [(one.case_id, one.was, one.now) for one in shorter.changes] == [
            (None, Outcome.CALLED_OFF, Outcome.MISSED)
        ]
        assert [(one.since, one.was, one.now) for one in wider.changes] == [(later(31), None, Outcome.KEPT)]
        assert [one.now for one in gone.changes] == [None, None]
