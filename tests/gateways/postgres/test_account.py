"""Where the server's system user can go, judged before anything is started."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from careloop.gateways.postgres.account import Account, server_account

STRANGER = Account(uid=12345, gid=12345)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of ours inside one that everybody may enter."""
    made = Path(tempfile.mkdtemp(prefix="careloop-test-")).resolve()
    (made / "inner").mkdir(mode=0o755)
    yield made
    shutil.rmtree(made)


class TestMayPass:
    def test_a_stranger_needs_every_folder_on_the_way(self, folder: Path) -> None:
        folder.chmod(0o711)
        assert STRANGER.may_pass(folder / "inner")

        folder.chmod(0o700)
        assert not STRANGER.may_pass(folder / "inner")

    def test_the_owner_passes_a_private_folder(self, folder: Path) -> None:
        folder.chmod(0o700)

        assert Account(uid=os.geteuid(), gid=os.getegid()).may_pass(folder / "inner")

    def test_the_group_counts_before_everybody(self, folder: Path) -> None:
        folder.chmod(0o701)

        assert not Account(uid=12345, gid=folder.stat().st_gid).may_pass(folder)

    def test_nobody_passes_what_is_not_there(self, folder: Path) -> None:
        assert not STRANGER.may_pass(folder / "missing")


class TestServerAccount:
    def test_is_never_root(self, folder: Path) -> None:
        assert server_account(folder / "data").uid != 0

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder away")
    def test_is_the_owner_of_existing_data(self, folder: Path) -> None:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder / "inner", nobody.pw_uid, nobody.pw_gid)

        assert server_account(folder / "inner") == Account(uid=nobody.pw_uid, gid=nobody.pw_gid)
