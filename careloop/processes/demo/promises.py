"""What a workspace of the demo promises, and in which hours: as it is written in its texts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from careloop.domains.calendars.services import create_calendar, set_day, use_calendar
from careloop.domains.calendars.types import CalendarSettings, DayRow
from careloop.domains.commitments.services import make_policy
from careloop.domains.commitments.states import About, Measure, Whom
from careloop.domains.commitments.types import Escalation, PolicySettings
from careloop.kernel.actors import Actor
from careloop.kernel.hours import Span

__all__ = ["promise"]


def promise(house: Mapping[str, Any], *, teams: Mapping[str, int], actor: Actor, at: datetime) -> None:
    """Give the workspace in scope its hours, the first of them its own, and let it promise what it promises."""
    calendars: dict[str, int] = {}
    for written in house["calendars"]:
        settings = CalendarSettings(
            name=written["name"],
            zone=written["zone"],
            weekly=tuple(_spans(day) for day in written["week"]),
            country=written["country"],
        )
        calendars[written["key"]] = create_calendar(settings=settings, actor=actor, at=at)
        for day in written.get("days", ()):
            different = DayRow(
                date=day["date"], name=day["name"], spans=_spans(day["hours"]), is_yearly=day.get("is_yearly", False)
            )
            set_day(calendar_id=calendars[written["key"]], day=different, actor=actor, at=at)
    use_calendar(calendar_id=next(iter(calendars.values())), actor=actor, at=at)
    for written in house["promises"]:
        make_policy(settings=_policy(written, calendars, teams), actor=actor, at=at)


def _policy(written: Mapping[str, Any], calendars: Mapping[str, int], teams: Mapping[str, int]) -> PolicySettings:
    parts = [
        {"field": field, "operator": operator, "value": teams[value[1:]] if str(value).startswith("@") else value}
        for field, operator, value in written["where"]
    ]
    about = About(written.get("about", About.CASES))
    steps = (
        Escalation(share=0.75, tell=(Whom.ASSIGNEE,)),
        Escalation(share=1.0, tell=(Whom.ASSIGNEE, Whom.LEADS), priority=written.get("raises_to")),
    )
    return PolicySettings(
        name=written["name"],
        about=about,
        conditions={"and": parts} if parts else {},
        calendar_id=calendars.get(written["hours"]),
        targets={
            # In hours, for low, normal, high and urgent matters.
            Measure(measure): {priority: int(hours * 3600) for priority, hours in enumerate(times, start=1)}
            for measure, times in written["times"].items()
        },
        # Nobody has a caller who waits, so leads hear of them.
        steps=steps if about is About.CASES else (Escalation(share=0.75, tell=(Whom.LEADS,)),),
    )


def _spans(written: Sequence[str]) -> tuple[Span, ...]:
    pairs = [span.split("-") for span in written]
    return tuple(Span(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes)) for opens, closes in pairs)
