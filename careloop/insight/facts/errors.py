"""What a caller of the facts may have to tell a person: English sentences that carry their values.

A face says the same in the reader's language: it translates `template` and fills in `values`.
"""

from typing import ClassVar

__all__ = [
    "BadZone",
    "FactsError",
    "LakeBusy",
    "Misfit",
    "NewerLake",
    "NotALake",
    "UnknownColumn",
    "UnknownTable",
    "WrongColumnType",
]


class FactsError(ValueError):
    """Something about facts cannot be done. template: one sentence with named places; values: what goes into them."""

    template: ClassVar[str]

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.template.format(**values))


class UnknownTable(FactsError):
    template = "There is no fact table {table}. The tables are described in docs/reference/facts.md."


class UnknownColumn(FactsError):
    template = "The fact table {table} has no column {column}. It has: {columns}."


class WrongColumnType(FactsError):
    template = "The column {column} of {table} holds {got}; it has to hold {wanted}."


class NotALake(FactsError):
    template = "There are no facts in {root}. Import some, or give the folder of a workspace's lake."


class NewerLake(FactsError):
    template = "The facts in {root} were written by a newer Careloop. Upgrade this one to read them."


class LakeBusy(FactsError):
    template = "Somebody else is writing into {root}. Try again when that is done."


class BadZone(FactsError):
    template = "{zone} is no time zone. Give one such as Asia/Seoul."


class Misfit(FactsError):
    template = "The value {value} does not fit the column {column} of {table}."
