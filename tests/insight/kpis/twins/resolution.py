"""Twins of family C: contacts of one issue are followed step by step, as the text of metrics.md §3.1 says it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.insight.kpis.twins.access import business, paused, seconds
from tests.insight.kpis.twins.base import Options, Part, Twin, median_until
from tests.insight.kpis.twins.responding import weighed
from tests.insight.kpis.worlds import Fact, World

__all__ = ["TWINS"]

HALF_HOUR = timedelta(minutes=30)


@dataclass(kw_only=True)
class Visit:
    """A contact, with those merged into it."""

    row: Fact
    start: datetime
    end: datetime
    key: tuple[object, ...]
    is_followed: bool = False
    is_repeat: bool = False
    anchor: "Visit | None" = None
    begin: datetime | None = None


def visits(world: World, options: Options) -> list[Visit]:
    judged = ("handled", "contained") if options["include_bot"] else ("handled",)
    found: list[Visit] = []
    for row in world.counted("contact"):
        if row["direction"] != "inbound" or row["outcome"] not in judged or row["ended_at"] is None:
            continue
        if row.get("disposition") in ("wrong_number", "test") or row["reason_code"] in options["net"]:
            continue
        back = [
            other["ended_at"]
            for other in world.counted("contact")
            if other["direction"] == "outbound"
            and other.get("parent_contact_id") == row["contact_id"]
            and other["ended_at"]
        ]
        starts = [row["arrived_at"]]
        if options["count_abandons"]:
            starts += [a for a, served in attempts(world, row["customer_id"]) if served == row["arrived_at"]]
        if (row["case_id"] if options["match"] == "case" else row["customer_id"]) is None:
            continue
        found.append(Visit(row=row, start=min(starts), end=max([row["ended_at"], *back]), key=key(row, options)))
    return sorted(found, key=lambda visit: (visit.start, visit.row["contact_id"]))


def key(row: Fact, options: Options) -> tuple[object, ...]:
    match options["match"]:
        case "customer":
            known: tuple[object, ...] = (row["customer_id"],)
        case "case":
            known = (row["case_id"],)
        case _:
            known = (row["customer_id"], row["reason_group"] or ("?", row["contact_id"]))
    return (*known, row["channel"]) if options["channels"] == "same" else known


def attempts(world: World, customer: object) -> Iterator[tuple[datetime, datetime | None]]:
    """Abandoned attempts of a customer, with the arrival of the handled contact that each is part of."""
    own = sorted(
        (
            row
            for row in world.counted("contact")
            if row["customer_id"] == customer and customer and row["direction"] == "inbound" and row["ended_at"]
        ),
        key=lambda row: (row["arrived_at"], row["contact_id"]),
    )
    for place, row in enumerate(own):
        if row["outcome"] in ("abandoned_queue", "abandoned_ivr"):
            served = next((later["arrived_at"] for later in own[place + 1 :] if later["outcome"] == "handled"), None)
            yield row["arrived_at"], served if served and served - row["ended_at"] <= HALF_HOUR else None


def episodes(world: World, options: Options) -> list[Visit]:
    """Visits, merged and judged."""
    span = timedelta(days=options["days"])
    kept: list[Visit] = []
    last: dict[tuple[object, ...], Visit] = {}
    for visit in visits(world, options):
        before = last.get(visit.key)
        if before is not None and visit.start < before.end:
            before.end = max(before.end, visit.end)
            continue
        counted_from = before
        if before is not None and options["window"] == "fixed":
            counted_from = before.anchor or before
            is_same_run = visit.start - before.end <= span
            visit.begin = (before.begin or before.start) if is_same_run else visit.start
        if before is not None and counted_from is not None and visit.start - counted_from.end <= span:
            before.is_followed = visit.is_repeat = True
            visit.anchor = counted_from if options["window"] == "fixed" else None
        last[visit.key] = visit
        kept.append(visit)
    if options["unknown_reason"] == "everything" and options["match"] == "customer_reason":
        for place, one in enumerate(kept):
            for other in kept[place + 1 :]:
                same = one.row["customer_id"] == other.row["customer_id"]
                if options["channels"] == "same":
                    same = same and one.row["channel"] == other.row["channel"]
                unknown = one.row["reason_group"] is None or other.row["reason_group"] is None
                if same and unknown and other.start - one.end <= span:
                    one.is_followed = other.is_repeat = True
    if options["count_abandons"]:
        for visit in kept:
            for at, served in attempts(world, visit.row["customer_id"]):
                if served is None and visit.end <= at <= (visit.anchor or visit).end + span:
                    visit.is_followed = True
    return kept


def has_failed(visit: Visit, options: Options) -> bool:
    return visit.is_followed or bool(options["transfer_fails"] and (visit.row["transfer_count"] or 0) > 0)


def fcr_contact(world: World, options: Options) -> Iterator[Part]:
    for visit in episodes(world, options):
        matured = visit.end + timedelta(days=options["days"]) <= world.watermark
        yield Part(row=visit.row, at=visit.row["arrived_at"], x=matured and not has_failed(visit, options), n=matured)


def is_known(world: World, visit: Visit, options: Options) -> bool:
    first = min(row["arrived_at"] for row in world.rows("contact"))
    return bool((visit.begin or visit.start) - timedelta(days=options["days"]) >= first)


def fcr_issue(world: World, options: Options) -> Iterator[Part]:
    span = timedelta(days=options["days"])
    for visit in episodes(world, options):
        counts = not visit.is_repeat and visit.end + span <= world.watermark and is_known(world, visit, options)
        trouble = [
            *(
                row["at"]
                for row in state_changes(world.rows("case_event"))
                if row["is_reopening"] and row["case_id"] == visit.row["case_id"]
            ),
            *(
                row["received_at"]
                for row in world.rows("complaint")
                if row.get("case_id") and row["case_id"] == visit.row["case_id"]
            ),
        ]
        fails = options["case_fails"] and any(visit.end <= at <= visit.end + span for at in trouble)
        yield Part(
            row=visit.row,
            at=visit.row["arrived_at"],
            x=counts and not has_failed(visit, options) and not fails,
            n=counts,
        )


def contacts_per_resolution(world: World, options: Options) -> Iterator[Part]:
    span = timedelta(days=options["days"])
    issues: dict[tuple[object, ...], list[list[Visit]]] = {}
    for visit in episodes(world, options):
        chains = issues.setdefault(visit.key, [])
        if chains and visit.is_repeat:
            chains[-1].append(visit)
        else:
            chains.append([visit])
    for chains in issues.values():
        for chain in chains:
            anchor = chain[0]
            ends = [visit for visit in chain if not visit.is_followed]
            resolved = bool(ends) and ends[0].end + span <= world.watermark and not anchor.is_repeat
            resolved = resolved and is_known(world, anchor, options)
            for visit in chain:
                yield Part(row=visit.row, at=anchor.row["arrived_at"], x=resolved, n=resolved and visit is anchor)


def fcr_survey(world: World, options: Options) -> Iterator[Part]:
    if options["response_weighted"]:
        said: dict[str, dict[str, float]] = {}
        for row in world.rows("survey_answer"):
            said.setdefault(row["invite_id"], {})[row["question_key"]] = row["value"]
        whole = {one: told for one, told in said.items() if "solved" in told and "first_time" in told}
        yield from weighed(world, {one: bool(told["solved"] and told["first_time"]) for one, told in whole.items()})
        return
    for invite in world.rows("survey_invite"):
        answers = [row for row in world.rows("survey_answer") if row["invite_id"] == invite["invite_id"]]
        told = {row["question_key"]: row["value"] for row in answers}
        if answers:
            both = "solved" in told and "first_time" in told
            at = max(row["answered_at"] for row in answers)
            yield Part(row=invite, at=at, x=both and bool(told["solved"]) and bool(told["first_time"]), n=both)


def resolution_rate(world: World, options: Options) -> Iterator[Part]:
    span = timedelta(days=options["days"])
    for row in world.counted("case"):
        counts = row["opened_at"] + span <= world.watermark
        in_time = row["resolved_at"] is not None and row["resolved_at"] - row["opened_at"] <= span
        yield Part(row=row, at=row["opened_at"], x=counts and in_time, n=counts)


def backlog_days(world: World, options: Options) -> Iterator[Part]:
    now = world.until or world.watermark
    since = now - timedelta(days=options["over_days"])
    for row in world.counted("case"):
        done = row["resolved_at"]
        is_open = row["opened_at"] < now and (done is None or done >= now)
        is_done = done is not None and since <= done < now
        before = now - timedelta(microseconds=1)
        yield Part(row=row, at=before, x=is_open, n=is_done / options["over_days"])


def resolution_time(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("case"):
        end = row["resolved_at"] or world.watermark
        spent = (
            business(world, row["opened_at"], end) if options["clock"] == "business" else seconds(row["opened_at"], end)
        )
        yield Part(row=row, at=row["opened_at"], value=spent / 3600, happened=row["resolved_at"] is not None)


def customer_pending_time(world: World, _options: Options) -> Iterator[Part]:
    for row in world.counted("case"):
        if row["resolved_at"]:
            stood = paused(world, row, ["waiting"], row["resolved_at"])
            yield Part(row=row, at=row["opened_at"], x=stood / 3600, n=1)


def state_changes(rows: Sequence[Fact]) -> list[Fact]:
    """Changes of cases; where the state before is not told, it is the one that the case was left in."""
    found: list[Fact] = []
    left_in: dict[str, str] = {}
    for event in sorted(rows, key=lambda row: (row["at"], row["case_event_id"])):
        was = event["from_state"] or left_in.get(event["case_id"])
        is_back = was in ("solved", "closed") and event["to_state"] not in ("solved", "closed")
        found.append({**event, "from_state": was, "is_reopening": bool(event["is_reopening"]) or is_back})
        left_in[event["case_id"]] = event["to_state"]
    return found


def reopen_rate(world: World, options: Options) -> Iterator[Part]:
    span = timedelta(days=options["days"])
    cases = {row["case_id"]: row for row in world.counted("case")}
    changes = state_changes(world.counted("case_event"))
    for event in changes:
        if event["case_id"] not in cases:
            continue
        if event["to_state"] not in ("solved", "closed") or event["from_state"] in ("solved", "closed"):
            continue
        later = [
            other["at"]
            for other in changes
            if other["case_id"] == event["case_id"]
            and other["is_reopening"]
            and (other["at"], other["case_event_id"]) > (event["at"], event["case_event_id"])
        ]
        case = cases[event["case_id"]]
        if options["implicit"]:
            later += [
                other["opened_at"]
                for other in cases.values()
                if other["case_id"] != case["case_id"]
                and case["customer_id"]
                and case["reason_group"]
                and (other["customer_id"], other["reason_group"]) == (case["customer_id"], case["reason_group"])
                and other["opened_at"] >= event["at"]
            ]
        counts = event["at"] + span <= world.watermark
        undone = any(at - event["at"] <= span for at in later)
        yield Part(row=event, at=event["at"], x=counts and undone, n=counts)


def rework_rate(world: World, _options: Options) -> Iterator[Part]:
    for row in world.counted("case"):
        told = [event["is_rework"] for event in world.rows("case_event") if event["case_id"] == row["case_id"]]
        if row["resolved_at"]:
            yield Part(row=row, at=row["resolved_at"], x=any(told), n=any(one is not None for one in told))


def escalation_rate(world: World, options: Options) -> Iterator[Part]:
    if options["unit"] == "case":
        for row in world.counted("case"):
            told = [event["is_escalation"] for event in world.rows("case_event") if event["case_id"] == row["case_id"]]
            yield Part(row=row, at=row["opened_at"], x=any(told), n=any(one is not None for one in told))
        return
    for row in world.counted("contact"):
        told = [
            leg.get("is_escalation") for leg in world.rows("contact_segment") if leg["contact_id"] == row["contact_id"]
        ]
        known = row.get("disposition") is not None or any(one is not None for one in told)
        handled = row["outcome"] == "handled" and known
        yield Part(
            row=row, at=row["arrived_at"], x=handled and (row.get("disposition") == "escalated" or any(told)), n=handled
        )


def triage_accuracy(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("triage_prediction"):
        weight = 1 / row["inclusion_prob"] if row.get("inclusion_prob") else 0.0
        if row["aspect"] == options["aspect"] and row["is_final_verified"]:
            yield Part(row=row, at=row["at"], x=weight * (row["predicted"] == row.get("final")), n=weight)


def triage_recall(world: World, options: Options) -> Iterator[Part]:
    for part in triage_accuracy(world, options):
        if not options["classes"] or part.row.get("final") in options["classes"]:
            yield part


def audited(world: World, options: Options) -> Iterator[Part]:
    for part in triage_accuracy(world, options):
        if part.n > 0 and part.row.get("final") is not None:
            yield Part(row=part.row, at=part.at, n=part.n)


def macro_f1(_world: World, parts: Sequence[Part], _options: Options) -> float | None:
    scores = []
    for name in {part.row["final"] for part in parts} | {part.row["predicted"] for part in parts}:
        right = sum(part.n for part in parts if part.row["final"] == part.row["predicted"] == name)
        wrong = sum(part.n for part in parts if name in (part.row["final"], part.row["predicted"])) - right
        scores.append(2 * right / (2 * right + wrong))
    return sum(scores) / len(scores) if scores else None


def calibration(_world: World, parts: Sequence[Part], _options: Options) -> float | None:
    gaps: dict[int, float] = {}
    for part in parts:
        place = min(9, int(part.row["probability"] * 10))
        miss = part.n * ((part.row["predicted"] == part.row["final"]) - part.row["probability"])
        gaps[place] = gaps.get(place, 0.0) + miss
    whole = sum(part.n for part in parts)
    return sum(map(abs, gaps.values())) / whole if whole else None


def triage_override_rate(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("triage_prediction"):
        if row["aspect"] == options["aspect"] and row["final"] is not None:
            yield Part(row=row, at=row["at"], x=row["predicted"] != row["final"], n=1)


def misroute_rate(world: World, options: Options) -> Iterator[Part]:
    for part in triage_override_rate(world, options):
        contact = next((row for row in world.counted("contact") if row["contact_id"] == part.row["object_id"]), None)
        if contact is not None and contact["outcome"] == "handled":
            row = {**part.row, "contact_id": contact["contact_id"]}
            yield Part(row=row, at=part.at, x=bool(part.x) and contact["transfer_count"] > 0, n=1)


TWINS: dict[str, Twin] = {
    "fcr_issue": Twin(parts=fcr_issue),
    "fcr_contact": Twin(parts=fcr_contact),
    "fcr_survey": Twin(parts=fcr_survey),
    "contacts_per_resolution": Twin(parts=contacts_per_resolution),
    "resolution_rate": Twin(parts=resolution_rate),
    "resolution_time": Twin(
        parts=resolution_time,
        finish=lambda options: lambda world, parts, own: median_until(world, parts, own, float(options["share"])),
    ),
    "customer_pending_time": Twin(parts=customer_pending_time),
    "reopen_rate": Twin(parts=reopen_rate),
    "rework_rate": Twin(parts=rework_rate),
    "backlog_days": Twin(parts=backlog_days),
    "escalation_rate": Twin(parts=escalation_rate),
    "triage_accuracy": Twin(parts=triage_accuracy),
    "triage_recall": Twin(parts=triage_recall),
    "triage_macro_f1": Twin(parts=audited, finish=lambda _options: macro_f1),
    "triage_calibration_error": Twin(parts=audited, finish=lambda _options: calibration),
    "triage_override_rate": Twin(parts=triage_override_rate),
    "misroute_rate": Twin(parts=misroute_rate),
}
