"""What is promised: who may promise it, what cannot be promised, and that no promise is rewritten."""

from datetime import time
from typing import Any

import pytest

from careloop.domains.calendars.services import create_calendar
from careloop.domains.calendars.types import CalendarSettings
from careloop.domains.cases.states import Category
from careloop.domains.commitments import queries, services
from careloop.domains.commitments.errors import (
    BadPolicy,
    MayNotPromise,
    PolicyNameTaken,
    PolicyNotFound,
    PolicyUnchanged,
)
from careloop.domains.commitments.models import PolicyVersion
from careloop.domains.commitments.states import Measure
from careloop.domains.commitments.types import Escalation
from careloop.kernel.events import trail
from careloop.kernel.hours import Span
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.domains.commitments.conftest import MONDAY, Desk, later, open_desk

pytestmark = pytest.mark.database
SOLUTION = Measure.RESOLUTION


class TestPolicy:
    def test_is_made_changed_and_retired(self, desk: Desk) -> None:
        mina, policy = desk.house.actor("mina"), desk.promise()

        slower = desk.said("Slower", targets={SOLUTION: {2: 86_400}})
        services.change_policy(policy_id=policy, settings=slower, actor=mina, at=later(1))
        row = queries.policy_of(mina, policy_id=policy)
        assert (row.settings.name, row.settings.targets) == ("Slower", slower.targets)
        assert (row.version, row.effective_at) == (2, later(1))
        services.retire_policy(policy_id=policy, actor=mina, at=later(2))

        with pytest.raises(PolicyNotFound):
            queries.policy_of(mina, policy_id=policy)
        names = [
            recorded.name for recorded in trail(limit=100) if recorded.event.subject.startswith("commitment_policy")
        ]
        assert names == ["commitment_policy.retired", "commitment_policy.changed", "commitment_policy.made"]

    def test_says_how_many_of_all_are_to_be_kept(self, desk: Desk) -> None:
        mina, policy = desk.house.actor("mina"), desk.promise(levels={SOLUTION: 0.7})

        assert queries.policy_of(mina, policy_id=policy).settings.levels == {SOLUTION: 0.7}
        services.change_policy(policy_id=policy, settings=desk.said(levels={SOLUTION: 1.0}), actor=mina, at=later(1))

        (before, now) = queries.terms_of(policy_ids=[policy])
        assert (before.levels, now.levels) == ({SOLUTION: 0.7}, {SOLUTION: 1.0})

    @pytest.mark.parametrize("level", [0.0, -0.1, 1.01])
    def test_refuses_a_share_that_is_none(self, desk: Desk, level: float) -> None:
        with pytest.raises(BadPolicy) as refused:
            desk.promise(levels={SOLUTION: level})

        assert set(refused.value.fields) == {"levels"}
        assert not PolicyVersion.objects.exists()

    def test_refuses_a_share_of_what_is_not_promised(self, desk: Desk) -> None:
        with pytest.raises(BadPolicy) as refused:
            desk.promise(targets={SOLUTION: {2: 3600}}, levels={Measure.FIRST_RESPONSE: 0.7})

        assert set(refused.value.fields) == {"levels"}

    @pytest.mark.parametrize(
        "condition",
        [
            {"field": "assignee", "operator": "is", "value": "me"},
            {"not": {"field": "assignee", "operator": "any_of", "value": ["me"]}},
        ],
    )
    def test_refuses_me_for_it_holds_whoever_looks(self, desk: Desk, condition: dict[str, object]) -> None:
        with pytest.raises(BadPolicy) as refused:
            desk.promise(conditions=condition)

        assert set(refused.value.fields) == {"conditions"}
        assert not PolicyVersion.objects.exists()

    def test_keeps_what_it_said_before(self, desk: Desk) -> None:
        policy = desk.promise(targets={SOLUTION: {2: 3600}})

        services.change_policy(
            policy_id=policy,
            settings=desk.said(targets={SOLUTION: {2: 7200}}),
            actor=desk.house.actor("mina"),
            at=later(1),
        )

        said = PolicyVersion.objects.order_by("version").values_list("version", "targets", "effective_at")
        assert list(said) == [
            (1, {"resolution": {"2": 3600}}, MONDAY),
            (2, {"resolution": {"2": 7200}}, later(1)),
        ]

    def test_with_another_name_alone_promises_the_same(self, desk: Desk) -> None:
        policy, mina = desk.promise(), desk.house.actor("mina")

        services.change_policy(policy_id=policy, settings=desk.said("Working day"), actor=mina, at=later(1))

        row = queries.policy_of(mina, policy_id=policy)
        assert (row.settings.name, row.version) == ("Working day", 1)
        with pytest.raises(PolicyUnchanged):
            services.change_policy(policy_id=policy, settings=desk.said("Working day"), actor=mina, at=later(2))

    @pytest.mark.parametrize("name", ["anh", "grace", "ada", "cole", "vera"])
    def test_is_read_by_all_and_made_by_owners_and_managers(self, desk: Desk, name: str) -> None:
        policy, somebody = desk.promise(), desk.house.actor(name)

        for refused in (
            lambda: services.make_policy(settings=desk.said("Mine"), actor=somebody, at=MONDAY),
            lambda: services.change_policy(policy_id=policy, settings=desk.said("Mine"), actor=somebody, at=MONDAY),
            lambda: services.move_policy(policy_id=policy, position=1, actor=somebody, at=MONDAY),
            lambda: services.retire_policy(policy_id=policy, actor=somebody, at=MONDAY),
        ):
            with pytest.raises(MayNotPromise):
                refused()

        assert [row.settings.name for row in queries.policies_of(somebody)] == ["Four hours"]

    def test_and_its_clocks_are_not_there_for_strangers(self, house: House) -> None:
        with workspace_scope(house.north):
            desk = open_desk(house)
            policy = desk.promise()
            case = desk.opens()
            assert desk.clocks(case, at=MONDAY)
        with workspace_scope(house.south):
            ines = house.actor("ines")
            assert queries.policies_of(ines) == []
            assert queries.clocks_of_cases([case], viewer=ines, at=MONDAY) == {}
            for refused in (
                lambda: queries.policy_of(ines, policy_id=policy),
                lambda: services.retire_policy(policy_id=policy, actor=ines, at=MONDAY),
            ):
                with pytest.raises((PolicyNotFound, MayNotPromise)):
                    refused()

    def test_has_a_name_of_its_own_while_in_use(self, desk: Desk) -> None:
        policy = desk.promise()
        with pytest.raises(PolicyNameTaken):
            desk.promise()

        services.retire_policy(policy_id=policy, actor=desk.house.actor("mina"), at=MONDAY)

        assert desk.promise() != policy

    def test_has_its_place_among_the_others(self, desk: Desk) -> None:
        first, second, third = (desk.promise(name) for name in ("First", "Second", "Third"))
        mina = desk.house.actor("mina")

        services.move_policy(policy_id=third, position=0, actor=mina, at=MONDAY)
        assert [row.id for row in queries.policies_of(mina)] == [third, first, second]
        services.retire_policy(policy_id=first, actor=mina, at=MONDAY)

        assert [(row.id, row.position) for row in queries.policies_of(mina)] == [(third, 0), (second, 1)]
        with pytest.raises(PolicyUnchanged):
            services.move_policy(policy_id=second, position=9, actor=mina, at=MONDAY)

    def test_says_when_the_hours_never_suffice(self, desk: Desk) -> None:
        hour = (Span(opens=time(9), closes=time(10)),)
        settings = CalendarSettings(name="An hour a week", zone="Asia/Seoul", weekly=(hour, *((),) * 6))
        calendar = create_calendar(settings=settings, actor=desk.house.actor("mina"), at=MONDAY)

        with pytest.raises(BadPolicy, match="open too little"):
            desk.promise(calendar_id=calendar, targets={SOLUTION: {2: 30 * 86_400}})

    @pytest.mark.parametrize(
        ("said", "field", "sentence"),
        [
            ({"name": ""}, "name", "1 to 80 characters"),
            ({"targets": {}}, "targets", "at least one time"),
            ({"targets": {SOLUTION: {}}}, "targets", "at least one time"),
            ({"targets": {SOLUTION: {2: 59}}}, "targets", "at least one minute"),
            ({"targets": {SOLUTION: {2: 400 * 86_400}}}, "targets", "at most a year"),
            ({"targets": {SOLUTION: {7: 3600}}}, "targets", "priority from low to urgent"),
            ({"conditions": {"field": "mood", "operator": "is", "value": "bad"}}, "conditions", "mood"),
            ({"calendar_id": 0}, "calendar", "does not exist any more"),
            ({"pauses": (Category.SOLVED,)}, "pauses", "not solved"),
            ({"steps": (Escalation(share=0.5), Escalation(share=0.5))}, "steps", "only once"),
            ({"steps": (Escalation(share=0.0),)}, "steps", "1 % to 1000 %"),
            ({"steps": (Escalation(share=0.5, tell=()),)}, "steps", "whom to tell"),
            ({"steps": (Escalation(share=0.5, priority=5),)}, "steps", "priority"),
        ],
    )
    def test_says_what_cannot_be_promised(self, desk: Desk, said: dict[str, Any], field: str, sentence: str) -> None:
        with pytest.raises(BadPolicy) as refused:
            desk.promise(**said)

        assert set(refused.value.fields) == {field}
        assert sentence in str(refused.value.fields[field])
        assert queries.policies_of(desk.ada) == []
