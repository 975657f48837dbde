from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "BadCapacity",
    "BadPresence",
    "BadShare",
    "BadSkill",
    "MayNotForce",
    "MayNotKeepSkills",
    "PersonNotHere",
    "PersonRests",
    "SkillNameTaken",
    "SkillNotFound",
]


class SkillNotFound(NotFound):
    pass


class PersonNotHere(NotFound):
    """Nobody like that serves in this workspace."""


class PersonRests(Conflict):
    """They rest after an abusive contact, and nobody ends that earlier."""


class MayNotForce(Forbidden):
    pass


class MayNotKeepSkills(Forbidden):
    pass


class SkillNameTaken(Conflict):
    pass


class BadPresence(Refusal):
    """A state that nobody chooses, or a reason that does not go with it."""


class BadSkill(Refusal):
    pass


class BadCapacity(Refusal):
    pass


class BadShare(Refusal):
    pass
