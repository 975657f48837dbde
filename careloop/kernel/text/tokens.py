"""Cut folded text into terms: runs of Chinese, Japanese or Korean characters, words, and groups of digits."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from careloop.kernel.text.folding import fold

__all__ = [
    "HAN_AND_KANA",
    "LETTER",
    "LONGEST_JOINED",
    "Run",
    "Term",
    "Words",
    "asked",
    "is_unfinished",
    "pairs",
    "words",
]

# Written without spaces, so that a line break inside them separates nothing.
HAN_AND_KANA = (
    "\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
)
HAN_AND_KANA += "\uf900-\ufaff\U00020000-\U0003ffff"
HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff"
RUN = HAN_AND_KANA + HANGUL

# Machine text (encoded attachments, tokens in links) has words without end; what is cut here is cut in queries too.
LONGEST_WORD = 64
# A joined form makes `AB-12345` and `AB12345`, `010-1234-5678` and `01012345678` find each other.
LONGEST_JOINED = 40
PHONE_DIGITS = range(7, 16)

MOST_QUERY_CHARACTERS = 1_000
MOST_QUERY_TERMS = 32
SHORTEST_PREFIX = 3


def _marks() -> str:
    """Return the marks that `\\w` leaves out although words of other scripts are made of them."""
    codes = (*range(0x0370, 0x1100), *range(0x1200, 0x1D00))
    return "".join(chr(code) for code in codes if unicodedata.category(chr(code)) in {"Mn", "Mc"})


LETTER = f"[^\\W_{RUN}]"
MARK = f"[{_marks()}]"
WORD = f"{LETTER}+(?:{MARK}+{LETTER}*)*"
JOINT = "[-_./@:+'’&#]"
WRAP = f"(?<=[{HAN_AND_KANA}])[ \\t\\r]*\\n[ \\t\\r]*(?=[{HAN_AND_KANA}])"
TERM = re.compile(
    f"(?P<run>[{RUN}]+(?:{WRAP}[{RUN}]+)*)"
    f"|(?P<digits>[0-9]{{1,5}}(?:[ .()-]{{1,2}}[0-9]{{2,5}}){{1,6}}(?!{JOINT}?{LETTER}))"
    f"|(?P<words>{WORD}(?:{JOINT}{WORD})*)"
)
PIECE = re.compile(WORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Characters of a script that is searched by overlapping pairs."""

    characters: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words that stand together, such as the parts of an address or of a telephone number.

    pieces: the words in order.
    joined: the same without what stood between, None where nobody would type that.
    is_spaced: whether blanks stood between, so that the order says less.
    """

    pieces: tuple[str, ...]
    joined: str | None = None
    is_spaced: bool = False


Term = Run | Words


def terms(text: str) -> Iterator[Term]:
    """Yield the terms of a text in order."""
    for match in TERM.finditer(fold(text)):
        if match.lastgroup == "run":
            yield Run(characters=_unwrapped(match[0]))
        else:
            yield _words_of(match)


def asked(query_text: str) -> list[Term]:
    """Return the terms that a search asks for; of a pasted page, the first ones."""
    return list(islice(terms(query_text[:MOST_QUERY_CHARACTERS]), MOST_QUERY_TERMS))


def is_unfinished(query_text: str, last: Term) -> bool:
    """Say whether somebody may still be typing the last word of a search."""
    return isinstance(last, Words) and len(last.pieces[-1]) >= SHORTEST_PREFIX and not query_text[-1].isspace()


def pairs(characters: str) -> list[str]:
    """Return each two neighbors of a run: 주문번 gives 주문 and 문번."""
    return [one + two for one, two in pairwise(characters)]


def words(text: str, *, limit: int) -> list[str]:
    """Return the words by which a text is found, in order, at most `limit` of them.

    The single character that ends a run lets one-character searches find it, and keeps a phrase of pairs from going on
    into the next run.
    """
    found: list[str] = []
    for match in TERM.finditer(fold(text)):
        written = match[0]
        if match.lastgroup == "run":
            characters = _unwrapped(written)
            found += pairs(characters)
            found.append(characters[-1])
        elif written.isalnum():
            found.append(written[:LONGEST_WORD])
        else:
            term = _words_of(match)
            found += term.pieces
            if term.joined:
                found.append(term.joined)
        if len(found) >= limit:
            break
    return found[:limit]


def _unwrapped(run: str) -> str:
    return "".join(run.split()) if "\n" in run else run


def _words_of(match: re.Match[str]) -> Words:
    found = match[0]
    pieces = tuple(piece[:LONGEST_WORD] for piece in PIECE.findall(found))
    if len(pieces) == 1:
        return Words(pieces=pieces)
    joined = "".join(pieces)
    if match.lastgroup == "digits":
        return Words(pieces=pieces, joined=joined if len(joined) in PHONE_DIGITS else None, is_spaced=" " in found)
    is_code = len(joined) <= LONGEST_JOINED and "@" not in found and any(map(str.isdigit, joined))
    return Words(pieces=pieces, joined=joined if is_code else None)
