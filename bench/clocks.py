"""When promises are due in business hours over a year of holidays, beside businesstimedelta.

A year of office hours in Seoul, two spans a day, without Korea's holidays; promises of 4 to 80 hours begin at any minute of
it. Both sides get the same promises and answer moments; hours are set up anew in each round and are in its time, starting a
process is not. Two more services are compared without a clock: nights in New York, where clocks change while it is open, and an
office in Beijing, whose make-up working days on weekends the peer has no way to say: what is due there differs for that reason.
"""

import argparse
import json
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from random import Random
from typing import Any, Final

from bench.stage.ending import end_in_order
from bench.stage.environments import own_environment
from bench.stage.report import say, speak
from careloop.domains.calendars.holidays import holidays_between
from careloop.domains.commitments.clock import Promise, Turn, when_spent
from careloop.kernel.hours import Calendar, Span

PEER, VERSION = "businesstimedelta", "1.0.1"
YEAR: Final = 2026
HOUR: Final = 3600
TARGETS: Final = (4 * HOUR, 8 * HOUR, 16 * HOUR, 40 * HOUR, 80 * HOUR)
SHORT: Final = "%m-%d %H:%M"
PROMISES, QUICK_PROMISES = 4_000, 500
ROUNDS, QUICK_ROUNDS = 7, 3
# Clocks in New York: forward in March, back in November.
CHANGES: Final = (datetime(YEAR, 3, 8, 10, tzinfo=UTC), datetime(YEAR, 11, 1, 10, tzinfo=UTC))

Promises = Sequence[tuple[datetime, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Hours of a service. spans: of each of the weekdays, 0 is Monday. days_off: of the year and the next. worked: on a weekend."""

    zone: str
    spans: Sequence[tuple[str, str]]
    weekdays: Sequence[int]
    days_off: Sequence[date]
    worked: Sequence[date] = ()

    def calendar(self) -> Calendar:
        day = tuple(
            Span(opens=clock_time.fromisoformat(opens), closes=clock_time.fromisoformat(closes))
            for opens, closes in self.spans
        )
        return Calendar(
            zone=self.zone,
            weekly=dict.fromkeys(self.weekdays, day),
            exceptions={**dict.fromkeys(self.days_off, ()), **dict.fromkeys(self.worked, day)},
        )


def main() -> None:
    """Measure and print."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="script/bench clocks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer promises and rounds")
    is_quick = parser.parse_args().quick
    rounds, count = (QUICK_ROUNDS, QUICK_PROMISES) if is_quick else (ROUNDS, PROMISES)
    python = own_environment(PEER, VERSION)
    day = [("09:00", "12:00"), ("13:00", "18:00")]
    office = Service(zone="Asia/Seoul", spans=day, weekdays=range(5), days_off=_days("KR"))
    promises = _promises(count, TARGETS)
    ours, theirs = [], []
    for number in range(rounds):
        mine, due = _ours(office, promises)
        answer = _peer(python, office, promises)
        ours.append(mine)
        theirs.append(answer["seconds"])
        differing = _differing(due, answer)
        say(f"Round {number + 1}: ours {mine * 1000:.0f} ms, the peer {answer['seconds'] * 1000:.0f} ms")
    night = Service(zone="America/New_York", spans=[("00:00", "06:00")], weekdays=range(7), days_off=_days("US"))
    short = _around(CHANGES, (HOUR, 2 * HOUR, 4 * HOUR))
    at_night = _differing(_ours(night, short)[1], _peer(python, night, short))
    beijing = Service(
        zone="Asia/Shanghai", spans=day, weekdays=range(5), days_off=_days("CN"), worked=_days("CN", is_worked=True)
    )
    made_up = _differing(_ours(beijing, promises)[1], _peer(python, beijing, promises))
    mine, peers = statistics.median(ours), statistics.median(theirs)
    speak(
        "clocks",
        columns=["", "ours", f"{PEER} {VERSION}"],
        rows=[
            ["promises", count, count],
            ["median ms", mine * 1000, peers * 1000],
            ["due times a second", count / mine, count / peers],
            ["due at another time, office hours", len(differing), ""],
            ["due at another time, nights in New York", len(at_night), ""],
            ["due at another time, Beijing", len(made_up), ""],
            *([f"  {_told(promises[place])} is due", *pair] for place, pair in list(made_up.items())[:3]),
        ],
        figures={
            "due_times_per_second": round(count / mine),
            "ratio_vs_businesstimedelta": round(peers / mine, 1),
            "office_hours_that_differ": len(differing),
            "nights_that_differ": len(at_night),
            "make_up_days_that_differ": len(made_up),
        },
    )


def _days(country: str, *, is_worked: bool = False) -> list[date]:
    known = holidays_between(country, "", first=YEAR, last=YEAR + 1, language="en")
    return sorted({day.date for day in known if day.is_worked is is_worked})


def _promises(count: int, targets: Sequence[int]) -> Promises:
    """Return moments of the year in UTC, with what is promised at each, in seconds."""
    chance, start = Random(YEAR), datetime(YEAR, 1, 1, tzinfo=UTC)
    return [(start + timedelta(minutes=chance.randrange(365 * 24 * 60)), chance.choice(targets)) for _ in range(count)]


def _around(moments: Sequence[datetime], targets: Sequence[int]) -> Promises:
    """Return moments of the day before each of some, every ten minutes, with what is promised at each, in seconds."""
    chance = Random(YEAR)
    return [
        (moment - timedelta(minutes=10 * back), chance.choice(targets)) for moment in moments for back in range(144)
    ]


def _ours(service: Service, promises: Promises) -> tuple[float, list[datetime | None]]:
    began = time.perf_counter()
    calendar = service.calendar()
    due = [
        when_spent([Turn(at=start, promise=Promise(target_s=float(seconds), calendar=calendar), runs=True)])
        for start, seconds in promises
    ]
    return time.perf_counter() - began, due


def _peer(python: Path, service: Service, promises: Promises) -> Any:
    task = {
        "zone": service.zone,
        "spans": list(service.spans),
        "weekdays": list(service.weekdays),
        "days_off": [day.isoformat() for day in service.days_off],
        "promises": [(start.isoformat(), seconds) for start, seconds in promises],
    }
    program = Path(__file__).parent / "peer" / "clocks.py"
    done = subprocess.run([python, program], input=json.dumps(task), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _differing(due: Sequence[datetime | None], answer: Any) -> dict[int, tuple[str, str]]:
    """Return by its place what is due at one time here and at another there, as moments in words."""
    pairs = zip(due, map(datetime.fromisoformat, answer["due"]), strict=True)
    return {
        place: (f"{here:{SHORT}}", f"{there:{SHORT}}") for place, (here, there) in enumerate(pairs) if here != there
    }


def _told(promise: tuple[datetime, int]) -> str:
    start, seconds = promise
    return f"{start:{SHORT}} + {seconds // HOUR} h"


if __name__ == "__main__":
    main()
