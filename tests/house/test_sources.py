"""What a machine can check about the sources, nobody has to remember."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tools.events import page as events_page

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "careloop"
SOURCES = sorted(p for p in PACKAGE.rglob("*.py") if not {"migrations", "node_modules"} & set(p.parts))
LONGEST = 500
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>\s*\S|\sstyle=\"|\son(?:click|load|error|change|submit|input|key[a-z]+|mouse[a-z]+|focus|blur)=\""
)
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "managers.py", "signals.py", "tasks.py"}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


class TestSources:
    def test_no_file_is_too_long_to_be_one_room(self) -> None:
        long = {relative(p): lines for p in SOURCES if (lines := len(p.read_text().splitlines())) > LONGEST}
        assert long == {}

    def test_no_file_hides_behind_a_name_that_says_nothing(self) -> None:
        assert [relative(p) for p in SOURCES if p.name in FORBIDDEN_NAMES] == []

    def test_acts_are_transactions_only_through_the_kernel(self) -> None:
        bare = [
            relative(p)
            for p in SOURCES
            if {"domains", "processes"} & set(p.relative_to(PACKAGE).parts[:1])
            and "transaction.atomic" in p.read_text()
        ]
        assert bare == []

    def test_only_config_and_the_outside_read_the_environment(self) -> None:
        allowed = ("careloop/config/", "careloop/gateways/", "careloop/faces/cli/", "careloop/__main__.py")
        readers = [
            relative(p)
            for p in SOURCES
            if re.search(r"os\.environ|getenv", p.read_text()) and not relative(p).startswith(allowed)
        ]
        assert readers == []

    def test_every_setting_is_in_the_example(self) -> None:
        read = set(
            re.findall(
                r'env_(?:text|bool|int|list|secret)\(\s*"([A-Z_]+)"', (PACKAGE / "config/settings.py").read_text()
            )
        )
        named = set(re.findall(r"^# (?:\* )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
        assert read - named == set()

    def test_the_page_of_events_is_current(self) -> None:
        assert events_page() == (ROOT / "docs/reference/events.md").read_text()

    @pytest.mark.usefixtures("db")
    def test_no_migration_is_missing(self) -> None:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)

    def test_only_one_file_brings_the_browser_along(self) -> None:
        # A second import makes a second fixture, and Chromium starts only once in a process: all later pages fail.
        bring = {relative(p) for p in (ROOT / "tests").rglob("*.py") if "from tests.browsing import" in p.read_text()}
        assert bring - {"tests/house/test_sources.py"} == {"tests/conftest.py"}

    def test_templates_hold_no_inline_script_or_style(self) -> None:
        guilty = [
            relative(p)
            for p in sorted(PACKAGE.rglob("*.html"))
            # Mail programs know no style sheets, and no policy of ours reaches them.
            if not {"node_modules", "mail"} & set(p.parts) and INLINE.search(p.read_text())
        ]
        assert guilty == []


class TestStart:
    def test_the_web_process_starts_without_what_makes_numbers(self) -> None:
        heavy = {"duckdb", "ibis", "pandas", "pyarrow", "altair", "scipy"}
        code = (
            "import sys, django; django.setup(); import careloop.config.urls, careloop.processes.jobs, "
            f"careloop.processes.subscriptions; print(sorted({heavy!r} & set(sys.modules)))"
        )

        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

        assert done.stdout.strip() == "[]"

    def test_metrics_start_without_the_parts_of_scipy(self) -> None:
        """They are imported by the first number that needs them; together they took longer than a small question."""
        code = "import sys, careloop.insight.kpis; print([name for name in sys.modules if name.startswith('scipy.s')])"

        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

        assert done.stdout.strip() == "[]"
