"""Split the text of a mail into what is new, what is quoted, and the signature."""

import unicodedata

from careloop.gateways.mime.html_text import html_without_quotes
from careloop.gateways.mime.replies.headers import (
    Start,
    attribution_at,
    first_start,
    is_quoted,
    unknown_attribution_before,
)
from careloop.gateways.mime.replies.patterns import INLINE_NOTICE, SENT_FROM, SIGNATURE_MARK
from careloop.gateways.mime.replies.types import Reply

__all__ = ["split_reply"]

LONGEST_SIGNATURE_LINES = 15
MOST_LINES = 5000  # nobody types more above a quote


def split_reply(text: str, html: str | None = None) -> Reply:
    """Separate a customer's new words from quoted mails and signatures.

    text: the plain text of the mail, as `ParsedMail.text`.
    html: its raw HTML; asked only when the text shows no quote, because programs mark quotes there too.

    Returns the three parts. Rather too much is kept than a word lost: answers between quoted lines stay where they
    are with the
    quote around them, an announced inline answer keeps everything, a forwarded mail is the message, and a result that
    would be
    empty becomes the whole text. Never raises.
    """
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).split("\n")
    lines, unread = lines[:MOST_LINES], lines[MOST_LINES:]
    written, quoted = without_quote(lines)
    if not quoted and html:
        written, quoted = without_html_quote(lines, html)
    (quoted if quoted else written).extend(unread)
    body, signature = without_signature(written)
    if not "".join(body).strip():
        # Only a signature was written, or nothing above the quote: then the whole mail is the message.
        return Reply(text=text.strip(), quoted="", signature="")
    return Reply(text=joined(body), quoted=joined(quoted), signature=joined(signature))


def joined(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n").rstrip()


def without_quote(lines: list[str]) -> tuple[list[str], list[str]]:
    """Take the quote away, by its introduction and its marks. Returns new lines and quoted lines."""
    found = first_start(lines)
    if found is None:
        return without_marked(lines)
    start, is_marked = found
    if is_marked:
        return without_marked(lines)
    above, below = lines[: start.first], lines[start.first :]
    if INLINE_NOTICE.search("\n".join(above)[:5000]):
        return lines, []
    new, marked = without_marked(above)
    return new, marked + below


def without_marked(lines: list[str]) -> tuple[list[str], list[str]]:
    """Take away lines with ">" marks and their attributions, unless answers stand between them."""
    kinds = ["quoted" if is_quoted(line) else "blank" if not line.strip() else "new" for line in lines]
    introduced = mark_attributions(lines, kinds)
    marked = [at for at, kind in enumerate(kinds) if kind == "quoted"]
    # One lone "> 5 kg" without any introduction is more likely the customer's own way of writing.
    if not marked or (len(marked) == 1 and not introduced):
        return lines, []
    between = kinds[marked[0] : marked[-1] + 1]
    if "new" in between:
        return lines, []
    tail = lines[marked[-1] + 1 :]
    inner = first_start(tail)
    if inner is not None and not inner[1]:
        # A second quote without marks follows the marked one.
        tail, rest = tail[: inner[0].first], tail[inner[0].first :]
    else:
        rest = []
    head = [line for at, line in enumerate(lines[: marked[0]]) if kinds[at] != "introduction"]
    taken = [line for at, line in enumerate(lines[: marked[-1] + 1]) if at >= marked[0] or kinds[at] == "introduction"]
    return head + tail, taken + rest


def mark_attributions(lines: list[str], kinds: list[str]) -> bool:
    """Mark in `kinds` the lines that introduce a quoted block. Returns whether there was one."""
    found_any = False
    for at, kind in enumerate(kinds):
        if kind != "quoted" or (at and kinds[at - 1] == "quoted"):
            continue
        start = known_attribution_before(lines, at) or unknown_attribution_before(lines, at)
        if start is None:
            continue
        found_any = True
        for line in range(start.first, start.after):
            kinds[line] = "introduction" if line < at and kinds[line] != "quoted" else kinds[line]
    return found_any


def known_attribution_before(lines: list[str], at: int) -> Start | None:
    """Find an attribution, possibly wrapped, that ends right above this line."""
    last = at
    while last > 0 and not lines[last - 1].strip():
        last -= 1
    if at - last > 2:
        return None
    for first in range(max(0, last - 4), last):
        start = attribution_at(lines, first)
        if start is not None and start.after == last:
            return start
    return None


def without_html_quote(lines: list[str], html: str) -> tuple[list[str], list[str]]:
    """Cut the text where the HTML's own marks say that the quote begins, if the new part can be found again in the
    text.
    """
    new = html_without_quotes(html)
    if not new or not new.strip():
        return lines, []
    wanted = "".join(new.split())
    seen = ""
    for at, line in enumerate(lines):
        seen += "".join(line.split())
        if len(seen) >= len(wanted):
            if seen == wanted and any(rest.strip() for rest in lines[at + 1 :]):
                return lines[: at + 1], lines[at + 1 :]
            break
    return lines, []


def without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """Take away a trailing "-- " block and lines that a phone adds.

    A long block behind dashes is text, not a signature.
    """
    body, signature = list(lines), []
    for at in range(len(body) - 1, -1, -1):
        if SIGNATURE_MARK.match(body[at]):
            block = [line for line in body[at + 1 :] if line.strip()]
            if len(block) <= LONGEST_SIGNATURE_LINES and any(line.strip() for line in body[:at]):
                body, signature = body[:at], body[at:]
            break
    kept: list[str] = []
    for line in body:
        (signature if len(line) < 160 and SENT_FROM.match(line) else kept).append(line)
    return kept, signature
