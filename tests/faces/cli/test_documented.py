"""The page about the command line names every option, and every key that a machine is told."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, load_command_class

from tests.insight.imports.reading import HERE

NAMED_BY_FACTS = {
    "options",
    "notes",
    "evidence",
    "dimensions",
    "left_out",
    "rejected",
    "unknown",
    "quarantined",
    "examples",
}
ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
DJANGOS = {"--help", "-h", "--version", "-v", "--verbosity", "--settings", "--pythonpath", "--traceback"} | {
    *("--no-color", "--force-color", "--skip-checks")
}


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from options(child)
        yield from action.option_strings


def section(command: str) -> str:
    """Return what the page says of a command; up to the next one."""
    return PAGE.partition(f"\n## careloop {command}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("command", ["kpi", "import", "staffing", "export"])
def test_every_option_stands_on_the_page(command: str) -> None:
    parser = load_command_class("careloop.faces.cli", command).create_parser("careloop", command)

    assert {option for option in options(parser) if option not in DJANGOS and option not in section(command)} == set()


@pytest.mark.parametrize(
    "words",
    [
        ("--metric", "asa", "--by", "queue"),
        ("--metric", "asa", "--compare", "previous", "--from", "1999-09-01", "--to", "1999-09-02"),
        ("--metric", "backlog"),
    ],
)
def test_every_key_of_a_number_stands_on_the_page(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(tmp_path, capsys)
    answer = told(capsys, "kpi", "--facts", str(tmp_path), *words)

    assert {key for key in keys(answer) if f"`{key}`" not in section("kpi")} <= {"queue"}


def test_every_key_of_an_import_stands_on_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = imported(tmp_path, capsys)

    assert {key for key in keys(answer) if f"`{key}`" not in section("import")} == set()


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    call_command(*words, "--json")
    return json.loads(capsys.readouterr().out)


def imported(lake: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    table, mapping = HERE / "tables" / "call-log.csv", ROOT / "docs/how-to/mappings/call-log.yaml"
    return told(capsys, "import", "facts", str(table), "--map", str(mapping), "--facts", str(lake))


def keys(value: Any) -> Iterator[str]:
    """Give every key, at any depth, but those that are names of facts, options, reasons and the like."""
    for each in value if isinstance(value, list) else []:
        yield from keys(each)
    for name, each in value.items() if isinstance(value, dict) else []:
        yield name
        if name == "tables":
            yield from keys(list(each.values()))
        elif name not in NAMED_BY_FACTS:
            yield from keys(each)
