"""What CARELOOP_HOME remembers about its private PostgreSQL, readable by its owner only."""

import fcntl
import hashlib
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from careloop.gateways.postgres.account import Account, server_account
from careloop.gateways.postgres.binaries import SYSTEM_STATE
from careloop.gateways.postgres.errors import NotOurs
from careloop.gateways.postgres.errors import marked as _

FILE = "postgres.json"
OWNER = DATABASE = "careloop"
# A socket's address holds 103 bytes on macOS and 107 on Linux; PostgreSQL adds `/.s.PGSQL.5432`.
LONGEST_SOCKET_FOLDER = 88


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The folders of one private PostgreSQL, relative to its home where they lie in it, and the owner's password.

    folder: holds `data` and `log`.
    socket_folder: holds the socket; short enough for a socket's address.
    password: of the role that owns the tables.
    is_created: whether `data` has been made; if it is missing afterwards, it was lost and is not made anew.
    """

    folder: str
    socket_folder: str
    password: str
    is_created: bool


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file `path` against every other process, waiting for it as long as needed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def make_home(home: Path) -> None:
    """Make CARELOOP_HOME when it is missing; root's may be passed through, or its database could not live inside."""
    home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)


def kept(home: Path) -> Record:
    """Return the record of `home`, making one with fresh folders' names and a fresh password when there is none.

    Raises NotOurs when another system user keeps it.
    """
    make_home(home)
    try:
        found = _read(home)
        if found is not None:
            return found
        with locked(home / "postgres.record.lock"):
            found = _read(home)
            if found is None:
                found = _first(home)
                write(home, found)
            return found
    except PermissionError:
        raise NotOurs(
            _("%(folder)s belongs to the system user %(user)s. Run this command as that user, or set CARELOOP_HOME."),
            folder=home,
            user=home.owner(),
        ) from None


def write(home: Path, record: Record) -> None:
    """Replace the record of `home` in one step."""
    draft = home / f"{FILE}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(record), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(home / FILE)


def private_folder(folder: Path, account: Account) -> None:
    """Make `folder` for `account` alone. Raises NotOurs when it exists and others hold it or may look into it."""
    if not folder.exists():
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    if not is_private(folder, account):
        raise NotOurs(
            _("%(folder)s must be a folder of the database's system user with permissions 700."), folder=folder
        )


def is_private(folder: Path, account: Account) -> bool:
    """Say whether `folder` is a real folder that only `account` may enter."""
    try:
        seen = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(seen.st_mode) and seen.st_uid == account.uid and stat.S_IMODE(seen.st_mode) == 0o700


def short_socket_folder(account: Account) -> Path:
    """Make a private folder with a short name, for a home whose path is too long for a socket's address."""
    folder = Path(tempfile.mkdtemp(prefix="careloop-", dir="/tmp"))
    os.chown(folder, account.uid, account.gid)
    return folder


def revived_socket_folder(folder: Path, account: Account) -> Path:
    """Make a short socket folder again that the system cleaned away; elsewhere, if somebody took its name meanwhile."""
    if not folder.exists():
        private_folder(folder, account)
    return folder if is_private(folder, account) else short_socket_folder(account)


def _read(home: Path) -> Record | None:
    try:
        return Record(**json.loads((home / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _first(home: Path) -> Record:
    account = server_account(home / "postgres" / "data")
    if account.may_pass(home):
        folder = "postgres"
    else:  # root's home is closed to the server's user, and stays so
        SYSTEM_STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
        folder = str(SYSTEM_STATE / hashlib.sha256(os.fsencode(home)).hexdigest()[:16])
    socket_folder = f"{folder}/run"
    if len(os.fsencode(home / socket_folder)) > LONGEST_SOCKET_FOLDER:
        socket_folder = str(short_socket_folder(account))
    return Record(folder=folder, socket_folder=socket_folder, password=secrets.token_urlsafe(32), is_created=False)
