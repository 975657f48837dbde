"""Counters kept by the log equal a count of the rows, whatever happens to the cases."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careloop.domains.cases import services
from careloop.domains.cases.models import Case, Tally
from careloop.domains.cases.queries import statuses
from careloop.domains.cases.tallies import TALLIES
from careloop.kernel.errors import Refusal
from careloop.kernel.readers import catch_up, number_events
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.domains.cases.conftest import open_desk

pytestmark = pytest.mark.database

steps = st.lists(
    st.one_of(
        st.tuples(st.just("status"), st.integers(0, 4)),
        st.tuples(st.just("assign"), st.sampled_from(["ada", "grace", "nobody"])),
        st.tuples(st.just("spam"), st.booleans()),
        st.tuples(st.just("answer"), st.just(0)),
        st.tuples(st.just("wrote"), st.just(0)),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_tallies_equal_a_count_of_the_rows(house: House, steps: list[tuple[str, object]]) -> None:
    with workspace_scope(house.north):
        desk = open_desk(house)
        ada = house.actor("ada")
        choices = statuses()
        for hour, (what, value) in enumerate(steps, start=1):
            at = NOW + timedelta(hours=hour)
            try:
                match what, value:
                    case "status", int(index):
                        services.change_status(case_id=desk.case_id, status_id=choices[index].id, actor=ada, at=at)
                    case "assign", str(name):
                        services.assign(
                            case_id=desk.case_id, assignee_id=house.ids.get(name), team_id=None, actor=ada, at=at
                        )
                    case "spam", True:
                        services.mark_spam(case_id=desk.case_id, actor=ada, at=at)
                    case "spam", False:
                        services.unmark_spam(case_id=desk.case_id, actor=ada, at=at)
                    case "answer", _:
                        services.answered(case_id=desk.case_id, message_id=1, status_id=None, actor=ada, at=at)
                    case "wrote", _:
                        services.customer_wrote(
                            case_id=desk.case_id, message_id=1, customer_id=desk.omar, actor=ada, at=at
                        )
            except Refusal:
                continue
    while number_events() + catch_up(TALLIES):
        pass

    with workspace_scope(house.north):
        counted = Counter(Case.objects.values_list("category", "assignee_id", "team_id", "is_spam"))
        kept = {(t.category, t.assignee_id, t.team_id, t.is_spam): t.count for t in Tally.objects.exclude(count=0)}
    assert kept == dict(counted)
