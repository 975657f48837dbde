"""Doubted numbers for programs."""

from collections.abc import Callable

import pytest

from careloop.domains.integrity.queries import flags
from careloop.domains.integrity.types import FlagFilter, Severity
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.domains.integrity.found import SENTENCE, finding, look
from tests.faces.api.conftest import Machine

pytestmark = pytest.mark.database
WHY = "The callback test line was switched on for two days."


@pytest.fixture
def flag_id(house: House) -> int:
    """The severe one of two flags."""
    look(
        house.north, [finding(), finding(check="unidentified_share", severity=Severity.WARNING, metrics=("fcr_issue",))]
    )
    with workspace_scope(house.north):
        wanted = FlagFilter(severity=Severity.SEVERE)
        return flags(viewer=house.actor("mina"), wanted=wanted).items[0].id


def test_lists_what_is_asked_for(flag_id: int, machine_of: Callable[[str], Machine]) -> None:
    machine = machine_of("ada")

    assert len(machine.get("/flags").json()["items"]) == 2
    (found,) = machine.get("/flags?metric=asa&state=open&severity=severe").json()["items"]
    assert (found["id"], found["sentence"]["en"], found["is_doubtful"]) == (flag_id, SENTENCE, True)
    assert machine.get("/flags?state=gone").json()["items"] == []
    assert machine.get("/flags?state=lost").status_code == 422


def test_is_answered_once_and_doubted(flag_id: int, machine_of: Callable[[str], Machine]) -> None:
    mina, anh = machine_of("mina"), machine_of("anh")

    answered = mina.post(f"/flags/{flag_id}/answer", {"said": "explained", "words": WHY})
    assert (answered.status_code, answered.json()["state"], answered.json()["words"]) == (200, "answered", WHY)
    again = anh.post(f"/flags/{flag_id}/answer", {"said": "gaming", "words": WHY})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "already_answered")
    doubted = anh.post(f"/flags/{flag_id}/doubt", {"words": "The line was off on both days."})
    assert (doubted.status_code, doubted.json()["state"], doubted.json()["said"]) == (200, "open", None)


@pytest.mark.parametrize(
    ("who", "sent", "status", "code"),
    [
        ("ada", {"said": "explained", "words": WHY}, 403, "may_not_answer_flags"),
        ("mina", {"said": "explained", "words": "short"}, 422, "answer_unclear"),
        ("mina", {"said": "maybe", "words": WHY}, 422, "invalid_input"),
    ],
)
def test_refuses_in_the_one_shape(
    flag_id: int, machine_of: Callable[[str], Machine], who: str, sent: dict[str, str], status: int, code: str
) -> None:
    answer = machine_of(who).post(f"/flags/{flag_id}/answer", sent)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
