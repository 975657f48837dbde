"""A question kept as SQL answers what its QuerySet would, for whatever it is asked, and only within the walls."""

from typing import Any

import pytest
from django.db import DataError, connection

from careloop.domains.cases.models import Status
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.kernel.statements import Asked, Statement
from careloop.processes.founding import equip_workspace
from tests.cast import NOW, House
from tests.fixtures import house, north

__all__ = ["house", "north"]

pytestmark = pytest.mark.database

OFTEN = 20
"""More often than it takes until a statement is prepared and has a plan that is not made for its values."""

STATUSES = Statement(
    lambda: (
        Status.objects.filter(pk__among=Asked("keys"), position__gte=Asked("first")).order_by("pk").values("pk", "name")
    )
)


def as_asked(keys: list[int], first: int) -> list[Any]:
    return list(Status.objects.filter(pk__in=keys, position__gte=first).order_by("pk").values("pk", "name"))


def test_answers_as_the_query_set_does(north: House) -> None:
    equip_workspace(actor=HOUSE, at=NOW)
    keys = [status.pk for status in Status.objects.all()]
    assert len(keys) > 2

    for asked, first in ((keys, 0), (keys[:1], 0), (keys, 2), ([], 0)):
        assert STATUSES.by_name(keys=asked, first=first) == as_asked(asked, first)
        assert STATUSES(keys=asked, first=first) == [tuple(row.values()) for row in as_asked(asked, first)]


def test_is_asked_anew_in_every_workspace(house: House) -> None:
    with workspace_scope(house.north):
        equip_workspace(actor=HOUSE, at=NOW)
        ours = [status.pk for status in Status.objects.all()]
        for _time in range(OFTEN):
            assert len(STATUSES(keys=ours, first=0)) == len(ours)

    with workspace_scope(house.south):
        assert STATUSES(keys=ours, first=0) == []


def test_is_prepared_once_it_has_been_asked_often(north: House) -> None:
    named = Statement(lambda: Status.objects.filter(name=Asked("name")).order_by("-pk").values_list("pk", "name"))

    answers = [named(name="Open") for _time in range(OFTEN)]

    assert answers == [answers[0]] * OFTEN
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%ORDER BY 1 DESC%"])
        assert cursor.fetchone() == (1,)


def test_finds_nothing_without_a_workspace(house: House) -> None:
    with pytest.raises(DataError):
        STATUSES(keys=[1], first=0)


def test_refuses_to_be_asked_with_a_place_left_empty(north: House) -> None:
    with pytest.raises(KeyError):
        STATUSES(keys=[1])


def test_takes_a_value_as_a_value(north: House) -> None:
    named = Statement(lambda: Status.objects.filter(name=Asked("name")).values_list("pk"))

    assert named(name="' OR true --") == []
