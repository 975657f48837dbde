"""Twins of family D."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import mean, variance

from tests.insight.kpis.twins.base import Options, Part, Twin, extreme, quantile
from tests.insight.kpis.twins.responding import is_drawn, might_be_asked, weighed
from tests.insight.kpis.worlds import Fact, World

__all__ = ["TWINS"]

DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")


def answers(world: World, key: str) -> Iterator[Fact]:
    invites = {row["invite_id"]: row for row in world.counted("survey_invite")}
    for row in world.rows("survey_answer"):
        if row["question_key"] == key and row["invite_id"] in invites:
            yield {**invites[row["invite_id"]], **row}


def is_valid(row: Fact, options: Options) -> bool:
    if row["scale_max"] != options["scale_max"] or not row["scale_min"] <= row["value"] <= row["scale_max"]:
        return False
    if row["wording_id"] in options.get("reversed_wordings", ()):
        return False
    return not options["wordings"] or row["wording_id"] in options["wordings"]


def top(key: str) -> Twin:
    def parts(world: World, options: Options) -> Iterator[Part]:
        valid = [row for row in answers(world, key) if is_valid(row, options)]
        is_top = {row["invite_id"]: row["value"] > options["scale_max"] - options["top_boxes"] for row in valid}
        if options["weighted"] == "response":
            yield from weighed(world, is_top)
            return
        for row in valid:
            weight = 1.0
            if options["weighted"] == "on":
                weight = 1 / row["inclusion_prob"] if row["inclusion_prob"] else 0.0
            yield Part(row=row, at=row["answered_at"], x=weight * is_top[row["invite_id"]], n=weight)

    return Twin(parts=parts)


def complaint_handling_csat(world: World, options: Options) -> Iterator[Part]:
    known = {row["case_id"] for row in world.counted("complaint") if row["case_id"]}
    for row in answers(world, "csat"):
        if row["case_id"] in known and is_valid(row, options):
            is_top = row["value"] > options["scale_max"] - options["top_boxes"]
            yield Part(row=row, at=row["answered_at"], x=is_top, n=1)


def average(key: str) -> Twin:
    def parts(world: World, options: Options) -> Iterator[Part]:
        valid = [row for row in answers(world, key) if is_valid(row, options)]
        if options["response_weighted"]:
            yield from weighed(world, {row["invite_id"]: row["value"] for row in valid})
            return
        for row in valid:
            yield Part(row=row, at=row["answered_at"], x=row["value"], n=1)

    return Twin(parts=parts)


def nps(world: World, options: Options) -> Iterator[Part]:
    worths: dict[str, float] = {}
    for row in answers(world, "nps"):
        asked = row["is_transactional"] == (options["kind"] == "transactional")
        worded = not options["wordings"] or row["wording_id"] in options["wordings"]
        if asked and worded and row["scale_max"] == 10 and 0 <= row["value"] <= 10:
            worth = 100 if row["value"] >= 9 else -100 if row["value"] <= 6 else 0
            worths[row["invite_id"]] = worth
            if not options["response_weighted"]:
                yield Part(row=row, at=row["answered_at"], x=worth, n=1)
    if options["response_weighted"]:
        yield from weighed(world, worths)


def survey_response_rate(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("survey_invite"):
        keyed = any(
            answer["invite_id"] == row["invite_id"] and answer["question_key"] in options["key_items"]
            for answer in world.rows("survey_answer")
        )
        if row["delivered"] and row["eligible"] and row["sent_at"]:
            yield Part(row=row, at=row["sent_at"], x=bool(row["completed_at"] or keyed), n=1)


def survey_coverage(world: World, _options: Options) -> Iterator[Part]:
    for row in world.counted("survey_invite"):
        if row["eligible"]:
            yield Part(row=row, at=row["decided_at"], x=bool(row["inclusion_prob"]), n=1)


def sent(world: World) -> list[Fact]:
    rows = [row for row in world.counted("survey_invite") if row["sent_at"]]
    return sorted(rows, key=lambda row: (row["sent_at"], row["invite_id"]))


def over_contact_rate(world: World, options: Options) -> Iterator[Part]:
    rows = sent(world)
    for place, row in enumerate(rows):
        before = [other["sent_at"] for other in rows[:place] if other["customer_id"] == row["customer_id"]]
        most = int(options["most"])
        many = len(before) >= most and row["sent_at"] - before[-most] < timedelta(days=options["window_days"])
        soon = bool(before) and row["sent_at"] - before[-1] < timedelta(days=options["gap_days"])
        answered = [
            other["completed_at"]
            for other in world.counted("survey_invite")
            if other["completed_at"] and other["customer_id"] == row["customer_id"]
        ]
        gap = timedelta(days=options["answer_gap_days"])
        tired = any(timedelta() <= row["sent_at"] - at < gap for at in answered)
        angry = options["during_complaint"] and any(
            complaint["customer_id"] == row["customer_id"]
            and complaint["received_at"] <= row["sent_at"]
            and (complaint["resolved_at"] is None or complaint["resolved_at"] > row["sent_at"])
            for complaint in world.counted("complaint")
        )
        yield Part(row=row, at=row["sent_at"], happened=many or soon or tired or angry, key=row["customer_id"])


def survey_opt_out_rate(world: World, _options: Options) -> Iterator[Part]:
    for row in world.counted("survey_invite"):
        if row["sent_at"] or row["suppressed_reason"]:
            happened = row["suppressed_reason"] == "opted_out"
            yield Part(row=row, at=row["decided_at"], happened=happened, key=row["customer_id"])


def keys_with(_world: World, parts: Sequence[Part], _options: Options) -> float | None:
    keys = {part.key for part in parts if part.key is not None}
    return len({part.key for part in parts if part.happened}) / len(keys) if keys else None


def invites_per_customer_p95(world: World, options: Options) -> Iterator[Part]:
    span = timedelta(days=options["window_days"])
    for row in sent(world):
        ages = [
            row["sent_at"] - other["sent_at"] for other in sent(world) if other["customer_id"] == row["customer_id"]
        ]
        yield Part(row=row, at=row["sent_at"], value=sum(timedelta() <= age < span for age in ages))


def survey_breakoff(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("survey_invite"):
        if row["started_at"]:
            given = sum(answer["invite_id"] == row["invite_id"] for answer in world.rows("survey_answer"))
            here = not options["position"] or given == options["position"] - 1
            yield Part(row=row, at=row["started_at"], x=row["completed_at"] is None and here, n=1)


def closed_loop_rate(world: World, options: Options) -> Iterator[Part]:
    for row in answers(world, "csat"):
        if is_valid(row, options) and row["value"] <= options["low"] and row["consented_to_contact"]:
            end = row["answered_at"] + timedelta(hours=options["within_h"])
            called = [
                call
                for call in world.rows("follow_up")
                if call["invite_id"] == row["invite_id"] and call["contact_id"] and call["outcome"]
            ]
            yield Part(row=row, at=row["answered_at"], x=any(row["answered_at"] <= c["at"] <= end for c in called), n=1)


def respondents(world: World) -> dict[str, dict[tuple[bool, str], list[Fact]]]:
    """Answers from 1 to 7 to the items, by respondent, then by kind and dimension."""
    found: dict[str, dict[tuple[bool, str], list[Fact]]] = {}
    invites = {row["invite_id"]: row for row in world.counted("survey_invite")}
    for row in world.rows("survey_answer"):
        words = row["question_key"].split("_")
        if words[0] == "servperf" and row["scale_max"] == 7 and row["invite_id"] in invites:
            kind = (words[1] == "expected", words[-2])
            found.setdefault(row["invite_id"], {}).setdefault(kind, []).append({**invites[row["invite_id"]], **row})
    return found


def servperf(world: World, options: Options) -> Iterator[Part]:
    for parts in respondents(world).values():
        sides = (False,) if options["score"] == "perception" else (False, True)
        meant = {kind: rows for kind, rows in parts.items() if kind[0] in sides}
        if len(meant) == 5 * len(sides):
            means = {kind: mean(row["value"] for row in rows) for kind, rows in meant.items()}
            weights = {kind: options[f"weight_{kind[1]}"] for kind in means}
            whole = sum(weights[kind] for kind in means if not kind[0])
            if not whole:
                continue
            score = sum((-value if kind[0] else value) * weights[kind] for kind, value in means.items()) / whole
            rows = [row for several in meant.values() for row in several]
            last = max(row["answered_at"] for row in rows)
            yield Part(row=rows[0], at=last, x=score, n=1)


def servperf_items(world: World, _options: Options) -> Iterator[Part]:
    for parts in respondents(world).values():
        for (expected, _part), rows in parts.items():
            for row in rows:
                if not expected:
                    yield Part(
                        row=row, at=row["answered_at"], value=row["value"], key=(row["invite_id"], row["question_key"])
                    )


def alpha(_world: World, parts: Sequence[Part], options: Options) -> float | None:
    given = {part.key: part.value for part in parts}
    people, items = ({key[place] for key in given if isinstance(key, tuple)} for place in (0, 1))
    table = [
        [given[(who, item)] for item in sorted(items)]
        for who in sorted(people)
        if all((who, i) in given for i in items)
    ]
    if len(table) < 3 or len(items) < 2 or options["coefficient"] == "omega":
        return None
    scores = [[value or 0.0 for value in line] for line in table]
    whole = variance(sum(line) for line in scores)
    parts_of = sum(variance(column) for column in zip(*scores, strict=True))
    return len(items) / (len(items) - 1) * (1 - parts_of / whole) if whole else None


def mystery_fulfilment(world: World, options: Options) -> Iterator[Part]:
    rows = [
        row
        for row in world.rows("mystery_item")
        if row["applicable"] and (not options["stages"] or row["stage"] in options["stages"])
    ]
    if options["level"] == "item":
        for row in rows:
            yield Part(row=row, at=row["visited_at"], x=bool(row["met"]), n=1)
        return
    for visit in {row["visit_id"] for row in rows}:
        items = [row for row in rows if row["visit_id"] == visit]
        yield Part(row=items[0], at=items[0]["visited_at"], x=all(row["met"] for row in items), n=1)


def journey_completion(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("journey"):
        if not options["kinds"] or row["kind"] in options["kinds"]:
            end = row["started_at"] + timedelta(days=options["within_days"])
            reached = row["goal_reached_at"] is not None and row["goal_reached_at"] <= end
            yield Part(row=row, at=row["started_at"], x=reached and not row["is_rescued"], n=1)


def journey_dropoff(world: World, options: Options) -> Iterator[Part]:
    for row in world.rows("journey"):
        end = row["started_at"] + timedelta(days=options["within_days"])
        if (not options["kinds"] or row["kind"] in options["kinds"]) and end <= world.watermark:
            lost = row["goal_reached_at"] is None or row["goal_reached_at"] > end
            at_step = not options["steps"] or row["last_step"] in options["steps"]
            yield Part(row=row, at=row["started_at"], x=lost and at_step, n=1)


def survey_representativeness(world: World, options: Options) -> Iterator[Part]:
    for row in might_be_asked(world):
        if is_drawn(row):
            yield Part(row=row, at=row["decided_at"], x=1, n=1)


TWINS: dict[str, Twin] = {
    "survey_representativeness": Twin(parts=survey_representativeness),
    "csat": top("csat"),
    "csat_mean": average("csat"),
    "agent_csat": top("agent_csat"),
    "nps": Twin(parts=nps),
    "ces": average("ces"),
    "ces_top2": top("ces"),
    "survey_response_rate": Twin(parts=survey_response_rate),
    "survey_coverage": Twin(parts=survey_coverage, finish=extreme),
    "over_contact_rate": Twin(parts=over_contact_rate, finish=lambda _options: keys_with),
    "invites_per_customer_p95": Twin(parts=invites_per_customer_p95, finish=lambda _options: quantile(0.95)),
    "survey_opt_out_rate": Twin(parts=survey_opt_out_rate, finish=lambda _options: keys_with),
    "complaint_handling_csat": Twin(parts=complaint_handling_csat),
    "survey_breakoff": Twin(parts=survey_breakoff),
    "closed_loop_rate": Twin(parts=closed_loop_rate),
    "servperf": Twin(parts=servperf),
    "servperf_alpha": Twin(parts=servperf_items, finish=lambda _options: alpha),
    "mystery_fulfilment": Twin(parts=mystery_fulfilment),
    "journey_completion": Twin(parts=journey_completion),
    "journey_dropoff": Twin(parts=journey_dropoff),
}
