"""Reading logs in tests: facts as lists of rows, the last version of each."""

import csv
import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from careloop.insight.facts.tables import TABLES
from careloop.insight.imports.calls import Settings
from careloop.insight.imports.events import Custom
from careloop.insight.imports.mapping import read_facts, read_mapping
from careloop.insight.imports.report import Report
from careloop.insight.imports.steps import Step
from careloop.insight.imports.telephony import Records, read_ami, read_queue_log

__all__ = ["CAPTURES", "SITE", "Rows", "capture", "gathered", "logged", "mapped", "truth"]

HERE = Path(__file__).parent
CAPTURES = ("iax22", "sip20")
SITE = Settings(
    source="pbx",
    contact_key=b"k" * 32,
    custom={
        "XFULL": Custom.BLOCKED,
        "XJOINEMPTY": Custom.BLOCKED,
        "XCALLBACK": Custom.CALLBACK,
        "CallbackRequest": Custom.CALLBACK,
        "OutboundDone": Custom.OUTBOUND,
        **dict.fromkeys(("IVRChoice", "SurveyStart", "SurveyDone", "QueueRefused"), Custom.IGNORED),
    },
    inbound=("from-carrier",),
)

Rows = list[dict[str, Any]]


def gathered(steps: Iterable[Step]) -> dict[str, Rows]:
    """Return the rows of all steps by fact table, in no order; of several with one key the last."""
    found: dict[str, dict[Any, dict[str, Any]]] = {}
    for step in steps:
        for name, table in step.batches:
            for row in table.to_pylist():
                found.setdefault(name, {})[tuple(row[column] for column in TABLES[name].key)] = row
    return {name: list(rows.values()) for name, rows in found.items()}


def logged(
    text: str | bytes, folder: Path, *, settings: Settings = SITE, block_bytes: int = 1 << 20
) -> tuple[dict[str, Rows], Report]:
    """Read a queue log from text; in the same folder again, it is the same file that has grown."""
    path = folder / "queue_log"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    report = Report()
    steps = read_queue_log(
        path, settings=settings, report=report, memory=folder / "memory.duckdb", block_bytes=block_bytes
    )
    return gathered(steps), report


def capture(name: str, route: str, folder: Path) -> tuple[dict[str, Rows], Report]:
    """Read a capture by one of the routes: queue_log, with_cel or ami."""
    files, report = HERE / "captures" / name, Report()
    memory = folder / f"{name}-{route}.duckdb"
    if route == "ami":
        return gathered(read_ami(files / "ami_events.txt.gz", settings=SITE, report=report, memory=memory)), report
    records = Records(cel=files / "cel_Master.csv.gz") if route == "with_cel" else None
    log = files / "queue_log.gz"
    return gathered(read_queue_log(log, settings=SITE, report=report, memory=memory, records=records)), report


def truth(name: str) -> list[dict[str, str]]:
    """Return the calls as the caller's side saw them."""
    with gzip.open(HERE / "captures" / name / "truth_calls.csv.gz", "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def mapped(
    mapping: str, table: Path | bytes, folder: Path, *, name: str = "table.csv"
) -> tuple[dict[str, Rows], Report]:
    """Read a table by a mapping given as text."""
    if isinstance(table, bytes):
        (folder / name).write_bytes(table)
        table = folder / name
    (folder / "map.yaml").write_text(mapping, encoding="utf-8")
    report = Report()
    read = read_mapping(folder / "map.yaml")
    return gathered(read_facts(table, read, hash_key=b"k" * 32, folder=folder, report=report)), report
