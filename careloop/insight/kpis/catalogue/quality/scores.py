"""What evaluations come to (G01, G02)."""

from careloop.insight.kpis.asking.columns import is_true, number
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.quality.evaluations import JUDGE, NEEDS, drawn, trimmed_share, weighted_share
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Options, Switch
from careloop.insight.kpis.words import said

__all__ = ["QA_PASS_RATE", "QA_SCORE"]

AUTO_ZERO = Switch(
    name="auto_zero",
    default=False,
    meaning=said(
        "an evaluation with a critical error counts 0 points",
        "치명적 오류가 있는 평가는 0점으로 셈",
        "有致命差错的评估计 0 分",
        "đánh giá có lỗi nghiêm trọng tính 0 điểm",
    ),
)


def qa_score(facts: Facts, options: Options) -> Ratio:
    """Points earned over points possible, weighed by 1 over the chance of being drawn."""
    found = drawn(facts, options)
    rows = found.rows
    points = number(rows, "points")
    if options.on("auto_zero"):
        failed = is_true(rows.critical_customer) | is_true(rows.critical_business) | is_true(rows.critical_compliance)
        points = failed.ifelse(0.0, points)
    return Ratio(
        numerator=Sum(rows=rows, value=found.counts.ifelse(found.weight * points, 0.0), at="evaluated_at"),
        denominator=Sum(
            rows=rows, value=found.counts.ifelse(found.weight * number(rows, "max_points"), 0.0), at="evaluated_at"
        ),
        scale=100,
    )


def qa_pass_rate(facts: Facts, options: Options) -> Ratio:
    """Passed over all drawn, weighed. Check: 12 errors of 40 in 200 and 3 of 60 in 1800 give 0.075, not 0.15."""
    found = drawn(facts, options)
    return weighted_share(found, is_true(found.rows.passed))


QA_SCORE = Metric(
    id="qa_score",
    code="G01",
    version=2,
    name=said("QA score", "QA 점수", "质检得分", "Điểm chất lượng (QA)"),
    numerator=said(
        "points earned, weighed by 1 over the chance of being drawn",
        "추출확률의 역수로 가중한 획득 점수",
        "按抽取概率倒数加权的得分",
        "điểm đạt được, nhân trọng số 1 chia cho xác suất được bốc",
    ),
    denominator=said(
        "points possible among items that apply, weighed likewise",
        "적용 항목의 가능 점수(같은 가중)",
        "适用项满分（同样加权）",
        "điểm tối đa của các mục áp dụng, cùng trọng số",
    ),
    symbols="100·Σ w·p ÷ Σ w·p_max, w = 1/π",
    unit=Unit.POINTS,
    direction=Direction.HIGHER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    measure=qa_score,
    options=(JUDGE, AUTO_ZERO),
    gaming=said(
        "Pick easy calls; friendly evaluators; mark items as not applicable.",
        "쉬운 통화 고르기, 후한 평가자, ‘해당 없음’ 남용.",
        "挑简单的通话；评分宽松的质检员；滥用“不适用”。",
        "Chọn cuộc dễ; người chấm dễ dãi; lạm dụng “không áp dụng”.",
    ),
    pairs=("qa_csat_alignment", "evaluator_bias", "csat"),
    checks=(
        "sample_kind_share",
        "not_applicable_by_evaluator",
        "form_versions",
    ),
    notes={"trimmed_share": trimmed_share},
    source="S3; COPC",
)

QA_PASS_RATE = Metric(
    id="qa_pass_rate",
    code="G02",
    version=2,
    name=said("QA pass rate", "QA 합격률", "质检合格率", "Tỷ lệ đạt chất lượng (QA)"),
    numerator=said(
        "evaluations passed, weighed by 1 over the chance of being drawn",
        "추출확률의 역수로 가중한 합격 평가",
        "按抽取概率倒数加权的合格评估",
        "đánh giá đạt, nhân trọng số 1 chia cho xác suất được bốc",
    ),
    denominator=said("evaluations, weighed likewise", "평가(같은 가중)", "评估（同样加权）", "đánh giá, cùng trọng số"),
    symbols="Σ w·1[passed] ÷ Σ w; n_eff = (Σw)² ÷ Σw²",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=NEEDS,
    measure=qa_pass_rate,
    options=(JUDGE,),
    gaming=said("Lower the mark.", "합격선 낮추기.", "降低合格线。", "Hạ mức đạt."),
    pairs=("critical_error_rate", "csat"),
    checks=(
        "sample_kind_share",
        "form_versions",
    ),
    notes={"trimmed_share": trimmed_share},
    source="S3",
)
