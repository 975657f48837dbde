"""Four languages, complete: nothing untranslated, nothing fuzzy, every placeholder in its place."""

import re

from careloop.faces.web.access.wordings import labels
from careloop.kernel.events import known_events
from tools.messages import KEYWORDS, PACKAGE, problems


class TestTranslations:
    def test_every_sentence_is_in_every_language(self) -> None:
        assert problems() == []

    def test_every_name_that_marks_a_sentence_is_collected(self) -> None:
        marks = {
            mark
            for path in PACKAGE.rglob("*.py")
            if "node_modules" not in path.parts
            for mark in re.findall(r"import n?p?gettext\w* as (\w+)", path.read_text(encoding="utf-8"))
        }

        assert marks <= set(KEYWORDS)

    def test_every_event_can_be_told(self) -> None:
        ours = {name for name, kind in known_events().items() if kind.__module__.startswith("careloop.")}

        assert ours == {name for name, _label in labels()}
