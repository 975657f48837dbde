"""Whether people are where the schedule has them, and as long as it says (B11, B12)."""

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts, states
from careloop.insight.kpis.catalogue.handling.work import BUSY, LOGGED_IN, stretches
from careloop.insight.kpis.catalogue.schedules import PROTECTION, adherence, published
from careloop.insight.kpis.measures.kinds import Ratio, Span
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said

__all__ = ["ADHERENCE", "CONFORMANCE"]

MICROS = 1_000_000
HALF_HOUR_US = 1_800 * MICROS
NEEDS = {
    "schedule_activity": ("agent_id", "activity", "starts_at", "ends_at", "published_at"),
    "activity_state_map": ("activity", "allowed_states", "is_work"),
    "agent_state": ("agent_id", "state", "started_at", "ended_at"),
}


def conformance(facts: Facts, options: Options) -> Ratio:
    """Time worked over scheduled work time; it can exceed 1. A rest after an abusive contact counts as worked."""
    at_work = tuple(state for state in LOGGED_IN if state != "break")
    rows = stretches(facts, joined=BUSY, others=at_work)
    plan, every = published(facts), states(facts)
    rest = is_true((every.state == "break") & (every.reason == PROTECTION))
    return Ratio(
        numerator=(Span(rows=rows, where=rows.agent_id.notnull()), Span(rows=every, where=rest)),
        denominator=Span(rows=plan, where=is_true(plan["is_work"]), starts="starts_at", ends="ends_at"),
    )


SCHEDULED = said("scheduled time", "계획 시간", "排班时间", "thời gian theo lịch")
ADHERENCE = Metric(
    id="adherence",
    code="B11",
    name=said("Schedule adherence", "스케줄 준수율", "排班遵时率", "Mức tuân thủ lịch"),
    numerator=said(
        "scheduled time in a state that the activity allows, as published before it began",
        "계획된 활동이 허용하는 상태에 있던 계획 시간(시작 전 공지 기준)",
        "处于活动所允许状态的排班时间（以开始前发布的班表为准）",
        "thời gian theo lịch ở trạng thái mà hoạt động cho phép, theo lịch công bố trước đó",
    ),
    denominator=SCHEDULED,
    symbols="∫ kept ÷ ∫ scheduled",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.TIME,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    measure=adherence,
    options=(
        Number(
            name="tolerance_s",
            default=0,
            most=1_800,
            meaning=said(
                "seconds of grace at each boundary, such as 120",
                "경계마다 허용하는 초, 예: 120",
                "每个边界的宽限秒数，如 120",
                "số giây châm chước ở mỗi ranh giới, như 120",
            ),
        ),
        Choice(
            name="schedule",
            default="published",
            choices=("published", "edited"),
            meaning=said(
                "the schedule as published before it began, or as it was edited afterwards",
                "시작 전 공지된 스케줄 또는 나중에 고친 스케줄",
                "开始前发布的班表，或事后修改的班表",
                "lịch công bố trước khi bắt đầu, hay lịch đã sửa sau đó",
            ),
        ),
    ),
    gaming=said("Edit the schedule afterwards.", "나중에 스케줄을 고치기.", "事后修改班表。", "Sửa lịch sau đó."),
    pairs=("conformance", "occupancy"),
    checks=("late_schedule_edits",),
    source="F00 #6",
)
CONFORMANCE = Metric(
    id="conformance",
    code="B12",
    name=said("Schedule conformance", "스케줄 이행률(총량)", "工时符合率", "Mức đáp ứng tổng giờ theo lịch"),
    numerator=said("time worked", "근무한 시간", "实际工作时间", "thời gian đã làm"),
    denominator=said("scheduled work time", "계획된 근무 시간", "排班工作时间", "thời gian làm việc theo lịch"),
    symbols="∫ worked ÷ ∫ scheduled work",
    unit=Unit.RATIO,
    direction=Direction.BAND,
    aggregation=Aggregation.TIME,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    measure=conformance,
    gaming=said(
        "Make up time at useless hours.", "쓸모없는 시간에 채우기.", "在无用时段补足工时。", "Làm bù vào giờ không cần."
    ),
    pairs=("adherence",),
    source="WFM practice",
)
