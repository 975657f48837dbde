"""What Careloop's own rows are called in the lake, and back; knows no facts, so that pages may read it."""

__all__ = ["number_of", "ours", "ours_or_none"]

# Keys are compared as text, and new ones should be the greatest: then a look at the newest files says what is known.
_DIGITS = 12


def ours(kind: str, key: int) -> str:
    """Return what a row of ours is called, such as contact:000000000042."""
    return f"{kind}:{key:0{_DIGITS}}"


def ours_or_none(kind: str, key: int | None) -> str | None:
    """The same where there may be none."""
    return None if key is None else ours(kind, key)


def number_of(kind: str, name: object) -> int | None:
    """Return the primary key of a row of ours of that kind; None for what others gave, whatever it looks like."""
    if not isinstance(name, str):
        return None
    found, _colon, digits = name.partition(":")
    is_number = digits.isascii() and digits.isdigit() and _DIGITS <= len(digits) < 19
    return int(digits) if found == kind and is_number else None
