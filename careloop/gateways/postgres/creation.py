"""Make a new data folder: nobody but the owner role can sign in, and only with its password."""

import shutil
from pathlib import Path

from careloop.gateways.postgres.account import Account
from careloop.gateways.postgres.binaries import run
from careloop.gateways.postgres.record import DATABASE, OWNER

SUPERUSER = "bootstrap"

# The superuser exists because PostgreSQL cannot do without; it may not sign in at all.
PG_HBA = f"""\
local all {SUPERUSER} reject
local all all scram-sha-256
"""

# Statements and details of errors stay out of the log: they hold people's names, addresses and words.
POSTGRESQL_CONF = """\
# Written once by Careloop for a small server. Change it freely; restart Careloop afterwards.
max_connections = 100
shared_buffers = 128MB
max_wal_size = 1GB
min_wal_size = 80MB
random_page_cost = 1.1
jit = off
password_encryption = scram-sha-256
timezone = UTC
log_timezone = UTC
logging_collector = on
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_file_mode = 0600
log_line_prefix = '%m [%p] %q%u@%d '
log_min_error_statement = panic
log_error_verbosity = terse
"""


def create(*, data: Path, programs: Path, account: Account, password: str, fsync: bool) -> None:
    """Make the data folder with the owner role and its empty database, in one step or not at all.

    data: the folder to make; its parent exists and belongs to `account`.
    programs: where initdb and postgres are.
    account: the system user that will run the server.
    password: of the owner role, which may make other roles and databases but is no superuser.
    fsync: whether the files must survive a power cut; tests do without.

    Raises CommandFailed.
    """
    draft = data.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    arguments = ["--pgdata", str(draft), "--username", SUPERUSER, "--auth=reject", "--encoding=UTF8", "--locale=C"]
    arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
    if not fsync:
        arguments.append("--no-sync")
    run(programs / "initdb", arguments, account=account, folder=data.parent)
    (draft / "pg_hba.conf").write_text(PG_HBA)
    (draft / "postgresql.conf").write_text(POSTGRESQL_CONF)
    statements = (
        f"CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB;\n"
        f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0;\n"
    )
    _say(statements, data=draft, programs=programs, account=account)
    give_password(data=draft, programs=programs, account=account, password=password)
    draft.rename(data)


def give_password(*, data: Path, programs: Path, account: Account, password: str) -> None:
    """Set the owner role's password in a data folder whose server does not run. Raises CommandFailed."""
    _say(f"ALTER ROLE {OWNER} PASSWORD '{password}';\n", data=data, programs=programs, account=account)


def _say(statements: str, *, data: Path, programs: Path, account: Account) -> None:
    """Run statements as the superuser in single-user mode, which needs no sign-in and so no password to keep."""
    arguments = ["--single", "-D", str(data), "-c", "exit_on_error=on", "-c", "logging_collector=off", "postgres"]
    run(programs / "postgres", arguments, account=account, folder=data.parent, feed=statements)
