"""Acts on rules, on their runs and waits, and on macros."""

from careloop.domains.automation.services.macros import count_use, delete_macro, save_macro
from careloop.domains.automation.services.making import (
    change_rule,
    make_rule,
    move_rule,
    pause_rule,
    resume_rule,
    retire_rule,
)
from careloop.domains.automation.services.running import (
    RULE_DUE,
    begin_run,
    end_run,
    fail_run,
    forget_runs,
    stop_run,
    take_wait,
    wait,
)

__all__ = [
    "RULE_DUE",
    "begin_run",
    "change_rule",
    "count_use",
    "delete_macro",
    "end_run",
    "fail_run",
    "forget_runs",
    "make_rule",
    "move_rule",
    "pause_rule",
    "resume_rule",
    "retire_rule",
    "save_macro",
    "stop_run",
    "take_wait",
    "wait",
]
