"""Whether evaluators agree, and who is more severe (G06, G07)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

import ibis.expr.types as ir
import numpy as np

from careloop.insight.agreement.coefficients import Level, gwet_ac1, krippendorff_alpha
from careloop.insight.agreement.intraclass import intraclass
from careloop.insight.kpis.asking.columns import is_true, number
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.intervals import SEED
from careloop.insight.kpis.measures.kinds import Effects, Finished, Pooled
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Codes, Number, Options
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats, Ints
from careloop.insight.stats.bootstrap import REPLICATES

__all__ = ["EVALUATOR_AGREEMENT", "EVALUATOR_BIAS", "agreement"]

COEFFICIENT = Choice(
    name="coefficient",
    default="icc",
    choices=("icc", "alpha_score", "alpha_item", "ac1_item"),
    meaning=said(
        "ICC(2,1) of total scores over the largest set of contacts with the same evaluators; Krippendorff’s α of total scores; or "
        "α or Gwet’s AC1 of lines met or not",
        "같은 평가자들이 평가한 가장 큰 접촉 집합의 총점 ICC(2,1), 총점의 크리펜도르프 α, 또는 항목 충족 여부의 α나 그웻 AC1",
        "由同一组质检员评估的最大联络集总分的 ICC(2,1)；总分的 Krippendorff α；或各项达标与否的 α 或 Gwet AC1",
        "ICC(2,1) của tổng điểm trên tập liên hệ lớn nhất có cùng người đánh giá; α Krippendorff của tổng điểm; hoặc α hay AC1 "
        "Gwet của các mục đạt hay không",
    ),
)
ITEMS = Codes(
    name="items",
    meaning=said(
        "for lines: only these; all when empty",
        "항목일 때 이 항목만, 비우면 전체",
        "按项目时只计这些；留空为全部",
        "khi xét theo mục: chỉ các mục này; để trống là tất cả",
    ),
)
FEWEST = Number(
    name="fewest_contacts",
    default=30,
    least=2,
    meaning=said(
        "below so many contacts judged twice there is no number",
        "두 번 평가된 접촉이 이보다 적으면 수치를 내지 않음",
        "双评联络少于此数时不给出数值",
        "dưới số liên hệ được chấm hai lần này thì không có số",
    ),
)
NEEDS = {"evaluation": ("contact_id", "evaluator_id", "blind", "points", "max_points", "evaluated_at")}


def blind(facts: Facts) -> ir.Table:
    """Return evaluations by people who did not see other scores, with the share of points as `score`, 0 to 100."""
    rows = facts.counted("evaluation")
    rows = rows.filter(is_true(rows.blind), ~is_true(rows.is_automatic), is_true(number(rows, "max_points") > 0))
    return rows.mutate(score=100 * number(rows, "points") / number(rows, "max_points"))


def agreement(
    contacts: list[str], evaluators: list[str], units: list[str], scores: list[float], *, coefficient: str
) -> tuple[int, Callable[[Ints], float | None]]:
    """Lay ratings out: how many contacts were judged by two people or more, and the coefficient of a choice of them.

    units: what was rated, a contact or a line of it. The function takes the places of contacts, with repetition, as drawn.
    """
    rated: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for contact, who, unit, score in zip(contacts, evaluators, units, scores, strict=True):
        rated[contact][unit][who] = score
    twice = {
        contact: [given for given in of.values() if len(given) >= 2]
        for contact, of in sorted(rated.items())
        if any(len(given) >= 2 for given in of.values())
    }
    if coefficient == "icc":
        groups = Counter(tuple(sorted(given)) for several in twice.values() for given in several)
        group = min(groups, key=lambda names: (-groups[names], names), default=())
        tables = [
            np.array([[given[name] for name in group]])
            for several in twice.values()
            for given in several
            if tuple(sorted(given)) == group
        ]

        def correlation(places: Ints) -> float | None:
            found = intraclass(np.vstack([tables[place] for place in places]))
            return None if found is None or found.agreement is None else found.agreement.estimate

        return len(tables), correlation
    people = sorted({who for several in twice.values() for given in several for who in given})
    blocks = [
        np.array([[given.get(name, np.nan) for given in several] for name in people]) for several in twice.values()
    ]

    def chance_corrected(places: Ints) -> float | None:
        table = np.hstack([blocks[place] for place in places])
        if coefficient == "ac1_item":
            return gwet_ac1(table)
        return krippendorff_alpha(table, level=Level.INTERVAL if coefficient == "alpha_score" else Level.NOMINAL)

    return len(blocks), chance_corrected


def _finish(coefficient: str, fewest: float) -> Callable[[Mapping[str, list[object]], Floats], Finished]:
    def finish(values: Mapping[str, list[object]], _counts: Floats) -> Finished:
        names = {name: [str(value) for value in values[name]] for name in ("contact", "evaluator", "unit")}
        scores = [float(str(value)) for value in values["score"]]
        n, read = agreement(names["contact"], names["evaluator"], names["unit"], scores, coefficient=coefficient)
        found = read(np.arange(n)) if n >= max(2, fewest) else None
        if found is None:
            return Finished(value=None, n=n)
        random = np.random.default_rng(SEED)
        drawn = [read(random.integers(0, n, size=n)) for _replicate in range(REPLICATES)]
        known = [value for value in drawn if value is not None]
        if 2 * len(known) < REPLICATES:
            return Finished(value=found, n=n)
        low, high = np.quantile(known, [0.025, 0.975])
        return Finished(value=found, low=float(low), high=float(high), n=n)

    return finish


def evaluator_agreement(facts: Facts, options: Options) -> Pooled:
    """A coefficient of agreement on contacts that several people judged blind."""
    rows, coefficient = blind(facts), options.choice("coefficient")
    unit, score = rows.contact_id, number(rows, "score")
    if coefficient.endswith("_item"):
        items = facts["evaluation_item"].select("evaluation_id", "item_id", "applicable", "met")
        items = items.filter(is_true(items.applicable), items.met.notnull())
        if asked := options.codes("items"):
            items = items.filter(items.item_id.isin(asked))
        rows = rows.inner_join(items, "evaluation_id")
        unit, score = rows.item_id, is_true(rows.met).ifelse(1.0, 0.0)
    return Pooled(
        rows=rows,
        values={"contact": rows.contact_id, "evaluator": rows.evaluator_id, "unit": unit, "score": score},
        at="evaluated_at",
        finish=_finish(coefficient, options.number("fewest_contacts")),
        method="B",
    )


def evaluator_bias(facts: Facts, _options: Options) -> Effects:
    """How far each evaluator lies above or below all, on the same contacts; as a whole, the one who lies farthest."""
    rows = blind(facts)
    return Effects(
        rows=rows,
        unit="contact_id",
        rater="evaluator_id",
        value=number(rows, "score"),
        at="evaluated_at",
        by="evaluator",
    )


EVALUATOR_AGREEMENT = Metric(
    id="evaluator_agreement",
    code="G06",
    name=said("Evaluator agreement", "평가자 간 일치도", "质检员一致性", "Mức nhất trí giữa người đánh giá"),
    numerator=said(
        "coefficient of agreement on contacts judged blind by two people or more",
        "두 명 이상이 독립적으로 평가한 접촉의 일치 계수",
        "由两人及以上盲评的联络的一致性系数",
        "hệ số nhất trí trên liên hệ được hai người trở lên chấm độc lập",
    ),
    symbols="ICC(2,1), α, AC1",
    unit=Unit.INDEX,
    direction=Direction.HIGHER,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    also_needs=lambda options: (
        {"evaluation_item": ("item_id", "applicable", "met")} if options.choice("coefficient").endswith("_item") else {}
    ),
    measure=evaluator_agreement,
    options=(COEFFICIENT, ITEMS, FEWEST),
    gaming=said("Score together.", "함께 채점하기.", "一起打分。", "Chấm điểm cùng nhau."),
    pairs=("evaluator_bias", "qa_csat_alignment"),
    checks=(
        "blind_share",
        "judged_at_once",
        "copied_scores",
        "identical_comments",
    ),
    source="S3 consistent standard; COPC calibration",
)

EVALUATOR_BIAS = Metric(
    id="evaluator_bias",
    code="G07",
    name=said("Evaluator severity bias", "평가자 편향", "质检员偏差", "Độ lệch nghiêm khắc của người đánh giá"),
    numerator=said(
        "effect of the evaluator less the mean of all, from contacts judged by several",
        "여러 명이 평가한 접촉에서 본 평가자 효과 − 전체 평균",
        "由多人评估的联络得出的质检员效应减总体均值",
        "hiệu ứng của người đánh giá trừ trung bình chung, từ các liên hệ nhiều người chấm",
    ),
    symbols="y = contact + evaluator + ε, Σ evaluator = 0",
    unit=Unit.POINTS,
    direction=Direction.BAND,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.MODEL,
    needs=NEEDS,
    measure=evaluator_bias,
    gaming=said(
        "Copy a colleague’s score in calibration.",
        "보정 때 동료의 점수를 베끼기.",
        "校准时抄同事的分。",
        "Chép điểm của đồng nghiệp khi hiệu chuẩn.",
    ),
    pairs=("evaluator_agreement",),
    checks=(
        "blind_share",
        "judged_at_once",
        "copied_scores",
        "identical_comments",
    ),
    source="S3",
)
