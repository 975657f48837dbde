"""A backup holds everything of one moment, and comes back equal or not at all."""

import hashlib
import io
import stat
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from careloop.processes.upkeep.backups import Report, back_up, bring_back, may_rehearse
from careloop.processes.upkeep.backups.archive import TableMark
from careloop.processes.upkeep.backups.checking import compare
from careloop.processes.upkeep.backups.errors import ArchiveDamaged, NotEmpty, RestoredDiffers
from careloop.processes.upkeep.backups.marks import is_empty, table_marks

pytestmark = pytest.mark.database

AT = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
SECRET = "the secret of the saved installation"


@pytest.fixture
def blobs(tmp_path: Path) -> Path:
    """A folder with one blob in each of two workspaces."""
    root = tmp_path / "blobs"
    for workspace, content in ((1, b"raw mail"), (2, "영수증".encode())):
        digest = hashlib.sha256(content).hexdigest()
        path = root / str(workspace) / digest[:2] / digest
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    return root


@pytest.fixture
def lived_in(owner: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    """The house with events of two workspaces, numbered ones and ones that still wait."""
    with owner.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_event (workspace_id, name, subject, actor, at, data) "
            "SELECT 1 + mod(n, 2), 'case.opened', 'case:' || n, 'house', '2026-11-21 12:00+00', "
            "jsonb_build_object('subject', 'đơn hàng 주문 ' || n) FROM generate_series(1, 300) n"
        )
        cursor.execute("SELECT careloop_number_events(200)")
    return owner


def saved(owner: BaseDatabaseWrapper, blobs: Path, target: Path) -> Report:
    return back_up(owner=owner, target=target, blob_root=blobs, secret=SECRET, at=AT, is_rehearsed=may_rehearse(owner))


class TestBackUp:
    def test_writes_one_private_file_and_nothing_beside_it(
        self, lived_in: BaseDatabaseWrapper, blobs: Path, tmp_path: Path
    ) -> None:
        target = tmp_path / "backups" / "house.tar"

        report = saved(lived_in, blobs, target)

        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700
        assert list(target.parent.iterdir()) == [target]
        assert (report.blobs, report.rehearsed, report.damaged_blobs) == (2, True, ())
        assert report.rows >= 300

    def test_drops_the_scratch_database_of_its_rehearsal(
        self, lived_in: BaseDatabaseWrapper, blobs: Path, tmp_path: Path
    ) -> None:
        saved(lived_in, blobs, tmp_path / "house.tar")

        with lived_in.cursor() as cursor:
            # On a server shared by several test processes, only what belongs to this one counts.
            cursor.execute(
                "SELECT count(*) FROM pg_database WHERE datname LIKE '%%rehearsal%%' AND starts_with(datname, %s)",
                [lived_in.settings_dict["NAME"]],
            )
            assert cursor.fetchone() == (0,)

    def test_names_a_blob_that_was_damaged_before(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, blobs: Path, tmp_path: Path
    ) -> None:
        victim = next(blobs.glob("1/*/*"))
        victim.write_bytes(b"rotten")
        target = tmp_path / "house.tar"

        report = saved(lived_in, blobs, target)

        assert report.damaged_blobs == (f"blobs/{victim.relative_to(blobs)}",)
        restored = bring_back(owner=elsewhere, source=target, blob_root=tmp_path / "new", secret=SECRET)
        assert restored.damaged_blobs == report.damaged_blobs

    def test_leaves_nothing_behind_when_it_fails(self, lived_in: BaseDatabaseWrapper, tmp_path: Path) -> None:
        blobs = tmp_path / "blobs"
        (blobs / "1" / "ab" / "a-folder-where-a-blob-should-be").mkdir(parents=True)

        with pytest.raises(OSError, match="directory"):
            saved(lived_in, blobs, tmp_path / "backups" / "house.tar")

        assert list((tmp_path / "backups").iterdir()) == []


class TestBringBack:
    def test_gives_back_equal_rows_and_files(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, blobs: Path, tmp_path: Path
    ) -> None:
        before = table_marks(lived_in)
        saved(lived_in, blobs, tmp_path / "house.tar")

        report = bring_back(owner=elsewhere, source=tmp_path / "house.tar", blob_root=tmp_path / "new", secret=SECRET)

        assert table_marks(elsewhere) == before
        assert before["kernel_log_counter"].rows == 1
        assert {path.relative_to(blobs): path.read_bytes() for path in blobs.glob("*/*/*")} == {
            path.relative_to(tmp_path / "new"): path.read_bytes() for path in (tmp_path / "new").glob("*/*/*")
        }
        assert report.same_secret

    def test_keeps_positions_and_numbers_on_from_there(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, blobs: Path, tmp_path: Path
    ) -> None:
        saved(lived_in, blobs, tmp_path / "house.tar")
        bring_back(owner=elsewhere, source=tmp_path / "house.tar", blob_root=tmp_path / "new", secret=SECRET)

        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT careloop_number_events(1000)")
            cursor.execute("SELECT count(DISTINCT position), min(position), max(position) FROM kernel_event")
            assert cursor.fetchone() == (300, 1, 300)

    def test_says_when_the_secret_is_another(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, blobs: Path, tmp_path: Path
    ) -> None:
        saved(lived_in, blobs, tmp_path / "house.tar")

        report = bring_back(owner=elsewhere, source=tmp_path / "house.tar", blob_root=tmp_path / "new", secret="other")

        assert not report.same_secret

    def test_refuses_a_house_that_is_lived_in(self, lived_in: BaseDatabaseWrapper, blobs: Path, tmp_path: Path) -> None:
        saved(lived_in, blobs, tmp_path / "house.tar")
        before = table_marks(lived_in)

        with pytest.raises(NotEmpty, match="already holds tables"):
            bring_back(owner=lived_in, source=tmp_path / "house.tar", blob_root=tmp_path / "new", secret=SECRET)

        assert table_marks(lived_in) == before
        assert not (tmp_path / "new").exists()

    def test_refuses_to_mix_files(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, blobs: Path, tmp_path: Path
    ) -> None:
        saved(lived_in, blobs, tmp_path / "house.tar")

        with pytest.raises(NotEmpty, match="already holds files"):
            bring_back(owner=elsewhere, source=tmp_path / "house.tar", blob_root=blobs, secret=SECRET)

        assert is_empty(elsewhere)

    @pytest.mark.parametrize("part", ["manifest", "dump", "blob", "end"])
    def test_refuses_a_damaged_archive_before_touching_anything(
        self,
        lived_in: BaseDatabaseWrapper,
        elsewhere: BaseDatabaseWrapper,
        blobs: Path,
        tmp_path: Path,
        part: str,
    ) -> None:
        archive = tmp_path / "house.tar"
        saved(lived_in, blobs, archive)
        content = bytearray(archive.read_bytes())
        match part:
            case "manifest":
                content[content.index(b'"tables"') + 1] = 0
            case "dump":
                content[content.index(b"PGDMP") + 5000] ^= 1
            case "blob":
                content[content.index("영수증".encode())] ^= 1
            case _:
                del content[len(content) // 2 :]
        archive.write_bytes(content)

        with pytest.raises(ArchiveDamaged):
            bring_back(owner=elsewhere, source=archive, blob_root=tmp_path / "new", secret=SECRET)

        assert is_empty(elsewhere)
        assert not (tmp_path / "new").exists()

    def test_refuses_an_archive_that_would_write_outside(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, blobs: Path, tmp_path: Path
    ) -> None:
        archive = tmp_path / "house.tar"
        saved(lived_in, blobs, archive)
        with tarfile.open(archive, "a") as hostile:
            member = tarfile.TarInfo("blobs/1/../../../escaped")
            member.size = 4
            hostile.addfile(member, io.BytesIO(b"evil"))

        with pytest.raises(ArchiveDamaged, match="escaped"):
            bring_back(owner=elsewhere, source=archive, blob_root=tmp_path / "new", secret=SECRET)

        assert is_empty(elsewhere)
        assert not (tmp_path / "escaped").exists()


class TestMarks:
    def test_one_changed_letter_is_seen(self, lived_in: BaseDatabaseWrapper) -> None:
        before = table_marks(lived_in)
        with lived_in.cursor() as cursor:
            cursor.execute("UPDATE kernel_event SET actor = 'House' WHERE subject = 'case:7'")

        with pytest.raises(RestoredDiffers, match="kernel_event_"):
            compare(lived_in, before)

    def test_a_lost_table_is_seen(self, owner: BaseDatabaseWrapper) -> None:
        expected = {**table_marks(owner), "letters": TableMark(rows=1, sum="1")}

        with pytest.raises(RestoredDiffers, match="letters"):
            compare(owner, expected)
