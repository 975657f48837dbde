"""The peer's part of the benchmark of due times: businesstimedelta, in its own environment. Knows nothing of ours but the hours."""

import json
import sys
import time
from datetime import date, datetime
from datetime import time as clock_time

import businesstimedelta  # type: ignore[import-not-found]
import pytz  # type: ignore[import-untyped]

__all__: list[str] = []


def main() -> None:
    """Read hours, days off and promises from standard input, answer due times and the seconds it took on standard output."""
    task = json.load(sys.stdin)
    zone = pytz.timezone(task["zone"])
    began = time.perf_counter()
    rules = businesstimedelta.Rules(
        [
            businesstimedelta.WorkDayRule(
                start_time=clock_time.fromisoformat(opens),
                end_time=clock_time.fromisoformat(closes),
                working_days=task["weekdays"],
                tz=zone,
            )
            for opens, closes in task["spans"]
        ]
        + [businesstimedelta.HolidayRule({date.fromisoformat(day) for day in task["days_off"]}, tz=zone)]
    )
    due = [
        datetime.fromisoformat(start) + businesstimedelta.BusinessTimeDelta(rules, seconds=seconds)
        for start, seconds in task["promises"]
    ]
    seconds = time.perf_counter() - began
    json.dump({"due": [moment.astimezone(pytz.utc).isoformat() for moment in due], "seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
