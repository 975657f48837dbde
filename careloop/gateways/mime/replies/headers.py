"""Find where a quote begins: an attribution, a separator, or a block of copied headers."""

import re
import unicodedata
from dataclasses import dataclass

from careloop.gateways.mime.replies.patterns import ATTRIBUTIONS, FORWARDED, HEADER_LABEL, LABEL_KINDS, SEPARATORS

__all__ = ["Start", "attribution_at", "first_start", "is_quoted", "unknown_attribution_before"]

KIND_OF = {label: kind for kind, labels in LABEL_KINDS.items() for label in labels}
MOST_WRAPPED_LINES = 4
LONGEST_ATTRIBUTION = 400
LONGEST_HEADER_BLOCK_LINES = 24
RULE = re.compile(r"^\s*(?:[_=*─-]{8,})\s*$")
QUOTE_MARK = re.compile(r"^\s{0,3}[>＞|]")
# "On 3 November you wrote:" may be the customer's own sentence; programs give the year, the time or the address.
MADE_BY_PROGRAM = re.compile(r"@|\d\s?[:.时時点點h]\s?\d\d|\b(?:19|20)\d\d|(?:19|20)\d\d[年년]")
DATE_OR_ADDRESS = re.compile(r"\d{1,4}[./년月-]|\d:\d\d|@")


@dataclass(frozen=True, slots=True)
class Start:
    """A quote's introduction: lines `first` to `after` (exclusive)."""

    first: int
    after: int


def is_quoted(line: str) -> bool:
    """Say whether a line carries a quote mark."""
    return QUOTE_MARK.match(line) is not None


def attribution_at(lines: list[str], at: int) -> Start | None:
    """Recognize "On … wrote:" at this line, wrapped over up to four, in one of four languages."""
    joined = ""
    for count in range(MOST_WRAPPED_LINES):
        if at + count >= len(lines):
            return None
        line = lines[at + count].strip()
        if not line or is_quoted(line) or len(line) > LONGEST_ATTRIBUTION:
            return None
        joined = f"{joined} {line}".strip()
        if len(joined) > LONGEST_ATTRIBUTION:
            return None
        if not joined.endswith((":", "：", "-")) or not MADE_BY_PROGRAM.search(joined):
            continue
        if any(ending.search(joined) and somewhere.search(joined) for somewhere, ending in ATTRIBUTIONS):
            return Start(at, at + count + 1)
    return None


def unknown_attribution_before(lines: list[str], at: int) -> Start | None:
    """Recognize, in any language, the line that ends in a colon, names a date or an address, and stands before a ">"
    line.
    """
    last = at - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    if last < 0 or at - last > 2 or not lines[last].rstrip().endswith((":", "：")):
        return None
    if len(lines[last]) <= LONGEST_ATTRIBUTION and DATE_OR_ADDRESS.search(lines[last]):
        return Start(last, at)
    return None


def header_block_at(lines: list[str], at: int) -> Start | None:
    """Recognize copied headers (From, Sent, To, Subject) beginning at this line.

    They must name a sender and a date and either a subject, or a recipient and an address: a customer who orders a
    transport
    "from: Seoul, to: Busan, date: Friday" is not quoting.
    """
    separated = False
    first = at
    if RULE.match(lines[at]) or is_separator(lines[at]):
        separated = is_separator(lines[at])
        at += 1
    kinds: set[str] = set()
    has_address = False
    after = at
    misses = 0
    while at < min(len(lines), first + LONGEST_HEADER_BLOCK_LINES):
        line = lines[at].strip()
        label = HEADER_LABEL.match(line) if len(line) < 1000 else None
        if label:
            kinds.add(KIND_OF.get(" ".join(label[1].lower().split()), "other"))
            has_address = has_address or "@" in label[2]
            after, misses = at + 1, 0
        elif line and not kinds:
            break
        elif line:
            # A long To line wraps; the label of the next header must follow soon.
            misses += 1
            has_address = has_address or "@" in line
            if misses > 2:
                break
        elif misses or len(kinds) >= 4:
            break
        at += 1
    is_complete = {"from", "date"} <= kinds and ("subject" in kinds or ("to" in kinds and has_address))
    if is_complete or (separated and {"from"} <= kinds and len(kinds) >= 2):
        return Start(first, after)
    return Start(first, first + 1) if separated else None


def is_separator(line: str) -> bool:
    return any(pattern.match(line) for pattern in SEPARATORS)


def first_start(lines: list[str]) -> tuple[Start, bool] | None:
    """Find the first introduction of a quote.

    Returns it and whether the quoted lines behind it carry ">" marks; None when nothing is introduced. A forwarded
    mail ends
    the search: what the customer forwards is what they want to say.
    """
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        if FORWARDED.match(line):
            return None
        if is_quoted(line):
            if found := unknown_attribution_before(lines, at):
                return found, True
            continue
        composed = unicodedata.normalize("NFC", line)
        found = attribution_at(lines, at) if may_introduce(composed) else None
        if found is None and (HEADER_LABEL.match(composed[:1000]) or RULE.match(composed) or is_separator(composed)):
            found = header_block_at(lines, at)
        if found:
            behind = next((other for other in lines[found.after :] if other.strip()), "")
            return found, is_quoted(behind)
    return None


def may_introduce(line: str) -> bool:
    """Skip quickly the lines that cannot begin an attribution: those without digit, address or opening word."""
    return re.search(r"\d|@|^(?:On|At|Vào|In a)\b", line) is not None or line.endswith((":", "：", ",", "，"))
