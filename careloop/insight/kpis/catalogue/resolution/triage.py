"""Whether machines sort work well (C12)."""

import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, contacts
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Codes, Options
from careloop.insight.kpis.words import said

__all__ = [
    "ASPECT",
    "AUDITED",
    "GAMING",
    "MISROUTE_RATE",
    "NEEDS",
    "TRIAGE_ACCURACY",
    "TRIAGE_OVERRIDE_RATE",
    "TRIAGE_RECALL",
    "audited",
]

ASPECT = Choice(
    name="aspect",
    default="class",
    choices=("class", "priority", "queue"),
    meaning=said("what was predicted", "무엇을 예측했는지", "预测对象", "điều được dự đoán"),
)
CLASSES = Codes(
    name="classes",
    meaning=said(
        "only items that are of these classes; all when empty",
        "이 분류에 속하는 건만, 비우면 전체",
        "仅属于这些类别的事项；空则全部",
        "chỉ các mục thuộc những loại này; để trống là tất cả",
    ),
)


def _of_aspect(facts: Facts, options: Options) -> tuple[ir.Table, ir.BooleanValue]:
    rows = facts["triage_prediction"]
    return rows, is_true(text(rows, "aspect") == options.choice("aspect"))


def audited(facts: Facts, options: Options) -> tuple[ir.Table, ir.FloatingValue]:
    """Return predictions, and the weight of those that an audit verified: one over the chance of being drawn for it."""
    rows, is_asked = _of_aspect(facts, options)
    counted = is_asked & is_true(rows.is_final_verified)
    return rows, counted.ifelse(1.0 / number(rows, "inclusion_prob"), 0.0).fill_null(0.0)


def triage_accuracy(facts: Facts, options: Options) -> Ratio:
    """Right predictions over those verified in an audit, weighted by one over their chance of being drawn."""
    rows, weight = audited(facts, options)
    is_right = is_true(text(rows, "predicted") == text(rows, "final"))
    return Ratio(
        numerator=Sum(rows=rows, value=is_right.ifelse(weight, 0.0), at="at"),
        denominator=Sum(rows=rows, value=weight, at="at"),
        squares=Sum(rows=rows, value=weight * weight, at="at"),
    )


def triage_recall(facts: Facts, options: Options) -> Ratio:
    """Of the audited items that are of a class, those that were predicted to be, weighted."""
    rows, weight = audited(facts, options)
    classes = options.codes("classes")
    if classes:
        weight = is_true(text(rows, "final").isin(classes)).ifelse(weight, 0.0)
    is_right = is_true(text(rows, "predicted") == text(rows, "final"))
    return Ratio(
        numerator=Sum(rows=rows, value=is_right.ifelse(weight, 0.0), at="at"),
        denominator=Sum(rows=rows, value=weight, at="at"),
        squares=Sum(rows=rows, value=weight * weight, at="at"),
    )


def triage_override_rate(facts: Facts, options: Options) -> Ratio:
    """Predictions that people changed over predictions whose final class is known."""
    rows, is_asked = _of_aspect(facts, options)
    is_known = is_asked & rows.final.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=is_known & is_true(text(rows, "predicted") != text(rows, "final")), at="at"),
        denominator=Sum(rows=rows, value=is_known, at="at"),
    )


def misroute_rate(facts: Facts, options: Options) -> Ratio:
    """Handled contacts that were sorted wrongly and passed on over handled contacts that a machine sorted."""
    rows, is_asked = _of_aspect(facts, options)
    every = contacts(facts).select("contact_id", "outcome", "transfer_count")
    rows = rows.inner_join(every, rows.object_id == every.contact_id)
    is_counted = is_asked & (text(rows, "outcome") == "handled") & rows.final.notnull()
    is_wrong = is_true(text(rows, "predicted") != text(rows, "final")) & is_true(whole(rows, "transfer_count") > 0)
    return Ratio(
        numerator=Sum(rows=rows, value=is_counted & is_wrong, at="at"),
        denominator=Sum(rows=rows, value=is_counted, at="at"),
    )


GAMING = said(
    "Measure only what was accepted, or only what was overridden.",
    "수락된 것만, 또는 수정된 것만 측정하기.",
    "只测被接受的，或只测被改判的。",
    "Chỉ đo cái được chấp nhận, hoặc chỉ cái bị sửa.",
)
NEEDS = {"triage_prediction": ("aspect", "predicted", "final", "is_final_verified", "inclusion_prob")}
AUDITED = said("audited items, weighted", "감사 표본(가중)", "抽查事项（加权）", "số mục được kiểm, có trọng số")
TRIAGE_ACCURACY = Metric(
    id="triage_accuracy",
    code="C12",
    name=said("Automatic triage accuracy", "자동분류 정확도", "自动分类(派单)准确率", "Độ chính xác phân loại tự động"),
    numerator=said(
        "audited items whose prediction was right, weighted",
        "감사 표본 중 예측이 맞은 건(가중)",
        "抽查中预测正确的事项（加权）",
        "số mục được kiểm mà dự đoán đúng, có trọng số",
    ),
    denominator=AUDITED,
    symbols="Σ w·[predicted = final] ÷ Σ w, w = 1/π",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=NEEDS,
    measure=triage_accuracy,
    options=(ASPECT,),
    gaming=GAMING,
    pairs=("triage_macro_f1", "triage_override_rate", "misroute_rate", "transfer_rate"),
    checks=("audit_not_random", "verified_class_mix"),
    source="S0 item 9",
)
TRIAGE_RECALL = Metric(
    id="triage_recall",
    code="C12c",
    name=said("Triage recall of a class", "자동분류 분류별 재현율", "自动分类的类别召回率", "Độ phủ của một loại"),
    numerator=said(
        "of them predicted as what they are", "그중 맞게 예측된 건", "其中预测正确者", "trong đó được dự đoán đúng"
    ),
    denominator=said(
        "audited items that are of these classes, weighted",
        "해당 분류의 감사 표본(가중)",
        "属于这些类别的抽查事项（加权）",
        "số mục được kiểm thuộc các loại này, có trọng số",
    ),
    symbols="Σ w·[predicted = final = k] ÷ Σ w·[final = k]",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=NEEDS,
    measure=triage_recall,
    options=(ASPECT, CLASSES),
    gaming=GAMING,
    pairs=("triage_accuracy", "triage_macro_f1"),
    checks=(
        "audit_not_random",
        "verified_class_mix",
    ),
    source="S0 item 9",
)
TRIAGE_OVERRIDE_RATE = Metric(
    id="triage_override_rate",
    code="C12e",
    name=said("Triage override rate", "자동분류 수정률", "自动分类改判率", "Tỷ lệ sửa phân loại tự động"),
    numerator=said(
        "predictions that people changed", "사람이 고친 예측", "被人工改判的预测", "số dự đoán bị người sửa"
    ),
    denominator=said(
        "predictions whose final class is known",
        "최종 분류가 알려진 예측",
        "最终类别已知的预测",
        "số dự đoán đã biết loại cuối cùng",
    ),
    symbols="#{predicted ≠ final} ÷ #{final known}",
    unit=Unit.SHARE,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"triage_prediction": ("aspect", "predicted", "final")},
    measure=triage_override_rate,
    options=(ASPECT,),
    gaming=said(
        "Make overriding tedious, so that wrong predictions stand.",
        "수정을 번거롭게 해 틀린 예측을 남기기.",
        "让改判变得麻烦，使错误预测保留。",
        "Làm cho việc sửa phiền hà để dự đoán sai được giữ nguyên.",
    ),
    pairs=("triage_accuracy",),
    checks=("audit_not_random",),
    source="S0 item 9",
)
MISROUTE_RATE = Metric(
    id="misroute_rate",
    code="C12f",
    name=said("Misroute rate", "오배정률", "错派率", "Tỷ lệ chuyển sai tuyến"),
    numerator=said(
        "of them sorted wrongly and passed on",
        "그중 잘못 분류되어 전환된 접촉",
        "其中分错且被转接者",
        "trong đó bị xếp sai và phải chuyển",
    ),
    denominator=said(
        "handled contacts that a machine sorted",
        "자동분류된 처리 접촉",
        "经自动分类的已处理联络",
        "số liên hệ đã xử lý được máy phân loại",
    ),
    symbols="#{predicted ≠ final ∧ transfers ≥ 1} ÷ #{handled ∧ predicted}",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={
        "triage_prediction": ("object_id", "aspect", "predicted", "final"),
        "contact": ("outcome", "transfer_count"),
    },
    measure=misroute_rate,
    options=(ASPECT,),
    gaming=said(
        "Keep what was sorted wrongly, so that no transfer shows.",
        "잘못 온 건을 그대로 처리해 전환을 감추기.",
        "错派也不转接，使转接不现。",
        "Giữ lại mục bị xếp sai để không hiện chuyển tiếp.",
    ),
    pairs=("transfer_rate", "triage_accuracy"),
    checks=("audit_not_random",),
    source="S0 item 9",
)
