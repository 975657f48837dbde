"""A number opens to what it is made of."""

import re
import shlex
from collections.abc import Callable
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from careloop.insight import kpis
from careloop.insight.facts import read
from tests.cast import House

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]
DAYS = "since=2026-11-01&until=2026-11-15"


def page(browser: Client, path: str, **headers: str) -> str:
    answer = browser.get(f"/w/north/numbers/{path}", headers=headers)
    assert answer.status_code == 200, answer.content.decode()
    return unescape(answer.content.decode())


def test_a_card_says_formula_options_sums_and_data(house: House, signed_in: Browsers, lakes: Path) -> None:
    content = page(signed_in("grace"), f"service_level?{DAYS}&o-target_s=30")

    metric = kpis.metric("service_level")
    assert metric.numerator.en in content
    assert metric.symbols in content
    assert "<strong>30 s</strong>" in content
    assert "<strong>Offered without short abandons</strong>" in content
    assert "Data complete until" in content
    assert metric.gaming.en in content


def test_the_command_line_asks_the_same(house: House, signed_in: Browsers, lakes: Path) -> None:
    content = page(signed_in("grace"), f"service_level?{DAYS}&o-target_s=30")
    words = shlex.split(unescape(re.findall(r"<code>(careloop kpi .*?)</code>", content)[0]))
    asked = dict(zip(words[2::2], words[3::2], strict=True))

    by_hand = kpis.measure(
        read(lakes / str(house.north)),
        asked["--metric"],
        since=datetime.fromisoformat(asked["--from"]),
        until=datetime.fromisoformat(asked["--to"]),
        options=dict([asked["--option"].split("=")]),
    ).total

    assert by_hand is not None
    assert f"n = {by_hand.n:,}" in content


def test_a_split_says_what_a_change_is_made_of(house: House, signed_in: Browsers) -> None:
    content = page(signed_in("grace"), "service_level?since=2026-11-09&until=2026-11-15&by=queue")

    assert "come from another mix" in content
    assert content.count("billing") >= 2


def test_what_it_cannot_be_split_by_is_said_where_the_parts_would_stand(house: House, signed_in: Browsers) -> None:
    browser = signed_in("grace")

    content = page(browser, "service_level?since=2026-11-09&until=2026-11-15&by=evaluator")
    saved = browser.get("/w/north/numbers/service_level.csv?since=2026-11-09&until=2026-11-15&by=evaluator")

    assert "This number cannot be split by evaluator" in content
    assert saved.status_code == 422


def test_the_contacts_are_those_that_were_counted(house: House, signed_in: Browsers, lakes: Path) -> None:
    facts = read(lakes / str(house.north))
    browser, ids, start = signed_in("grace"), [], "answer_rate/contacts?since=2026-11-13&until=2026-11-13"

    address: str | None = start
    while address:
        content = page(browser, address.rpartition("/numbers/")[2])
        ids += re.findall(r'<span class="faint">(c\d+)</span>', content)
        found = re.search(r'href="([^"]*page=\d+)"', content)
        address = found[1] if found else None

    since, until = (datetime.fromisoformat(f"2026-11-{day}T00:00:00+09:00") for day in (13, 14))
    total = kpis.measure(facts, "answer_rate", since=since, until=until).total
    assert total is not None
    assert len(ids) == len(set(ids)) == total.n


def test_a_dialog_is_the_same_in_brief(house: House, signed_in: Browsers) -> None:
    content = page(
        signed_in("ada"),
        f"service_level?board=operations&tile=0&{DAYS}",
        **{"HX-Request": "true", "HX-Target": "number-dialog"},
    )

    assert content.lstrip().startswith("<dialog")
    assert "likely between" in content


def test_as_of_then_is_said(house: House, signed_in: Browsers) -> None:
    content = page(signed_in("grace"), f"service_level?{DAYS}&as_of=2026-11-01")

    assert "as it was known then" in content
    assert "--as-of 2026-11-01" in content
    assert "Nothing to count" in content or "Not measured" in content


def test_a_definition_that_has_changed_since_is_said(house: House, signed_in: Browsers) -> None:
    then = page(signed_in("grace"), f"staffing_gap?{DAYS}&as_of=2026-11-01")
    now = page(signed_in("grace"), f"staffing_gap?{DAYS}")

    assert "The definition has changed since: today it is version 2" in then
    assert "The definition has changed since" not in now


@pytest.mark.parametrize(
    "query", ["filter=%7B", "filter=%5B1%5D", "by=color", "as_of=never", "since=2026-13-01", "page=x"]
)
def test_what_is_no_question_is_none(house: House, signed_in: Browsers, query: str) -> None:
    browser = signed_in("grace")

    for path in (f"service_level?{query}", f"service_level/contacts?{query}"):
        assert browser.get(f"/w/north/numbers/{path}").status_code == 200
    assert browser.get("/w/north/numbers/happiness").status_code == 404


def test_choices_are_named_where_people_choose(house: House, signed_in: Browsers) -> None:
    content = page(signed_in("grace"), f"avg_time_to_abandon?{DAYS}&o-statistic=patience_km_median")

    assert '<option value="patience_km_median" selected>Median patience</option>' in content
    assert ">patience_km_median<" not in content


def test_a_share_among_durations_is_a_share(house: House, signed_in: Browsers) -> None:
    seconds = page(signed_in("grace"), f"hold_time?{DAYS}")
    share = page(signed_in("grace"), f"hold_time?{DAYS}&o-statistic=share_held")

    assert not re.search(r'number-big">[\d.]+%|tile-unit">%<', seconds)
    assert 'tile-unit">%<' in share
    assert "handled segments that were put on hold" in share


def test_before_the_first_facts_there_is_nothing_to_compare_with(house: House, signed_in: Browsers) -> None:
    browser = signed_in("grace")

    early = page(browser, f"contact_volume?{DAYS}&by=queue")
    later = page(browser, "contact_volume?since=2026-11-09&until=2026-11-15&by=queue")

    assert "Nothing to compare with yet" in early
    assert "What the change is made of" not in early
    assert re.search(r"(Up|Down) [\d,]+ from|No clear change from", later)
