"""Show where a search hit, in the writer's own letters."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from careloop.kernel.text.folding import fold
from careloop.kernel.text.tokens import HAN_AND_KANA, LETTER, LONGEST_JOINED, Run, Term, asked, is_unfinished

__all__ = ["Segment", "snippet"]

MOST_CHARACTERS = 100_000
MOST_HITS = 200
LEAD_SHARE = 4  # a quarter of the snippet stands before its first hit
NEAR = 20  # characters within which a cut moves to a blank
ELLIPSIS = "…"
HAN = re.compile(f"[{HAN_AND_KANA}]")
BLANKS = re.compile(r"\s+")


class _FoldedCharacters(dict[int, str]):
    """What each character folds to alone, found out once."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold(chr(code))
        return folded


FOLDED = _FoldedCharacters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of a snippet.

    text: as it was written, with blanks and line breaks as single blanks.
    is_hit: whether the search asked for it.
    """

    text: str
    is_hit: bool


def snippet(text: str, query_text: str, *, width: int = 160) -> tuple[Segment, ...]:
    """Cut the stretch with the most hits out of a text.

    text: the text that was found; its first 100 000 characters are looked at.
    query_text: what was typed into the search box.
    width: characters to show, at least 1; an ellipsis stands where text was cut off.

    Returns the segments in order; without a hit, the beginning of the text.
    """
    text = unicodedata.normalize("NFC", text[:MOST_CHARACTERS])
    hits = _hits(text, query_text)
    start, end = _window(text, hits, width)
    segments = [Segment(text=ELLIPSIS, is_hit=False)] if start else []
    at = start
    for hit_start, hit_end in hits:
        if hit_start >= end or hit_end <= at:
            continue
        segments += _segment(text[at : max(hit_start, at)], is_hit=False)
        segments += _segment(text[max(hit_start, at) : min(hit_end, end)], is_hit=True)
        at = min(hit_end, end)
    segments += _segment(text[at:end], is_hit=False)
    if end < len(text):
        segments.append(Segment(text=ELLIPSIS, is_hit=False))
    return tuple(segments)


def _segment(text: str, *, is_hit: bool) -> Iterator[Segment]:
    if text:
        yield Segment(text=BLANKS.sub(" ", text), is_hit=is_hit)


def _hits(text: str, query_text: str) -> list[tuple[int, int]]:
    """Return where the terms of a search stand in the text, in order and without overlap."""
    wanted = asked(query_text)
    if not wanted:
        return []
    *others, last = wanted
    patterns = {_pattern(term) for term in others} | {_pattern(last, is_prefix=is_unfinished(query_text, last))}
    folded, origins = _folded_with_origins(text)
    found = sorted(
        (origins[match.start()][0], origins[match.end() - 1][1])
        for pattern in patterns
        for match in re.finditer(pattern, folded)
    )
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined[:MOST_HITS]


def _pattern(term: Term, *, is_prefix: bool = False) -> str:
    """Return the regular expression of a term in folded text."""
    if isinstance(term, Run):
        wrap = r"(?:[ \t\r]*\n[ \t\r]*)?"
        wrapped = "".join(char + wrap if HAN.match(char) else char for char in term.characters)
        return wrapped.removesuffix(wrap)
    forms = [r"[\W_]{0,3}".join(term.pieces)]
    if term.is_spaced:
        forms += term.pieces
    code = term.joined or term.pieces[0]
    if len(code) <= LONGEST_JOINED and any(map(str.isdigit, code)):
        forms.append("[-_./ ()]{0,2}".join(code))
    ending = f"{LETTER}*" if is_prefix else f"(?!{LETTER})"
    return f"(?<!{LETTER})(?:{'|'.join(forms)}){ending}"


def _folded_with_origins(text: str) -> tuple[str, Sequence[tuple[int, int]]]:
    """Return the folded text, and for each of its characters where the original starts and ends."""
    folded = text.translate(FOLDED)
    if all(len(FOLDED[ord(char)]) == 1 for char in set(text)):
        return folded, [(at, at + 1) for at in range(len(text))]
    return folded, [(at, at + 1) for at, char in enumerate(text) for _ in FOLDED[ord(char)]]


def _window(text: str, hits: list[tuple[int, int]], width: int) -> tuple[int, int]:
    """Choose the stretch of about `width` characters with the most hits, and let it begin and end between words."""
    if len(text) <= width:
        return 0, len(text)
    if not hits:
        return 0, _word_end(text, width, earliest=width // 2)
    lead = width // LEAD_SHARE
    starts = [max(0, min(start - lead, len(text) - width)) for start, _ in hits]
    counts = [sum(begin <= start and end <= begin + width for start, end in hits) for begin in starts]
    best = counts.index(max(counts))
    begin = starts[best]
    first = min(start for start, _ in hits if start >= begin)
    return _word_start(text, begin, latest=first), _word_end(text, begin + width, earliest=hits[best][1])


def _word_start(text: str, at: int, *, latest: int) -> int:
    """Move a beginning behind the next blank, if one is near and not beyond the first hit."""
    if at == 0 or text[at - 1].isspace():
        return at
    blank = next((place for place in range(at, min(latest, at + NEAR)) if text[place].isspace()), None)
    return at if blank is None else blank + 1


def _word_end(text: str, at: int, *, earliest: int) -> int:
    """Move an ending before the last blank, if one is near and not inside a hit."""
    if at >= len(text):
        return len(text)
    return next((place for place in range(at, max(at - NEAR, earliest - 1), -1) if text[place].isspace()), at)
