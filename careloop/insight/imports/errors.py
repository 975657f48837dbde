"""What an import refuses, as sentences with values; faces say them in the reader's language."""

from typing import ClassVar

__all__ = [
    "FileShrank",
    "FileUnreadable",
    "FolderUnusable",
    "ImportFault",
    "NotACallRecord",
    "PersonTwice",
    "PersonUnclear",
]


class ImportFault(ValueError):
    """Something cannot be imported. template: one sentence with named places; values: what goes into them."""

    template: ClassVar[str]

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.template.format(**values))


class NotACallRecord(ImportFault):
    """A file given as call records is something else."""

    template = (
        "“{file}” is not a call record file as Asterisk writes it: {count} columns separated by commas, "
        "the call's unique id among them."
    )


class FileUnreadable(ImportFault):
    """A file is not there, or may not be read."""

    template = "“{file}” cannot be read: {reason}"


class FolderUnusable(ImportFault):
    """A lake cannot be made or opened there."""

    template = "“{folder}” cannot hold a lake: {reason}"


class FileShrank(ImportFault):
    """A file that was read before is shorter now, though it begins the same."""

    template = (
        "“{file}” is shorter than when it was last read ({now} of {before} bytes). "
        "If it was cut on purpose, import it with another --source."
    )


class PersonUnclear(ImportFault):
    """A line of a list of agents does not say who is behind a name."""

    template = (
        "Line {line} of “{file}”: first the line name,agent; then a name as the log has it, a comma, and the agent."
    )


class PersonTwice(ImportFault):
    """A list of agents names two for one name."""

    template = "Line {line} of “{file}”: “{name}” is {agent} already."
