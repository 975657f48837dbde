"""A YAML file, read with the line of every word in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from careloop.insight.imports.errors import FileUnreadable
from careloop.insight.imports.mapping.errors import MappingUnreadable, NotAMapping, WordUnknown
from careloop.insight.imports.mapping.names import close_names

__all__ = ["Entry", "document"]

LARGEST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place of a document. content: text, a number, true or false, None, entries by key, or a list of entries.

    raw: a single value as it was written. line: from 1. place: the path to it, with dots.
    """

    content: "str | int | float | bool | Mapping[str, Entry] | Sequence[Entry] | None"
    line: int
    place: str
    raw: str = ""

    def entries(self, *allowed: str) -> Mapping[str, "Entry"]:
        """Return what is below by key. allowed: the keys that mean something; none for any. Raises NotAMapping or WordUnknown."""
        if not isinstance(self.content, Mapping):
            raise self.wrong("names with values, as “name: value”")
        for name, entry in self.content.items():
            if allowed and name not in allowed:
                raise WordUnknown(line=entry.line, field=entry.place, word=name, hint=close_names(name, allowed))
        return self.content

    def items(self) -> Sequence["Entry"]:
        """Return the entries of a list; one that is no list is a list of itself. Raises NotAMapping when empty."""
        found = self.content if isinstance(self.content, list) else [self]
        if not found:
            raise self.wrong("at least one entry")
        return found

    def text(self) -> str:
        """Return a text; a number, a date or a yes is one too, as it was written. Raises NotAMapping."""
        if self.content is None or isinstance(self.content, Mapping | list) or not self.raw:
            raise self.wrong("a text")
        return self.raw

    def truth(self) -> bool:
        """Return true or false. Raises NotAMapping."""
        if isinstance(self.content, bool):
            return self.content
        raise self.wrong("true or false")

    def wrong(self, wanted: str) -> NotAMapping:
        """Return the refusal of what stands here."""
        return NotAMapping(line=self.line, field=self.place or "the file", wanted=wanted)


def document(path: Path) -> Entry:
    """Read a YAML file. Raises FileUnreadable or MappingUnreadable."""
    try:
        text = path.read_text(encoding="utf-8")
        if len(text) > LARGEST:
            raise MappingUnreadable(file=path.name, problem="it is too large")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise MappingUnreadable(file=path.name, problem="write out what *names repeat")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except OSError as problem:
        raise FileUnreadable(file=path.name, reason=problem.strerror) from None
    except UnicodeDecodeError:
        raise MappingUnreadable(file=path.name, problem="it is not UTF-8") from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f"line {mark.line + 1}, " if mark else ""
        raise MappingUnreadable(file=path.name, problem=where + str(getattr(problem, "problem", problem))) from None
    if node is None:
        raise MappingUnreadable(file=path.name, problem="it is empty")
    return _entry(node, "")


def _entry(node: yaml.Node, place: str) -> Entry:
    line = node.start_mark.line + 1
    match node:
        case yaml.MappingNode():
            return Entry(content=dict(_pairs(node, place)), line=line, place=place)
        case yaml.SequenceNode():
            listed = [_entry(below, f"{place}[{number}]") for number, below in enumerate(node.value, start=1)]
            return Entry(content=listed, line=line, place=place)
        case _:
            loader = yaml.SafeLoader("")
            content = loader.construct_object(node)
            is_plain = content is None or isinstance(content, str | int | float | bool)
            return Entry(content=content if is_plain else node.value, line=line, place=place, raw=node.value)


def _pairs(node: yaml.MappingNode, place: str) -> Iterator[tuple[str, Entry]]:
    seen = set()
    for key, below in node.value:
        path = f"{place}.{key.value}" if place else str(key.value)
        if not isinstance(key, yaml.ScalarNode) or key.value in seen:
            raise NotAMapping(line=key.start_mark.line + 1, field=path, wanted="a name that is not yet there")
        seen.add(key.value)
        entry = _entry(below, path)
        # Where nothing is below, the line of the name is the better one to point at.
        yield key.value, replace(entry, line=key.start_mark.line + 1)
