"""`careloop import queue-log`, `ami` and `facts`: other systems' logs and tables into a lake."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from careloop.faces.cli.imports.bar import bar, is_watched
from careloop.faces.cli.imports.options import file_there, settings, zone_there
from careloop.faces.cli.imports.refusals import ImportMakesNoSense, told
from careloop.insight.imports.loading import Loaded, contact_key, load, set_overlaps_aside, work_folder
from careloop.insight.imports.mapping import preview, read_facts, read_mapping
from careloop.insight.imports.people import put_under_their_names, read_people
from careloop.insight.imports.report import Report
from careloop.insight.imports.steps import Progress
from careloop.insight.imports.suggesting import suggest
from careloop.insight.imports.telephony import Records, read_ami, read_queue_log
from careloop.kernel import clock

__all__ = [
    "answer_of",
    "import_ami",
    "import_facts",
    "import_queue_log",
    "preview_of",
    "show_preview",
    "suggest_mapping",
]

MEGABYTE = 1_000_000


def import_queue_log(
    *,
    path: Path,
    facts: Path,
    source: str,
    cdr: Path | None,
    cel: Path | None,
    zone: str,
    as_json: bool,
    agents: Path | None,
    is_live: bool,
    **site: Any,
) -> tuple[Report, Loaded]:
    """Read what is new in a queue log into a lake.

    is_live: whether it is being written to, so that what stands in it is all until now. site: custom, pause and inbound, as typed.
    """
    if site["inbound"] and not (cdr or cel):
        raise ImportMakesNoSense(_("--inbound says where calls begin in call records: give --cel or --cdr too."))
    report, name, now = Report(), f"{_file_name(source)}.duckdb", clock.now()
    records = Records(cdr=cdr and file_there(cdr), cel=cel and file_there(cel), zone=zone_there(zone))
    with told():
        memory = work_folder(facts) / name
        people = read_people(file_there(agents)) if agents else {}
        steps = read_queue_log(
            file_there(path),
            settings=settings(source=source, contact_key=contact_key(facts), people=people, **site),
            report=report,
            memory=memory,
            records=records,
            progress=_progress(as_json=as_json),
        )
        report.renamed_count = put_under_their_names(facts, people, source=source, memory=memory, at=now)
        with closing(steps):
            return report, load(facts, steps, source=source, at=now, through=now if is_live else None)


def import_ami(
    *, path: Path, facts: Path, source: str, as_json: bool, agents: Path | None, is_live: bool, **site: Any
) -> tuple[Report, Loaded]:
    """Read recorded manager events into a lake; see import_queue_log."""
    report, name, now = Report(), f"{_file_name(source)}.ami.duckdb", clock.now()
    with told():
        memory = work_folder(facts) / name
        people = read_people(file_there(agents)) if agents else {}
        steps = read_ami(
            file_there(path),
            settings=settings(source=source, contact_key=contact_key(facts), people=people, **site),
            report=report,
            memory=memory,
            progress=_progress(as_json=as_json),
        )
        report.renamed_count = put_under_their_names(facts, people, source=source, memory=memory, at=now)
        with closing(steps):
            return report, load(facts, steps, source=source, at=now, through=now if is_live else None)


def import_facts(*, path: Path, facts: Path, mapping: Path, as_json: bool) -> tuple[Report, Loaded]:
    """Read a table into a lake by a mapping."""
    report = Report()
    with told():
        read = read_mapping(file_there(mapping))
        steps = read_facts(
            file_there(path),
            read,
            hash_key=contact_key(facts),
            folder=work_folder(facts),
            report=report,
            progress=_progress(as_json=as_json),
        )
        with closing(steps):
            return report, set_overlaps_aside(
                facts, load(facts, steps, source=f"import:{read.source}", at=clock.now()), at=clock.now()
            )


def show_preview(*, path: Path, mapping: Path, rows: int) -> tuple[Report, dict[str, list[dict[str, Any]]]]:
    """Return what the first rows of a table become, by fact table; columns without a value are left out."""
    if rows < 1:
        raise ImportMakesNoSense(_("--preview takes a number of rows of at least 1."))
    report = Report()
    with told(), TemporaryDirectory() as folder:
        # The secret of a lake is not needed to look on: nothing of this is kept.
        tables = preview(
            file_there(path),
            read_mapping(file_there(mapping)),
            rows=rows,
            hash_key=b"preview",
            folder=Path(folder),
            report=report,
        )
        made = {name: table.to_pylist() for name, table in tables.items()}
    return report, {
        name: [{key: value for key, value in row.items() if value is not None} for row in rows_made]
        for name, rows_made in made.items()
    }


def suggest_mapping(*, path: Path, zone: str, encoding: str | None) -> str:
    """Return the beginning of a mapping for a table. encoding: of the file, where it is not UTF-8."""
    with told():
        return suggest(file_there(path), zone=zone_there(zone), encoding=encoding)


def preview_of(report: Report, made: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """Return what a machine is told of a preview."""
    return {
        "rows": made,
        "rejected": dict(report.rejected),
        "rejected_lines": [asdict(example) for example in report.examples],
        "left_out": dict(report.skipped),
    }


def answer_of(report: Report, loaded: Loaded) -> dict[str, Any]:
    """Return what a machine is told."""
    return {
        "lines": report.lines,
        "tables": {name: asdict(tally) for name, tally in loaded.tables.items()},
        "was_known": loaded.steps == loaded.known_steps,
        "complete_through": loaded.complete_through and loaded.complete_through.isoformat(),
        "rejected": dict(report.rejected),
        "rejected_lines": [asdict(example) for example in report.examples],
        "left_out": dict(report.skipped),
        "unknown": dict(report.unknown),
        "unmapped_pauses": sorted(report.unmapped_reasons),
        "duplicate_count": report.duplicate_count,
        "clock_back_count": report.clock_back_count,
        "late_count": report.late_count,
        "open_count": report.open_count,
        "has_half_line": report.has_half_line,
        "renamed_count": report.renamed_count,
        "strangers": sorted(report.strangers),
        "unmet_inbound": sorted(report.unmet),
        "entrances": dict(report.entrances),
        "repeated_hours": [{"zone": zone, "day": day} for zone, day in sorted(report.repeated)],
    }


def _progress(*, as_json: bool) -> Progress:
    if not is_watched(as_json=as_json):
        return lambda _read, _whole: None

    def show(read: int, whole: int) -> None:
        unit, name = (MEGABYTE, " MB") if whole >= 10 * MEGABYTE else (1000, " kB")
        bar(unit=unit, name=name)(read, whole)

    return show


def _file_name(source: str) -> str:
    name = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in source)
    if not name.strip("-_"):
        raise ImportMakesNoSense(_("--source needs a letter or a number in it."))
    return name
