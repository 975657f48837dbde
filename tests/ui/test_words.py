"""How people, times and built files are named."""

import json
import os
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.utils import timezone

from careloop.ui.assets import AssetsNotBuilt, asset_path
from careloop.ui.context import appearance
from careloop.ui.moments import moment
from careloop.ui.people import hue, initials, mark
from careloop.ui.shell import StaffShell, WorkspaceChoice

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class TestPeople:
    @pytest.mark.parametrize(
        ("name", "short"),
        [
            ("Ada Lovelace", "AL"),
            ("Nguyễn Thị Mai", "NM"),
            ("김민서", "민서"),
            ("남궁 민수", "민수"),
            ("王小明", "小明"),
            ("Omar", "O"),
            ("  ", "?"),
        ],
    )
    def test_initials_fit_a_circle(self, name: str, short: str) -> None:
        assert initials(name) == short

    @pytest.mark.parametrize(("name", "short"), [("한빛텔레콤 고객센터", "한빛"), ("Sông Xanh Bank", "SX"), ("", "?")])
    def test_mark_fits_a_square(self, name: str, short: str) -> None:
        assert mark(name) == short

    def test_color_is_the_same_however_the_name_is_typed(self) -> None:
        decomposed = unicodedata.normalize("NFD", "Đức")
        assert hue("ada lovelace") == hue("Ada Lovelace")
        assert hue(decomposed) == hue("Đức")
        assert {hue(f"person {number}") for number in range(200)} == set(range(8))


class TestMoment:
    @pytest.mark.parametrize(
        ("ahead", "words"),
        [
            (timedelta(seconds=-20), "now"),
            (timedelta(minutes=-5), "5 min. ago"),
            (timedelta(hours=-3, minutes=-50), "3 hr. ago"),
            (timedelta(hours=-30), "yesterday"),
            (timedelta(days=-3), "3 days ago"),
            (timedelta(minutes=61), "in 1 hr."),
            (timedelta(days=1), "tomorrow"),
            (timedelta(days=-20), "February 10"),
            (timedelta(days=-300), "May 6, 2025"),
        ],
    )
    def test_is_worded_as_people_say_it(self, ahead: timedelta, words: str) -> None:
        assert moment(at=NOW + ahead, now=NOW).relative == words

    def test_is_exact_in_the_readers_zone(self) -> None:
        with timezone.override("Asia/Seoul"):
            worded = moment(at=NOW, now=NOW)

        assert worded.exact == "March 2, 2026, 9 p.m. KST"
        assert worded.iso == "2026-03-02T12:00:00+00:00"


class TestAssetPath:
    def test_finds_the_hashed_name_and_sees_a_new_build(self, tmp_path: Path) -> None:
        manifest = tmp_path / "manifest.json"
        manifest.write_text(json.dumps({"app.js": "app-1.js"}))
        assert asset_path("app.js", built=tmp_path) == "built/app-1.js"

        manifest.write_text(json.dumps({"app.js": "app-22.js"}))
        os.utime(manifest, ns=(1, 1))
        assert asset_path("app.js", built=tmp_path) == "built/app-22.js"

    def test_says_what_to_run_when_nothing_is_built(self, tmp_path: Path) -> None:
        with pytest.raises(AssetsNotBuilt, match="npm run build"):
            asset_path("app.js", built=tmp_path)

    def test_names_the_missing_file(self, tmp_path: Path) -> None:
        (tmp_path / "manifest.json").write_text("{}")

        with pytest.raises(AssetsNotBuilt, match=r"sound\.mp3"):
            asset_path("sound.mp3", built=tmp_path)


class TestAppearance:
    @pytest.mark.parametrize(
        ("cookies", "look"),
        [
            ({}, {"theme": "auto", "density": "everyday"}),
            ({"careloop_theme": "dark", "careloop_density": "expert"}, {"theme": "dark", "density": "expert"}),
            ({"careloop_theme": '"><script>'}, {"theme": "auto", "density": "everyday"}),
        ],
    )
    def test_takes_only_known_words_from_cookies(self, cookies: dict[str, str], look: dict[str, str]) -> None:
        request = RequestFactory().get("/")
        request.COOKIES.update(cookies)

        assert appearance(request) == look


def test_shell_knows_the_workspace_it_is_in() -> None:
    other, here = WorkspaceChoice(name="A", href="/a"), WorkspaceChoice(name="B", href="/b", is_current=True)
    shell = StaffShell(
        workspaces=(other, here),
        navigation=(),
        person_name="Ada",
        person_email="ada@example.org",
        search_url="/search",
        settings_url="/settings",
        sign_out_url="/sign-out",
    )

    assert shell.workspace == here
