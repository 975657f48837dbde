"""`careloop staffing` answers without a database, in four languages, and refuses what makes no sense with a sentence."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from careloop.faces.cli.extras import ExtraMissing, require_extra
from careloop.faces.cli.staffing.wishes import ArgumentMakesNoSense
from tests.faces.cli.conftest import careloop

QUEUE = {"--calls-per-hour": "200", "--aht": "180"}


def said(**changes: str) -> str:
    """What the command says; options with an underscore for each dash."""
    options = QUEUE | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        call_command("staffing", *(f"{name}={value}" if value else name for name, value in options.items()), stdout=out)
    return out.getvalue()


def answered(**changes: str) -> Any:
    return json.loads(said(json="", **changes))


class TestAnswer:
    def test_needs_no_database(self, tmp_path: Path) -> None:
        done = careloop("staffing", "--calls-per-hour", "200", "--aht", "180", "--json", home=tmp_path / "home")

        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["agents"] == 14
        assert not any((tmp_path / "home").rglob("postmaster.pid"))

    def test_is_the_one_of_the_table_of_metrics(self) -> None:
        assert answered(shrinkage="0.3")["heads"] == 20
        assert answered(patience="120", counted="offered", max_abandon="0.03")["agents"] == 14
        assert answered(patience="120", counted="ex_abandon_within_target", max_abandon="1")["agents"] == 12

    def test_is_marked_in_the_table(self) -> None:
        marked = [line.split() for line in said(patience="120", shrinkage="30%").splitlines() if line.startswith("→")]

        assert [line[1:3] for line in marked] == [["13", "19"]]

    def test_has_patience_shorter_and_longer_around_every_figure(self) -> None:
        row = next(row for row in answered(patience="120")["rows"] if row["agents"] == 11)

        assert row["service_level"]["value"] == pytest.approx(0.753424, abs=5e-7)
        assert row["service_level"]["low"] < 0.753 < row["service_level"]["high"]

    def test_always_limits_who_hangs_up_and_says_so(self) -> None:
        assert "At most 5% hang up, unless --max-abandon says otherwise" in said(patience="120")
        assert "At most 3% hang up.\n" in said(patience="120", max_abandon="3%")
        assert answered(patience="120")["wishes"]["goals"]["abandon_share_max"] == 0.05

    def test_counts_the_days_on_which_more_call(self) -> None:
        answer = answered(patience="120", calls_sd="40")

        chosen = next(row for row in answer["rows"] if row["agents"] == answer["agents"])
        fewer = next(row for row in answer["rows"] if row["agents"] == answer["agents"] - 1)
        assert answer["agents"] > answer["agents_at_mean"]
        assert chosen["expected_abandon_share"] <= 0.05 < fewer["expected_abandon_share"]

    def test_what_is_not_defined_is_null(self) -> None:
        overloaded = next(row for row in answered(service_level="0.1/20", max_asa="600")["rows"] if row["agents"] <= 10)

        assert overloaded["service_level"] == {"value": None, "low": None, "high": None}
        assert overloaded["abandon_share"]["value"] is None

    def test_slots_share_contacts(self) -> None:
        assert answered(channel_slots="2")["agents"] == 7

    def test_nobody_calls(self) -> None:
        assert said(calls_per_hour="0", patience="60", calls_sd="0") == "No calls come, so nobody is needed.\n"
        assert answered(calls_per_hour="0")["agents"] == 0


class TestCautions:
    def test_are_told_to_machines_by_code(self) -> None:
        answer = answered(interval="5m", channel_slots="2", several_skills="", back_office="")

        assert [caution["code"] for caution in answer["cautions"]] == [
            "endless_patience",
            "short_interval",
            "certain_forecast",
            "concurrency",
            "several_skills",
            "back_office_work",
        ]

    def test_patience_that_changes_the_answer_is_told(self) -> None:
        codes = [
            c["code"] for c in answered(calls_per_hour="6000", aht="300", patience="120", calls_sd="1")["cautions"]
        ]

        assert codes == ["sensitive_to_patience"]

    @pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
    def test_each_is_a_sentence_in_every_language(self, language: str) -> None:
        with translation.override(language):
            words = said(
                interval="5m", channel_slots="2", several_skills="", back_office="", max_asa="30", max_occupancy="0.9"
            )

        assert len([line for line in words.splitlines() if line.startswith("! ")]) == 6
        assert ("Agents needed" in words) == (language == "en")


class TestRefusals:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"calls_per_hour": "-1"},
            {"calls_per_hour": "many"},
            {"calls_per_hour": "nan"},
            {"calls_per_hour": "1e9"},
            {"aht": "0"},
            {"patience": "inf"},
            {"patience": "90000"},
            {"service_level": "0.8"},
            {"service_level": "100/20"},
            {"service_level": "1/20"},
            {"service_level": "0.8/-1"},
            {"max_abandon": "5"},
            {"max_abandon": "0"},
            {"max_asa": "0"},
            {"max_occupancy": "85"},
            {"max_occupancy": "1e-9"},
            {"shrinkage": "1"},
            {"interval": "half an hour"},
            {"interval": "0m"},
            {"channel_slots": "1.5"},
            {"channel_slots": "0"},
            {"calls_sd": "201"},
        ],
        ids=str,
    )
    def test_what_cannot_be_meant_is_a_sentence(self, wrong: dict[str, str]) -> None:
        with pytest.raises(ArgumentMakesNoSense) as refused:
            said(**wrong)

        assert "--" in str(refused.value)
        assert str(refused.value).endswith(".")

    @pytest.mark.parametrize("same", ["0.8/20", "80/20", "80%/20", "0.80/20.0"])
    def test_one_promise_may_be_written_in_several_ways(self, same: str) -> None:
        goals = answered(service_level=same)["wishes"]["goals"]

        assert (goals["service_level"], goals["target_seconds"]) == (0.8, 20)

    def test_the_exit_code_is_one_and_machines_get_one_object(self, tmp_path: Path) -> None:
        done = careloop("staffing", "--calls-per-hour", "200", "--aht", "soon", "--json", home=tmp_path)

        assert done.returncode == 1
        assert json.loads(done.stdout)["error"] == {
            "code": "argument_makes_no_sense",
            "message": "--aht is “soon”; write a number above 0.",
            "fields": {},
        }


class TestExtra:
    def test_missing_says_what_to_install(self) -> None:
        with pytest.raises(ExtraMissing) as refused:
            require_extra("analytics", packages=("json", "nowhere_to_be_found"))

        assert "needs nowhere_to_be_found, which" in str(refused.value)
        assert "'.[analytics]'" in str(refused.value)

    def test_present_says_nothing(self) -> None:
        require_extra("analytics", packages=("numpy", "scipy"))
