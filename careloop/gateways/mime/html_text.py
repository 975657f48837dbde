"""HTML mail to plain text that reads as the sender saw it."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

import nh3

from careloop.gateways.mime.charsets import clean
from careloop.gateways.mime.nesting import is_bottomless, without_tags

__all__ = ["html_to_text", "html_without_quotes"]

BLOCKS = frozenset({
    "p", "div", "table", "tr", "ul", "ol", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "dl", "dt", "dd", "center", "section", "article", "header", "footer", "address", "form",
})  # fmt: skip
SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote", "table"})
KEPT = BLOCKS | {"br", "a", "td", "th", "img", "span"}
SPACES = re.compile(r"[ \t\n\r\f\xa0]+")
INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u034f]+")

# nh3 parses as browsers do, in Rust and in linear time, and hands back well-formed markup. HTMLParser alone would be
# quadratic on hostile input and raises on some of it.
WELL_FORMED = nh3.Cleaner(
    tags=set(KEPT),
    clean_content_tags={"script", "style", "title", "noscript", "template", "svg", "math"},
    attributes={"*": {"class", "id", "type"}, "a": {"href"}, "img": {"alt"}, "div": {"name"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)
# Elements that mail programs put around what they quote. Outlook only marks the beginning: all that follows is quoted.
QUOTE_CLASSES = frozenset({
    "gmail_quote", "gmail_quote_container", "yahoo_quoted", "protonmail_quote", "tutanota_quote",
    "moz-forward-container", "zmail_extra", "ntes_not_fresh_wrap",
})  # fmt: skip
QUOTE_STARTS = frozenset({
    "divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "isreplycontent",
    "olk_src_body_section", "ms-outlook-mobile-reference-message", "x_divrplyfwdmsg",
})  # fmt: skip


def html_to_text(html: str) -> str:
    """Write HTML as text: paragraphs and cells kept apart, links with their address, cited blocks marked with "> ".

    html: decoded, as received. Returns cleaned text without surrounding blank lines. Never raises.
    """
    return written(html).text()


def html_without_quotes(html: str) -> str | None:
    """Write only what stands outside the elements that mail programs put around a quote; None when there is no such
    element.
    """
    writer = written(html)
    return writer.text_outside_quotes() if writer.saw_quote else None


def written(html: str) -> "TextWriter":
    writer = TextWriter()
    readable = without_tags(html) if is_bottomless(html) else html
    writer.feed(WELL_FORMED.clean(clean(readable)))
    writer.close()
    return writer


class TextWriter(HTMLParser):
    """Collects lines from well-formed markup. A line is (text, cited levels, inside a mail program's quote)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[str, int, bool]] = []
        self.line: list[str] = []
        self.open: list[tuple[str, bool, bool]] = []
        self.cited = 0
        self.quoted = 0
        self.rest_is_quoted = False
        self.saw_quote = False
        self.preformatted = 0
        self.href = ""
        self.link_text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "br":
            self.end_line(always=True)
            return
        if tag == "img":
            self.write(facts.get("alt", ""))
            return
        if tag in BLOCKS:
            self.end_line()
            if tag in SPACED:
                self.blank_line()
        classes = set(facts.get("class", "").lower().removeprefix("x_").split())
        is_quote = bool(classes & QUOTE_CLASSES) or facts.get("name", "") == "quote"
        is_cited = tag == "blockquote" and (facts.get("type", "").lower() == "cite" or bool(classes & QUOTE_CLASSES))
        if facts.get("id", "").lower() in QUOTE_STARTS:
            self.rest_is_quoted = self.saw_quote = True
        if is_quote or is_cited:
            self.saw_quote = True
            self.quoted += 1
        if tag == "hr":
            self.write("-" * 20)
            self.end_line()
            return
        self.cited += is_cited
        self.preformatted += tag == "pre"
        self.open.append((tag, is_quote or is_cited, is_cited))
        match tag:
            case "li":
                self.write("- ")
            case "td" | "th":
                self.write(" ")
            case "a":
                self.href, self.link_text = facts.get("href", ""), []
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.end_link()
        if tag in BLOCKS:
            self.end_line()
        if self.open and self.open[-1][0] == tag:
            _, was_quote, was_cited = self.open.pop()
            self.quoted -= was_quote
            self.cited -= was_cited
            self.preformatted -= tag == "pre"
        if tag in SPACED:
            self.blank_line()

    def handle_data(self, data: str) -> None:
        data = INVISIBLE.sub("", data)
        if self.preformatted:
            first, *rest = data.split("\n")
            self.write(first)
            for line in rest:
                self.end_line(always=True)
                self.write(line)
            return
        text = SPACES.sub(" ", data)
        if text == " " and not self.line:
            return
        self.write(text)

    def write(self, text: str) -> None:
        if self.href:
            self.link_text.append(text)
        self.line.append(text)

    def end_link(self) -> None:
        """Add where a link leads, unless its text already says so."""
        target, shown = self.href, "".join(self.link_text).strip()
        self.href = ""
        bare = target.removeprefix("mailto:").removeprefix("tel:")
        if target and shown and bare.rstrip("/") not in shown and shown not in bare:
            self.line.append(f" <{bare}>")

    def end_line(self, *, always: bool = False) -> None:
        text = "".join(self.line).rstrip()
        if not self.preformatted:
            text = re.sub(" {2,}", " ", text).strip()
        if text or always:
            self.lines.append((text, self.cited, self.quoted > 0 or self.rest_is_quoted))
        self.line = []

    def blank_line(self) -> None:
        if self.lines and self.lines[-1][0]:
            self.lines.append(("", self.cited, self.quoted > 0 or self.rest_is_quoted))

    def text(self) -> str:
        """Give all lines, cited ones marked."""
        self.end_line()
        return tidy("> " * cited + text if text else ">" * cited for text, cited, _ in self.lines)

    def text_outside_quotes(self) -> str:
        """Give the lines outside every quote."""
        self.end_line()
        return tidy(text for text, _, is_quoted in self.lines if not is_quoted)


def tidy(lines: Iterable[str]) -> str:
    """Join lines, at most one blank between two, none around."""
    out: list[str] = []
    for line in lines:
        trimmed = line.rstrip()
        if trimmed or (out and out[-1]):
            out.append(trimmed)
    return "\n".join(out).strip("\n")
