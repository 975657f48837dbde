"""What happens by itself in a workspace of the demo, and what its people do in one go: as it is written in its texts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from careloop.domains.automation.services import make_rule, save_macro
from careloop.domains.automation.states import ActionKind, When
from careloop.domains.automation.types import Action, MacroSettings, RuleSettings
from careloop.domains.conversations.queries import replies_known_to
from careloop.kernel.actors import Actor

__all__ = ["automate"]


def automate(
    house: Mapping[str, Any],
    *,
    owner: Actor,
    lead: Actor,
    teams: Mapping[str, int],
    statuses: Mapping[str, int],
    procedures: Mapping[str, int],
    at: datetime,
) -> None:
    """Make the rules and the macros of the workspace in scope; its saved replies are there."""
    keys = {row.name: row.id for row in replies_known_to(viewer=lead)}
    names = {
        **{f"@{key}": value for key, value in teams.items()},
        **{f"#{key}": value for key, value in statuses.items()},
        **{f"§{key}": value for key, value in procedures.items()},
    }
    names |= {f"“{name}”": key for name, key in keys.items()}
    for written in house["rules"]:
        settings = RuleSettings(
            name=written["name"],
            when=tuple(When(one) for one in written["when"]),
            delay_s=int(written["after_hours"] * 3600) if "after_hours" in written else None,
            from_last=written.get("from_last", False),
            conditions={
                "and": [dict(zip(("field", "operator", "value"), one, strict=False)) for one in written["where"]]
            }
            if written["where"]
            else {},
            actions=_actions(written["does"], names),
        )
        make_rule(settings=settings, actor=owner, at=at)
    for written in house["macros"]:
        macro = MacroSettings(name=written["name"], actions=_actions(written["does"], names))
        save_macro(macro_id=None, settings=macro, actor=lead, at=at)


def _actions(written: Sequence[Sequence[str]], names: Mapping[str, int]) -> tuple[Action, ...]:
    """Return actions with the primary keys of what they name: @ a team, # a status, § a procedure, “ ” saved replies."""
    return tuple(
        Action(kind=ActionKind(kind), value=",".join(str(names.get(value, value)) for value in values))
        for kind, *values in written
    )
