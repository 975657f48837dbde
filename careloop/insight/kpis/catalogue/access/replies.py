"""How soon the first answer comes (A11)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, cases, micros_until
from careloop.insight.kpis.catalogue.business import CALENDAR, business_seconds
from careloop.insight.kpis.measures.kinds import Mean, Measure, Ratio, Sum, Survival
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit, Variant
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said

__all__ = ["CLOCK", "FIRST_RESPONSE_TIME", "elapsed"]

CLOCK = Choice(
    name="clock",
    default="elapsed",
    choices=("elapsed", "business"),
    meaning=said(
        "all time, or the open hours of the calendar only",
        "전체 경과 시간 또는 영업시간만",
        "全部时间，或仅日历中的营业时间",
        "toàn bộ thời gian, hoặc chỉ giờ mở cửa theo lịch",
    ),
)


def elapsed(facts: Facts, rows: ir.Table, *, ends: str, clock: str) -> tuple[ir.Table, ir.FloatingValue]:
    """Add `until_us`, the instant `ends` or, where it has not come, until when data are complete; return the seconds too.

    Returns rows, and an expression over them: seconds from opened_at, null where neither instant is known.
    """
    limit = micros_until(facts, ("case",))
    until = whole(rows, f"{ends}_us").fill_null(ibis.literal(limit, type="int64"))
    rows = rows.mutate(until_us=until)
    if clock == "business":
        rows = business_seconds(facts, rows, key="case_id", starts="opened_at_us", ends="until_us")
        return rows, rows["business_s"]
    return rows, (whole(rows, "until_us") - whole(rows, "opened_at_us")).cast("float64") / 1_000_000


def first_response_time(facts: Facts, options: Options) -> Measure:
    """From opening to the first answer by a human; those still waiting are censored, or failures once overdue."""
    rows, seconds = elapsed(facts, cases(facts), ends="first_response_at", clock=options.choice("clock"))
    is_answered = rows["first_response_at_us"].notnull()
    match options.choice("statistic"):
        case "km_median":
            return Survival(
                rows=rows, duration=seconds, happened=is_answered, at="opened_at", where=is_true(seconds >= 0)
            )
        case "within_target":
            in_time = is_answered & is_true(seconds <= options.number("target_s"))
            is_overdue = ~is_answered & is_true(seconds > options.number("target_s"))
            return Ratio(
                numerator=Sum(rows=rows, value=in_time, at="opened_at"),
                denominator=Sum(rows=rows, value=is_answered | is_overdue, at="opened_at"),
            )
    return Mean(rows=rows, value=seconds, at="opened_at", where=is_answered)


FIRST_RESPONSE_TIME = Metric(
    id="first_response_time",
    code="A11",
    name=said("First response time", "최초 응답시간", "首次响应时长", "Thời gian phản hồi đầu tiên"),
    numerator=said(
        "seconds from opening to the first answer by a human",
        "접수부터 사람의 첫 답변까지의 초",
        "从创建到人工首次回复的秒数",
        "số giây từ lúc mở đến câu trả lời đầu tiên của con người",
    ),
    denominator=said(
        "cases with a first answer by a human",
        "사람의 첫 답변이 있는 건",
        "已有人工首次回复的工单",
        "số hồ sơ đã có câu trả lời đầu tiên của con người",
    ),
    symbols="Σ (first_response_at − opened_at) ÷ n",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"case": ("opened_at", "first_response_at")},
    also_needs=lambda options: CALENDAR if options.choice("clock") == "business" else {},
    measure=first_response_time,
    options=(
        CLOCK,
        Choice(
            name="statistic",
            default="mean",
            choices=("mean", "km_median", "within_target"),
            meaning=said(
                "mean of the answered; median with those still waiting as censored; or the share within the target, overdue failed",
                "응답 건의 평균, 대기 중을 중도절단으로 본 중앙값, 또는 목표 이내 비율(초과 대기는 실패)",
                "已回复者均值；以仍在等待者为删失的中位数；或目标内比例（逾期未复计为失败）",
                "trung bình của hồ sơ đã trả lời; trung vị có kiểm duyệt; hoặc tỷ lệ trong mục tiêu, quá hạn tính là trượt",
            ),
        ),
        Number(
            name="target_s",
            default=86_400,
            meaning=said(
                "the seconds within which an answer is in time",
                "이 초수 이내의 답변을 목표 내로 봄",
                "在此秒数以内回复即为达标",
                "số giây mà trả lời trong đó là đúng hạn",
            ),
        ),
    ),
    variants=(
        Variant(
            option="statistic",
            setting="km_median",
            symbols="min{t: S(t) ≤ 0.5}",
            aggregation=Aggregation.SURVIVAL,
            interval=IntervalMethod.GREENWOOD,
        ),
        Variant(
            option="statistic",
            setting="within_target",
            numerator=said(
                "cases with a first answer by a human in time",
                "목표 시간 안에 사람이 처음 답변한 건",
                "按时获得人工首次回复的工单",
                "số hồ sơ có câu trả lời đầu tiên của con người đúng hạn",
            ),
            denominator=said(
                "cases answered by a human, and those overdue without an answer",
                "사람이 답변한 건과 답변 없이 기한을 넘긴 건",
                "已有人工回复的工单，以及逾期仍未回复的工单",
                "số hồ sơ đã có người trả lời và hồ sơ quá hạn chưa trả lời",
            ),
            symbols="#{first_response_at − opened_at ≤ T} ÷ (answered + overdue)",
            unit=Unit.SHARE,
            direction=Direction.HIGHER,
            aggregation=Aggregation.RATIO,
            interval=IntervalMethod.WILSON,
        ),
    ),
    gaming=said(
        "Canned first replies.", "정형 문구로 첫 답변하기.", "用套话作首次回复。", "Trả lời đầu tiên bằng câu mẫu."
    ),
    pairs=("resolution_time", "reopen_rate"),
    checks=(
        "same_first_replies",
        "quick_second_messages",
    ),
    source="S2; help-desk practice",
)
