"""The one language of conditions: views, rules, policies, segments, samples, alerts and reports all speak it.

A condition is a small tree. It comes in as JSON and is checked against a registry of fields (`from_json`), is shown in
words (`words`), decides about one thing in plain Python (`matches`), and is compiled to a query by a `Reader`.
See docs/reference/conditions.md.
"""

from careloop.kernel.conditions.fields import OPERATORS, OPPOSITES, BadField, Field, Kind, Operator, Registry
from careloop.kernel.conditions.matching import matches
from careloop.kernel.conditions.parsing import from_json, from_text, to_json
from careloop.kernel.conditions.reading import Reader, comparisons_of, read
from careloop.kernel.conditions.tree import (
    ME,
    And,
    BadCondition,
    Comparison,
    Condition,
    Length,
    Not,
    One,
    Or,
    Someone,
    Unit,
    Value,
)
from careloop.kernel.conditions.wording import Voice, words

__all__ = [
    "ME",
    "OPERATORS",
    "OPPOSITES",
    "And",
    "BadCondition",
    "BadField",
    "Comparison",
    "Condition",
    "Field",
    "Kind",
    "Length",
    "Not",
    "One",
    "Operator",
    "Or",
    "Reader",
    "Registry",
    "Someone",
    "Unit",
    "Value",
    "Voice",
    "comparisons_of",
    "from_json",
    "from_text",
    "matches",
    "read",
    "to_json",
    "words",
]
