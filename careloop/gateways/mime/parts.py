"""The tree of parts of a mail, found by offsets into the raw bytes so that a large attachment is never copied on the
way.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from careloop.gateways.mime.headers import HeaderBlock, parse_parameters, read_headers
from careloop.gateways.mime.types import Limits, Unreadable, UnreadableReason

__all__ = ["Part", "read_tree"]

GUESSED_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n]{0,69}?)[ \t]*\r?\n[A-Za-z-]{1,60}:", re.MULTILINE)
MIME_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One node. content_type: "type/subtype", lower case. start, end: where its body lies in the raw mail."""

    headers: HeaderBlock
    content_type: str
    parameters: dict[str, str]
    disposition: str
    disposition_parameters: dict[str, str]
    start: int
    end: int
    children: tuple["Part", ...] = ()
    broken: bool = False


@dataclass(slots=True)
class Budget:
    """How many parts may still come."""

    parts: int

    def spend(self) -> None:
        self.parts -= 1
        if self.parts < 0:
            raise Unreadable(UnreadableReason.TOO_MANY_PARTS)


def read_tree(raw: bytes, *, limits: Limits) -> Part:
    """Read the structure of a whole mail. Raises Unreadable when it is nested too deeply or has too many parts."""
    return read_part(raw, 0, len(raw), depth=0, default_type="text/plain", budget=Budget(limits.parts), limits=limits)


def read_part(
    raw: bytes, start: int, end: int, *, depth: int, default_type: str, budget: Budget, limits: Limits
) -> Part:
    if depth > limits.depth:
        raise Unreadable(UnreadableReason.TOO_DEEP)
    budget.spend()
    headers = read_headers(raw, start, end)
    declared, parameters = parse_parameters(headers.text("content-type") or default_type)
    disposition, disposition_parameters = parse_parameters(headers.text("content-disposition"))
    is_known = MIME_TYPE.fullmatch(declared) is not None
    part = Part(
        headers=headers,
        content_type=declared if is_known else default_type,
        parameters=dict(parameters),
        disposition=disposition,
        disposition_parameters=dict(disposition_parameters),
        start=headers.end,
        end=end,
        broken=headers.broken or not is_known,
    )
    if not part.content_type.startswith("multipart/"):
        return part
    boundary = parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
    spans = list(body_spans(raw, part.start, end, boundary, budget)) if boundary else []
    repaired = not spans
    if not spans and (guessed := GUESSED_BOUNDARY.search(raw, part.start, min(end, part.start + 4096))):
        spans = list(body_spans(raw, part.start, end, guessed[1], budget))
    if not spans:
        return replace(part, content_type="text/plain", broken=True)
    inner_type = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    children = tuple(
        read_part(raw, at, until, depth=depth + 1, default_type=inner_type, budget=budget, limits=limits)
        for at, until in spans
    )
    return replace(part, children=children, broken=part.broken or repaired)


def body_spans(raw: bytes, start: int, end: int, boundary: bytes, budget: Budget) -> Iterator[tuple[int, int]]:
    """Find the bodies between delimiter lines; the last one runs to the end when the closing line is missing."""
    delimiter = b"--" + boundary
    opened: int | None = None
    left = budget.parts
    at = raw.find(delimiter, start, end)
    while at >= 0:
        after = at + len(delimiter)
        if at == start or raw[at - 1 : at] == b"\n":
            newline = raw.find(b"\n", after, end)
            line_end = end if newline < 0 else newline
            rest = raw[after : min(line_end, after + 200)].strip()
            if rest in (b"", b"--"):
                if opened is not None:
                    yield opened, before_newline(raw, opened, at)
                    left -= 1
                    if left < 0:
                        raise Unreadable(UnreadableReason.TOO_MANY_PARTS)
                if rest:
                    return
                opened = min(line_end + 1, end)
        at = raw.find(delimiter, after, end)
    if opened is not None:
        yield opened, end


def before_newline(raw: bytes, start: int, at: int) -> int:
    """Step back over the line break that belongs to the delimiter."""
    if at - 2 >= start and raw[at - 2 : at] == b"\r\n":
        return at - 2
    return at - 1 if at - 1 >= start else at
