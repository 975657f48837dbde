"""Questions are answered from the lake of one workspace, and kept answers are as good as fresh ones."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from careloop.domains.boards.models import Reading
from careloop.insight import kpis
from careloop.insight.facts import FactStore, read
from careloop.kernel.scope import workspace_scope
from careloop.processes.measuring import asking
from careloop.processes.measuring.asking import answers
from careloop.processes.measuring.errors import MetricUnknown, QuestionUnclear
from careloop.processes.measuring.types import Answer, Question
from tests.cast import NOW, House

pytestmark = pytest.mark.database
LEVEL = Question(metric="service_level", since=NOW - timedelta(days=7), until=NOW)


def asked(house: House, question: Question = LEVEL, *, later: timedelta = timedelta(0)) -> Answer:
    (answer,) = answers([question], workspace_id=house.north, now=NOW + later)
    return answer


def test_answers_as_the_engine_does(house: House, lakes: Path) -> None:
    answer = asked(house, replace(LEVEL, by=("queue",)))

    result = kpis.measure(
        read(lakes / str(house.north)), "service_level", by=["queue"], since=LEVEL.since, until=LEVEL.until
    )
    assert result.total is not None
    assert answer.total is not None
    assert (answer.total.value, answer.total.low, answer.total.n) == (
        result.total.value, result.total.low, result.total.n
    )  # fmt: skip
    assert [row.value for row in answer.rows] == [row.value for row in result.rows]
    assert answer.complete_until == NOW.isoformat()


def test_keeps_what_it_worked_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = asked(house)

    def fail(*_given: object, **_named: object) -> Answer:
        raise AssertionError("It was worked out again.")

    monkeypatch.setattr(asking, "_worked_out", fail)
    kept = asked(house)

    assert kept == fresh
    with pytest.raises(AssertionError):
        asked(house, replace(LEVEL, options={"target_s": "30"}))


def test_works_it_out_anew_when_facts_have_come(bare_house: House, lakes: Path) -> None:
    store = FactStore(lakes / str(bare_house.north))
    row = {"channel": "voice", "direction": "inbound", "arrived_at": NOW - timedelta(hours=1), "outcome": "handled"}
    segment = {
        "seq": 1,
        "queued_at": NOW - timedelta(hours=1),
        "exit": "answered",
        "left_queue_at": NOW - timedelta(hours=1),
    }
    counts = []
    for number in range(2):
        store.append("contact", [{**row, "contact_id": str(number)}], source="test", at=NOW)
        store.append(
            "contact_segment",
            [
                {
                    **segment,
                    "answered_at": segment["left_queue_at"],
                    "contact_id": str(number),
                    "segment_id": str(number),
                }
            ],
            source="test",
            at=NOW,
        )
        for later in (timedelta(0), timedelta(seconds=30), timedelta(seconds=61)):
            total = asked(bare_house, later=later + timedelta(hours=number)).total
            counts.append(total and total.n)

    assert counts == [1, 1, 1, 2, 2, 2]


def test_says_what_it_would_need_where_there_are_no_facts(house: House) -> None:
    (answer,) = answers([LEVEL], workspace_id=house.south, now=NOW)

    assert answer.total is None
    assert any(need.startswith("contact_segment") for need in answer.not_measured)
    with workspace_scope(house.south):
        assert not Reading.objects.exists()


def test_another_workspace_keeps_nothing_of_it(house: House) -> None:
    asked(house)

    with workspace_scope(house.south):
        assert not Reading.objects.exists()
    with workspace_scope(house.north):
        assert Reading.objects.count() == 1


def test_refuses_in_words_what_cannot_be_asked(house: House) -> None:
    with pytest.raises(MetricUnknown):
        asked(house, replace(LEVEL, metric="happiness"))
    for wrong in (
        replace(LEVEL, by=("color",)),
        replace(LEVEL, options={"target_s": "soon"}),
        replace(LEVEL, conditions={"field": "color", "operator": "is", "value": "red"}),
        replace(LEVEL, is_spread=True),
    ):
        with pytest.raises(QuestionUnclear) as refused:
            asked(house, wrong)
        assert str(refused.value)


def test_knows_what_was_known_then(bare_house: House, lakes: Path) -> None:
    store = FactStore(lakes / str(bare_house.north))
    at = NOW - timedelta(days=3)
    contact = {"contact_id": "1", "channel": "voice", "direction": "inbound", "arrived_at": at, "outcome": "handled"}
    segment = {
        "segment_id": "1", "contact_id": "1", "seq": 1, "queued_at": at, "left_queue_at": at, "answered_at": at,
        "exit": "answered",
    }  # fmt: skip
    store.append("contact", [contact], source="test", at=NOW - timedelta(days=2))
    store.append("contact_segment", [segment], source="test", at=NOW - timedelta(days=2))
    late = {**segment, "segment_id": "2", "contact_id": "2"}
    store.append("contact", [{**contact, "contact_id": "2"}], source="test", at=NOW)
    store.append("contact_segment", [late], source="test", at=NOW)

    now = asked(bare_house).total
    then = asked(bare_house, replace(LEVEL, as_of=(NOW - timedelta(days=1)).date())).total

    assert (now and now.n, then and then.n) == (2, 1)
