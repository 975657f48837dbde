"""Debian's PostgreSQL for one command: `python -m tests.servers.debian_postgres COMMAND…` sets TEST_DATABASE_URL for it.

The server listens on a free port of this machine, as a managed database would; its owner role may make roles and
databases and is no superuser. Everything is gone when the command ends.
"""

import os
import pwd
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

INSTALLED = Path("/usr/lib/postgresql")


def newest_programs() -> Path:
    """Return the folder with the programs of the newest PostgreSQL that Debian installed."""
    versions = [folder for folder in INSTALLED.glob("*") if (folder / "bin" / "initdb").exists()]
    if not versions:
        raise SystemExit("Debian's PostgreSQL is missing. Install the package postgresql; script/cibuild does.")
    return max(versions, key=lambda folder: int(folder.name)) / "bin"


@contextmanager
def debian_postgres() -> Iterator[str]:
    """Run a fresh server for the length of a block, which receives the address of its empty database."""
    programs, password, port = newest_programs(), secrets.token_urlsafe(16), _free_port()
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="careloop-debian-") as name:
        folder = Path(name)
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        secret, data = folder / "password", folder / "data"
        secret.write_text(password)
        run = partial(_run, folder=folder, user=user)
        run([programs / "initdb", "-D", data, "-U", "admin", "-A", "scram-sha-256", "--pwfile", secret, "--no-sync"])
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c max_connections=200"
        run([programs / "pg_ctl", "start", "-w", "-s", "-D", data, "-l", folder / "log", "-o", options])
        try:
            admins = make_conninfo(host="127.0.0.1", port=port, user="admin", password=password, dbname="postgres")
            with psycopg.connect(admins, autocommit=True) as admin:
                owner = sql.SQL("CREATE ROLE careloop LOGIN CREATEROLE CREATEDB PASSWORD {}")
                admin.execute(owner.format(sql.Literal(password)))
                admin.execute("CREATE DATABASE careloop OWNER careloop ENCODING 'UTF8' TEMPLATE template0")
            yield f"postgresql://careloop:{password}@127.0.0.1:{port}/careloop"
        finally:
            run([programs / "pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", data])


def _run(command: Sequence[str | Path], *, folder: Path, user: str | None) -> None:
    as_user: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    subprocess.run(command, check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL, **as_user)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


if __name__ == "__main__":
    with debian_postgres() as url:
        sys.exit(subprocess.run(sys.argv[1:], env={**os.environ, "TEST_DATABASE_URL": url}, check=False).returncode)
