"""What a text is found by (a tsvector) and what a search asks for (a tsquery)."""

from collections.abc import Iterable, Iterator, Sequence

from careloop.kernel.text.tokens import Run, Term, Words, asked, is_unfinished, pairs, words

__all__ = ["MOST_POSITIONS", "contains", "document", "exact_query", "query"]

MOST_POSITIONS = 16_383  # PostgreSQL gives every later word this same position
MOST_CHARACTERS = 1_000_000
MOST_BYTES = 1_000_000  # PostgreSQL refuses a tsvector of 1 MiB
BYTES_OF_A_POSITION = 6  # with the alignment of its list
WIDEST_CHARACTER = 4  # bytes in UTF-8
MOST_PAIRS = 64


def document(text: str, *, limit: int = MOST_POSITIONS) -> str:
    """Return the words that a text is found by, as the input of PostgreSQL's `tsvector` type.

    text: anything that a person or a machine wrote.
    limit: most words to keep, from 1 to 16 383. One Chinese, Japanese or Korean character takes one word.

    What stands after the limit, or after the first million characters, cannot be found.
    Two documents are joined with `||`, weighted with `setweight`, in SQL.
    """
    kept = words(text[:MOST_CHARACTERS], limit=min(limit, MOST_POSITIONS))
    if sum(map(len, kept)) * WIDEST_CHARACTER + len(kept) * BYTES_OF_A_POSITION > MOST_BYTES:
        kept = list(_affordable(kept))
    return " ".join([f"{word}:{position}" for position, word in enumerate(kept, 1)])


def query(text: str) -> str | None:
    """Return what somebody typed into a search box as the input of PostgreSQL's `tsquery` type.

    All words have to be there; Chinese, Japanese or Korean characters that stand together have to stand together. The
    last word may be unfinished when it has three letters and nothing follows it.

    Returns None when there is nothing to search for.
    """
    wanted = asked(text)
    if not wanted:
        return None
    *others, last = wanted
    ending = _expression(last, prefix=":*" if is_unfinished(text, last) else "")
    return " & ".join([*map(_expression, others), ending])


def exact_query(text: str) -> str | None:
    """Return whole words to search for as the input of PostgreSQL's `tsquery` type, None when there are none."""
    return " & ".join(_expression(term) for term in asked(text)) or None


def contains(text: str, wanted: str) -> bool:
    """Say whether a text holds all wanted words: what `exact_query` finds, without a database."""
    held = words(text[:MOST_CHARACTERS], limit=MOST_POSITIONS)
    vocabulary = set(held)
    terms = asked(wanted)
    return bool(terms) and all(_is_held(term, held, vocabulary) for term in terms)


def _affordable(words: Iterable[str]) -> Iterator[str]:
    spent = 0
    for word in words:
        spent += len(word.encode()) + BYTES_OF_A_POSITION
        if spent > MOST_BYTES:
            return
        yield word


def _expression(term: Term, *, prefix: str = "") -> str:
    """Return one term in the language of `tsquery`; words hold letters, digits and marks only, so quotes are safe."""
    match term:
        case Run(characters=characters) if len(characters) == 1:
            return f"'{characters}':*"
        case Run(characters=characters):
            return _chain(" <-> ", pairs(characters)[:MOST_PAIRS])
        case Words(pieces=pieces, joined=joined, is_spaced=is_spaced):
            apart = _chain(" & " if is_spaced else " <-> ", pieces, prefix=prefix)
            return f"({apart} | '{joined}'{prefix})" if joined else apart


def _chain(operator: str, links: Sequence[str], *, prefix: str = "") -> str:
    chain = operator.join(f"'{link}'" for link in links) + prefix
    return chain if len(links) == 1 else f"({chain})"


def _is_held(term: Term, held: list[str], vocabulary: set[str]) -> bool:
    match term:
        case Run(characters=characters) if len(characters) == 1:
            return any(word.startswith(characters) for word in vocabulary)
        case Run(characters=characters):
            return _is_phrase(pairs(characters)[:MOST_PAIRS], held)
        case Words(pieces=pieces, joined=joined, is_spaced=is_spaced):
            if joined in vocabulary:
                return True
            return vocabulary.issuperset(pieces) if is_spaced else _is_phrase(pieces, held)


def _is_phrase(wanted: Sequence[str], held: list[str]) -> bool:
    """Say whether the wanted words stand one after the other."""
    phrase = list(wanted)
    return any(held[at : at + len(phrase)] == phrase for at, word in enumerate(held) if word == phrase[0])
