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
from django.core.management import execute_from_command_line
from django.utils import translation
from django.utils.translation import gettext as _

from careloop.gateways.postgres import Cluster
from careloop.kernel.errors import Refusal

__all__ = ["run", "say_waiting"]

# `up` minds the database itself, `doctor` looks whether it runs; the others do not need one.
WITHOUT_DATABASE = frozenset({"-h", "--help", "--version", "doctor", "help", "staffing", "up", "version"})


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
        with translation.override(_language()), _database(arguments):
            execute_from_command_line(["careloop", *arguments[1:]])
    except ImproperlyConfigured as problem:
        return _refuse("settings_make_no_sense", str(problem), as_json=as_json)
    except Refusal as refusal:
        return _refuse(refusal.code, str(refusal), as_json=as_json)
    except KeyboardInterrupt:
        return 130
    return 0


def say_waiting(seconds: int) -> None:
    """Tell the person at the terminal that PostgreSQL needs time, such as for its recovery after a crash."""
    print(_("Still waiting for PostgreSQL, %(seconds)s seconds so far…") % {"seconds": seconds}, file=sys.stderr)


@contextlib.contextmanager
def _database(arguments: Sequence[str]) -> Iterator[None]:
    """Keep the private PostgreSQL running for the length of a command that needs it."""
    if not settings.HAS_PRIVATE_DATABASE or arguments[1:2] == [] or arguments[1] in WITHOUT_DATABASE:
        yield
        return
    with Cluster(settings.CARELOOP_HOME).running(progress=say_waiting):
        yield


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
