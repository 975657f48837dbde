"""How long people wait in the queue (A03, A04, A05)."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, whole
from careloop.insight.kpis.asking.sources import Facts, contacts
from careloop.insight.kpis.catalogue.access.queue import Queue, queue
from careloop.insight.kpis.measures.kinds import Mean, Quantile
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Options
from careloop.insight.kpis.words import said

__all__ = ["ASA", "AVG_QUEUE_TIME", "WAIT_P90"]

NEEDS = {"contact_segment": ("queued_at", "wait_s", "exit")}


VIEW = Choice(
    name="view",
    default="segment",
    choices=("segment", "contact"),
    meaning=said(
        "single segments, or whole contacts with the waits of all their segments, as the customer knows it",
        "개별 구간, 또는 고객이 겪은 대로 모든 구간의 대기를 합한 접촉 전체",
        "单个分段，或如客户所感受的、合计全部分段等待的整次联络",
        "từng chặng, hoặc cả liên hệ cộng mọi lần chờ như khách trải qua",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contacts:
    """Contacts that left the queue for the last time, `is_counted`, with the waits of all their segments together."""

    rows: ir.Table
    wait: ir.FloatingValue
    is_counted: ir.BooleanValue
    is_answered: ir.BooleanValue


def asa(facts: Facts, options: Options) -> Mean:
    """Wait of answered segments, ringing included; or of contacts that somebody answered, all their segments added up."""
    calls = queue(facts)
    if options.choice("view") == "contact":
        found = _of_contacts(facts, calls)
        return Mean(rows=found.rows, value=found.wait, at="arrived_at", where=found.is_counted & found.is_answered)
    return Mean(rows=calls.rows, value=calls.wait, at="queued_at", where=calls.is_answered)


def avg_queue_time(facts: Facts, options: Options) -> Mean:
    """Wait of all segments that left the queue, whatever the exit; or of whole contacts, all their segments added up."""
    calls = queue(facts)
    if options.choice("view") != "segment":
        found, wait = _of_contacts(facts, calls), None
        if options.choice("view") == "contact_total":
            before = (whole(found.rows, "first_us") - whole(found.rows, "arrived_at_us")).cast("float64") / 1e6
            wait = found.wait + ibis.greatest(before, ibis.literal(0.0))
        return Mean(
            rows=found.rows, value=found.wait if wait is None else wait, at="arrived_at", where=found.is_counted
        )
    return Mean(rows=calls.rows, value=calls.wait, at="queued_at", where=calls.rows["exit"].notnull())


def _of_contacts(facts: Facts, calls: Queue) -> _Contacts:
    """Add the segments of each contact up; `first_us` is when it entered its first queue."""
    legs = calls.rows.mutate(spent_s=calls.wait, met=calls.is_answered.ifelse(1, 0))
    sums = legs.group_by(leg_of=legs.contact_id).aggregate(
        spent_s=legs.spent_s.sum(),
        waiting=(legs["exit"].isnull() | legs.spent_s.isnull()).ifelse(1, 0).max(),
        first_us=legs.queued_at_us.min(),
        met=legs.met.max(),
    )
    rows = contacts(facts)
    rows = rows.inner_join(sums, rows.contact_id == sums.leg_of)
    return _Contacts(
        rows=rows,
        wait=number(rows, "spent_s"),
        is_counted=is_true(rows.waiting == 0),
        is_answered=is_true(rows["met"] == 1),
    )


def wait_p90(facts: Facts, options: Options) -> Quantile:
    """A quantile of the wait of answered segments, or of all that left the queue; or of whole contacts."""
    calls, share = queue(facts), float(options.choice("q"))
    is_of_answered = options.choice("population") == "answered"
    if options.choice("view") == "contact":
        found = _of_contacts(facts, calls)
        counted = found.is_counted & found.is_answered if is_of_answered else found.is_counted
        return Quantile(rows=found.rows, value=found.wait, at="arrived_at", share=share, where=counted)
    is_asked = calls.is_answered if is_of_answered else calls.rows["exit"].notnull()
    return Quantile(rows=calls.rows, value=calls.wait, at="queued_at", share=share, where=is_asked)


def _view_needs(options: Options) -> dict[str, tuple[str, ...]]:
    return {} if options.choice("view") == "segment" else {"contact": ("arrived_at",)}


ASA = Metric(
    id="asa",
    code="A03",
    name=said("Average speed of answer", "평균 응답속도(ASA)", "平均应答速度", "Thời gian chờ trả lời trung bình"),
    numerator=said(
        "seconds in the queue of answered segments, ringing included",
        "응답 구간의 대기 초(벨 울림 포함)",
        "已接分段的排队秒数（含振铃）",
        "số giây chờ của các chặng được trả lời, kể cả đổ chuông",
    ),
    denominator=said("answered segments", "응답 구간", "已接分段", "số chặng được trả lời"),
    symbols="Σ wait_A ÷ A",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    also_needs=_view_needs,
    measure=asa,
    options=(VIEW,),
    gaming=said(
        "It falls when impatient callers leave: their waits are not in it.",
        "참을성 없는 고객이 떠나면 낮아짐: 그 대기는 포함되지 않음.",
        "不耐烦的来电者离开时它会下降：他们的等待不在其中。",
        "Nó giảm khi khách thiếu kiên nhẫn bỏ đi: thời gian chờ của họ không được tính.",
    ),
    pairs=("avg_queue_time", "abandonment_rate"),
    checks=(
        "short_talk_share",
        "flow_out_share",
        "censored_wait_gap",
    ),
    source="F00 #1; GKM03",
)

AVG_QUEUE_TIME = Metric(
    id="avg_queue_time",
    code="A04",
    name=said(
        "Average queue time (all queued)",
        "평균 대기시간(전체 인입)",
        "平均排队时长",
        "Thời gian xếp hàng trung bình (tất cả)",
    ),
    numerator=said(
        "seconds in the queue of all segments that left it, whatever the exit",
        "큐를 떠난 모든 구간의 대기 초(종료 방식 무관)",
        "所有离开队列的分段的排队秒数，不论以何方式离开",
        "số giây trong hàng chờ của mọi chặng đã rời hàng, bất kể cách rời",
    ),
    denominator=said("those segments", "그 구간", "上述分段", "các chặng đó"),
    symbols="Σ wait ÷ (A + B + X + S)",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    measure=avg_queue_time,
    also_needs=_view_needs,
    options=(
        Choice(
            name="view",
            default="segment",
            choices=("segment", "contact", "contact_total"),
            meaning=said(
                "single segments, whole contacts with the waits of all their segments, or those with the time before the queue too",
                "개별 구간, 모든 구간의 대기를 합한 접촉 전체, 또는 큐 진입 전 시간까지 포함한 접촉 전체",
                "单个分段、合计全部分段等待的整次联络，或再含入队前时间",
                "từng chặng, cả liên hệ cộng mọi lần chờ, hoặc kể cả thời gian trước khi vào hàng chờ",
            ),
        ),
    ),
    gaming=said(
        "Move the wait into menus and announcements before the clock of the queue starts.",
        "큐 시계가 시작되기 전의 메뉴와 안내 멘트로 대기를 옮기기.",
        "把等待移到队列计时之前的菜单和提示音中。",
        "Chuyển việc chờ sang menu và lời thoại trước khi đồng hồ hàng chờ chạy.",
    ),
    pairs=("asa", "abandonment_rate"),
    checks=(
        "time_before_queue",
        "time_before_queue_trend",
    ),
    source="F00 #2; S2",
)

WAIT_P90 = Metric(
    id="wait_p90",
    code="A05",
    name=said("90th percentile wait", "대기시간 90백분위", "等待时长P90", "Phân vị 90 của thời gian chờ"),
    numerator=said(
        "the wait that the share q of segments does not exceed",
        "비율 q의 구간이 넘지 않는 대기시간",
        "比例 q 的分段不超过的等待时长",
        "thời gian chờ mà tỷ lệ q số chặng không vượt quá",
    ),
    symbols="min { w : F(w) ≥ q }",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    aggregation=Aggregation.QUANTILE,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    also_needs=_view_needs,
    measure=wait_p90,
    options=(
        VIEW,
        Choice(
            name="q",
            default="0.9",
            choices=("0.5", "0.9", "0.95", "0.99", "1"),
            meaning=said(
                "the share; 1 is the longest wait",
                "비율, 1은 가장 긴 대기",
                "比例；1 为最长等待",
                "tỷ lệ; 1 là lần chờ lâu nhất",
            ),
        ),
        Choice(
            name="population",
            default="answered",
            choices=("answered", "all"),
            meaning=said(
                "answered segments, or all that left the queue",
                "응답 구간 또는 큐를 떠난 모든 구간",
                "已接分段，或所有离开队列的分段",
                "các chặng được trả lời, hoặc mọi chặng đã rời hàng",
            ),
        ),
    ),
    gaming=said(
        "Over the answered alone it looks better when those who wait long leave.",
        "응답만 보면, 오래 기다린 고객이 떠날 때 더 좋아 보임.",
        "仅看已接，久等者离开时反而显得更好。",
        "Chỉ tính cuộc được trả lời thì trông đẹp hơn khi người chờ lâu bỏ đi.",
    ),
    pairs=("avg_queue_time", "abandonment_rate"),
    checks=(
        "flow_out_share",
        "censored_wait_gap",
    ),
    source="GKM03",
)
