"""How many come, who is turned away, and whether the doors are open (A08, A10, A14)."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, text, whole
from careloop.insight.kpis.asking.sources import Facts, contacts, segments
from careloop.insight.kpis.measures.kinds import Count, Distinct, Measure, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Options, Switch
from careloop.insight.kpis.words import said

__all__ = ["ACCESS_COVERAGE", "BLOCKED_RATE", "CONTACT_VOLUME", "LOST_RATE"]

REDIAL_US = 600_000_000

CARRIER = {"blocked_attempt": ("bucket_start", "count", "cause")}
ARRIVALS = {"contact": ("arrived_at", "direction", "outcome")}


def inbound(facts: Facts) -> ir.Table:
    """Return contacts that customers began."""
    rows = contacts(facts)
    return rows.filter(rows.direction == "inbound")


def attempts(facts: Facts) -> ir.Table:
    """Return every measured attempt: contacts, and what carriers counted, with `outcome` and how `many` of it.

    Rows of carriers have no contact, so that they fall under “not known” when split by channel.
    """
    arrived = inbound(facts)
    lost = facts["blocked_attempt"]
    seen = arrived.select(
        "contact_id",
        "channel",
        "entry_point",
        "outcome",
        at_us=arrived.arrived_at_us,
        at_slot=arrived.arrived_at_slot,
        many=ibis.literal(1.0),
    )
    cause = (text(lost, "cause") == "out_of_hours").ifelse("out_of_hours", "blocked")
    counted = lost.select(
        contact_id=ibis.null("string"),
        channel=ibis.null("string"),
        entry_point=lost.entry_point,
        outcome=cause,
        at_us=lost.bucket_start_us,
        at_slot=lost.bucket_start_slot,
        many=whole(lost, "count").cast("float64"),
    )
    return seen.union(counted)


def _many(rows: ir.Table, condition: ir.BooleanValue) -> Sum:
    return Sum(rows=rows, value=is_true(condition).ifelse(rows["many"], 0.0), at="at")


def blocked_rate(facts: Facts, options: Options) -> Ratio:
    """Attempts turned away over all attempts in open hours."""
    rows = attempts(facts)
    is_open = text(rows, "outcome") != "out_of_hours"
    counted = rows["many"].notnull() if options.on("include_out_of_hours") else is_open
    return Ratio(numerator=_many(rows, text(rows, "outcome") == "blocked"), denominator=_many(rows, counted))


def lost_rate(facts: Facts, options: Options) -> Ratio:
    """Attempts turned away or given up, in the queue or the voice menu, over all attempts in open hours."""
    rows = attempts(facts)
    is_open = text(rows, "outcome") != "out_of_hours"
    is_lost = text(rows, "outcome").isin(("blocked", "abandoned_queue", "abandoned_ivr"))
    return Ratio(numerator=_many(rows, is_lost), denominator=_many(rows, is_open))


def access_coverage(facts: Facts, options: Options) -> Ratio:
    """Attempts that met an open door over all measured attempts."""
    rows = attempts(facts)
    is_met = text(rows, "outcome").notin(("blocked", "out_of_hours", "system_failure"))
    return Ratio(numerator=_many(rows, is_met), denominator=_many(rows, rows["many"].notnull()))


def _demand(facts: Facts) -> Sum:
    """Offered contacts, without those of a customer or number that came within ten minutes of the one before."""
    legs, every = segments(facts), contacts(facts)
    legs = legs.filter(is_true(whole(legs, "seq") == 1))
    whose = every.select(caller_of=every.contact_id, caller=every.customer_id.fill_null(every.contact_point_hash))
    rows = legs.left_join(whose, legs.contact_id == whose.caller_of).drop("caller_of")
    before = (
        whole(rows, "queued_at_us")
        .lag()
        .over(ibis.window(group_by=rows.caller, order_by=[rows.queued_at_us, rows.segment_id]))
    )
    is_redial = rows.caller.notnull() & is_true(whole(rows, "queued_at_us") - before <= REDIAL_US)
    rows = rows.mutate(is_redial=is_redial)
    return Sum(rows=rows, value=~rows["is_redial"], at="queued_at")


def contact_volume(facts: Facts, options: Options) -> Measure:
    """One of seven series: attempts, arrived, offered, demand, handled, different customers, different issues."""
    series = options.choice("series")
    if series == "attempts":
        rows = attempts(facts)
        return Count(of=_many(rows, rows["many"].notnull()))
    if series == "offered":
        # A contact enters its first queue once, however often it is passed on.
        legs = segments(facts)
        return Count(of=Sum(rows=legs, value=is_true(whole(legs, "seq") == 1), at="queued_at"))
    if series == "demand":
        return Count(of=_demand(facts))
    rows = inbound(facts)
    customer, outcome = text(rows, "customer_id"), text(rows, "outcome")
    match series:
        case "unique_customers":
            return Distinct(rows=rows, key="customer_id", at="arrived_at", where=outcome != "blocked")
        case "unique_issues":
            issue = customer.concat("|", text(rows, "reason_group").fill_null(""))
            return Distinct(rows=rows.mutate(issue=issue), key="issue", at="arrived_at", where=outcome != "blocked")
        case "handled":
            return Count(of=Sum(rows=rows, value=outcome == "handled", at="arrived_at"))
    return Count(of=Sum(rows=rows, value=outcome != "blocked", at="arrived_at"))


BLOCKED_RATE = Metric(
    id="blocked_rate",
    code="A08",
    name=said(
        "Blocked (busy) rate", "호 차단율(통화중 비율)", "呼叫阻塞率(占线率)", "Tỷ lệ cuộc gọi bị chặn (máy bận)"
    ),
    numerator=said(
        "attempts turned away: trunk busy, queue full, no capacity",
        "차단된 시도: 회선 통화중, 큐 가득 참, 수용 한도 초과",
        "被拒的尝试：中继占线、队列已满、超出容量",
        "số lần gọi bị từ chối: trung kế bận, hàng chờ đầy, hết dung lượng",
    ),
    denominator=said(
        "all attempts in open hours", "영업시간 내 모든 시도", "营业时间内的全部尝试", "mọi lần gọi trong giờ mở cửa"
    ),
    symbols="blocked ÷ (blocked + arrived)",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={**CARRIER, **ARRIVALS},
    measure=blocked_rate,
    options=(
        Switch(
            name="include_out_of_hours",
            default=False,
            meaning=said(
                "whether attempts outside open hours are in the denominator",
                "영업시간 외 시도를 분모에 넣을지 여부",
                "营业时间外的尝试是否计入分母",
                "có tính các lần gọi ngoài giờ vào mẫu số không",
            ),
        ),
    ),
    gaming=said(
        "Shrink the queue, and abandons disappear.",
        "큐 크기를 줄여 포기를 없애기.",
        "缩小队列容量使放弃消失。",
        "Thu nhỏ hàng chờ để số bỏ cuộc biến mất.",
    ),
    pairs=("abandonment_rate", "lost_rate", "access_coverage"),
    checks=(
        "lost_share",
        "lost_share_trend",
        "capacity_changes",
    ),
    source="F00 #8",
)

LOST_RATE = Metric(
    id="lost_rate",
    code="A08b",
    name=said(
        "Lost contacts (blocked and abandoned)",
        "손실률(차단+포기)",
        "流失呼叫率(阻塞+放弃)",
        "Tỷ lệ mất (bị chặn và bỏ cuộc)",
    ),
    numerator=said(
        "attempts turned away, or given up in the voice menu or the queue",
        "차단되었거나 자동응답·큐에서 포기된 시도",
        "被拒，或在语音菜单、队列中放弃的尝试",
        "số lần gọi bị từ chối, hoặc bỏ cuộc trong menu thoại hay hàng chờ",
    ),
    denominator=said(
        "all attempts in open hours", "영업시간 내 모든 시도", "营业时间内的全部尝试", "mọi lần gọi trong giờ mở cửa"
    ),
    symbols="(blocked + abandoned) ÷ (blocked + arrived)",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={**CARRIER, **ARRIVALS},
    measure=lost_rate,
    gaming=said(
        "Send callers to voicemail or a callback that never comes.",
        "음성사서함이나 오지 않는 콜백으로 보내기.",
        "把来电转到语音信箱或不会兑现的回拨。",
        "Đẩy khách sang hộp thư thoại hoặc cuộc gọi lại không bao giờ đến.",
    ),
    pairs=("blocked_rate", "abandonment_rate", "callback_kept_rate"),
    checks=(
        "lost_share",
        "lost_share_trend",
    ),
    source="F00 #4, #8; metrics.md A08",
)

SERIES_NEEDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "attempts": CARRIER,
    "offered": {"contact_segment": ("queued_at", "seq")},
    "demand": {"contact_segment": ("queued_at", "seq"), "contact": ("customer_id or contact_point_hash",)},
    "unique_customers": {"contact": ("customer_id",)},
    "unique_issues": {"contact": ("customer_id", "reason_group")},
}
CONTACT_VOLUME = Metric(
    id="contact_volume",
    code="A10",
    name=said("Total contacts (offered volume)", "총 인입량(총 호수)", "总呼入量(联络总量)", "Tổng số liên hệ"),
    numerator=said(
        "contacts, as the option says",
        "옵션에 따른 접촉 수",
        "按选项计的联络量",
        "số liên hệ theo tùy chọn",
    ),
    symbols="n",
    unit=Unit.COUNT,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.COUNT,
    interval=IntervalMethod.POISSON,
    needs=ARRIVALS,
    also_needs=lambda options: SERIES_NEEDS.get(options.choice("series"), {}),
    measure=contact_volume,
    options=(
        Choice(
            name="series",
            default="offered",
            choices=("attempts", "arrived", "offered", "demand", "handled", "unique_customers", "unique_issues"),
            meaning=said(
                "attempts, arrived, offered to a queue, demand (offered, redials within ten minutes counted once), handled by "
                "people, different customers, or different issues of theirs",
                "시도, 도착, 큐 인입, 수요(10분 내 재다이얼은 한 번만), 상담 처리, 고유 고객, 고유 문의 중 하나",
                "尝试、到达、进入队列、需求（十分钟内重拨只计一次）、人工处理、不同客户或不同问题之一",
                "lần gọi, đến nơi, vào hàng chờ, nhu cầu (gọi lại trong mười phút chỉ tính một), được xử lý, số khách khác nhau, "
                "hoặc số vấn đề khác nhau",
            ),
        ),
    ),
    gaming=said(
        "Split one issue into many contacts, or merge them to hide the load.",
        "한 문의를 여러 접촉으로 쪼개거나, 합쳐서 업무량을 숨기기.",
        "把一个问题拆成多次联络，或合并以掩盖工作量。",
        "Tách một vấn đề thành nhiều liên hệ, hoặc gộp lại để giấu khối lượng.",
    ),
    pairs=("contacts_per_resolution",),
    checks=(
        "repeat_dial_rate",
        "split_contacts",
        "contacts_per_customer_trend",
    ),
    source="F00 #12; S2",
)

ACCESS_COVERAGE = Metric(
    id="access_coverage",
    code="A14",
    name=said("Access coverage", "채널 접근성(이용시간 수용률)", "渠道可达率", "Mức độ tiếp cận kênh"),
    numerator=said(
        "attempts in hours and channels with service available",
        "서비스가 가능한 시간과 채널의 시도",
        "在有服务的时段和渠道中的尝试",
        "số lần liên hệ vào giờ và kênh có phục vụ",
    ),
    denominator=said(
        "all measured attempts, out of hours and blocked ones included",
        "영업시간 외와 차단을 포함한 모든 측정된 시도",
        "全部已测量的尝试，含营业时间外与被拒",
        "mọi lần liên hệ đo được, kể cả ngoài giờ và bị chặn",
    ),
    symbols="available ÷ attempts",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={**CARRIER, **ARRIVALS},
    measure=access_coverage,
    gaming=said(
        "Do not record attempts out of hours.",
        "영업시간 외 시도를 기록하지 않기.",
        "不记录营业时间外的尝试。",
        "Không ghi nhận các lần liên hệ ngoài giờ.",
    ),
    pairs=("blocked_rate",),
    checks=(
        "out_of_hours_recorded",
        "carrier_counts",
    ),
    source="S0 item 3",
)
