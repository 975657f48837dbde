"""Conditions in words, in any order of words."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from hypothesis import given

import careloop.kernel.conditions.wording as wording
from careloop.kernel.conditions import Condition, Field, Operator, Voice, from_json, words
from tests.kernel.conditions_cast import CASES, conditions


def english(singular: str, plural: str, count: int) -> str:
    return singular if count == 1 else plural


def name_of(field: Field, number: int) -> str:
    return f"{field.label} {number}"


ENGLISH = Voice(
    gettext=str, ngettext=english, name_of=name_of, moment=lambda at: f"{at:%Y-%m-%d %H:%M}", number=lambda n: f"{n:,}"
)
PHRASES_IN_KOREAN = {
    "%(field)s is one of %(value)s": "%(value)s 중 하나인 %(field)s",
    "%(one)s and %(other)s": "%(one)s 그리고 %(other)s",
    "%(field)s is within the last %(value)s": "%(field)s: 최근 %(value)s 이내",
    "%(first)s or %(second)s": "%(first)s 또는 %(second)s",
    "Status": "상태",
    "Open": "진행 중",
    "New": "신규",
    "Opened": "접수 시각",
}
KOREAN = Voice(
    gettext=PHRASES_IN_KOREAN.__getitem__,
    ngettext=lambda singular, plural, count: "%(count)s시간",
    name_of=name_of,
    moment=datetime.isoformat,
    number=str,
)
OPEN = {"field": "status", "operator": "is", "value": "open"}
MINE = {"field": "assignee", "operator": "is", "value": "me"}
SPAM = {"field": "is_spam", "operator": "is", "value": False}


def say(loaded: object) -> str:
    return words(from_json(loaded, registry=CASES), registry=CASES, voice=ENGLISH)


def ask(field: str, operator: str, value: object = None) -> dict[str, object]:
    return {"field": field, "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("loaded", "said"),
    [
        (OPEN, "Status is Open"),
        (SPAM, "Spam: no"),
        (MINE, "Assignee is me"),
        ({"and": []}, "always"),
        ({"and": [OPEN]}, "Status is Open"),
        ({"and": [OPEN, SPAM, MINE]}, "Status is Open and Spam: no and Assignee is me"),
        ({"and": [OPEN, {"or": [SPAM, MINE]}]}, "Status is Open and (Spam: no or Assignee is me)"),
        ({"or": [OPEN, {"and": [{"or": [SPAM, MINE]}]}]}, "Status is Open or (Spam: no or Assignee is me)"),
        ({"not": {"and": [OPEN, SPAM]}}, "not (Status is Open and Spam: no)"),
        (ask("status", "any_of", ["open", "new", "solved"]), "Status is one of Open, New or Solved"),
        (ask("tags", "any_of", ["vip"]), "Tags has one of “vip”"),
        (ask("tags", "all_of", ["vip", "100 %"]), "Tags has all of “vip” and “100 %”"),
        (ask("team", "none_of", [1, 2]), "Team is none of Team 1 or Team 2"),
        (ask("subject", "contains_words", "%(field)s"), "Subject contains the words “%(field)s”"),
        (ask("replies", "between", [1, 2000]), "Replies is between 1 and 2,000"),
        (ask("opened_at", "within_last", {"amount": 1, "unit": "hours"}), "Opened is within the last 1 hour"),
        (ask("wait_seconds", "at_most", {"amount": 2, "unit": "days"}), "Waiting time is at most 2 days"),
        (ask("opened_at", "before", "2026-11-21T09:00:00Z"), "Opened is before 2026-11-21 09:00"),
        (
            ask("opened_at", "between", ["2026-11-21T09:00:00Z", "2026-11-22T09:00:00Z"]),
            "Opened is from 2026-11-21 09:00 until before 2026-11-22 09:00",
        ),
        (ask("assignee", "is_not_set"), "Assignee is not set"),
    ],
)
def test_says_it_in_english(loaded: object, said: str) -> None:
    assert say(loaded) == said


def test_says_it_in_the_order_of_another_language() -> None:
    loaded = {
        "and": [
            ask("status", "any_of", ["open", "new"]),
            ask("opened_at", "within_last", {"amount": 4, "unit": "hours"}),
        ]
    }

    said = words(from_json(loaded, registry=CASES), registry=CASES, voice=KOREAN)

    assert said == "진행 중 또는 신규 중 하나인 상태 그리고 접수 시각: 최근 4시간 이내"


@given(conditions())
def test_every_lawful_condition_has_words(tree: Condition) -> None:
    assert words(tree, registry=CASES, voice=ENGLISH)


def test_every_operator_has_a_phrase_with_its_field() -> None:
    assert wording.PHRASES.keys() == set(Operator)
    assert all("%(field)s" in phrase for phrase in wording.PHRASES.values())


def test_translators_find_every_phrase() -> None:
    keywords = {"gettext_noop": None, "ngettext_noop": (1, 2)}
    extracted = {
        phrase
        for _, found, _, _ in extract_from_file("python", Path(wording.__file__), keywords=keywords)
        for phrase in ([found] if isinstance(found, str) else found)
    }
    in_source = set(re.findall(r'_noop\("([^"]+)"', Path(wording.__file__).read_text(encoding="utf-8")))

    assert in_source <= extracted
    assert set(wording.PHRASES.values()) <= extracted
