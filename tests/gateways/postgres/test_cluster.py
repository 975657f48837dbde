"""The private PostgreSQL starts once, is shared, and is stopped by the last who leaves."""

import os
import stat
from pathlib import Path

import psycopg
import pytest

from careloop.gateways.postgres import Cluster, DatabaseTrouble, NotRunning, owner_url


def postmaster(cluster: Cluster) -> int:
    """The process number of the running server."""
    return int((cluster.place.data / "postmaster.pid").read_text().splitlines()[0])


class TestStart:
    def test_serves_an_empty_database_to_its_owner(self, cluster: Cluster) -> None:
        cluster.start()

        with psycopg.connect(cluster.url) as connection:
            row = connection.execute(
                "SELECT current_user, current_database(), rolsuper, rolcreaterole, getdatabaseencoding(),"
                " current_setting('server_version_num')::int / 10000"
                " FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
        assert row == ("careloop", "careloop", False, True, "UTF8", 18)

    def test_is_known_by_its_address_before_it_runs(self, home: Path, cluster: Cluster) -> None:
        address = owner_url(home)

        cluster.start()

        assert address == cluster.url
        psycopg.connect(address).close()

    def test_twice_equals_once(self, cluster: Cluster) -> None:
        cluster.start()
        first = postmaster(cluster)

        cluster.start()

        assert postmaster(cluster) == first

    def test_serves_several_users_with_one_server(self, home: Path, cluster: Cluster) -> None:
        cluster.start()
        first = postmaster(cluster)

        Cluster(home, fsync=False).start()

        assert postmaster(cluster) == first

    def test_keeps_its_data(self, cluster: Cluster) -> None:
        cluster.start()
        with psycopg.connect(cluster.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'đơn hàng' AS word")
        cluster.stop()

        cluster.start()

        with psycopg.connect(cluster.url) as connection:
            assert connection.execute("SELECT word FROM kept").fetchone() == ("đơn hàng",)


class TestShared:
    def test_the_last_who_leaves_stops_it(self, home: Path, cluster: Cluster) -> None:
        other = Cluster(home, fsync=False)
        cluster.start()
        other.attach()

        cluster.leave()

        assert other.is_ready
        other.leave()
        assert not other.is_ready

    def test_attaching_needs_a_server(self, home: Path, cluster: Cluster) -> None:
        cluster.start()
        cluster.stop()

        with pytest.raises(NotRunning, match="careloop up"):
            Cluster(home).attach()

    def test_a_block_ends_with_a_stopped_server(self, cluster: Cluster) -> None:
        with cluster.running() as address:
            psycopg.connect(address).close()

        assert not cluster.is_ready
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(address)


class TestWalls:
    def test_every_folder_and_secret_is_private(self, home: Path, cluster: Cluster) -> None:
        cluster.start()

        place = cluster.place
        for folder in (place.data.parent, place.data, place.log, place.socket_folder):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
        assert stat.S_IMODE((home / "postgres.json").stat().st_mode) == 0o600
        assert stat.S_IMODE((place.socket_folder / ".s.PGSQL.5432").stat().st_mode) == 0o700

    def test_nobody_signs_in_without_the_password(self, cluster: Cluster) -> None:
        cluster.start()
        sockets = cluster.place.socket_folder

        for user, password in (("careloop", "wrong"), ("careloop", ""), ("bootstrap", ""), ("bootstrap", "wrong")):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(host=str(sockets), dbname="careloop", user=user, password=password)

    def test_does_not_listen_on_the_network(self, cluster: Cluster) -> None:
        cluster.start()

        with psycopg.connect(cluster.url) as connection:
            listens = connection.execute("SHOW listen_addresses").fetchone()
        assert listens == ("",)
        assert (cluster.place.data / "postmaster.pid").read_text().splitlines()[5] == ""

    def test_does_not_run_as_root(self, cluster: Cluster) -> None:
        cluster.start()

        owner = Path(f"/proc/{postmaster(cluster)}").stat().st_uid
        assert owner == cluster.place.data.stat().st_uid
        assert owner != 0

    def test_opens_no_parent_folder(self, home: Path) -> None:
        home.chmod(0o700)
        cluster = Cluster(home, fsync=False)

        cluster.start()

        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        psycopg.connect(cluster.url).close()
        assert cluster.place.data.is_relative_to(home) == (os.geteuid() != 0)


class TestPlace:
    def test_a_long_home_gets_a_short_private_socket_folder(self, home: Path) -> None:
        deep = home / ("long-name-" * 12)
        cluster = Cluster(deep, fsync=False)

        cluster.start()

        sockets = cluster.place.socket_folder
        assert len(str(sockets)) < 40
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        psycopg.connect(cluster.url).close()
        cluster.destroy()

    def test_a_cleaned_socket_folder_is_made_again(self, home: Path) -> None:
        cluster = Cluster(home / ("long-name-" * 12), fsync=False)
        cluster.start()
        cluster.stop()
        address = cluster.url
        cluster.place.socket_folder.rmdir()

        cluster.start()

        psycopg.connect(address).close()
        cluster.destroy()

    def test_a_socket_folder_that_a_stranger_took_is_given_up(self, home: Path) -> None:
        cluster = Cluster(home / ("long-name-" * 12), fsync=False)
        cluster.start()
        cluster.stop()
        taken = cluster.place.socket_folder
        taken.chmod(0o777)

        cluster.start()

        assert cluster.place.socket_folder != taken
        psycopg.connect(cluster.url).close()
        cluster.destroy()
        taken.rmdir()

    def test_where_nothing_ever_was_there_is_nothing_to_delete(self, home: Path) -> None:
        Cluster(home / "never", fsync=False).destroy()

        assert not (home / "never").exists()

    def test_a_lost_record_gets_a_new_password(self, home: Path, cluster: Cluster) -> None:
        cluster.start()
        cluster.stop()
        before = cluster.url
        (home / "postgres.json").unlink()

        cluster.start()

        psycopg.connect(cluster.url).close()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(before)

    def test_lost_data_are_not_silently_replaced(self, home: Path, cluster: Cluster) -> None:
        cluster.start()
        cluster.stop()
        data = cluster.place.data
        data.rename(home / "elsewhere")

        with pytest.raises(DatabaseTrouble, match="missing"):
            cluster.start()

        assert not data.exists()

    def test_data_of_another_major_version_stay_untouched(self, cluster: Cluster) -> None:
        cluster.start()
        cluster.stop()
        (cluster.place.data / "PG_VERSION").write_text("17\n")

        with pytest.raises(DatabaseTrouble, match="made by PostgreSQL 17"):
            cluster.start()

    def test_an_opened_data_folder_is_refused(self, cluster: Cluster) -> None:
        cluster.start()
        cluster.stop()
        cluster.place.data.parent.chmod(0o755)

        with pytest.raises(DatabaseTrouble, match="permissions 700"):
            cluster.start()
