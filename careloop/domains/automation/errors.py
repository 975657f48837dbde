from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "BadMacro",
    "BadRule",
    "MacroNameTaken",
    "MacroNotFound",
    "MayNotKeepMacros",
    "MayNotMakeRules",
    "MayNotSeeRules",
    "RuleNameTaken",
    "RuleNotFound",
    "RuleStandsSo",
]


class RuleNotFound(NotFound):
    pass


class MacroNotFound(NotFound):
    pass


class MayNotMakeRules(Forbidden):
    pass


class MayNotSeeRules(Forbidden):
    pass


class MayNotKeepMacros(Forbidden):
    pass


class RuleNameTaken(Conflict):
    """Another rule of the workspace has the name."""


class MacroNameTaken(Conflict):
    pass


class RuleStandsSo(Conflict):
    """Nothing would change."""


class BadRule(Refusal):
    """A rule that waits for nothing, does nothing, or asks what cannot be asked."""


class BadMacro(Refusal):
    pass
