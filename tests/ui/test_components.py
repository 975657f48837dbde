"""What components print, and what they never print."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.test import Client

from careloop import ui
from careloop.ui.reference import component_rows

HOME = Path(ui.__file__).parent
COMPONENTS = sorted((HOME / "templates" / "cotton").glob("*.html"))
TEMPLATES = sorted((HOME / "templates").rglob("*.html"))
REFERENCE = HOME.parent.parent / "docs" / "reference" / "components.md"

Printed = Callable[..., str]


class TestEveryTemplate:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
    def test_obeys_the_content_policy(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")

        assert not re.search(r"\sstyle=", text)
        assert not re.search(r"\son(?!e=)[a-z]+=", text)
        assert not re.search(r"<script(?![^>]*\ssrc=)", text)
        assert "hx-on" not in text

    @pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
    def test_says_what_it_takes(self, path: Path) -> None:
        assert re.search(r"\{# .{20,} #\}", path.read_text(encoding="utf-8"))

    @pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
    def test_can_stand_in_a_sentence(self, path: Path) -> None:
        # A line end after the last tag would print as a space before the full stop.
        assert not path.read_text(encoding="utf-8").endswith("\n")

    @pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
    def test_gives_every_input_a_default(self, path: Path) -> None:
        # Without one, Cotton takes a variable of the same name from the page around it.
        declared = re.search(r"<c-vars ([^>]*)/>", path.read_text(encoding="utf-8"))
        if declared:
            assert re.fullmatch(r'(:?\w+="[^"]*"\s*)+', declared[1])

    @pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
    def test_stands_on_the_pattern_page(self, path: Path) -> None:
        name = path.stem.replace("_", "-")
        used = [other for other in TEMPLATES if other != path and f"<c-{name}" in other.read_text(encoding="utf-8")]

        assert used, f"<c-{name}> is shown nowhere"


def test_reference_says_what_the_components_say() -> None:
    table = REFERENCE.read_text(encoding="utf-8").partition("| component | what it is and takes |\n|---|---|\n")[2]

    assert table.splitlines() == component_rows(), "Put the rows of careloop.ui.reference.component_rows() there."


class Seen(HTMLParser):
    """What a browser would make of a scrap of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.values: set[str | None] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.values |= {value for _, value in attrs}

    def handle_data(self, data: str) -> None:
        self.values.add(data)


class TestEscaping:
    @pytest.mark.parametrize(
        "source",
        [
            '<c-button :title="evil">Go</c-button>',
            '<c-button title="{{ evil }}">Go</c-button>',
            '<c-avatar name="x" picture="{{ evil }}" />',
            '<c-person :name="evil" :detail="evil" />',
            '<c-text-input label="x" name="x" :value="evil" :placeholder="evil" />',
            '<c-copy-button :text="evil" />',
            '<c-tag-chip :remove="evil">{{ evil }}</c-tag-chip>',
            '<c-attachment :name="evil" href="/f" :data-kind="evil" />',
        ],
    )
    @pytest.mark.parametrize(
        "evil", ['" onmouseover="x', '"a" onclick=x "', "' autofocus onfocus='x", "<script>x</script>", '{"a": "\'>"}']
    )
    def test_a_customers_words_stay_words(self, printed: Printed, source: str, evil: str) -> None:
        seen = Seen()
        seen.feed(printed(source, evil=evil))

        assert "script" not in seen.tags
        assert not seen.names & {"onmouseover", "onclick", "onfocus", "autofocus", "x", "'>"}
        assert evil in seen.values

    def test_escapes_once(self, printed: Printed) -> None:
        html = printed('<c-text-input :label="words" name="x" title="{{ words }}" />', words="Q & A")

        assert html.count("Q &amp; A") == 2
        assert "&amp;amp;" not in html


class TestAttributes:
    def test_pass_through_and_drop_what_is_false(self, printed: Printed) -> None:
        html = printed("<c-button hx-post='/a' required :disabled=\"no\" hx-vals='{\"a\": 1}'>Go</c-button>", no=False)

        assert ' required hx-post="/a" hx-vals="{&quot;a&quot;: 1}">' in html
        assert "disabled" not in html


class TestIsolation:
    def test_a_pages_variables_do_not_leak_in(self, printed: Printed) -> None:
        html = printed(
            '<c-text-input label="Mail" name="mail" /><c-stat label="Waiting" />', error="leak", value="leak"
        )

        assert "leak" not in html
        assert "Not measured" in html


class Wish(forms.Form):
    """A form as pages have them."""

    subject = forms.CharField(help_text="One line.")
    story = forms.CharField(widget=forms.Textarea, required=False)
    channel = forms.ChoiceField(choices=[("mail", "Mail"), ("phone", "Phone")], widget=forms.RadioSelect)
    agree = forms.BooleanField()
    token = forms.CharField(widget=forms.HiddenInput)


class TestFormField:
    SOURCE = '{% for field in form %}<c-form-field :field="field" />{% endfor %}'

    def test_prints_label_widget_help_and_errors_of_any_field(self, printed: Printed) -> None:
        html = printed(self.SOURCE, form=Wish(data={"channel": "mail"}))

        assert '<label class="field-label" for="id_subject">Subject</label>' in html
        assert 'id="id_subject_helptext">One line.' in html
        assert 'id="id_subject_error"' in html
        assert "(optional)" in html
        assert "<legend" in html
        assert html.count("This field is required.") == 2

    def test_names_its_help_and_error_for_screen_readers(self, printed: Printed) -> None:
        html = printed(self.SOURCE, form=Wish(data={}))

        described = re.findall(r'aria-describedby="([^"]+)"', html)
        ids = set(re.findall(r'\sid="([^"]+)"', html))
        assert {name for names in described for name in names.split()} <= ids


class TestTable:
    def test_says_its_order_and_names_each_box(self, printed: Printed) -> None:
        html = printed(
            '<c-table label="Cases" selectable><c-slot name="head"><c-column select /><c-column sort="?by=due"'
            ' sorted="descending">Due</c-column></c-slot><c-table-row value="7" label="Roaming"><td>x</td></c-table-row>'
            "</c-table>"
        )

        assert 'aria-sort="descending"' in html
        assert 'aria-label="Select Roaming"' in html
        assert '<caption class="visually-hidden">Cases</caption>' in html


class TestComposer:
    def test_is_a_plain_form_without_scripts(self, printed: Printed) -> None:
        html = printed('<c-composer action="/cases/7/answers" value="{{ draft }}" />', draft="<p>Hi</p>")

        assert '<form class="composer" method="post" action="/cases/7/answers"' in html
        assert re.search(r'<textarea name="body"[^>]*>\s*&lt;p&gt;Hi&lt;/p&gt;</textarea>', html)
        assert 'name="kind" value="note"' in html

    def test_can_be_for_notes_or_answers_only(self, printed: Printed) -> None:
        assert 'name="kind"' not in printed('<c-composer action="/x" :note="False" />')


@pytest.mark.parametrize("path", ["/patterns/", "/public/"])
@pytest.mark.parametrize("language", ["en", "ko", "zh-hans", "vi"])
def test_pattern_pages_are_served_under_the_strict_policy(kit: None, client: Client, path: str, language: str) -> None:
    response = client.get(path, headers={"accept-language": language})
    page = response.content.decode()

    assert response.status_code == 200
    assert f'<html lang="{language}"' in page
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert not re.search(r"\sstyle=|<c-|\{%|\{\{", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
