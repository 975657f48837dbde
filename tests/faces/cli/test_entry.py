"""The command line starts what a command needs, answers in words or JSON, and refuses with a sentence."""

import json
from pathlib import Path

import pytest

from careloop.gateways.postgres import Cluster
from tests.faces.cli.conftest import careloop


class TestSettings:
    def test_a_setting_without_sense_is_one_sentence(self, tmp_path: Path) -> None:
        done = careloop("migrate", home=tmp_path, PORT="many")

        assert done.returncode == 1
        assert done.stderr == "PORT is “many”; write a whole number.\n"

    def test_and_one_object_for_machines(self, tmp_path: Path) -> None:
        done = careloop("doctor", "--json", home=tmp_path, PORT="many")

        assert done.returncode == 1
        assert json.loads(done.stdout) == {
            "error": {
                "code": "settings_make_no_sense",
                "message": "PORT is “many”; write a whole number.",
                "fields": {},
            }
        }


class TestOverview:
    @pytest.mark.parametrize("words", [(), ("help",), ("--help",)])
    def test_names_the_commands_of_the_house_and_no_others(self, words: tuple[str, ...], tmp_path: Path) -> None:
        done = careloop(*words, home=tmp_path)
        names = [line.split()[0] for line in done.stdout.splitlines()[1:]]

        assert done.returncode == 0
        assert names == sorted(names)
        assert {"export", "import", "kpi", "staffing", "up"} <= set(names)
        assert not {"runserver", "flush", "testserver"} & set(names)
        assert all(len(line.split()) > 2 for line in done.stdout.splitlines()[1:])

    def test_speaks_the_language_of_the_terminal(self, tmp_path: Path) -> None:
        assert "측정" in careloop(home=tmp_path, LC_ALL="ko_KR.UTF-8").stdout


class TestHouseOfItsOwn:
    def test_is_made_saved_and_brought_back(self, home: Path, tmp_path: Path) -> None:
        assert careloop("migrate", "--skip-checks", home=home).returncode == 0
        saved = careloop("backup", "--json", str(tmp_path / "house.tar"), home=home)
        assert saved.returncode == 0, saved.stderr
        report = json.loads(saved.stdout)
        assert report["rehearsed"] is True

        refused = careloop("restore", "--json", str(tmp_path / "house.tar"), home=home)
        assert refused.returncode == 1
        assert json.loads(refused.stdout)["error"]["code"] == "not_empty"

        other = tmp_path / "other"
        restored = careloop("restore", "--json", str(tmp_path / "house.tar"), home=other)
        assert restored.returncode == 0, restored.stderr
        assert json.loads(restored.stdout)["rows"] == report["rows"]
        checked = json.loads(careloop("doctor", "--json", home=other).stdout)
        assert {finding["check"]: finding["state"] for finding in checked["findings"]}["roles"] == "fine"
        assert not Cluster(other).is_ready
        Cluster(other).destroy()
