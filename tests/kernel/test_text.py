"""Search words: what is typed finds what was written, and nothing that is typed breaks the search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.kernel.text import MOST_POSITIONS, contains, document, exact_query, fold, query
from tests.strategies import cjk_runs, letters_of_words, texts


class TestFold:
    @pytest.mark.parametrize(
        ("written", "folded"),
        [
            ("Đơn HÀNG", "don hang"),
            ("D\u0323o\u031b\u0301n", "don"),
            ("ＡＢ－１２", "ab-12"),
            ("STRAẞE İstanbul œuvre Łódź", "strasse istanbul oeuvre lodz"),
            ("re\u200bfu\u00adnd\ufeff", "refund"),
            ("ﾊﾟｽﾜｰﾄﾞ", "パスワード"),
            ("ハとパとバ", "ハとパとバ"),
            ("\u1112\u116a\u11ab불", "환불"),
            ("Plain ASCII", "plain ascii"),
        ],
    )
    def test_brings_ways_of_writing_together(self, written: str, folded: str) -> None:
        assert fold(written) == folded


class TestDocument:
    def test_cuts_a_run_into_pairs_and_ends_it_with_its_last_character(self) -> None:
        assert document("환불요청") == "환불:1 불요:2 요청:3 청:4"

    def test_keeps_words_whole_and_adds_codes_in_one_piece(self) -> None:
        assert document("Order AB-12345, thanks") == "order:1 ab:2 12345:3 ab12345:4 thanks:5"

    def test_keeps_a_chinese_word_together_across_a_line_break(self) -> None:
        assert document("申请退\r\n款") == document("申请退款")

    def test_does_not_join_korean_words_across_a_line_break(self) -> None:
        assert document("환불\n요청") == document("환불 요청")

    def test_stops_at_the_limit(self) -> None:
        assert document("one two three four", limit=2) == "one:1 two:2"

    def test_stops_at_the_last_position_of_the_database(self) -> None:
        last = document("환" * 20_000).rsplit(" ", 1)[1]

        assert last == f"환환:{MOST_POSITIONS}"

    def test_is_empty_without_words(self) -> None:
        assert document(" … — !\0") == ""


class TestQuery:
    @pytest.mark.parametrize("text", ["", "  \n", "…!?", "\u200b", "\ud800", "' & | !"])
    def test_is_none_when_there_is_nothing_to_search_for(self, text: str) -> None:
        assert query(text) is None
        assert exact_query(text) is None

    @pytest.mark.parametrize(
        ("typed", "asked"),
        [
            ("don hang", "'don' & 'hang':*"),
            ("don hang ", "'don' & 'hang'"),
            ("to", "'to'"),
            ("환불요청", "('환불' <-> '불요' <-> '요청')"),
            ("환불 요청", "'환불' & '요청'"),
            ("환", "'환':*"),
            ("AB-12", "(('ab' <-> '12') | 'ab12')"),
            ("ada@example.com", "('ada' <-> 'example' <-> 'com':*)"),
            ("010 1234 5678", "(('010' & '1234' & '5678':*) | '01012345678':*)"),
        ],
    )
    def test_asks_for_all_words_and_lets_the_last_be_unfinished(self, typed: str, asked: str) -> None:
        assert query(typed) == asked

    def test_asks_exactly_for_whole_words_only(self) -> None:
        assert exact_query("don hang") == "'don' & 'hang'"

    def test_takes_the_first_words_of_a_pasted_page(self) -> None:
        asked = query("refund " * 10_000)

        assert asked is not None
        assert asked.count("refund") == 32


class TestContains:
    """The oracle without a database; test_text_in_database.py proves that PostgreSQL agrees."""

    @pytest.mark.parametrize(
        ("text", "wanted", "expected"),
        [
            ("Đơn hàng của tôi chưa đến", "don hang", True),
            ("Đơn hàng của tôi", "hàng đơn", True),
            ("Đơn hàng", "hang hoa", False),
            ("환불을 요청합니다", "환불", True),
            ("환불을 요청합니다", "불요", False),
            ("请尽快退款", "退款", True),
            ("请退,款", "退款", False),
            ("请尽快退款", "款", True),
            ("请尽快退款", "退", True),
            ("Call 010-1234-5678", "01012345678", True),
            ("전화 010 1234 5678로 주세요", "010-1234-5678", True),
            ("Ticket AB12345", "AB-12345", True),
            ("Ticket AB-12345", "ab12345", True),
            ("Ticket AB-12345", "12345", True),
            ("from ada@example.com", "ada@example.com", True),
            ("from ada@example.com", "ada@example.org", False),
            ("refunds", "refund", False),
            ("anything", "", False),
        ],
    )
    def test_finds_what_was_written(self, text: str, wanted: str, expected: bool) -> None:
        assert contains(text, wanted) is expected

    @given(texts(), cjk_runs(min_size=2), texts(), st.data())
    def test_any_part_of_a_run_finds_it(self, before: str, run: str, after: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(run) - 2))
        end = data.draw(st.integers(start + 1, len(run)))

        assert contains(f"{before} {run} {after}", run[start:end])

    @given(texts(), letters_of_words(), texts())
    def test_any_word_finds_it(self, before: str, word: str, after: str) -> None:
        assert contains(f"{before}, {word}! {after}", word)

    @given(texts())
    def test_a_text_contains_itself_when_it_has_words(self, text: str) -> None:
        assert contains(text, text) is (query(text) is not None)
