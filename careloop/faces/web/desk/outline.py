"""A tree of reasons as an indented text, and back: one reason a line, two blanks deeper for what it divides into.

    Delivery
      Late [late-delivery]
      Damaged

The code in brackets names the same reason in every version; without one it is made from the name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.cases.services import Branch
from careloop.domains.cases.types import ReasonRow

__all__ = ["branches_written", "outline_of"]

_LINE = re.compile(r"(?P<blanks>[ \t]*)(?P<name>.*?)(?:\s*\[(?P<code>[^\[\]]*)\])?\s*")
STEP = 2
MOST_LINES = 1000


@dataclass(slots=True, kw_only=True)
class _Growing:
    name: str
    code: str
    branches: "list[_Growing]" = field(default_factory=list)

    def grown(self) -> Branch:
        return Branch(name=self.name, code=self.code, branches=tuple(each.grown() for each in self.branches))


def outline_of(rows: Sequence[ReasonRow]) -> str:
    """Return the tree as a text."""
    return "\n".join(f"{' ' * STEP * (len(row.path) - 1)}{row.path[-1]} [{row.code}]" for row in rows)


def branches_written(text: str) -> tuple[Branch, ...]:
    """Return the tree that a text draws. Raises CaseUnclear for a line that hangs below nothing."""
    roots: list[_Growing] = []
    above: list[_Growing] = []
    lines = text.expandtabs(STEP).splitlines()
    if len(lines) > MOST_LINES:
        raise CaseUnclear(_("A tree of reasons has at most %(most)d lines.") % {"most": MOST_LINES})
    for number, line in enumerate(lines, start=1):
        found = _LINE.fullmatch(line)
        if found is None or not line.strip():
            continue
        depth, uneven = divmod(len(found["blanks"]), STEP)
        if uneven or depth > len(above):
            raise CaseUnclear(
                _("Line %(number)d hangs below nothing. Begin it with two blanks more than the line above, or fewer.")
                % {"number": number}
            )
        reason = _Growing(name=found["name"].strip(), code=(found["code"] or "").strip())
        del above[depth:]
        (above[-1].branches if above else roots).append(reason)
        above.append(reason)
    return tuple(root.grown() for root in roots)
