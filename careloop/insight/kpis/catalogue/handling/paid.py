"""What becomes of paid time: contacts, readiness, other work, absence (B08 to B10, B18)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.handling.work import BUSY, OTHER_WORK, READY, stretches
from careloop.insight.kpis.measures.kinds import Ratio, Span, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Choice, Options, Switch
from careloop.insight.kpis.words import said

__all__ = [
    "ABSENCE_RATE",
    "PAID",
    "PRODUCTIVE_RATIO",
    "SHRINKAGE",
    "STATES",
    "UTILISATION",
    "paid_sum",
    "span_of",
]

STATES = {"agent_state": ("agent_id", "state", "started_at", "ended_at")}


def span_of(rows: ir.Table, *states: str, weight: ir.NumericValue | None = None) -> Span:
    """Time in some states. weight: of each stretch; 1 when it is None."""
    return Span(rows=rows, where=is_true(text(rows, "state").isin(states)), weight=weight)


AWAY_PLANNED = ("training", "coaching", "meeting", "break")
PAID = {"paid_time": ("agent_id", "local_date", "paid_s", "worked_s", "absence_s")}


def paid_sum(facts: Facts, name: str, condition: ir.BooleanValue | None = None) -> Sum:
    """A column of paid time, in seconds. condition: only rows for which it holds."""
    rows = facts["paid_time"]
    value: ir.FloatingValue = number(rows, name)
    return Sum(rows=rows, value=value if condition is None else condition.ifelse(value, 0.0), at="local_date")


def utilisation(facts: Facts, options: Options) -> Ratio:
    """Time with contacts and other productive work over paid time."""
    others = () if options.on("contact_only") else OTHER_WORK
    rows = stretches(facts, joined=BUSY, others=OTHER_WORK)
    return Ratio(numerator=span_of(rows, "busy", *others), denominator=paid_sum(facts, "paid_s"))


def _productive(facts: Facts) -> Span:
    """Time with and ready for contacts, and other work that carries a task."""
    rows = stretches(facts, joined=BUSY, others=(*READY, "aux_productive"))
    is_tagged = is_true(text(rows, "state") == "aux_productive") & rows["task_id"].notnull()
    return Span(rows=rows, where=is_true(text(rows, "state").isin(("busy", *READY))) | is_tagged)


def productive_ratio(facts: Facts, options: Options) -> Ratio:
    """Time with, ready for and tagged to contacts over time worked."""
    return Ratio(numerator=_productive(facts), denominator=paid_sum(facts, "worked_s"))


def shrinkage(facts: Facts, options: Options) -> Ratio:
    """Paid time in which nobody is there for contacts over paid time.

    Planned and unplanned add up to all, and so do in the office and out of it.
    """
    paid, productive = paid_sum(facts, "paid_s"), _productive(facts)
    taken_away = Span(rows=productive.rows, where=productive.where, weight=ibis.literal(-1.0))
    days = facts["paid_time"]
    absence = is_true(days["is_absence_planned"]).ifelse(number(days, "absence_s"), 0.0)
    away = stretches(facts, joined=AWAY_PLANNED, others=())
    every_absence = Sum(rows=days, value=number(days, "absence_s"), at="local_date")
    match options.choice("kind"):
        case "out_of_office":
            return Ratio(numerator=every_absence, denominator=paid)
        case "in_office":
            present = Sum(rows=days, value=-number(days, "absence_s"), at="local_date")
            return Ratio(numerator=(paid, taken_away, present), denominator=paid)
        case "planned":
            absent = Sum(rows=days, value=absence, at="local_date")
            return Ratio(numerator=(absent, span_of(away, "busy")), denominator=paid)
        case "unplanned":
            not_absent = Sum(rows=days, value=-absence, at="local_date")
            not_away = span_of(away, "busy", weight=ibis.literal(-1.0))
            return Ratio(numerator=(paid, taken_away, not_absent, not_away), denominator=paid)
    return Ratio(numerator=(paid, taken_away), denominator=paid)


def absence_rate(facts: Facts, options: Options) -> Ratio:
    """Unplanned absence over scheduled time."""
    days = facts["paid_time"]
    return Ratio(
        numerator=paid_sum(facts, "absence_s", ~is_true(days["is_absence_planned"])),
        denominator=paid_sum(facts, "scheduled_s"),
    )


PAID_TIME = said("paid time", "유급 시간", "计薪时间", "thời gian được trả lương")
UTILISATION = Metric(
    id="utilisation",
    code="B08",
    name=said("Utilisation", "가동률(활용률)", "工时利用率", "Hiệu suất sử dụng thời gian"),
    numerator=said(
        "time with contacts, other productive work, training, coaching, meetings",
        "접촉, 기타 생산 업무, 교육, 코칭, 회의 시간",
        "处理联络、其他生产性工作、培训、辅导、会议的时间",
        "thời gian với liên hệ, việc khác, đào tạo, kèm cặp, họp",
    ),
    denominator=PAID_TIME,
    symbols="∫ (busy + other work) ÷ ∫ paid",
    unit=Unit.SHARE,
    direction=Direction.BAND,
    aggregation=Aggregation.TIME,
    interval=IntervalMethod.BOOTSTRAP,
    needs={**STATES, **PAID},
    measure=utilisation,
    options=(
        Switch(
            name="contact_only",
            default=False,
            meaning=said(
                "whether only contacts count", "접촉만 셀지 여부", "是否只计联络", "có chỉ tính liên hệ không"
            ),
        ),
    ),
    gaming=said(
        "Tag idle time as productive.",
        "유휴를 생산으로 표시하기.",
        "把空闲标为生产性。",
        "Gắn nhãn thời gian rỗi là có việc.",
    ),
    pairs=("occupancy", "shrinkage"),
    checks=(
        "micro_aux",
        "aux_by_agent",
        "aux_audit",
    ),
    source="COPC usage",
)
PRODUCTIVE_RATIO = Metric(
    id="productive_ratio",
    code="B09",
    name=said(
        "Productive / working hours ratio",
        "생산시간 비율(생산시간÷근무시간)",
        "生产工时与工作工时之比",
        "Tỷ lệ giờ sản xuất trên giờ làm việc",
    ),
    numerator=said(
        "time available, ringing, with contacts, and on work that carries a task",
        "대기·벨·접촉 시간과 과업이 표시된 업무 시간",
        "空闲、振铃、处理联络及带任务的工作时间",
        "thời gian sẵn sàng, đổ chuông, với liên hệ, và việc có gắn nhiệm vụ",
    ),
    denominator=said("time worked", "근무 시간", "工作时间", "thời gian làm việc"),
    symbols="∫ productive ÷ ∫ worked",
    unit=Unit.SHARE,
    direction=Direction.BAND,
    aggregation=Aggregation.TIME,
    interval=IntervalMethod.BOOTSTRAP,
    needs={**STATES, **PAID},
    measure=productive_ratio,
    gaming=said(
        "Tag idle time as back-office work.",
        "유휴를 후선 업무로 표시하기.",
        "把空闲标为后台工作。",
        "Gắn nhãn rỗi là việc hậu cần.",
    ),
    pairs=("occupancy", "utilisation"),
    checks=(
        "micro_aux",
        "work_without_task",
        "aux_audit",
    ),
    source="S1",
)
SHRINKAGE = Metric(
    id="shrinkage",
    code="B10",
    name=said("Shrinkage", "슈링키지(비가용 시간율)", "损耗率", "Tỷ lệ hao hụt thời gian"),
    numerator=said(
        "paid time in which nobody is there for contacts",
        "접촉에 쓸 수 없는 유급 시간",
        "不能用于联络的计薪时间",
        "thời gian được trả lương mà không phục vụ liên hệ",
    ),
    denominator=PAID_TIME,
    symbols="1 − ∫ productive ÷ ∫ paid",
    unit=Unit.SHARE,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.TIME,
    interval=IntervalMethod.BOOTSTRAP,
    needs={**STATES, **PAID},
    also_needs=lambda options: (
        {"paid_time": ("is_absence_planned",)} if options.choice("kind") in ("planned", "unplanned") else {}
    ),
    measure=shrinkage,
    options=(
        Choice(
            name="kind",
            default="all",
            choices=("all", "planned", "unplanned", "in_office", "out_of_office"),
            meaning=said(
                "all; planned: leave, training, coaching, meetings, breaks; unplanned: the rest; out of office: absences; "
                "in office: the rest",
                "전체, 계획(휴가·교육·코칭·회의·휴식), 비계획(나머지), 사무실 밖(결근·휴가), 사무실 안(나머지)",
                "全部；计划内：休假、培训、辅导、会议、休息；计划外：其余；不在岗：缺勤；在岗：其余",
                "tất cả; có kế hoạch: nghỉ phép, đào tạo, kèm cặp, họp, nghỉ; ngoài kế hoạch: phần còn lại; vắng mặt: nghỉ; "
                "có mặt: phần còn lại",
            ),
        ),
    ),
    gaming=said("Label it otherwise.", "다르게 표시하기.", "改换标签。", "Đổi nhãn."),
    pairs=("occupancy", "absence_rate"),
    checks=(
        "paid_time_identity",
        "absence_kind_trend",
    ),
    source="WFM practice",
)
ABSENCE_RATE = Metric(
    id="absence_rate",
    code="B18",
    name=said("Absence rate", "결근율", "缺勤率", "Tỷ lệ vắng mặt"),
    numerator=said("unplanned absence", "비계획 결근", "计划外缺勤", "vắng mặt ngoài kế hoạch"),
    denominator=said("scheduled time", "계획 시간", "排班时间", "thời gian theo lịch"),
    symbols="∫ unplanned absence ÷ ∫ scheduled",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.TIME,
    interval=IntervalMethod.BOOTSTRAP,
    subject=Subject.PEOPLE,
    needs={"paid_time": ("local_date", "absence_s", "is_absence_planned", "scheduled_s")},
    measure=absence_rate,
    gaming=said("Press people to come sick.", "아파도 나오라고 압박하기.", "迫使带病上班。", "Ép người ốm đi làm."),
    pairs=("agent_turnover",),
    source="WFM practice",
)
