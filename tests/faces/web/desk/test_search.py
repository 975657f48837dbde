"""The search through its page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from careloop.domains.cases.services import add_note
from careloop.domains.customers.services import create_customer
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.faces.web.desk.matters import known_customer, opened

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]


def shown(browser: Client, words: str) -> str:
    answer = browser.get("/w/north/search", {"q": words})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("subject", "text", "asked"),
    [
        ("Where is my parcel?", "It should have come on Monday.", "monday"),
        ("로밍 요금이 두 번 청구되었습니다", "확인 부탁드립니다.", "요금"),
        ("로밍", "환불을 원합니다. 빨리 처리해 주세요.", "환불"),
        ("我的订单", "已经等了三个星期，客服没有回复", "星期"),
        ("Thẻ của tôi", "Tôi muốn hủy đơn hàng này", "don hang"),
    ],
)
def test_finds_in_four_languages(house: House, signed_in: Browsers, subject: str, text: str, asked: str) -> None:
    opened(house, customer_id=known_customer(house), subject=subject, text=text)

    assert subject in shown(signed_in("ada"), asked)


def test_shows_where_it_hit(house: House, signed_in: Browsers) -> None:
    opened(house, customer_id=known_customer(house), text="The <b>blue</b> parcel never came.")

    page = shown(signed_in("ada"), "blue")

    assert "<mark>blue</mark>" in page
    assert "<b>blue" not in page


def test_finds_cases_by_number_and_customers_by_name_or_address(house: House, signed_in: Browsers) -> None:
    opened(house, customer_id=known_customer(house), subject="Parcel")
    browser = signed_in("ada")

    assert 'href="/w/north/cases/1"' in shown(browser, "#1")
    assert "omar@customer.example" in shown(browser, "omar@customer.example")
    assert "/w/north/customers/" in shown(browser, "Omar")


def test_teaches_when_there_is_nothing(house: House, signed_in: Browsers) -> None:
    browser = signed_in("ada")

    assert "Search cases, messages and customers" in shown(browser, "")
    assert "Write a little more" in shown(browser, "a")
    assert "Write a little more" in shown(browser, "??")
    assert "Nothing found for" in shown(browser, "zebra\0")


def test_a_colleague_finds_only_in_the_cases_he_sees(house: House, signed_in: Browsers) -> None:
    omar = known_customer(house)
    opened(house, customer_id=omar, subject="Secret of others", text="zebra crossing")
    his = opened(house, customer_id=omar, subject="Secret of his", text="zebra stripes")
    with workspace_scope(house.north):
        add_note(
            case_id=his, text="Look", html="<p>Look</p>", mentions=[house.ids["cole"]], actor=house.actor("ada"), at=NOW
        )

    for words in ("zebra", "secret"):
        page = shown(signed_in("cole"), words)
        assert "Secret of his" in page
        assert "Secret of others" not in page
    assert "Omar" not in shown(signed_in("cole"), "omar@customer.example")


def test_notes_are_found_by_those_who_may_read_them(house: House, signed_in: Browsers) -> None:
    case_id = opened(house, customer_id=known_customer(house))
    with workspace_scope(house.north):
        add_note(
            case_id=case_id,
            text="Pays late, a zebra",
            html="<p>Pays late, a zebra</p>",
            mentions=[],
            actor=house.actor("ada"),
            at=NOW,
        )

    assert "<mark>zebra</mark>" in shown(signed_in("ada"), "zebra")
    assert "<mark>zebra</mark>" not in shown(signed_in("vera"), "zebra")


def test_another_workspace_is_never_searched(house: House, signed_in: Browsers) -> None:
    with workspace_scope(house.south):
        create_customer(
            name="Zebra", kind="email", value="zebra@south.example", language="", source="x", actor=HOUSE, at=NOW
        )

    assert "Nothing found" in shown(signed_in("olga"), "zebra")


def test_asks_as_often_for_many_hits_as_for_few(house: House, signed_in: Browsers, counted: Any) -> None:
    browser, omar = signed_in("ada"), known_customer(house)
    opened(house, customer_id=omar, text="zebra")
    shown(browser, "zebra")
    with counted() as few:
        shown(browser, "zebra")
    for _ in range(6):
        opened(house, customer_id=omar, text="zebra")
    with counted() as many:
        shown(browser, "zebra")

    assert many() == few()
