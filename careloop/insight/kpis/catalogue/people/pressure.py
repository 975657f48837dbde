"""What people have to bear: abuse and long hours (I03, I04)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, total
from careloop.insight.kpis.asking.sources import Facts, segments
from careloop.insight.kpis.measures.kinds import Quantile, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import said

__all__ = [
    "ABUSE_EXPOSURE",
    "ABUSE_PROTECTION",
    "OVERTIME_SHARE",
    "WEEKLY_HOURS_P90",
    "abuse_exposure",
    "weekly_seconds",
]

LAW = "KR OSH Act art. 41"
UNDER_LOGGING = said("Log less than happens.", "실제보다 적게 기록.", "少记录。", "Ghi ít hơn thực tế.")
OFF_THE_CLOCK = said("Work off the clock.", "기록되지 않는 근무.", "不打卡加班。", "Làm ngoài giờ không chấm công.")
PAID = {"paid_time": ("agent_id", "local_date", "paid_s", "worked_s", "overtime_s")}


def abuse_exposure(facts: Facts, _options: Options) -> Ratio:
    """Contacts in which an agent was abused over contacts handled, once for each agent who took part."""
    events = facts.counted("abuse_event")
    rows = events.group_by(["contact_id", "agent_id"]).aggregate(at_us=events.at_us.min(), at_slot=events.at_slot.min())
    legs = segments(facts)
    legs = legs.filter(is_true(legs["exit"] == "answered"))
    handled = legs.group_by(["contact_id", "agent_id"]).aggregate(
        queued_at_us=legs.queued_at_us.min(), queued_at_slot=legs.queued_at_slot.min()
    )
    return Ratio(
        numerator=Sum(rows=rows, value=rows.contact_id.notnull(), at="at"),
        denominator=Sum(rows=handled, value=handled.contact_id.notnull(), at="queued_at"),
        scale=1000,
    )


def abuse_protection(facts: Facts, _options: Options) -> Ratio:
    """Events after which something was done to protect the agent over events."""
    rows = facts.counted("abuse_event")
    return Ratio(
        numerator=Sum(rows=rows, value=rows.protective_action.notnull(), at="at"),
        denominator=Sum(rows=rows, value=rows.abuse_event_id.notnull(), at="at"),
    )


def overtime_share(facts: Facts, _options: Options) -> Ratio:
    """Overtime over paid time."""
    rows = facts["paid_time"]
    return Ratio(
        numerator=Sum(rows=rows, value=number(rows, "overtime_s"), at="local_date"),
        denominator=Sum(rows=rows, value=number(rows, "paid_s"), at="local_date"),
    )


def weekly_seconds(facts: Facts, column: str) -> ir.Table:
    """Return one row for each person and ISO week, its Monday as `local_date`, with the `seconds` of a column of paid time."""
    rows = facts["paid_time"]
    day = rows.local_date.epoch_days().cast("int64")
    # Day 4 of 1970 was a Monday; 7 000 weeks keep remainders above 0.
    rows = rows.mutate(monday=day - (day - 4 + 49_000) % 7)
    weeks = rows.group_by(["agent_id", "monday"]).aggregate(seconds=total(rows[column]))
    return weeks.mutate(local_date=ibis.date("1970-01-01") + weeks.monday.as_interval("D"))


def weekly_hours_p90(facts: Facts, _options: Options) -> Quantile:
    """Hours worked by a person in a week, 90th percentile."""
    rows = weekly_seconds(facts, "worked_s")
    return Quantile(rows=rows, value=number(rows, "seconds") / 3600, at="local_date", share=0.9)


ABUSE_EXPOSURE = Metric(
    id="abuse_exposure",
    code="I03",
    name=said("Abusive-contact exposure", "폭언 노출률", "辱骂来电暴露率", "Mức phải chịu liên hệ lăng mạ"),
    numerator=said("abusive contacts logged", "기록된 폭언 접촉", "已记录的辱骂联络", "liên hệ lăng mạ được ghi nhận"),
    denominator=said(
        "thousands of contacts handled, once for each agent who took part",
        "처리된 접촉(천), 참여한 상담사별 1회",
        "已处理联络（千次），每位参与坐席计一次",
        "nghìn liên hệ đã xử lý, mỗi nhân viên tham gia tính một lần",
    ),
    symbols="1000·C_abusive ÷ C",
    unit=Unit.PER_THOUSAND,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.POISSON,
    needs={"abuse_event": ("contact_id", "agent_id", "at"), "contact_segment": ("contact_id", "agent_id", "exit")},
    measure=abuse_exposure,
    subject=Subject.PEOPLE,
    gaming=UNDER_LOGGING,
    pairs=("abuse_protection", "burnout_risk"),
    checks=(
        "abuse_by_team",
        "unlogged_abuse",
    ),
    source=LAW,
)

ABUSE_PROTECTION = Metric(
    id="abuse_protection",
    code="I03b",
    name=said(
        "Protection taken after abuse", "폭언 후 보호조치 비율", "辱骂后保护措施率", "Tỷ lệ bảo vệ sau khi bị lăng mạ"
    ),
    numerator=said(
        "of them with a break, transfer or end of the call",
        "그중 휴식·전환·통화 종료 등 보호조치",
        "其中采取了休息、转接或结束通话的",
        "trong đó có nghỉ, chuyển tiếp hoặc kết thúc cuộc gọi",
    ),
    denominator=said("abusive events logged", "기록된 폭언", "已记录的辱骂事件", "vụ lăng mạ được ghi nhận"),
    symbols="E_protected ÷ E",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"abuse_event": ("at", "protective_action")},
    measure=abuse_protection,
    subject=Subject.PEOPLE,
    gaming=UNDER_LOGGING,
    pairs=("abuse_exposure",),
    checks=(
        "abuse_by_team",
        "unlogged_abuse",
    ),
    source=LAW,
)

OVERTIME_SHARE = Metric(
    id="overtime_share",
    code="I04",
    name=said("Overtime share", "초과근무 비율", "加班占比", "Tỷ lệ làm thêm giờ"),
    numerator=said("overtime hours", "초과근무 시간", "加班工时", "giờ làm thêm"),
    denominator=said("paid hours", "유급 시간", "付薪工时", "giờ được trả lương"),
    symbols="Σ overtime ÷ Σ paid",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.TIME,
    interval=IntervalMethod.NONE,
    needs=PAID,
    measure=overtime_share,
    subject=Subject.PEOPLE,
    gaming=OFF_THE_CLOCK,
    pairs=("weekly_hours_p90", "burnout_risk"),
    checks=(
        "work_outside_paid_time",
        "paid_time_identity",
    ),
    source="S1",
)

WEEKLY_HOURS_P90 = Metric(
    id="weekly_hours_p90",
    code="I04b",
    name=said(
        "Weekly hours, 90th percentile",
        "주간 근무시간(90백분위)",
        "周工时（第 90 百分位）",
        "Giờ làm mỗi tuần, phân vị 90",
    ),
    numerator=said(
        "hours worked by a person in a week, 90th percentile; a week belongs to its Monday",
        "한 사람의 주간 근무시간의 90백분위, 주는 월요일에 귀속",
        "个人每周工时的第 90 百分位；一周归属其周一",
        "phân vị 90 của số giờ một người làm trong tuần; tuần tính theo thứ Hai của nó",
    ),
    symbols="Q₀.₉(Σ_week worked)",
    unit=Unit.HOURS,
    direction=Direction.LOWER,
    aggregation=Aggregation.QUANTILE,
    interval=IntervalMethod.BOOTSTRAP,
    needs=PAID,
    measure=weekly_hours_p90,
    subject=Subject.PEOPLE,
    gaming=OFF_THE_CLOCK,
    pairs=("overtime_share",),
    checks=("work_outside_paid_time",),
    source="S1",
)
