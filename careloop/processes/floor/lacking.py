"""Why nobody gets what waits: the first thing that is missing, asked in the order in which a supervisor can do something."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import Needs
from careloop.domains.workforce.serving import Server

__all__ = ["Lack", "Lacking", "lacking"]


class Lack(StrEnum):
    """What is missing. NOBODY_YET: somebody could take it now, and is being looked for."""

    CLOSED = "closed"
    NOBODY_SERVES = "nobody_serves"
    LANGUAGE = "language"
    SKILL = "skill"
    TOGETHER = "together"
    NOBODY_HERE = "nobody_here"
    ALL_BUSY = "all_busy"
    NOBODY_YET = "nobody_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What is missing, and of what. is_anywhere: somebody has it who is off work now. people_count: who could take it and is here.

    skill_id, level: of the skill that is missing.
    """

    lack: Lack
    language: str = ""
    skill_id: int | None = None
    level: int = 0
    is_anywhere: bool = False
    people_count: int = 0


def lacking(*, kind: Kind, language: str, needs: Needs, is_open: bool, servers: Sequence[Server]) -> Lacking:
    """Say what something that waits lacks.

    language: that whoever takes it must speak, or empty. needs: what they must know. servers: all who serve its queue.
    """
    if not is_open:
        return Lacking(lack=Lack.CLOSED)
    if not servers:
        return Lacking(lack=Lack.NOBODY_SERVES)
    here = [one for one in servers if one.is_here]
    if language and not any(language in one.languages for one in here):
        is_anywhere = any(language in one.languages for one in servers)
        return Lacking(lack=Lack.LANGUAGE, language=language, is_anywhere=is_anywhere)
    for skill_id, level in sorted(needs.items()):
        if not any(one.levels.get(skill_id, 0) >= level for one in here):
            is_anywhere = any(one.levels.get(skill_id, 0) >= level for one in servers)
            return Lacking(lack=Lack.SKILL, skill_id=skill_id, level=level, is_anywhere=is_anywhere)
    able = [one for one in here if one.is_able(language=language, needs=needs)]
    if not here:
        return Lacking(lack=Lack.NOBODY_HERE)
    if not able:
        is_anywhere = any(one.is_able(language=language, needs=needs) for one in servers)
        return Lacking(lack=Lack.TOGETHER, is_anywhere=is_anywhere)
    free = [one for one in able if kind in one.open_kinds]
    return Lacking(lack=Lack.NOBODY_YET if free else Lack.ALL_BUSY, people_count=len(able))
