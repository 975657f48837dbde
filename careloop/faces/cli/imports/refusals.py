"""What the readers of files refuse, in the reader's language."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.insight.facts.errors import FactsError
from careloop.insight.imports.errors import ImportFault
from careloop.insight.imports.mapping.names import Hint
from careloop.kernel.errors import Refusal
from careloop.processes.lake.words import error_in_words

__all__ = ["SENTENCES", "ImportMakesNoSense", "told"]

SENTENCES: tuple[Promise, ...] = (
    lazily("Something cannot be imported."),
    lazily(
        "“{file}” is not a call record file as Asterisk writes it: {count} columns separated by commas, "
        "the call's unique id among them."
    ),
    lazily("“{file}” cannot be read: {reason}"),
    lazily("“{folder}” cannot hold a lake: {reason}"),
    lazily(
        "“{file}” is shorter than when it was last read ({now} of {before} bytes). "
        "If it was cut on purpose, import it with another --source."
    ),
    lazily(
        "Line {line} of “{file}”: first the line name,agent; then a name as the log has it, a comma, and the agent."
    ),
    lazily("Line {line} of “{file}”: “{name}” is {agent} already."),
    lazily("The mapping “{file}” is not YAML: {problem}"),
    lazily("Line {line}, {field}: {problem}"),
    lazily("Line {line}, {field}: here has to stand {wanted}."),
    lazily("Line {line}, {field}: the table {table} needs {names}; say where it comes from."),
    lazily("Line {line}, {field}: “{word}” means nothing here. {hint}"),
    lazily("Line {line}, {field}: the file has no column “{column}”. {hint}"),
    lazily("Line {line}, {field}: “{name}” is neither a value of this mapping nor a column of the file. {hint}"),
    lazily("Line {line}, {field}: there is no function “{name}”. {hint}"),
    lazily("Line {line}, {field}: “{expression}” cannot be read here: {problem}"),
    lazily("Line {line}, {field}: {what} has to be {wanted}, and is {got}."),
    lazily("Line {line}, {field}: “{value}” is not one of the words of {column}: {members}."),
    lazily("“{file}” cannot be read as {format}: {problem}"),
    lazily(
        "“{file}” is not written in {encoding}. Name its encoding, such as cp949 or gb18030: under “file” in the mapping, "
        "or as --encoding beside --suggest."
    ),
)
"""The templates of insight.imports, where they can be translated."""


class ImportMakesNoSense(Refusal):
    """A file, a mapping or an option of an import cannot be what was meant."""


@contextmanager
def told() -> Iterator[None]:
    """Turn what insight raises into a refusal."""
    try:
        yield
    except FactsError as error:
        raise ImportMakesNoSense(error_in_words(error)) from error
    except ImportFault as fault:
        values = {name: _hint(value) if isinstance(value, Hint) else value for name, value in fault.values.items()}
        raise ImportMakesNoSense(_(fault.template).format(**values)) from fault


def _hint(hint: Hint) -> str:
    if hint.is_close:
        return _("Close to it: %(names)s.") % {"names": hint.listed}
    return _("There are: %(names)s.") % {"names": hint.listed}
