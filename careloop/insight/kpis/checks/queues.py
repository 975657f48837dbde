"""Checks of queues: dropped calls, waits that end just in time, abandons that are not counted."""

from collections.abc import Mapping
from dataclasses import replace

import ibis
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, contacts, segments
from careloop.insight.kpis.catalogue.access.levels import interval_attainment
from careloop.insight.kpis.catalogue.access.queue import queue
from careloop.insight.kpis.checks.check import Check
from careloop.insight.kpis.measures.kinds import Mean, PerCell, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["CHECKS"]

SEGMENTS = {"contact_segment": ("exit", "wait_s", "queued_at")}
# How far on both sides of the target waits are compared.
HEAP_S = 2.0


def _target(options: Options) -> float:
    return options.number("target_s") if "target_s" in options.settings else 20.0


def _short(options: Options) -> float:
    return options.number("short_abandon_s") if "short_abandon_s" in options.settings else 5.0


def short_talk(facts: Facts, options: Options) -> Ratio:
    """Answered segments with less than ten seconds of talk."""
    calls = queue(facts)
    talk = number(calls.rows, "talk_s")
    counted = calls.is_answered & talk.notnull()
    return Ratio(
        numerator=Sum(rows=calls.rows, value=counted & is_true(talk < 10), at="queued_at"),
        denominator=Sum(rows=calls.rows, value=counted, at="queued_at"),
    )


def agent_release(facts: Facts, options: Options) -> Ratio:
    """Answered segments that the agent ended within thirty seconds."""
    calls = queue(facts)
    is_ended = is_true(text(calls.rows, "release_party") == "agent") & is_true(number(calls.rows, "talk_s") < 30)
    return Ratio(
        numerator=Sum(rows=calls.rows, value=calls.is_answered & is_ended, at="queued_at"),
        denominator=Sum(rows=calls.rows, value=calls.is_answered, at="queued_at"),
    )


def wait_heaping(facts: Facts, options: Options) -> Ratio:
    """Answers just before the target among those just before and just after it; half of them, where nobody aims at it."""
    calls, target = queue(facts), _target(options)
    near = calls.is_answered & is_true((calls.wait > target - HEAP_S) & (calls.wait <= target + HEAP_S))
    return Ratio(
        numerator=Sum(rows=calls.rows, value=near & is_true(calls.wait <= target), at="queued_at"),
        denominator=Sum(rows=calls.rows, value=near, at="queued_at"),
    )


def level_spread(facts: Facts, options: Options) -> PerCell:
    """The largest less the smallest service level under the five denominators."""
    calls = queue(facts)
    in_time, is_short = is_true(calls.wait <= _target(options)), is_true(calls.wait < _short(options))
    flags = {
        "a": calls.is_answered,
        "a_t": calls.is_answered & in_time,
        "b": calls.is_abandoned,
        "b_t": calls.is_abandoned & in_time,
        "b_s": calls.is_abandoned & is_short,
    }

    def finish(sums: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        a, a_t, b, b_t, b_s = (sums[name] for name in flags)
        with np.errstate(divide="ignore", invalid="ignore"):
            levels = np.stack([a_t / (a + b - b_s), a_t / (a + b), a_t / (a + b - b_t), a_t / a, (a_t + b_t) / (a + b)])
            spread = levels.max(axis=0) - levels.min(axis=0)
        known = np.isfinite(spread)
        return np.where(known, spread, 0.0), known.astype(np.float64)

    sums = {name: Sum(rows=calls.rows, value=value, at="queued_at") for name, value in flags.items()}
    return PerCell(sums=sums, per=(), finish=finish, is_share=False)


def flow_outs(facts: Facts, options: Options) -> Ratio:
    """Segments sent elsewhere over all that left the queue."""
    calls = queue(facts)
    return Ratio(
        numerator=Sum(rows=calls.rows, value=calls.is_flow_out, at="queued_at"),
        denominator=Sum(rows=calls.rows, value=calls.rows["exit"].notnull(), at="queued_at"),
    )


def short_abandons(facts: Facts, options: Options) -> Ratio:
    """Abandons that are too short to be counted over all abandons."""
    calls = queue(facts)
    is_short = is_true(calls.wait < _short(options))
    return Ratio(
        numerator=Sum(rows=calls.rows, value=calls.is_abandoned & is_short, at="queued_at"),
        denominator=Sum(rows=calls.rows, value=calls.is_abandoned, at="queued_at"),
    )


def missed_offered(facts: Facts, options: Options) -> PerCell:
    """Contacts in intervals that missed the target over all contacts: bad peaks weigh more than quiet half hours."""
    kept = interval_attainment(facts, Options({**options.settings, "weight": "offered"}))

    def finish(sums: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        met, weight = kept.finish(sums)
        return weight - met, weight

    return replace(kept, finish=finish)


def repeat_dials(facts: Facts, options: Options) -> Ratio:
    """Contacts of a caller within ten minutes of the one before over contacts of known callers."""
    rows = contacts(facts)
    caller = text(rows, "contact_point_hash").fill_null(text(rows, "customer_id"))
    rows = rows.filter(rows.direction == "inbound").mutate(caller=caller)
    rows = rows.filter(rows.caller.notnull())
    before = ibis.window(group_by=rows.caller, order_by=[rows.arrived_at_us, rows.contact_id])
    rows = rows.mutate(gap_us=rows.arrived_at_us - rows.arrived_at_us.lag().over(before))
    return Ratio(
        numerator=Sum(rows=rows, value=is_true(rows.gap_us <= 600_000_000), at="arrived_at"),
        denominator=Sum(rows=rows, value=rows.caller.notnull(), at="arrived_at"),
    )


def time_before_queue(facts: Facts, options: Options) -> Mean:
    """Seconds from the first touch of a contact to its first queue."""
    legs = segments(facts)
    first = legs.filter(legs.seq == 1).select(leg_of="contact_id", first_us="queued_at_us")
    every = contacts(facts)
    rows = every.inner_join(first, every.contact_id == first.leg_of)
    spent = (whole(rows, "first_us") - whole(rows, "arrived_at_us")).cast("float64") / 1_000_000
    return Mean(rows=rows, value=spent, at="arrived_at")


CHECKS = (
    Check(
        id="short_talk_share",
        name=said("Talks under 10 s", "10초 미만 통화", "不足 10 秒的通话", "Cuộc dưới 10 giây"),
        severity=Severity.SEVERE,
        sentence=said(
            "Many answered contacts have less than ten seconds of talk: answered and dropped?",
            "통화 10초 미만의 응답이 많습니다. 받자마자 끊은 것은 아닌지 확인하십시오.",
            "大量已接联络通话不足十秒：是否接起即挂？",
            "Nhiều liên hệ được trả lời có chưa đến mười giây đàm thoại: nhấc máy rồi cúp?",
        ),
        needs={"contact_segment": ("talk_s", "exit")},
        measure=short_talk,
        limit=0.05,
    ),
    Check(
        id="agent_release_share",
        name=said("Ended early by the agent", "상담사의 조기 종료", "坐席提前挂断", "Nhân viên kết thúc sớm"),
        severity=Severity.WARNING,
        sentence=said(
            "Agents end many contacts within thirty seconds.",
            "상담사가 30초 이내에 끝낸 접촉이 많습니다.",
            "坐席在三十秒内结束了大量联络。",
            "Nhân viên kết thúc nhiều liên hệ trong ba mươi giây.",
        ),
        needs={"contact_segment": ("release_party", "talk_s", "exit")},
        measure=agent_release,
        limit=0.03,
    ),
    Check(
        id="wait_heaping",
        name=said("Waits just below the target", "목표 직전의 대기", "恰低于目标的等待", "Chờ ngay dưới mục tiêu"),
        severity=Severity.WARNING,
        sentence=said(
            "Answers pile up just before the target of the service level.",
            "서비스레벨 목표 직전에 응답이 몰려 있습니다.",
            "接起时间在服务水平目标之前堆积。",
            "Các câu trả lời dồn lại ngay trước mục tiêu mức dịch vụ.",
        ),
        needs=SEGMENTS,
        measure=wait_heaping,
        limit=0.6,
    ),
    Check(
        id="service_level_spread",
        name=said(
            "Five ways to count the level", "서비스레벨 다섯 계산의 차이", "五种口径之差", "Năm cách tính mức dịch vụ"
        ),
        severity=Severity.NOTE,
        sentence=said(
            "The five ways of counting the service level differ by more than three points: say which is meant.",
            "서비스레벨의 다섯 가지 계산이 3%p 넘게 다릅니다. 어떤 기준인지 밝혀 주십시오.",
            "服务水平的五种算法相差超过三个百分点：请说明所用口径。",
            "Năm cách tính mức dịch vụ lệch nhau hơn ba điểm: hãy nói rõ dùng cách nào.",
        ),
        needs=SEGMENTS,
        measure=level_spread,
        limit=0.03,
        interval=IntervalMethod.NONE,
    ),
    Check(
        id="flow_out_share",
        name=said("Sent elsewhere", "다른 곳으로 이동", "转往他处", "Chuyển đi nơi khác"),
        severity=Severity.NOTE,
        sentence=said(
            "Many contacts are sent to another queue, a callback or voicemail.",
            "다른 큐·콜백·음성사서함으로 넘어가는 접촉이 많습니다.",
            "大量联络被转往其他队列、回拨或语音信箱。",
            "Nhiều liên hệ bị chuyển sang hàng chờ khác, gọi lại hay hộp thư thoại.",
        ),
        needs=SEGMENTS,
        measure=flow_outs,
        limit=0.2,
    ),
    Check(
        id="short_abandon_share",
        name=said(
            "Abandons too short to count", "집계되지 않는 짧은 포기", "过短未计的放弃", "Bỏ cuộc quá ngắn không tính"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Most abandons are too short to be counted: the limit hides them.",
            "포기의 상당수가 짧은 포기로 빠집니다. 기준이 포기를 감추고 있습니다.",
            "多数放弃因过短而未计：门限掩盖了它们。",
            "Phần lớn lượt bỏ cuộc quá ngắn nên không được tính: ngưỡng đang che chúng.",
        ),
        needs=SEGMENTS,
        measure=short_abandons,
        limit=0.5,
    ),
    Check(
        id="missed_offered_share",
        name=said(
            "Contacts in missed intervals", "목표 미달 구간의 접촉", "未达标时段的联络", "Liên hệ trong khung giờ lỡ"
        ),
        severity=Severity.NOTE,
        sentence=said(
            "More than three of ten contacts came in intervals that missed the target.",
            "접촉 열 건 중 세 건 넘게 목표를 놓친 구간에 들어왔습니다.",
            "超过三成的联络落在未达标的时段。",
            "Hơn ba phần mười liên hệ rơi vào khung giờ không đạt mục tiêu.",
        ),
        needs=SEGMENTS,
        measure=missed_offered,
        limit=0.3,
    ),
    Check(
        id="repeat_dial_rate",
        name=said("Dialed again within 10 minutes", "10분 내 재시도", "十分钟内重拨", "Gọi lại trong 10 phút"),
        severity=Severity.WARNING,
        sentence=said(
            "Many callers come back within ten minutes: the volume counts them twice.",
            "10분 이내에 다시 거는 고객이 많습니다. 인입량이 중복되어 있습니다.",
            "许多来电者十分钟内再次来电：总量被重复计算。",
            "Nhiều người gọi lại trong mười phút: số lượng bị tính hai lần.",
        ),
        needs={"contact": ("arrived_at", "contact_point_hash")},
        measure=repeat_dials,
        limit=0.1,
    ),
    Check(
        id="time_before_queue",
        name=said("Time before the queue", "큐 진입 전 시간", "入队前时间", "Thời gian trước hàng chờ"),
        severity=Severity.NOTE,
        sentence=said(
            "Contacts spend more than ninety seconds before the clock of the queue starts.",
            "큐 시계가 시작되기 전에 90초 넘게 지나갑니다.",
            "联络在队列计时开始前已耗时超过九十秒。",
            "Liên hệ mất hơn chín mươi giây trước khi đồng hồ hàng chờ chạy.",
        ),
        needs={"contact": ("arrived_at",), "contact_segment": ("seq", "queued_at")},
        measure=time_before_queue,
        limit=90.0,
        interval=IntervalMethod.BOOTSTRAP,
    ),
)
