"""Whether procedures are followed, and why not (H12)."""

from dataclasses import replace

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.quality.evaluations import (
    JUDGE,
    NEEDS,
    Drawn,
    drawn_items,
    trimmed_share,
    weighted_share,
)
from careloop.insight.kpis.measures.kinds import Ratio
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Options
from careloop.insight.kpis.words import said

__all__ = ["DEVIATION_CAUSE_SHARE", "PROCEDURE_ADHERENCE"]

CAUSE = Choice(
    name="cause",
    default="procedure_unfit",
    choices=("did_not_know", "could_not_find", "procedure_unfit", "chose_not", "system"),
    meaning=said(
        "why the procedure was not followed: did not know, could not find, the procedure does not fit, chose not to, the system",
        "절차를 따르지 않은 이유: 몰랐음, 찾지 못함, 절차가 맞지 않음, 따르지 않기로 함, 시스템",
        "未按流程的原因：不知道、找不到、流程不合适、选择不执行、系统",
        "vì sao không theo quy trình: không biết, không tìm được, quy trình không hợp, tự ý không theo, do hệ thống",
    ),
)
ITEMS = ("procedure_id", "applicable", "met")
GAMING = said("Misstate reasons.", "이유를 거짓으로 적기.", "谎报原因。", "Ghi sai lý do.")


def _of_procedures(facts: Facts, options: Options) -> Drawn:
    found = drawn_items(facts, options)
    return replace(found, counts=found.counts & found.rows.procedure_id.notnull() & found.rows.met.notnull())


def procedure_adherence(facts: Facts, options: Options) -> Ratio:
    """Lines that a procedure asks for and that were met, over those that applied, weighed."""
    found = _of_procedures(facts, options)
    return weighted_share(found, is_true(found.rows.met))


def deviation_cause_share(facts: Facts, options: Options) -> Ratio:
    """Misses with one cause over misses with a known cause, weighed."""
    found = _of_procedures(facts, options)
    rows = found.rows
    missed = replace(found, counts=found.counts & is_true(~rows.met) & rows.deviation_cause.notnull())
    return weighted_share(missed, is_true(rows.deviation_cause == options.choice("cause")))


PROCEDURE_ADHERENCE = Metric(
    id="procedure_adherence",
    code="H12",
    version=2,
    name=said("Procedure adherence", "절차 준수율", "流程执行率", "Tỷ lệ tuân thủ quy trình"),
    numerator=said(
        "of them met, weighed by 1 over the chance of being drawn",
        "그중 충족(추출확률 역수 가중)",
        "其中达标的（按抽取概率倒数加权）",
        "trong đó đạt, nhân trọng số 1 chia cho xác suất được bốc",
    ),
    denominator=said(
        "evaluated lines that a procedure asks for and that applied, weighed likewise",
        "절차가 요구하고 적용된 평가 항목(같은 가중)",
        "流程要求且适用的评估项（同样加权）",
        "mục đánh giá mà quy trình yêu cầu và có áp dụng, cùng trọng số",
    ),
    symbols="Σ w·1[met] ÷ Σ w",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={**NEEDS, "evaluation_item": ITEMS},
    measure=procedure_adherence,
    options=(JUDGE,),
    gaming=GAMING,
    pairs=("procedure_issue_rate", "comprehension_rate"),
    checks=(
        "not_applicable_by_evaluator",
        "deviation_second_coder",
    ),
    notes={"trimmed_share": trimmed_share},
    source="S3 “strictly by the procedure”",
)

DEVIATION_CAUSE_SHARE = Metric(
    id="deviation_cause_share",
    code="H12b",
    version=2,
    name=said(
        "Why procedures are not followed", "절차 미준수 이유", "未按流程的原因占比", "Lý do không theo quy trình"
    ),
    numerator=said("of them with the cause", "그중 해당 이유", "其中属该原因的", "trong đó do nguyên nhân ấy"),
    denominator=said(
        "lines of procedures that were missed for a known cause, weighed",
        "이유가 기록된 절차 미충족 항목(가중)",
        "已知原因的未达标流程项（加权）",
        "mục quy trình không đạt có nguyên nhân đã biết, có trọng số",
    ),
    symbols="Σ w·1[cause] ÷ Σ w·1[missed]",
    unit=Unit.SHARE,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={**NEEDS, "evaluation_item": (*ITEMS, "deviation_cause")},
    measure=deviation_cause_share,
    options=(CAUSE, JUDGE),
    gaming=GAMING,
    pairs=("procedure_adherence",),
    checks=("deviation_second_coder",),
    notes={"trimmed_share": trimmed_share},
    source="S3 “strictly by the procedure”",
)
