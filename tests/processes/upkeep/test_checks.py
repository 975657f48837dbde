"""The doctor finds each fault, and names a cure."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from careloop.domains.channels.models import Mailbox
from careloop.insight.facts import FactStore
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.upkeep.checks import Finding, State, database, installation, work
from careloop.processes.upkeep.disk import readable_size

AT = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
STRONG = "s" * 48


def secret_finding(home: Path, *, secret: str = STRONG, is_production: bool = True) -> Finding:
    return installation.check_secret(home=home, secret=secret, is_debugging=False, is_production=is_production)


class TestMachine:
    def test_a_short_secret_fails_in_production_and_worries_elsewhere(self, tmp_path: Path) -> None:
        assert secret_finding(tmp_path).state is State.FINE
        assert secret_finding(tmp_path, secret="short").state is State.FAILED
        assert secret_finding(tmp_path, secret="short", is_production=False).state is State.WORRYING

    def test_a_secret_that_others_can_read_fails(self, tmp_path: Path) -> None:
        (tmp_path / "secret_key").write_text(STRONG)
        (tmp_path / "secret_key").chmod(0o644)

        finding = secret_finding(tmp_path)

        assert finding.state is State.FAILED
        assert finding.remedy == f"Run: chmod 600 {tmp_path / 'secret_key'}"

    def test_a_blob_folder_that_cannot_be_written_fails(self, tmp_path: Path) -> None:
        (tmp_path / "blobs").write_text("a file where the folder should be")

        assert installation.check_blobs(tmp_path / "blobs").state is State.FAILED
        assert installation.check_blobs(tmp_path / "other").state is State.FINE

    def test_without_the_packages_for_numbers_the_lake_is_off_and_that_is_said(self, tmp_path: Path) -> None:
        off = installation.check_lake(tmp_path, is_possible=False)

        assert off.state is State.WORRYING
        assert "nothing is measured" in off.message
        assert installation.check_lake(tmp_path, is_possible=True).state is State.FINE
        assert installation.check_lake(tmp_path / "none", is_possible=True).state is State.FINE

    def test_a_lake_whose_boards_nobody_adds_up_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        FactStore(tmp_path / "7").settle_zone("Asia/Seoul")
        at_once = installation.check_lake(tmp_path, is_possible=True)
        monkeypatch.setattr(installation, "CELLS_ARE_LATE_AFTER", timedelta(0))

        later = installation.check_lake(tmp_path, is_possible=True)

        assert at_once.state is State.FINE
        assert later.state is State.WORRYING
        assert later.message.endswith("in: 7.")
        assert "careloop lake refresh" in (later.remedy or "")

    def test_missing_assets_fail(self, tmp_path: Path) -> None:
        assert installation.check_assets(tmp_path / "manifest.json").remedy == "Run: script/bootstrap"
        (tmp_path / "manifest.json").touch()
        assert installation.check_assets(tmp_path / "manifest.json").state is State.FINE

    def test_a_catalog_without_its_compiled_twin_fails(self, tmp_path: Path) -> None:
        folder = tmp_path / "ko" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").touch()

        assert installation.check_translations([tmp_path]).state is State.FAILED
        (folder / "django.mo").touch()
        assert installation.check_translations([tmp_path]).state is State.FINE

    @pytest.mark.parametrize(
        ("size", "words"), [(999, "999 bytes"), (1500, "2 kB"), (1_500_000_000, "1.5 GB"), (2 * 10**15, "2000.0 TB")]
    )
    def test_sizes_are_said_as_people_say_them(self, size: int, words: str) -> None:
        assert readable_size(size) == words


@pytest.mark.database
class TestDatabase:
    def test_finds_nothing_wrong_with_a_house_in_order(self, owner: BaseDatabaseWrapper) -> None:
        findings = [
            database.check_reachable(owner),
            database.check_migrations(owner),
            database.check_roles(owner=owner, serving=connections["default"]),
            database.check_clock(owner, clock.now()),
            database.check_log(owner),
            work.check_worker(owner, clock.now()),
            work.check_waiting(owner, clock.now()),
            work.check_jobs(owner),
            work.check_mailboxes(owner, now=clock.now()),
        ]

        assert [finding for finding in findings if finding.state is not State.FINE] == []

    def test_a_silent_database_fails(self, owner: BaseDatabaseWrapper) -> None:
        gone = owner.copy()
        gone.settings_dict = {**owner.settings_dict, "NAME": "no_such_database"}

        finding = database.check_reachable(gone)

        assert finding.state is State.FAILED
        assert "no_such_database" in finding.message

    def test_serving_as_the_owner_fails(self, owner: BaseDatabaseWrapper) -> None:
        finding = database.check_roles(owner=owner, serving=owner)

        assert finding.state is State.FAILED
        assert "owns the tables" in finding.message

    def test_a_table_without_a_wall_fails(self, owner: BaseDatabaseWrapper) -> None:
        with owner.cursor() as cursor:
            cursor.execute("CREATE TABLE bare_letter (workspace_id bigint)")
        try:
            finding = database.check_roles(owner=owner, serving=connections["default"])
        finally:
            with owner.cursor() as cursor:
                cursor.execute("DROP TABLE bare_letter")

        assert finding.state is State.FAILED
        assert "bare_letter" in finding.message

    def test_missing_migrations_fail(self, elsewhere: BaseDatabaseWrapper) -> None:
        finding = database.check_migrations(elsewhere)

        assert finding.state is State.FAILED
        assert finding.remedy == "Make a backup, then run: careloop migrate"

    @pytest.mark.parametrize(("seconds", "state"), [(0, State.FINE), (10, State.WORRYING), (3600, State.FAILED)])
    def test_clocks_that_disagree_are_reported(self, owner: BaseDatabaseWrapper, seconds: int, state: State) -> None:
        assert database.check_clock(owner, clock.now() - timedelta(seconds=seconds)).state is state

    def test_events_that_nobody_numbers_mean_that_no_worker_runs(self, owner: BaseDatabaseWrapper) -> None:
        with owner.cursor() as cursor:
            cursor.execute(
                "INSERT INTO kernel_event (workspace_id, name, subject, actor, at, data) "
                "VALUES (1, 'case.opened', 'case:1', 'house', now(), '{}')"
            )

        assert work.check_worker(owner, clock.now()).state is State.FINE
        assert work.check_worker(owner, clock.now() + timedelta(minutes=5)).state is State.FAILED

    def test_work_that_waits_in_one_workspace_is_named(self, owner: BaseDatabaseWrapper) -> None:
        with owner.cursor() as cursor:
            cursor.execute(
                "INSERT INTO kernel_event (workspace_id, name, subject, actor, at, data) "
                "VALUES (1, 'case.opened', 'case:1', 'house', now(), '{}')"
            )
            cursor.execute("SELECT careloop_number_events(10)")
            cursor.execute(
                "INSERT INTO kernel_timer (workspace_id, kind, subject_id, due_at, attempts, error) "
                "VALUES (2, 'dispatch', 1, now(), 0, ''), (3, 'dispatch', 1, now(), 8, 'given up')"
            )

        later = work.check_waiting(owner, clock.now() + timedelta(minutes=10))

        assert work.check_waiting(owner, clock.now()).state is State.FINE
        assert later.state is State.FAILED
        assert sorted(part.split(", ")[0] for part in later.message.partition(": ")[2].split("; ")) == [
            "reader cases.tallies",
            "reader reactions",
            "reader rules",
            "reader wallboards.counts",
            "timers",
        ]

    def test_events_outside_the_months_worry(self, owner: BaseDatabaseWrapper) -> None:
        with owner.cursor() as cursor:
            cursor.execute(
                "INSERT INTO kernel_event (workspace_id, name, subject, actor, at, recorded_at, data) "
                "VALUES (1, 'case.opened', 'case:1', 'house', '2101-01-01', '2101-01-01', '{}')"
            )

        assert database.check_log(owner).message == "1 event lies outside the monthly parts of the log."

    def test_reactions_that_were_given_up_worry(self, owner: BaseDatabaseWrapper) -> None:
        with owner.cursor() as cursor:
            cursor.execute(
                "INSERT INTO kernel_failedreaction (workspace_id, position, reaction, attempts, error) "
                "VALUES (1, 1, 'notify', 9, 'no')"
            )

        assert work.check_jobs(owner).message == "1 job was given up."

    def test_a_live_mailbox_that_is_not_read_fails(self, owner: BaseDatabaseWrapper) -> None:
        now = clock.now()
        with workspace_scope(1):
            Mailbox.objects.create(
                name="Help", address="help@example.com", imap_host="imap.example.com", state="live", last_fetched_at=now
            )
            Mailbox.objects.create(name="Trial", address="trial@example.com", imap_host="imap.example.com")

        assert work.check_mailboxes(owner, now=now).state is State.FINE
        late = work.check_mailboxes(owner, now=now + timedelta(minutes=6))
        assert late.state is State.FAILED
        assert late.message == "These mailboxes are not read: help@example.com."
