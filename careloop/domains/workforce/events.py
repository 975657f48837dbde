"""What people do, and what they can.

The subject of presence is somebody's seat, "seat:5", under the key of the person. Whoever works in several workspaces does so in
all of them: what is recorded in the one where it happened is told to the others.
"""

from datetime import datetime

from careloop.kernel.events import Event, event_type

__all__ = [
    "CapacitySet",
    "LanguagesSet",
    "PresenceChanged",
    "ShareSet",
    "SkillMade",
    "SkillRenamed",
    "SkillRetired",
    "SkillsSet",
]


@event_type("presence.changed")
class PresenceChanged(Event):
    """What somebody does from this moment on, and what they did before.

    forced_by: the actor who put them there, empty when they chose it or it followed from their work.
    was, was_reason, since: what they did before, from when on. is_told: it happened in another workspace.
    """

    state: str
    reason: str
    forced_by: str
    was: str
    was_reason: str
    since: datetime
    is_told: bool = False


@event_type("person.capacity_set")
class CapacitySet(Event):
    room: int
    kinds: frozenset[str]


@event_type("person.skills_set")
class SkillsSet(Event):
    """skill_ids: all that they have now, at any level."""

    skill_ids: frozenset[int]


@event_type("person.languages_set")
class LanguagesSet(Event):
    languages: frozenset[str]


@event_type("skill.made")
class SkillMade(Event):
    """subject: "skill:3"; so are those below."""

    name: str


@event_type("skill.renamed")
class SkillRenamed(Event):
    name: str


@event_type("skill.retired")
class SkillRetired(Event):
    pass


@event_type("share.set")
class ShareSet(Event):
    """subject: "workspace:1". agreed: its weight among the programs of the operation."""

    agreed: float
