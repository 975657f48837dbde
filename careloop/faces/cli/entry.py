"""The door of the command line: loads the house, brings up its database, and turns refusals into exit codes."""

import contextlib
import json
import locale
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from types import FrameType

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line, get_commands, load_command_class
from django.utils import translation
from django.utils.translation import gettext as _

from careloop.gateways.postgres import Cluster
from careloop.insight.imports.sparing import spare_pandas
from careloop.kernel.errors import Refusal

__all__ = ["run", "say_waiting"]

# `up` minds the database itself, `doctor` looks whether it runs; the others do not need one.
WITHOUT_DATABASE = frozenset(
    {"-h", "--help", "--version", "doctor", "export", "help", "kpi", "staffing", "up", "version"}
)
HOME = "careloop.faces.cli"
ASKS_FOR_ALL: tuple[list[str], ...] = ([], ["help"], ["--help"], ["-h"])
IMPORTS_INTO_A_LAKE = frozenset({"ami", "facts", "queue-log"})


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    arguments: the program's name, the command, and its own arguments; `--json` asks for an answer for machines.

    Returns the exit code: 0 when done, 1 when refused, 130 after Ctrl-C.
    """
    as_json = "--json" in arguments
    signal.signal(signal.SIGTERM, _leave)
    try:
        settings.INSTALLED_APPS  # noqa: B018 - reads the environment, and fails here rather than as "unknown command"
        django.setup()
        if _imports_into_a_lake(arguments[1:]):
            spare_pandas()
        with translation.override(_language()), _database(arguments):
            if [*arguments[1:]] in ASKS_FOR_ALL:
                print(_overview())
            else:
                execute_from_command_line(["careloop", *arguments[1:]])
    except ImproperlyConfigured as problem:
        return _refuse("settings_make_no_sense", str(problem), as_json=as_json)
    except Refusal as refusal:
        return _refuse(refusal.code, str(refusal), as_json=as_json)
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            print(file=sys.stderr)  # what comes next must not begin behind a bar that was still being drawn
        return 130
    return 0


def _overview() -> str:
    """Name the commands of the house; Django's own stay where its documentation has them."""
    names = sorted(name for name, home in get_commands().items() if home == HOME)
    width = max(map(len, names))
    commands = [load_command_class(HOME, name) for name in names]
    lines = [
        f"  {name:{width}}  {getattr(command, 'purpose', command.help)}"
        for name, command in zip(names, commands, strict=True)
    ]
    return "\n".join([_("careloop COMMAND --help says what a command takes. There are:"), *lines])


def say_waiting(seconds: int) -> None:
    """Tell the person at the terminal that PostgreSQL needs time, such as for its recovery after a crash."""
    print(_("Still waiting for PostgreSQL, %(seconds)s seconds so far…") % {"seconds": seconds}, file=sys.stderr)


@contextlib.contextmanager
def _database(arguments: Sequence[str]) -> Iterator[None]:
    """Keep the private PostgreSQL running for the length of a command that needs it."""
    if not settings.HAS_PRIVATE_DATABASE or not _needs_database(arguments[1:]):
        yield
        return
    with Cluster(settings.CARELOOP_HOME).running(progress=say_waiting):
        yield


def _needs_database(arguments: Sequence[str]) -> bool:
    if not arguments or arguments[0] in WITHOUT_DATABASE:
        return False
    # A lake is a folder; that of a workspace is found by asking the database.
    return not _imports_into_a_lake(arguments) or any(one.startswith("--workspace") for one in arguments)


def _imports_into_a_lake(arguments: Sequence[str]) -> bool:
    return list(arguments[:1]) == ["import"] and bool(IMPORTS_INTO_A_LAKE & set(arguments[1:2]))


def _language() -> str:
    """Return the language of the terminal where the house speaks it, else the house's own."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    code = locale.normalize(spoken).partition(".")[0].replace("_", "-").lower()
    try:
        return translation.get_supported_language_variant(code)
    except LookupError:
        return settings.LANGUAGE_CODE


def _refuse(code: str, message: str, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": {"code": code, "message": message, "fields": {}}}, ensure_ascii=False))
    else:
        print(message, file=sys.stderr)
    return 1


def _leave(number: int, _frame: FrameType | None) -> None:
    """Unwind on SIGTERM, so that the database is left in order."""
    raise SystemExit(128 + number)
