"""Four languages, complete: nothing untranslated, nothing fuzzy, every placeholder in its place."""

import importlib
import re

import pytest
from django.conf import settings
from django.utils.dates import MONTHS, MONTHS_ALT
from django.utils.translation import override

from careloop.faces.web.access.wordings import labels
from careloop.kernel.events import known_events
from tools.messages import KEYWORDS, PACKAGE, problems


class TestTranslations:
    def test_every_sentence_is_in_every_language(self) -> None:
        assert problems() == []

    @pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
    def test_no_word_of_ours_takes_the_place_of_a_month(self, language: str) -> None:
        # "May" as what somebody is allowed to do once stood among the months.
        numbered = "Tháng {}" if language == "vi" else "{}월" if language == "ko" else None

        with override(language):
            names = [str(name) for name in MONTHS.values()]
            short = [str(name) for name in MONTHS_ALT.values()]

        assert names == ([numbered.format(number) for number in range(1, 13)] if numbered else short)

    def test_every_name_that_marks_a_sentence_is_collected(self) -> None:
        marks = {
            mark
            for path in PACKAGE.rglob("*.py")
            if "node_modules" not in path.parts
            for mark in re.findall(r"import n?p?gettext\w* as (\w+)", path.read_text(encoding="utf-8"))
        }

        assert marks <= set(KEYWORDS)

    def test_every_event_can_be_told(self) -> None:
        for module in PACKAGE.rglob("events.py"):
            importlib.import_module(".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts))
        ours = {name for name, kind in known_events().items() if kind.__module__.startswith("careloop.")}

        assert ours == {name for name, _label in labels()}
