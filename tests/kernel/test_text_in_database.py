"""PostgreSQL finds what the search words promise, whatever was written and whatever is typed."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careloop.kernel.text import contains, document, exact_query, query
from tests.strategies import cjk_runs, letters_of_words, texts

pytestmark = pytest.mark.database

Sql = Callable[..., list[tuple[object, ...]]]
patient = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def finds(sql: Sql, text: str, asked: str | None) -> bool:
    return asked is not None and sql("SELECT %s::tsvector @@ %s::tsquery", [document(text), asked]) == [(True,)]


class TestDatabase:
    @pytest.mark.parametrize(
        ("text", "typed"),
        [
            ("Đơn hàng của tôi chưa đến", "don hang"),
            ("Đơn hàng của tôi chưa đến", "đơn hàng chư"),
            ("Đơn hàng của tôi chưa đến nơi", "ĐẾN "),
            ("지난주에 주문한 상품의 환불을 요청합니다", "환불"),
            ("지난주에 주문한 상품의 환불을 요청합니다", "다"),
            ("我上周买的手机屏幕有问题，想申请退款", "屏幕有问题"),
            ("姓氏是𠮷田，名字是𰻞", "𠮷田"),
            ("pay 1e5abc now", "1e5abc"),
            ("Call 010-1234-5678", "01012345678"),
            ("O'Brien & Söhne \\ <b>", "o'brien söhne"),
        ],
    )
    def test_finds_what_was_written(self, sql: Sql, text: str, typed: str) -> None:
        assert finds(sql, text, query(typed))

    def test_a_phrase_never_runs_on_into_the_next_run(self, sql: Sql) -> None:
        assert not finds(sql, "환불 불요청", query("환불요청"))
        assert not finds(sql, "退款，款项", query("退款项"))

    @patient
    @given(cjk_runs(min_size=2), texts(), st.data())
    def test_any_part_of_a_run_finds_it(self, sql: Sql, run: str, around: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(run) - 2))
        end = data.draw(st.integers(start + 2, len(run)))

        assert finds(sql, f"{around} {run} {around}", query(run[start:end]))

    @patient
    @given(letters_of_words(), texts(), st.integers(0, 12))
    def test_any_word_and_any_beginning_of_three_letters_finds_it(
        self, sql: Sql, word: str, around: str, length: int
    ) -> None:
        text = f"{around} {word} {around}"

        assert finds(sql, text, query(word))
        assert finds(sql, text, query(word[: max(length, 3)]))

    @patient
    @given(texts(), texts())
    def test_agrees_with_the_search_without_a_database(self, sql: Sql, text: str, typed: str) -> None:
        assert finds(sql, text, exact_query(typed)) is contains(text, typed)

    @patient
    @given(texts())
    def test_understands_every_query(self, sql: Sql, typed: str) -> None:
        asked = query(typed)

        assert asked is None or sql("SELECT numnode(%s::tsquery) > 0", [asked]) == [(True,)]

    @pytest.mark.parametrize("word", ["w", "é", "𐐨", "환"])
    def test_takes_the_longest_mail(self, sql: Sql, word: str) -> None:
        text = " ".join(f"{number}{word * 80}" for number in range(20_000))

        ((size,),) = sql("SELECT length(%s::tsvector)", [document(text)])

        assert isinstance(size, int)
        assert size > 200
