"""Dump a database, and fill an empty one from a dump, with the tools of the wheel."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from psycopg.conninfo import make_conninfo

from careloop.gateways.postgres.binaries import ENVIRONMENT, programs
from careloop.gateways.postgres.errors import CommandFailed
from careloop.gateways.postgres.errors import marked as _

__all__ = ["Address", "dump", "restore"]

# Newer tools write this line; servers before PostgreSQL 17 do not know the setting.
UNKNOWN_TO_OLDER_SERVERS = b"SET transaction_timeout = 0;\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a database is and who asks."""

    host: str
    port: str
    user: str
    password: str
    name: str
    options: Mapping[str, str]

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Address":
        """Read Django's settings of one database."""
        return cls(
            host=settings["HOST"],
            port=str(settings["PORT"]),
            user=settings["USER"],
            password=settings["PASSWORD"],
            name=settings["NAME"],
            # What libpq takes is text; the rest concerns the driver.
            options={name: value for name, value in settings["OPTIONS"].items() if isinstance(value, str)},
        )

    def without_password(self) -> str:
        """Return a connection text that a process list may show."""
        return make_conninfo(host=self.host, port=self.port or None, user=self.user, dbname=self.name, **self.options)

    def environment(self) -> dict[str, str]:
        """Return the environment of a tool that connects here."""
        certificates = {key: value for key, value in os.environ.items() if key in {"HOME", "PGSSLROOTCERT"}}
        return {**ENVIRONMENT, **certificates, "PGPASSWORD": self.password}


def dump(*, address: Address, snapshot: str, to: Path) -> None:
    """Write all tables of a database as another open transaction sees them, compressed, in PostgreSQL's own format.

    snapshot: the name that the open transaction exported.
    to: the file to write; a file of that name is replaced.

    Raises CommandFailed.
    """
    command = [str(programs() / "pg_dump"), "--format=custom", "--no-unlogged-table-data", "--exclude-extension=*"]
    command += [f"--snapshot={snapshot}", f"--file={to}", f"--dbname={address.without_password()}"]
    done = subprocess.run(command, env=address.environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise CommandFailed(_("%(program)s failed: %(reason)s"), program="pg_dump", reason=done.stderr.strip())


def restore(*, address: Address, source: Path) -> None:
    """Fill an empty database from a dump, all of it or nothing.

    Who may do what is not restored, for the roles of two installations differ in name; `careloop migrate` says it anew.

    Raises CommandFailed.
    """
    reading = [str(programs() / "pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)]
    writing = [str(programs() / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    writing.append(f"--dbname={address.without_password()}")
    with tempfile.TemporaryFile() as said:
        reader = subprocess.Popen(reading, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=said)  # noqa: S603
        writer = subprocess.Popen(writing, env=address.environment(), stdin=subprocess.PIPE, stderr=said)  # noqa: S603
        with reader, writer:
            is_whole = _pass_on(reader, writer)
        if not is_whole or writer.returncode != 0:
            said.seek(0)
            reason = said.read().decode(errors="replace").strip()
            raise CommandFailed(_("%(program)s failed: %(reason)s"), program="pg_restore", reason=reason)


def _pass_on(reader: "subprocess.Popen[bytes]", writer: "subprocess.Popen[bytes]") -> bool:
    """Let one transaction of the writer run what the reader says; it commits only when the reader ended well."""
    if reader.stdout is None or writer.stdin is None:
        raise ValueError("Both processes need their pipes.")
    try:
        with writer.stdin as statements:
            statements.write(b"BEGIN;\n")
            _copy(reader.stdout, statements)
            if reader.wait() != 0:
                return False
            statements.write(b"COMMIT;\n")
    except BrokenPipeError:  # the writer met an error and left
        reader.kill()
        return False
    return True


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    for line in source:
        if line != UNKNOWN_TO_OLDER_SERVERS:
            target.write(line)
            continue
        shutil.copyfileobj(source, target)  # once only: rows of tables follow, and may say anything
        return
