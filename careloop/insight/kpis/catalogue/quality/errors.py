"""Errors that harm, and errors that do not (G03, G04)."""

from careloop.insight.kpis.asking.columns import is_true, text
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.quality.evaluations import (
    JUDGE,
    NEEDS,
    drawn,
    drawn_items,
    trimmed_share,
    weighted_share,
)
from careloop.insight.kpis.measures.kinds import Ratio
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Codes, Options
from careloop.insight.kpis.words import said

__all__ = ["CRITICAL_ERROR_RATE", "NONCRITICAL_ERROR_RATE"]

CLASS = Choice(
    name="class",
    default="customer",
    choices=("customer", "business", "compliance"),
    meaning=said(
        "whom the error harms; three separate series",
        "오류가 해치는 대상, 서로 다른 세 지표",
        "差错损害谁；三个独立的序列",
        "lỗi gây hại cho ai; ba chuỗi số riêng biệt",
    ),
)
ITEMS = Codes(
    name="items",
    meaning=said(
        "only these lines of the form; all when empty",
        "평가표의 이 항목만, 비우면 전체",
        "只计评分表的这些项目；留空为全部",
        "chỉ các mục này của biểu mẫu; để trống là tất cả",
    ),
)


def critical_error_rate(facts: Facts, options: Options) -> Ratio:
    """Evaluated contacts with a critical error of one class over evaluated contacts, weighed."""
    found = drawn(facts, options)
    return weighted_share(found, is_true(found.rows[f"critical_{options.choice('class')}"]))


def noncritical_error_rate(facts: Facts, options: Options) -> Ratio:
    """Lines not met over lines that applied, critical ones aside, weighed."""
    found = drawn_items(facts, options)
    rows = found.rows
    counts = found.counts & rows.met.notnull() & ~is_true(text(rows, "severity").startswith("critical"))
    if items := options.codes("items"):
        counts = counts & is_true(rows.item_id.isin(items))
    return weighted_share(type(found)(rows=rows, counts=counts, weight=found.weight), ~is_true(rows.met))


CRITICAL_ERROR_RATE = Metric(
    id="critical_error_rate",
    code="G03",
    version=2,
    name=said("Critical error rate", "치명적 오류율", "致命差错率", "Tỷ lệ lỗi nghiêm trọng"),
    numerator=said(
        "evaluated contacts with a critical error of the class, weighed by 1 over the chance of being drawn",
        "해당 유형의 치명적 오류가 있는 평가 접촉(추출확률 역수 가중)",
        "有该类致命差错的受评联络（按抽取概率倒数加权）",
        "liên hệ được đánh giá có lỗi nghiêm trọng loại đó, nhân trọng số 1 chia cho xác suất được bốc",
    ),
    denominator=said(
        "contacts evaluated, weighed likewise",
        "평가된 접촉(같은 가중)",
        "受评联络（同样加权）",
        "liên hệ được đánh giá, cùng trọng số",
    ),
    symbols="Σ w·1[critical] ÷ Σ w; accuracy = 1 − rate",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"evaluation": (*NEEDS["evaluation"], "critical_customer", "critical_business", "critical_compliance")},
    measure=critical_error_rate,
    options=(CLASS, JUDGE),
    gaming=said("Downgrade severity.", "심각도 낮추기.", "调低严重程度。", "Hạ mức nghiêm trọng."),
    pairs=("noncritical_error_rate", "complaint_rate"),
    checks=(
        "disputed_severity",
        "severity_second_review",
    ),
    notes={"trimmed_share": trimmed_share},
    source="COPC; S3",
)

NONCRITICAL_ERROR_RATE = Metric(
    id="noncritical_error_rate",
    code="G04",
    version=2,
    name=said(
        "Non-critical errors per opportunity",
        "일반 오류율(기회당)",
        "一般差错率",
        "Lỗi không nghiêm trọng trên mỗi cơ hội",
    ),
    numerator=said(
        "non-critical lines not met, weighed by 1 over the chance of being drawn",
        "미충족 일반 항목(추출확률 역수 가중)",
        "未达标的一般项目（按抽取概率倒数加权）",
        "mục không nghiêm trọng không đạt, nhân trọng số 1 chia cho xác suất được bốc",
    ),
    denominator=said(
        "non-critical lines that applied, weighed likewise",
        "적용된 일반 항목(같은 가중)",
        "适用的一般项目（同样加权）",
        "mục không nghiêm trọng có áp dụng, cùng trọng số",
    ),
    symbols="Σ w·1[not met] ÷ Σ w",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.BOOTSTRAP,
    needs={**NEEDS, "evaluation_item": ("item_id", "applicable", "met", "severity")},
    measure=noncritical_error_rate,
    options=(JUDGE, ITEMS),
    gaming=said(
        "Mark items as not applicable instead of not met.",
        "미충족 대신 ‘해당 없음’ 표시.",
        "把未达标记为“不适用”。",
        "Ghi “không áp dụng” thay vì không đạt.",
    ),
    pairs=("critical_error_rate", "qa_score"),
    checks=("not_applicable_by_evaluator",),
    notes={"trimmed_share": trimmed_share},
    source="COPC",
)
