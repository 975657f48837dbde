"""Twins of family G."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations
from statistics import mean, median
from typing import Any

import numpy as np

from careloop.insight.kpis.catalogue.episode_options import OPTIONS as FCR_OPTIONS
from tests.insight.kpis.twins.base import Finish, Options, Part, Twin, extreme, quantile
from tests.insight.kpis.twins.complaints import scaled
from tests.insight.kpis.twins.resolution import episodes
from tests.insight.kpis.worlds import Fact, World

__all__ = ["TWINS", "items", "pulse", "pulse_share", "weight"]

HOUR = timedelta(hours=1)


def weight(world: World, row: Fact, options: Options) -> float:
    """1 over the chance of being drawn, at most ten times the median of the four weeks."""

    def plain(one: Fact) -> float:
        meant = one["sample_kind"] in ("random", "risk") and one["is_automatic"] == (options["judge"] == "automatic")
        return 1 / one["inclusion_prob"] if meant and one["inclusion_prob"] else 0.0

    def weeks(one: Fact) -> int:
        return int((one["evaluated_at"] - datetime(1970, 1, 5, tzinfo=UTC)) / timedelta(weeks=4))

    of_weeks = [plain(one) for one in world.counted("evaluation") if plain(one) and weeks(one) == weeks(row)]
    return min(plain(row), 10 * median(of_weeks)) if plain(row) else 0.0


def items(world: World) -> Iterator[tuple[Fact, Fact]]:
    """Each line of a form with its evaluation."""
    for evaluation in world.counted("evaluation"):
        for row in world.rows("evaluation_item"):
            if row["evaluation_id"] == evaluation["evaluation_id"]:
                yield row, {**evaluation, **row}


def qa_score(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("evaluation"):
        w = weight(world, row, options)
        failed = row["critical_customer"] or row["critical_business"] or row["critical_compliance"]
        points = 0.0 if options["auto_zero"] and failed else row["points"]
        yield Part(row=row, at=row["evaluated_at"], x=w * points, n=w * row["max_points"])


def qa_pass_rate(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("evaluation"):
        w = weight(world, row, options)
        yield Part(row=row, at=row["evaluated_at"], x=w * row["passed"], n=w)


def critical_error_rate(world: World, options: Options) -> Iterator[Part]:
    for row in world.counted("evaluation"):
        w = weight(world, row, options)
        yield Part(row=row, at=row["evaluated_at"], x=w * row[f"critical_{options['class']}"], n=w)


def noncritical_error_rate(world: World, options: Options) -> Iterator[Part]:
    for item, row in items(world):
        asked = not options["items"] or item["item_id"] in options["items"]
        if (
            asked
            and item["applicable"]
            and item["met"] is not None
            and not (item["severity"] or "").startswith("critical")
        ):
            w = weight(world, row, options)
            yield Part(row=row, at=row["evaluated_at"], x=w * (not item["met"]), n=w)


def escalation_justified_share(world: World, options: Options) -> Iterator[Part]:
    raised = {leg["contact_id"] for leg in world.counted("contact_segment") if leg.get("is_escalation")}
    raised |= {row["contact_id"] for row in world.counted("contact") if row.get("disposition") == "escalated"}
    for item, row in items(world):
        judged = item["item_id"] in options["items"] and item["applicable"] and item["met"] is not None
        if judged and row["contact_id"] in raised:
            w = weight(world, row, options)
            yield Part(row=row, at=row["evaluated_at"], x=w * item["met"], n=w)


def qa_coverage(world: World, options: Options) -> Iterator[Part]:
    seen = {
        (row["contact_id"], row["agent_id"])
        for row in world.counted("evaluation")
        if row["is_automatic"] == (options["judge"] == "automatic")
    }
    for row in world.counted("contact_segment"):
        if row["exit"] == "answered":
            yield Part(row=row, at=row["queued_at"], x=(row["contact_id"], row["agent_id"]) in seen, n=1)


def blind(world: World) -> Iterator[tuple[Fact, float]]:
    for row in world.counted("evaluation"):
        if row["blind"] and not row["is_automatic"] and row["max_points"] > 0:
            yield row, 100 * row["points"] / row["max_points"]


def judged(world: World, options: Options) -> Iterator[Part]:
    for row, score in blind(world):
        if not options["coefficient"].endswith("_item"):
            yield Part(row=row, at=row["evaluated_at"], value=score, key=(row["contact_id"], "", row["evaluator_id"]))
            continue
        for item, whole in items(world):
            asked = not options["items"] or item["item_id"] in options["items"]
            if (
                item["evaluation_id"] == row["evaluation_id"]
                and asked
                and item["applicable"]
                and item["met"] is not None
            ):
                key = (row["contact_id"], item["item_id"], row["evaluator_id"])
                yield Part(row=whole, at=row["evaluated_at"], value=float(item["met"]), key=key)


def agreement(_world: World, parts: Sequence[Part], options: Options) -> float | None:
    ratings: dict[Any, dict[Any, float]] = {}
    # Who judged a contact twice is heard once, the last time: rows come sorted by their values.
    for part in sorted(parts, key=lambda part: (part.key, part.value)):
        assert isinstance(part.key, tuple)
        ratings.setdefault(part.key[:2], {})[part.key[2]] = part.value or 0.0
    twice = {unit: given for unit, given in ratings.items() if len(given) >= 2}
    contacts = {contact for contact, _item in twice}
    if options["coefficient"] == "icc":
        groups = Counter(tuple(sorted(given)) for given in twice.values())
        group = min(groups, key=lambda names: (-groups[names], names), default=())
        lines = [[given[name] for name in group] for given in twice.values() if tuple(sorted(given)) == group]
        return intraclass(lines) if len(lines) >= max(2, options["fewest_contacts"]) else None
    if len(contacts) < max(2, options["fewest_contacts"]):
        return None
    if options["coefficient"] == "ac1_item":
        return first_coefficient(twice)
    nominal = options["coefficient"] == "alpha_item"
    return alpha(twice, nominal=nominal)


def intraclass(lines: list[list[float]]) -> float | None:
    table = np.array(lines)
    n, k = table.shape
    rows, columns, middle = table.mean(axis=1), table.mean(axis=0), table.mean()
    msr = k * ((rows - middle) ** 2).sum() / (n - 1)
    msc = n * ((columns - middle) ** 2).sum() / (k - 1)
    mse = ((table - rows[:, None] - columns + middle) ** 2).sum() / ((n - 1) * (k - 1))
    below = msr + (k - 1) * mse + k * (msc - mse) / n
    return float((msr - mse) / below) if below > 0 else None


def alpha(twice: Mapping[Any, Mapping[Any, float]], *, nominal: bool) -> float | None:
    def apart(a: float, b: float) -> float:
        return float(a != b) if nominal else (a - b) ** 2

    every = [value for given in twice.values() for value in given.values()]
    n = len(every)
    observed = sum(
        sum(apart(a, b) for a, b in permutations(given.values(), 2)) / (len(given) - 1) for given in twice.values()
    )
    expected = sum(apart(a, b) for a, b in permutations(every, 2)) / (n - 1)
    return 1 - observed / expected if expected else None


def first_coefficient(twice: Mapping[Any, Mapping[Any, float]]) -> float | None:
    if len({value for given in twice.values() for value in given.values()}) < 2:
        return None
    agreed = mean(mean(a == b for a, b in combinations(given.values(), 2)) for given in twice.values())
    share = mean(mean(given.values()) for given in twice.values())
    chance = 2 * share * (1 - share)
    return (agreed - chance) / (1 - chance)


def scored(world: World, _options: Options) -> Iterator[Part]:
    for row, score in blind(world):
        yield Part(row=row, at=row["evaluated_at"], value=score, key=(row["contact_id"], row["evaluator_id"]))


def farthest(_world: World, parts: Sequence[Part], _options: Options) -> float | None:
    """Least squares on dummies for contacts and evaluators."""
    rows = [(part.key[0], part.key[1], part.value or 0.0) for part in parts if isinstance(part.key, tuple)]
    shared = {contact for contact, _who, _y in rows if len({who for c, who, _y in rows if c == contact}) >= 2}
    rows = [row for row in rows if row[0] in shared]
    contacts, people = (sorted({row[place] for row in rows}) for place in (0, 1))
    if len(people) < 2:
        return None
    design = np.array([[float(row[0] == c) for c in contacts] + [float(row[1] == p) for p in people] for row in rows])
    if np.linalg.matrix_rank(design) < len(contacts) + len(people) - 1:
        return None
    effects = np.linalg.lstsq(design, np.array([row[2] for row in rows]), rcond=None)[0][len(contacts) :]
    effects = effects - effects.mean()
    return float(max(abs(effects)))


def dispute_rate(world: World, _options: Options) -> Iterator[Part]:
    disputed = {row["evaluation_id"] for row in world.rows("dispute")}
    for row in world.counted("evaluation"):
        if row["published_at"]:
            yield Part(row=row, at=row["published_at"], x=row["evaluation_id"] in disputed, n=1)


def overturn_rate(world: World, _options: Options) -> Iterator[Part]:
    for row in world.rows("dispute"):
        evaluation = next((e for e in world.counted("evaluation") if e["evaluation_id"] == row["evaluation_id"]), None)
        if evaluation and row["decided_at"]:
            yield Part(row={**evaluation, **row}, at=row["decided_at"], x=bool(row["changed"]), n=1)


def feedback_loop(world: World, options: Options) -> Iterator[Part]:
    span = timedelta(days=options["target_days"])
    for item, row in items(world):
        if item["applicable"] and item["met"] is False and row["published_at"]:
            limit = row["published_at"] + span
            issue = (
                world.find("procedure_issue", issue_id=item["procedure_issue_id"]) if item["procedure_issue_id"] else {}
            )
            closed = row["acknowledged_at"] is not None and row["acknowledged_at"] <= limit
            if item["deviation_cause"] == "procedure_unfit":
                closed = closed and issue.get("answered_at") is not None and issue["answered_at"] <= limit
            due = closed or limit <= world.watermark
            yield Part(row=row, at=row["published_at"], x=closed, n=due)


def feedback_time(world: World, _options: Options) -> Iterator[Part]:
    for row in world.counted("evaluation"):
        if row["acknowledged_at"]:
            yield Part(row=row, at=row["evaluated_at"], value=(row["acknowledged_at"] - row["evaluated_at"]) / HOUR)


def reoffence_rate(world: World, options: Options) -> Iterator[Part]:
    lines = []
    for row in world.rows("evaluation_item"):
        judged = next(
            (one for one in world.counted("evaluation") if one["evaluation_id"] == row["evaluation_id"]), None
        )
        if judged is not None and row["applicable"] and row["met"] is not None:
            lines.append((row, judged))
    for row, judged in lines:
        if row["met"] or judged["acknowledged_at"] is None:
            continue
        read = judged["acknowledged_at"]
        later = sorted(
            (other["evaluated_at"], other["evaluation_id"], not line["met"])
            for line, other in lines
            if (line["item_id"], other["agent_id"]) == (row["item_id"], judged["agent_id"])
            and timedelta() < other["evaluated_at"] - read <= timedelta(days=options["within_days"])
        )
        if later:
            yield Part(row=judged, at=read, x=later[0][2], n=1)


def pairs(world: World, options: Options) -> Iterator[Part]:
    together: dict[tuple[str, str], list[Fact]] = {}
    solved: dict[str, list[float]] = {}
    if options["with"] == "fcr":
        for visit in episodes(world, {option.name: option.default for option in FCR_OPTIONS}):
            if visit.end + timedelta(days=7) <= world.watermark:
                solved[visit.row["contact_id"]] = [float(not visit.is_followed)]
    for row in world.counted("evaluation"):
        if not row["is_automatic"] and row["max_points"] > 0:
            together.setdefault((row["contact_id"], row["agent_id"]), []).append(row)
    for (contact, agent), rows in together.items():
        invites = {row["invite_id"] for row in world.counted("survey_invite") if row["contact_id"] == contact}
        said = [
            row["value"]
            for row in world.rows("survey_answer")
            if row["invite_id"] in invites and row["question_key"] == options["with"]
        ]
        if options["with"] == "fcr":
            said = solved.get(contact, [])
        if said:
            score = mean(row["points"] / row["max_points"] for row in rows)
            at = max(row["evaluated_at"] for row in rows)
            yield Part(row={"contact_id": contact, "agent_id": agent}, at=at, key=(agent, score, mean(said)))


def ranks(values: list[float]) -> list[float]:
    return [
        sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2 for value in values
    ]


def spearman(_world: World, parts: Sequence[Part], options: Options) -> float | None:
    rows = [part.key for part in parts if isinstance(part.key, tuple)]
    several = [row for row in rows if sum(other[0] == row[0] for other in rows) >= 2]
    if len(several) < options["fewest_pairs"]:
        return None

    def centered(place: int) -> list[float]:
        means = {row[0]: mean(other[place] for other in several if other[0] == row[0]) for row in several}
        return ranks([round(row[place] - means[row[0]], 9) for row in several])

    one, two = centered(1), centered(2)
    if len(set(one)) < 2 or len(set(two)) < 2:
        return None
    found = float(np.corrcoef(one, two)[0, 1]) / math.sqrt(options["reliability"])
    return min(1.0, max(-1.0, found))


def pulse(world: World, key: str) -> Iterator[tuple[Fact, Any]]:
    for row in world.rows("pulse_answer"):
        if row["question_key"] == key:
            yield row, world.find("pulse_wave", wave=row["wave"], team_id=row["team_id"])["closed_at"]


def pulse_share(key: str) -> Twin:
    def parts(world: World, options: Options) -> Iterator[Part]:
        for row, at in pulse(world, key):
            if row["scale_max"] == options["scale_max"] and row["scale_min"] <= row["value"] <= row["scale_max"]:
                yield Part(row=row, at=at, x=row["value"] > options["scale_max"] - options["top_boxes"], n=1)

    return Twin(parts=parts)


def _quantile(options: Options) -> Finish:
    return quantile(float(options["q"]))


TWINS: dict[str, Twin] = {
    "qa_score": Twin(parts=qa_score, finish=lambda _options: scaled(100)),
    "qa_pass_rate": Twin(parts=qa_pass_rate),
    "critical_error_rate": Twin(parts=critical_error_rate),
    "noncritical_error_rate": Twin(parts=noncritical_error_rate),
    "escalation_justified_share": Twin(parts=escalation_justified_share),
    "qa_coverage": Twin(parts=qa_coverage, finish=extreme),
    "evaluator_agreement": Twin(parts=judged, finish=lambda _options: agreement),
    "evaluator_bias": Twin(parts=scored, finish=lambda _options: farthest),
    "dispute_rate": Twin(parts=dispute_rate),
    "dispute_overturn_rate": Twin(parts=overturn_rate),
    "feedback_loop": Twin(parts=feedback_loop),
    "reoffence_rate": Twin(parts=reoffence_rate),
    "feedback_time": Twin(parts=feedback_time, finish=_quantile),
    "qa_csat_alignment": Twin(parts=pairs, finish=lambda _options: spearman),
    "standard_acceptance": pulse_share("standard_fair"),
}
