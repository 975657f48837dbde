"""Our part of the benchmark of imports, as a process of its own so that its memory is its own."""

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from careloop.insight.imports.calls import Settings
from careloop.insight.imports.loading import contact_key, load, work_folder
from careloop.insight.imports.mapping import read_facts, read_mapping
from careloop.insight.imports.report import Report
from careloop.insight.imports.sparing import spare_pandas
from careloop.insight.imports.telephony import read_queue_log

__all__: list[str] = []


def main() -> None:
    """Import a file of a kind into a lake; print rows, seconds and peak memory."""
    kind, path, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    started = time.perf_counter()
    spare_pandas()  # as `careloop import` does
    report, key = Report(), contact_key(folder)
    if kind == "queue_log":
        site = Settings(source="pbx", contact_key=key)
        steps = read_queue_log(path, settings=site, report=report, memory=work_folder(folder) / "pbx.duckdb")
    else:
        mapping = read_mapping(Path(sys.argv[4]))
        steps = read_facts(path, mapping, hash_key=key, folder=work_folder(folder), report=report)
    loaded = load(folder, steps, source="pbx", at=datetime.now(UTC))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    facts = sum(tally.added for tally in loaded.tables.values())
    aside = sum(sum(tally.quarantined.values()) for tally in loaded.tables.values())
    found = {"rows": report.lines, "facts": facts, "aside": aside, "peak_mb": peak}
    print(json.dumps({**found, "seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
