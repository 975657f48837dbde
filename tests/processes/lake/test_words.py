"""What insight says in English, the house says in four languages."""

import pytest
from django.utils import translation

from careloop.insight.facts import errors
from careloop.insight.facts.identities import IDENTITIES
from careloop.insight.facts.reasons import SENTENCES, Reason, sentence
from careloop.processes.lake.words import IMBALANCES, REASONS, error_in_words, imbalance_in_words, reason_in_words


class TestWords:
    @pytest.mark.parametrize("reason", Reason)
    def test_a_reason_reads_in_english_as_insight_says_it(self, reason: Reason) -> None:
        with translation.override("en"):
            assert reason_in_words(reason, column="talk_s", value="7") == sentence(reason, column="talk_s", value="7")

    def test_every_reason_imbalance_and_error_has_its_words(self) -> None:
        assert set(REASONS) == set(SENTENCES)
        assert set(IMBALANCES) == {identity.imbalance for identity in IDENTITIES}
        told = [
            error_in_words(getattr(errors, name)(**_everything())) for name in errors.__all__ if name != "FactsError"
        ]
        assert all(text.endswith(".") and "%(" not in text for text in told)

    @pytest.mark.parametrize("language", ["en", "ko", "vi", "zh-hans"])
    def test_an_imbalance_counts(self, language: str) -> None:
        with translation.override(language):
            assert all("1234" in imbalance_in_words(imbalance, count=1234) for imbalance in IMBALANCES)


def _everything() -> dict[str, str]:
    return dict.fromkeys(("table", "column", "columns", "got", "wanted", "root", "zone", "value"), "x")
