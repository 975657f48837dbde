"""Whether what evaluators look for is what customers feel (G10)."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import ibis.expr.types as ir
import numpy as np
import scipy

from careloop.insight.kpis.asking.columns import is_true, number
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.episode_options import OPTIONS as FCR_OPTIONS
from careloop.insight.kpis.catalogue.episodes import NEEDS as FCR_NEEDS
from careloop.insight.kpis.catalogue.episodes import episodes
from careloop.insight.kpis.intervals import SEED
from careloop.insight.kpis.measures.kinds import Finished, Pooled
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Choice, Number, Options, chosen
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.bootstrap import REPLICATES

__all__ = ["QA_CSAT_ALIGNMENT", "within_agents"]

CHUNK = 4_000_000

WITH = Choice(
    name="with",
    default="csat",
    choices=("csat", "agent_csat", "solved", "fcr"),
    meaning=said(
        "which answer of the customer about the same contact; or whether another contact about the same followed it",
        "같은 접촉에 대한 고객의 어느 응답, 또는 같은 문의의 재인입이 뒤따르지 않았는지(fcr)",
        "客户对同一联络的哪个回答，或其后是否没有同一问题的再次联络（fcr）",
        "câu trả lời nào của khách về cùng liên hệ, hoặc sau đó có không bị liên hệ lại cùng vấn đề (fcr)",
    ),
)
RELIABILITY = Number(
    name="reliability",
    default=1,
    least=0.05,
    most=1,
    meaning=said(
        "reliability of the score, such as the agreement of evaluators by ICC(2,1): the correlation is divided by its root; "
        "1 leaves it as it is",
        "점수의 신뢰도(예: 평가자 간 일치도의 ICC(2,1)). 상관을 그 제곱근으로 나눔, 1이면 그대로",
        "得分的信度，如质检员一致性的 ICC(2,1)；相关系数除以其平方根，1 表示不校正",
        "độ tin cậy của điểm, như mức nhất trí giữa người đánh giá theo ICC(2,1): tương quan chia cho căn của nó; 1 là giữ nguyên",
    ),
)
FEWEST = Number(
    name="fewest_pairs",
    default=100,
    least=4,
    meaning=said(
        "below so many pairs there is no number",
        "쌍이 이보다 적으면 수치를 내지 않음",
        "配对少于此数时不给出数值",
        "dưới số cặp này thì không có số",
    ),
)


def within_agents(agents: list[str], scores: Floats, answers: Floats) -> tuple[Floats, Floats]:
    """Take each agent's mean off both, so that agents only compare with themselves; who has one pair says nothing."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, agent in enumerate(agents):
        places[agent].append(place)
    kept = sorted(place for own in places.values() if len(own) >= 2 for place in own)
    centered = [np.array(values, dtype=np.float64) for values in (scores, answers)]
    for own in places.values():
        for values in centered:
            values[own] -= values[own].mean()
    # What is equal but for rounding has to tie in the ranks.
    return np.round(centered[0][kept], 9), np.round(centered[1][kept], 9)


def _correlations(first: Floats, second: Floats) -> Floats:
    """Return Spearman's correlation of each line: (m,) from (m, n) and (m, n); NaN where one side does not differ."""
    one, two = scipy.stats.rankdata(first, axis=1), scipy.stats.rankdata(second, axis=1)
    one, two = one - one.mean(axis=1, keepdims=True), two - two.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (one * two).sum(axis=1) / np.sqrt(np.square(one).sum(axis=1) * np.square(two).sum(axis=1))
    return np.asarray(found, dtype=np.float64)


def qa_csat_alignment(facts: Facts, options: Options) -> Pooled:
    """Rank correlation, within agents, of scores by people with what customers said of the same contacts."""
    rows = facts.counted("evaluation")
    rows = rows.filter(~is_true(rows.is_automatic), is_true(number(rows, "max_points") > 0))
    rows = rows.mutate(score=number(rows, "points") / number(rows, "max_points"))
    rows = rows.group_by(["contact_id", "agent_id"]).aggregate(
        score=rows.score.mean(),
        evaluated_at_us=rows.evaluated_at_us.max(),
        evaluated_at_slot=rows.evaluated_at_slot.max(),
    )
    given = _followed(facts) if options.choice("with") == "fcr" else _answered(facts, options.choice("with"))
    rows = rows.inner_join(given, rows.contact_id == given.asked_about)
    fewest, root = options.number("fewest_pairs"), math.sqrt(options.number("reliability"))

    def finish(values: Mapping[str, list[object]], counts: Floats) -> Finished:
        repeated = np.repeat(np.arange(len(counts)), counts.astype(np.int64))
        agents = [str(values["agent"][place]) for place in repeated]
        figures = (np.array([float(str(values[name][place])) for place in repeated]) for name in ("score", "answer"))
        return _disattenuated(_aligned(*within_agents(agents, *figures), fewest=fewest), root)

    return Pooled(
        rows=rows,
        values={"agent": rows.agent_id, "score": rows.score, "answer": rows.answer},
        at="evaluated_at",
        finish=finish,
        method="B",
    )


def _answered(facts: Facts, question: str) -> ir.Table:
    """Return the mean `answer` to a question about each contact."""
    asked = facts.counted("survey_invite").select("invite_id", asked_about="contact_id")
    given = facts["survey_answer"]
    given = given.filter(given.question_key == question).inner_join(asked, "invite_id")
    return given.group_by("asked_about").aggregate(answer=given.value.mean())


def _followed(facts: Facts) -> ir.Table:
    """Return as `answer` of each matured contact 1 where none about the same followed it, by the defaults of `fcr_contact`."""
    rows = episodes(facts, chosen(FCR_OPTIONS, {}))
    rows = rows.filter(rows.is_matured)
    return rows.select(asked_about=rows.contact_id, answer=rows.is_followed.ifelse(0.0, 1.0))


def _disattenuated(found: Finished, root: float) -> Finished:
    """Divide a correlation and its interval by the root of a reliability, within what a correlation can be (Spearman 1904)."""

    def ends(value: float | None) -> float | None:
        return None if value is None else min(1.0, max(-1.0, value / root))

    return replace(found, value=ends(found.value), low=ends(found.low), high=ends(found.high))


def _aligned(scores: Floats, answers: Floats, *, fewest: float) -> Finished:
    n = len(scores)
    if n < fewest:
        return Finished(value=None, n=n)
    found = float(_correlations(scores[None, :], answers[None, :])[0])
    if not np.isfinite(found):
        return Finished(value=None, n=n)
    random = np.random.default_rng(SEED)
    step = max(1, CHUNK // n)
    drawn: list[float] = []
    while len(drawn) < REPLICATES:
        places = random.integers(0, n, size=(min(step, REPLICATES - len(drawn)), n))
        drawn += _correlations(scores[places], answers[places]).tolist()
    known = [value for value in drawn if np.isfinite(value)]
    if 2 * len(known) < REPLICATES:
        return Finished(value=found, n=n)
    low, high = np.quantile(known, [0.025, 0.975])
    return Finished(value=found, low=float(low), high=float(high), n=n)


QA_CSAT_ALIGNMENT = Metric(
    id="qa_csat_alignment",
    code="G10",
    name=said(
        "QA–customer alignment",
        "QA–고객만족 정합성",
        "质检与满意度一致性",
        "Mức khớp giữa điểm chất lượng và khách hàng",
    ),
    numerator=said(
        "Spearman’s correlation of QA score and answer on the same contacts, within agents",
        "같은 접촉의 QA 점수와 응답의 상담사 내 스피어만 상관",
        "同一联络的质检得分与回答在坐席内的 Spearman 相关",
        "tương quan Spearman giữa điểm chất lượng và câu trả lời về cùng liên hệ, trong từng nhân viên",
    ),
    symbols="ρ_S(q − q̄_agent, c − c̄_agent)",
    unit=Unit.INDEX,
    direction=Direction.HIGHER,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"evaluation": ("contact_id", "agent_id", "points", "max_points")},
    also_needs=lambda options: (
        dict(FCR_NEEDS)
        if options.choice("with") == "fcr"
        else {"survey_answer": ("question_key", "value"), "survey_invite": ("contact_id",)}
    ),
    measure=qa_csat_alignment,
    options=(WITH, FEWEST, RELIABILITY),
    subject=Subject.CUSTOMERS,
    gaming=said(
        "Score after seeing the survey.",
        "설문을 본 뒤 채점하기.",
        "看到调研后再打分。",
        "Chấm điểm sau khi đã xem khảo sát.",
    ),
    pairs=("qa_score", "csat"),
    checks=(
        "blind_share",
        "scored_after_survey",
    ),
    source="S3; S1",
)
