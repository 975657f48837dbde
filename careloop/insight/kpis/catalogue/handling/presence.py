"""What agents' time on contacts comes to (B05 to B07)."""

from collections.abc import Mapping

import numpy as np

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts, segments
from careloop.insight.kpis.catalogue.handling.mix import MIX_ADJUSTED, with_expected
from careloop.insight.kpis.catalogue.handling.paid import PAID, STATES, paid_sum, span_of
from careloop.insight.kpis.catalogue.handling.work import BUSY, LOGGED_IN, READY, contact_shares, stretches
from careloop.insight.kpis.measures.kinds import PerCell, Ratio, Span, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["AHT_CONCURRENT", "CONTACTS_PER_8H", "OCCUPANCY", "days_at"]


def aht_concurrent(facts: Facts, options: Options) -> Ratio:
    """Time of contacts, each second divided by how many the agent held, over contacts. Vector: 7.5 and 12.5 minutes."""
    rows = contact_shares(facts)
    return Ratio(
        numerator=Span(rows=rows, where=rows.contact_id.notnull(), weight=number(rows, "share")),
        denominator=Sum(rows=rows, value=is_true(rows["is_first"]), at="started_at"),
    )


def contacts_per_8h(facts: Facts, options: Options) -> Ratio:
    """Handled inbound segments in eight hours of presence; a transferred contact counts for each who handled it.

    Adjusted for the mix of work, a segment that takes others twice as long as most counts twice.
    """
    every = facts["contact"]
    is_adjusted = options.on("mix_adjusted")
    rows = with_expected(facts) if is_adjusted else segments(facts)
    # Not an anti-join: Ibis writes the second of two in a row in a way that PostgreSQL does not read.
    rows = rows.filter(rows.contact_id.notin(every.filter(every.direction != "inbound").contact_id))
    is_handled = is_true(text(rows, "exit") == "answered")
    handled = Sum(rows=rows, value=is_handled, at="queued_at")
    if is_adjusted:
        worth = number(rows, "expected_s") / number(rows, "usual_s").nullif(0.0)
        handled = Sum(rows=rows, value=is_handled.ifelse(worth.fill_null(1.0), 0.0), at="queued_at")
    hours: Sum | Span
    match options.choice("hours"):
        case "paid":
            hours = paid_sum(facts, "paid_s")
        case "scheduled":
            hours = paid_sum(facts, "scheduled_s")
        case _:
            present = stretches(facts, joined=BUSY, others=LOGGED_IN)
            hours = span_of(present, "busy", *LOGGED_IN)
    return Ratio(numerator=handled, denominator=hours, scale=8 * 3600.0)


def _hours_needs(options: Options) -> dict[str, tuple[str, ...]]:
    hours: dict[str, tuple[str, ...]]
    match options.choice("hours"):
        case "paid":
            hours = {**PAID}
        case "scheduled":
            hours = {"paid_time": ("agent_id", "local_date", "scheduled_s")}
        case _:
            hours = {**STATES}
    handled = ("agent_id", "talk_s", "hold_s", "wrap_s")
    return {**hours, "contact_segment": handled} if options.on("mix_adjusted") else hours


def occupancy(facts: Facts, options: Options) -> Ratio | PerCell:
    """Time with contacts over that and the time ready for them; or the share of days on which that reached the band."""
    if options.choice("statistic") == "days_at_band":
        return days_at(facts, options.number("band"))
    rows = stretches(facts, joined=BUSY, others=READY)
    return Ratio(numerator=span_of(rows, "busy"), denominator=span_of(rows, "busy", *READY))


def days_at(facts: Facts, band: float) -> PerCell:
    """Days on which agents were on contacts for at least this share of the time they were there for them, over all such days."""
    rows = stretches(facts, joined=BUSY, others=READY)

    def finish(sums: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        there = sums["there"]
        return ((there > 0) & (sums["busy"] >= (band - 1e-9) * there)).astype(np.float64), (there > 0).astype(
            np.float64
        )

    return PerCell(
        sums={"busy": span_of(rows, "busy"), "there": span_of(rows, "busy", *READY)},
        per=("day",),
        finish=finish,
        is_share=True,
    )


AHT_CONCURRENT = Metric(
    id="aht_concurrent",
    code="B05",
    name=said(
        "Effective handle time (concurrent channels)",
        "동시상담 보정 처리시간",
        "并发折算处理时长",
        "Thời gian xử lý hiệu dụng (kênh đồng thời)",
    ),
    numerator=said(
        "seconds of contacts, each divided by how many the agent held at that moment",
        "접촉 초를 그 순간 상담사가 맡은 수로 나눈 합",
        "联络秒数，每秒除以坐席当时同时处理的数量",
        "số giây của liên hệ, mỗi giây chia cho số liên hệ nhân viên đang giữ lúc đó",
    ),
    denominator=said("contacts", "접촉", "联络", "số liên hệ"),
    symbols="Σ ∫ 1/k(t) dt ÷ n",
    unit=Unit.SECONDS,
    direction=Direction.BAND,
    aggregation=Aggregation.TIME,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"agent_state": ("agent_id", "state", "contact_id", "started_at", "ended_at")},
    measure=aht_concurrent,
    gaming=said(
        "Leave dead chats open.", "끝난 채팅을 열어 두기.", "让已结束的聊天保持打开。", "Để mở các cuộc chat đã xong."
    ),
    pairs=("aht", "occupancy"),
    checks=("idle_before_close",),
    source="queueing practice",
)
CONTACTS_PER_8H = Metric(
    id="contacts_per_8h",
    code="B06",
    name=said(
        "Inbound contacts per agent per 8-h shift",
        "상담사 1인 8시간당 인바운드 처리건수",
        "人均8小时呼入处理量",
        "Số liên hệ đến mỗi nhân viên trong ca 8 giờ",
    ),
    numerator=said(
        "handled inbound segments × 8", "처리한 인바운드 구간 × 8", "已处理呼入分段 × 8", "số chặng đến đã xử lý × 8"
    ),
    denominator=said(
        "hours present, paid or scheduled",
        "재석·유급·계획 시간",
        "在岗、计薪或排班小时",
        "số giờ có mặt, được trả lương hoặc theo lịch",
    ),
    symbols="8 · A ÷ Σ hours",
    unit=Unit.CONTACTS_PER_8H,
    direction=Direction.BAND,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.POISSON,
    needs={"contact_segment": ("exit", "queued_at"), "contact": ("direction",)},
    also_needs=_hours_needs,
    measure=contacts_per_8h,
    options=(
        Choice(
            name="hours",
            default="staffed",
            choices=("staffed", "paid", "scheduled"),
            meaning=said("which hours count", "어떤 시간을 셀지", "计哪种小时", "tính loại giờ nào"),
        ),
        MIX_ADJUSTED,
    ),
    gaming=said(
        "Pick short work; drop calls; call oneself.",
        "짧은 건 고르기, 끊기, 자기에게 전화하기.",
        "挑短活；挂断；自拨。",
        "Chọn việc ngắn; cúp máy; tự gọi mình.",
    ),
    pairs=("aht", "fcr_contact", "short_contact_share"),
    checks=(
        "short_talk_share",
        "same_caller_by_agent",
        "ghost_calls_by_agent",
        "easy_work_by_agent",
    ),
    source="F00 #10; S1",
)
OCCUPANCY = Metric(
    id="occupancy",
    code="B07",
    name=said("Occupancy", "상담 점유율", "占用率(工时占用率)", "Mức độ bận"),
    numerator=said(
        "time with contacts: contact, hold, wrap, united where they overlap",
        "접촉에 쓴 시간(통화·보류·후처리, 겹치면 합집합)",
        "处理联络的时间（通话、保持、事后处理，重叠取并集）",
        "thời gian với liên hệ: đàm thoại, giữ máy, xử lý sau, gộp phần trùng",
    ),
    denominator=said(
        "that, and time available or ringing",
        "그 시간과 대기·벨 울림",
        "上述时间加空闲与振铃",
        "thời gian đó cộng sẵn sàng và đổ chuông",
    ),
    symbols="∫ busy ÷ ∫ (busy + available + ringing)",
    unit=Unit.SHARE,
    direction=Direction.BAND,
    aggregation=Aggregation.TIME,
    interval=IntervalMethod.BOOTSTRAP,
    needs=STATES,
    measure=occupancy,
    options=(
        Choice(
            name="statistic",
            default="time",
            choices=("time", "days_at_band"),
            meaning=said(
                "share of the time, or of the days on which that share reached the band",
                "시간 비율, 또는 그 비율이 기준에 이른 날의 비율",
                "时间占比，或该占比达到界限的天数占比",
                "tỷ lệ thời gian, hay tỷ lệ số ngày mà tỷ lệ ấy chạm ngưỡng",
            ),
        ),
        Number(
            name="band",
            default=0.85,
            most=1,
            meaning=said(
                "from which share on people are worn out when it lasts; small queues cannot reach it",
                "지속되면 지치기 시작하는 비율, 작은 큐는 도달하기 어려움",
                "持续达到即令人疲惫的占比；小队列无法达到",
                "từ tỷ lệ này trở lên, nếu kéo dài, người làm bị bào mòn; hàng chờ nhỏ không thể chạm tới",
            ),
        ),
    ),
    gaming=said(
        "Hide idle time in aux.",
        "유휴 시간을 보조 상태에 숨기기.",
        "把空闲藏进辅助状态。",
        "Giấu thời gian rỗi vào trạng thái phụ.",
    ),
    pairs=("service_level", "utilisation"),
    checks=(
        "micro_aux",
        "aux_by_agent",
        "occupancy_sustained",
        "occupancy_strained",
    ),
    source="COPC usage; GKM03",
)
