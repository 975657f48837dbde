"""Rules that act by themselves, macros that people apply, and what a rule would have done (docs/reasons/automation.md)."""

from careloop.processes.automation.applying import MacroShown, apply_macro, preview
from careloop.processes.automation.running import RULES, ring_wait, tell_about_rule
from careloop.processes.automation.trying import Touched, Trial, what_it_would_have_touched

__all__ = [
    "RULES",
    "MacroShown",
    "Touched",
    "Trial",
    "apply_macro",
    "preview",
    "ring_wait",
    "tell_about_rule",
    "what_it_would_have_touched",
]
