"""The system user that the server runs as, and where that user can go.

PostgreSQL refuses to run as root. Without root the server simply runs as whoever starts it. As root it runs as the
owner of an existing data folder, else as `careloop`, else as `postgres`; when neither exists, `careloop` is made with
useradd. Never as `nobody`: other services share that account and could then read the data.
"""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from careloop.gateways.postgres.errors import NotOurs
from careloop.gateways.postgres.errors import marked as _

NAMES = ("careloop", "postgres")


class ProcessOwner(TypedDict, total=False):
    """The arguments of `subprocess.Popen` that make a child run as another user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A system user by number, without supplementary groups."""

    uid: int
    gid: int

    def process_owner(self) -> ProcessOwner:
        """Return what `subprocess` needs to start a child as this account; empty when we already are it."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may_pass(self, folder: Path) -> bool:
        """Say whether this account can walk from the root folder into `folder`, judged by permission bits."""
        return all(self._may_enter(step) for step in (folder, *folder.parents))

    def _may_enter(self, folder: Path) -> bool:
        try:
            seen = folder.stat()
        except OSError:
            return False
        if self.uid in {0, seen.st_uid}:
            bit = stat.S_IXUSR
        elif self.gid == seen.st_gid:
            bit = stat.S_IXGRP
        else:
            bit = stat.S_IXOTH
        return bool(seen.st_mode & bit)


def server_account(data: Path) -> Account:
    """Return the account that runs the server whose data live in `data`; makes one when there is none.

    Raises NotOurs when the data belong to somebody else, or when root can find and make no account.
    """
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            raise NotOurs(
                _("The database in %(folder)s belongs to the system user %(user)s. Run this command as that user."),
                folder=data,
                user=data.owner(),
            )
        return Account(uid=os.geteuid(), gid=os.getegid())
    if data.exists() and data.stat().st_uid != 0:
        return Account(uid=data.stat().st_uid, gid=data.stat().st_gid)
    return _existing() or _made()


def _existing() -> Account | None:
    for name in NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    return None


def _made() -> Account:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAMES[0]]
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own words
    made = _existing()
    if made is None:
        raise NotOurs(
            _("PostgreSQL does not run as root. Make a system user named careloop, then start Careloop as that user.")
        )
    return made
