"""A backup holds everything of one moment, and comes back equal or not at all."""

import hashlib
import io
import json
import stat
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from careloop.insight.facts import FactStore
from careloop.insight.facts.copying import standing
from careloop.processes.upkeep.backups import Report, back_up, bring_back, may_rehearse, restoring
from careloop.processes.upkeep.backups.archive import TableMark
from careloop.processes.upkeep.backups.checking import compare
from careloop.processes.upkeep.backups.errors import ArchiveDamaged, NotEmpty, RestoredDiffers
from careloop.processes.upkeep.backups.marks import is_empty, table_marks
from tests.lakes import fill_lake

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
    return back_up(
        owner=owner,
        target=target,
        blob_root=blobs,
        lake_root=blobs.with_name("lake"),
        secret=SECRET,
        at=AT,
        is_rehearsed=may_rehearse(owner),
    )


def brought_back(owner: BaseDatabaseWrapper, archive: Path, *, secret: str = SECRET) -> Report:
    """Restore into the folders new and new-lake beside the archive."""
    return bring_back(
        owner=owner,
        source=archive,
        blob_root=archive.with_name("new"),
        lake_root=archive.with_name("new-lake"),
        secret=secret,
    )


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
        restored = brought_back(elsewhere, target)
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

        report = brought_back(elsewhere, tmp_path / "house.tar")

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
        brought_back(elsewhere, tmp_path / "house.tar")

        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT careloop_number_events(1000)")
            cursor.execute("SELECT count(DISTINCT position), min(position), max(position) FROM kernel_event")
            assert cursor.fetchone() == (300, 1, 300)

    def test_says_when_the_secret_is_another(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, blobs: Path, tmp_path: Path
    ) -> None:
        saved(lived_in, blobs, tmp_path / "house.tar")

        report = brought_back(elsewhere, tmp_path / "house.tar", secret="other")

        assert not report.same_secret

    def test_refuses_a_house_that_is_lived_in(self, lived_in: BaseDatabaseWrapper, blobs: Path, tmp_path: Path) -> None:
        saved(lived_in, blobs, tmp_path / "house.tar")
        before = table_marks(lived_in)

        with pytest.raises(NotEmpty, match="already holds tables"):
            brought_back(lived_in, tmp_path / "house.tar")

        assert table_marks(lived_in) == before
        assert not (tmp_path / "new").exists()

    def test_refuses_to_mix_files(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, blobs: Path, tmp_path: Path
    ) -> None:
        saved(lived_in, blobs, tmp_path / "house.tar")

        with pytest.raises(NotEmpty, match="already holds files"):
            bring_back(
                owner=elsewhere,
                source=tmp_path / "house.tar",
                blob_root=blobs,
                lake_root=tmp_path / "new-lake",
                secret=SECRET,
            )

        assert is_empty(elsewhere)

    def test_begins_again_after_one_that_was_killed(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, blobs: Path, tmp_path: Path
    ) -> None:
        saved(lived_in, blobs, tmp_path / "house.tar")
        for left in (".restoring-new/blobs/1/half", "new/1/whole", ".restoring-new-lake/lakes/1/half"):
            (tmp_path / left).parent.mkdir(parents=True)
            (tmp_path / left).write_bytes(b"left behind")

        brought_back(elsewhere, tmp_path / "house.tar")

        assert table_marks(elsewhere) == table_marks(lived_in)
        assert {path.name for path in (tmp_path / "new").glob("*/*/*")} == {path.name for path in blobs.glob("*/*/*")}
        assert not (tmp_path / "new/1/whole").exists()
        assert list(tmp_path.glob(".restoring-*")) == []

    def test_leaves_no_files_where_the_database_takes_no_rows(
        self,
        lived_in: BaseDatabaseWrapper,
        elsewhere: BaseDatabaseWrapper,
        blobs: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        saved(lived_in, blobs, tmp_path / "house.tar")

        def full(**_where: object) -> None:
            raise OSError("No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(restoring, "restore", full)
            with pytest.raises(OSError, match="No space"):
                brought_back(elsewhere, tmp_path / "house.tar")
        assert is_empty(elsewhere)
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".restoring", "new"))] == []

        brought_back(elsewhere, tmp_path / "house.tar")
        assert table_marks(elsewhere) == table_marks(lived_in)

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
            brought_back(elsewhere, archive)

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
            brought_back(elsewhere, archive)

        assert is_empty(elsewhere)
        assert not (tmp_path / "escaped").exists()


@pytest.fixture
def lake(blobs: Path) -> FactStore:
    """Calls that somebody imported into the first workspace, in two files a day, with one row set aside."""
    store = FactStore(blobs.with_name("lake") / "1")
    fill_lake(store.root, until=AT, days=3)
    broken = {"contact_id": "backwards", "channel": "voice", "direction": "inbound", "outcome": "handled"}
    store.append(
        "contact",
        [{**broken, "arrived_at": AT, "ended_at": AT - timedelta(hours=1)}],
        source="test switch",
        at=AT,
    )
    return store


def told(root: Path) -> dict[str, list[dict[str, object]]]:
    """Return every row of a lake that holds, in no order of its own."""
    store = FactStore(root)
    return {
        table: sorted((row for batch in store.batches(table) for row in batch.to_pylist()), key=str)
        for table in store.given()
    }


class TestLakes:
    def test_come_back_with_what_was_imported_and_what_was_set_aside(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, lake: FactStore, tmp_path: Path
    ) -> None:
        report = saved(lived_in, tmp_path / "blobs", tmp_path / "house.tar")
        assert (report.lakes, report.lake_files) == (1, lake.file_count() + 1)

        brought_back(elsewhere, tmp_path / "house.tar")

        restored = FactStore(tmp_path / "new-lake" / "1")
        assert told(restored.root) == told(lake.root)
        assert len(told(lake.root)["contact"]) > 100
        assert restored.quarantined() == lake.quarantined() != {}
        assert (restored.watermarks(), restored.zone()) == (lake.watermarks(), lake.zone())
        restored.append("contact", [], source="another", at=AT)
        assert stat.S_IMODE((tmp_path / "new-lake" / "1").stat().st_mode) == 0o700

    def test_are_copied_as_they_stood_while_others_write(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, lake: FactStore, tmp_path: Path
    ) -> None:
        before = told(lake.root)
        held = standing(lake.root)
        assert held is not None
        lake.retract("contact", [{"contact_id": "c1"}], source="test switch", at=AT + timedelta(minutes=1))
        lake.compact(at=AT + timedelta(minutes=2))

        assert all((lake.root / path).is_file() for path in held.files)
        (tmp_path / "copy").mkdir()
        (tmp_path / "copy" / "manifest.json").write_bytes(held.manifest)
        for path in held.files:
            (tmp_path / "copy" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "copy" / path).hardlink_to(lake.root / path)
        assert told(tmp_path / "copy") == before

    @pytest.mark.parametrize("harm", ["changed", "lost"])
    def test_a_damaged_one_is_refused(
        self,
        lived_in: BaseDatabaseWrapper,
        elsewhere: BaseDatabaseWrapper,
        lake: FactStore,
        tmp_path: Path,
        harm: str,
    ) -> None:
        archive, damaged = tmp_path / "house.tar", tmp_path / "damaged.tar"
        saved(lived_in, tmp_path / "blobs", archive)
        with tarfile.open(archive) as whole, tarfile.open(damaged, "w") as copy:
            for member in whole:
                content = whole.extractfile(member).read()  # type: ignore[union-attr]  # all are files
                if "/contact/" in member.name:
                    if harm == "lost":
                        continue
                    content = b"x" + content[1:]
                copy.addfile(member, io.BytesIO(content))

        with pytest.raises(ArchiveDamaged, match="contact/"):
            brought_back(elsewhere, damaged)

        assert is_empty(elsewhere)
        assert not (tmp_path / "new-lake").exists()

    def test_nothing_is_mixed_with_facts_that_are_there(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, lake: FactStore, tmp_path: Path
    ) -> None:
        saved(lived_in, tmp_path / "blobs", tmp_path / "house.tar")
        (tmp_path / "new-lake" / "1").mkdir(parents=True)

        with pytest.raises(NotEmpty, match="new-lake"):
            brought_back(elsewhere, tmp_path / "house.tar")

        assert is_empty(elsewhere)

    def test_an_archive_from_before_there_were_lakes_still_comes_back(
        self, lived_in: BaseDatabaseWrapper, elsewhere: BaseDatabaseWrapper, blobs: Path, tmp_path: Path
    ) -> None:
        archive, old = tmp_path / "house.tar", tmp_path / "old.tar"
        saved(lived_in, blobs, archive)
        with tarfile.open(archive) as whole, tarfile.open(old, "w") as copy:
            for member in whole:
                content = whole.extractfile(member).read()  # type: ignore[union-attr]  # all are files
                if member.name == "manifest.json":
                    written = {**json.loads(content), "format": 1}
                    del written["lake_files"]
                    content = json.dumps(written).encode()
                    member.size = len(content)
                copy.addfile(member, io.BytesIO(content))

        assert brought_back(elsewhere, old).lakes == 0
        assert not (tmp_path / "new-lake").exists()


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
