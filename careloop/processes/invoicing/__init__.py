"""What clients are billed for: worked out from the facts, frozen when issued, read again as it was."""

from careloop.processes.invoicing.drafting import Draft, draft, issue_month
from careloop.processes.invoicing.months import issuable_months, span_of_month
from careloop.processes.invoicing.reading import Line, LinesPage, lines_of, pieces_of_statement

__all__ = [
    "Draft",
    "Line",
    "LinesPage",
    "draft",
    "issuable_months",
    "issue_month",
    "lines_of",
    "pieces_of_statement",
    "span_of_month",
]
