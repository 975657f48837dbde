"""Who hangs up, after how long, and who is answered (A06, A07, A09)."""

from careloop.insight.kpis.asking.columns import is_true, text
from careloop.insight.kpis.asking.sources import Facts, contacts
from careloop.insight.kpis.catalogue.access.queue import INCLUDE_FLOW_OUT, SHORT_ABANDON, queue
from careloop.insight.kpis.measures.kinds import Mean, Measure, Ratio, Sum, Survival
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit, Variant
from careloop.insight.kpis.options import Choice, Options, Switch
from careloop.insight.kpis.words import Words, said

__all__ = ["ABANDONMENT_RATE", "ANSWER_RATE", "AVG_TIME_TO_ABANDON"]


SCOPE = Choice(
    name="scope",
    default="queue",
    choices=("queue", "queue_and_ivr"),
    meaning=said(
        "segments of queues, or whole contacts with those that hang up in the voice menu",
        "큐 구간만, 또는 자동응답에서 끊은 건을 포함한 접촉 전체",
        "仅队列分段，或含在语音菜单挂断者的全部联络",
        "chỉ các chặng trong hàng chờ, hoặc cả liên hệ gác máy trong menu thoại",
    ),
)


def abandonment_rate(facts: Facts, options: Options) -> Ratio:
    """Abandons after the short limit over answered and those; with the voice menu, its abandons in both."""
    calls = queue(facts)
    lost = calls.is_abandoned & is_true(calls.wait >= options.number("short_abandon_s"))
    counted = calls.is_answered | lost
    if options.on("include_flow_out"):
        counted = counted | calls.is_flow_out
    if options.choice("scope") == "queue_and_ivr":
        # The Korean standard counts who hangs up while a machine speaks.
        arrived = contacts(facts)
        in_menu = Sum(rows=arrived, value=is_true(text(arrived, "outcome") == "abandoned_ivr"), at="arrived_at")
        return Ratio(
            numerator=(Sum(rows=calls.rows, value=lost, at="queued_at"), in_menu),
            denominator=(Sum(rows=calls.rows, value=counted, at="queued_at"), in_menu),
        )
    return Ratio(
        numerator=Sum(rows=calls.rows, value=lost, at="queued_at"),
        denominator=Sum(rows=calls.rows, value=counted, at="queued_at"),
    )


ABANDONMENT_RATE = Metric(
    id="abandonment_rate",
    code="A06",
    name=Words(en="Abandonment rate", ko="포기율(상담포기율)", zh_hans="放弃率(呼损率)", vi="Tỷ lệ bỏ cuộc"),
    numerator=Words(
        en="segments abandoned, short abandons left out",
        ko="짧은 포기를 뺀 포기 구간",
        zh_hans="放弃的分段（剔除短时放弃）",
        vi="số chặng bỏ cuộc, không tính bỏ cuộc sớm",
    ),
    denominator=Words(
        en="answered segments and those abandons",
        ko="응답 구간과 그 포기 구간",
        zh_hans="已接分段与上述放弃分段",
        vi="số chặng được trả lời cộng số bỏ cuộc đó",
    ),
    symbols="(B − B_s) ÷ (A + B − B_s)",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"contact_segment": ("queued_at", "wait_s", "exit")},
    measure=abandonment_rate,
    options=(SHORT_ABANDON, INCLUDE_FLOW_OUT, SCOPE),
    also_needs=lambda options: {"contact": ("outcome",)} if options.choice("scope") == "queue_and_ivr" else {},
    gaming=Words(
        en="Count fewer abandons by a longer short limit, by busy signals, by forced callback or voicemail.",
        ko="짧은 포기 기준을 늘리거나, 통화중·강제 콜백·음성사서함으로 포기를 적게 세기.",
        zh_hans="以更长的短时门限、忙音、强制回拨或语音信箱来少计放弃。",
        vi="Giảm số bỏ cuộc bằng ngưỡng sớm dài hơn, tín hiệu bận, ép gọi lại hoặc hộp thư thoại.",
    ),
    pairs=("service_level", "asa", "avg_time_to_abandon", "blocked_rate"),
    checks=(
        "short_abandon_share",
        "flow_out_share",
        "repeat_dial_rate",
        "conservation_identity",
        "lost_share",
    ),
    source="F00 #4; KS ≤ 5 % incl. automatic answer",
)


def avg_time_to_abandon(facts: Facts, options: Options) -> Measure:
    """How long those waited who hung up; or how long people are willing to wait, the answered being censored."""
    calls = queue(facts)
    match options.choice("statistic"):
        case "patience_km_median":
            return Survival(
                rows=calls.rows,
                duration=calls.wait,
                happened=calls.is_abandoned,
                at="queued_at",
                where=calls.rows["exit"].notnull(),
            )
        case "patience_mean_exp":
            has_left = calls.rows["exit"].notnull()
            return Ratio(
                numerator=Sum(rows=calls.rows, value=has_left.ifelse(calls.wait, 0.0), at="queued_at"),
                denominator=Sum(rows=calls.rows, value=calls.is_abandoned, at="queued_at"),
            )
    counted = calls.is_abandoned & is_true(calls.wait >= options.number("short_abandon_s"))
    return Mean(rows=calls.rows, value=calls.wait, at="queued_at", where=counted)


AVG_TIME_TO_ABANDON = Metric(
    id="avg_time_to_abandon",
    code="A07",
    name=said(
        "Average time before abandoning",
        "평균 포기시간(포기 전 대기)",
        "平均放弃时长",
        "Thời gian chờ trung bình trước khi bỏ cuộc",
    ),
    numerator=said(
        "seconds in the queue of segments abandoned, short abandons left out",
        "짧은 포기를 뺀 포기 구간의 대기 초",
        "放弃分段的排队秒数（剔除短时放弃）",
        "số giây trong hàng chờ của các chặng bỏ cuộc, không tính bỏ cuộc sớm",
    ),
    denominator=said("those segments", "그 구간", "上述分段", "các chặng đó"),
    symbols="Σ wait_B ÷ B; patience: Kaplan–Meier median; Σ wait ÷ B",
    unit=Unit.SECONDS,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"contact_segment": ("queued_at", "wait_s", "exit")},
    measure=avg_time_to_abandon,
    options=(
        SHORT_ABANDON,
        Choice(
            name="statistic",
            default="mean",
            choices=("mean", "patience_km_median", "patience_mean_exp"),
            meaning=said(
                "mean of those who hung up; median patience with the answered as censored; or mean patience if exponential",
                "포기자의 평균, 응답을 중도절단으로 본 인내 중앙값, 또는 지수분포 가정의 평균 인내",
                "放弃者均值；以已接为删失的耐心中位数；或指数假设下的平均耐心",
                "trung bình của người bỏ cuộc; trung vị kiên nhẫn có kiểm duyệt; hoặc trung bình nếu phân phối mũ",
            ),
        ),
    ),
    variants=(
        Variant(
            option="statistic",
            setting="patience_km_median",
            symbols="min{t: S(t) ≤ 0.5}",
            aggregation=Aggregation.SURVIVAL,
            interval=IntervalMethod.GREENWOOD,
        ),
        Variant(option="statistic", setting="patience_mean_exp", symbols="Σ wait ÷ B", aggregation=Aggregation.RATIO),
    ),
    gaming=said(
        "No target: it rises when service gets worse.",
        "목표가 될 수 없음: 서비스가 나빠지면 올라감.",
        "不可作目标：服务变差时它会上升。",
        "Không phải mục tiêu: nó tăng khi dịch vụ kém đi.",
    ),
    pairs=("abandonment_rate", "avg_queue_time"),
    source="F00 #9; MZ07",
)


def answer_rate(facts: Facts, options: Options) -> Ratio:
    """Answered segments over all that entered a queue."""
    calls = queue(facts)
    offered = calls.rows["queued_at_us"].notnull()
    if options.on("ex_short_abandons"):
        offered = offered & ~(calls.is_abandoned & is_true(calls.wait < options.number("short_abandon_s")))
    return Ratio(
        numerator=Sum(rows=calls.rows, value=calls.is_answered, at="queued_at"),
        denominator=Sum(rows=calls.rows, value=offered, at="queued_at"),
    )


ANSWER_RATE = Metric(
    id="answer_rate",
    code="A09",
    name=said("Answer rate", "응대율", "接通率(人工接通率)", "Tỷ lệ trả lời"),
    numerator=said("answered segments", "응답 구간", "已接分段", "số chặng được trả lời"),
    denominator=said(
        "segments that entered a queue",
        "큐에 들어온 구간",
        "进入队列的分段",
        "số chặng đã vào hàng chờ",
    ),
    symbols="A ÷ (A + B + X + S + waiting)",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"contact_segment": ("queued_at", "exit")},
    also_needs=lambda options: {"contact_segment": ("wait_s",)} if options.on("ex_short_abandons") else {},
    measure=answer_rate,
    options=(
        Switch(
            name="ex_short_abandons",
            default=False,
            meaning=said(
                "whether short abandons are left out of the denominator",
                "짧은 포기를 분모에서 뺄지 여부",
                "是否从分母中剔除短时放弃",
                "có loại bỏ cuộc sớm khỏi mẫu số không",
            ),
        ),
        SHORT_ABANDON,
    ),
    gaming=said(
        "The levers of abandonment; pick up and drop.",
        "포기율과 같은 수법, 받자마자 끊기.",
        "与放弃率相同的手段；接起即挂。",
        "Như với tỷ lệ bỏ cuộc; nhấc máy rồi cúp.",
    ),
    pairs=("abandonment_rate", "service_level"),
    checks=(
        "short_talk_share",
        "short_talk_by_agent",
        "conservation_identity",
    ),
    source="Korean and Chinese practice; S1",
)
