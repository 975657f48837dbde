"""How long a contact takes: talk, hold, wrap, all of it (B01 to B04)."""

import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, contacts, segments, states
from careloop.insight.kpis.catalogue.handling.mix import MIX_ADJUSTED, handle_seconds, with_expected
from careloop.insight.kpis.measures.kinds import Mean, Measure, Ratio, Span, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit, Variant
from careloop.insight.kpis.options import Choice, Options, Switch
from careloop.insight.kpis.words import said

__all__ = ["ACW", "AHT", "ATT", "HOLD_TIME", "handled"]


def handled(rows: ir.Table) -> ir.BooleanValue:
    """Say which segments an agent answered."""
    return is_true(text(rows, "exit") == "answered")


def att(facts: Facts, options: Options) -> Mean:
    """Seconds of talk of answered voice segments, hold left out unless asked for."""
    rows = segments(facts)
    talk: ir.FloatingValue = number(rows, "talk_s")
    if options.on("include_hold"):
        talk = talk + number(rows, "hold_s")
    counted = handled(rows)
    if options.on("voice_only"):
        counted = counted & is_true(text(rows, "channel") == "voice")
    return Mean(rows=rows, value=talk, at="queued_at", where=counted)


def hold_time(facts: Facts, options: Options) -> Measure:
    """Seconds on hold of answered segments; or how often they are put on hold, or which share is."""
    rows = segments(facts)
    counted, hold = handled(rows), number(rows, "hold_s")
    match options.choice("statistic"):
        case "holds":
            return Mean(rows=rows, value=whole(rows, "hold_count").cast("float64"), at="queued_at", where=counted)
        case "share_held":
            known = counted & hold.notnull()
            return Ratio(
                numerator=Sum(rows=rows, value=known & is_true(hold > 0), at="queued_at"),
                denominator=Sum(rows=rows, value=known, at="queued_at"),
            )
        case "seconds_if_held":
            return Mean(rows=rows, value=hold, at="queued_at", where=counted & is_true(hold > 0))
    return Mean(rows=rows, value=hold, at="queued_at", where=counted)


def acw(facts: Facts, options: Options) -> Measure:
    """Seconds of work after the contact, of answered segments; with work done later, where states name the contact."""
    rows = segments(facts)
    if options.on("include_later"):
        wrap = number(rows, "wrap_s")
        counted = handled(rows) & wrap.notnull()
        later = states(facts)
        is_later = is_true(text(later, "state") == "aux_productive") & later["contact_id"].notnull()
        return Ratio(
            numerator=(
                Sum(rows=rows, value=counted.ifelse(wrap, 0.0), at="queued_at"),
                Span(rows=later, where=is_later),
            ),
            denominator=Sum(rows=rows, value=counted, at="queued_at"),
        )
    return Mean(rows=rows, value=number(rows, "wrap_s"), at="queued_at", where=handled(rows))


def _adjusted(rows: ir.Table) -> ir.FloatingValue:
    """Return seconds as if everybody had worked on the same mix; unknown where there is nobody to compare with."""
    return number(rows, "handle_s") - number(rows, "expected_s") + number(rows, "usual_s")


def aht(facts: Facts, options: Options) -> Mean:
    """Talk, hold and wrap of a handled segment; or of all segments of a handled contact together.

    Adjusted for the mix of work, each segment counts what it took beyond what it would have taken others, and what all take.
    """
    is_adjusted = options.on("mix_adjusted")
    rows = with_expected(facts) if is_adjusted else segments(facts)
    if options.choice("view") == "segment":
        value = _adjusted(rows) if is_adjusted else handle_seconds(rows)
        return Mean(rows=rows, value=value, at="queued_at", where=handled(rows))
    legs = rows.filter(handled(rows))
    taken = _adjusted(legs) if is_adjusted else handle_seconds(legs)
    sums = legs.group_by(leg_of=legs.contact_id).aggregate(
        handle_s=taken.sum(), unknown=taken.isnull().ifelse(1, 0).max()
    )
    every = contacts(facts)
    joined = every.inner_join(sums, every.contact_id == sums.leg_of)
    # Seconds of one leg that nobody knows leave those of the whole unknown.
    return Mean(rows=joined, value=number(joined, "handle_s"), at="arrived_at", where=is_true(joined.unknown == 0))


HANDLED = said("handled segments", "처리 구간", "已处理分段", "số chặng đã xử lý")
VOICE_ONLY = Switch(
    name="voice_only",
    default=True,
    meaning=said("whether only calls count", "통화만 셀지 여부", "是否只计通话", "có chỉ tính cuộc gọi không"),
)
ATT = Metric(
    id="att",
    code="B01",
    name=said("Average talk time", "평균 통화시간(ATT)", "平均通话时长", "Thời gian đàm thoại trung bình"),
    numerator=said(
        "seconds of talk, hold left out",
        "통화 초(보류 제외)",
        "通话秒数（不含保持）",
        "số giây đàm thoại, không tính giữ máy",
    ),
    denominator=HANDLED,
    symbols="Σ talk ÷ A",
    unit=Unit.SECONDS,
    direction=Direction.BAND,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"contact_segment": ("talk_s", "exit")},
    also_needs=lambda options: {
        "contact_segment": (
            *(("channel",) if options.on("voice_only") else ()),
            *(("hold_s",) if options.on("include_hold") else ()),
        )
    },
    measure=att,
    options=(
        Switch(
            name="include_hold",
            default=False,
            meaning=said(
                "whether hold is added", "보류를 더할지 여부", "是否加上保持时长", "có cộng thời gian giữ máy không"
            ),
        ),
        VOICE_ONLY,
    ),
    gaming=said("Hang up; rush.", "끊기, 서두르기.", "挂断；催促。", "Cúp máy; vội vàng."),
    pairs=("fcr_contact", "short_contact_share"),
    checks=(
        "short_talk_share",
        "short_calls_by_agent",
        "agent_release_share",
        "repeat_after_short_calls",
    ),
    source="F00 #5",
)
HOLD_TIME = Metric(
    id="hold_time",
    code="B02",
    name=said("Average hold time", "평균 보류시간", "平均保持时长", "Thời gian giữ máy trung bình"),
    numerator=said("seconds on hold", "보류 초", "保持秒数", "số giây giữ máy"),
    denominator=HANDLED,
    symbols="Σ hold ÷ A",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"contact_segment": ("exit",)},
    also_needs=lambda options: {
        "contact_segment": ("hold_count" if options.choice("statistic") == "holds" else "hold_s",)
    },
    measure=hold_time,
    options=(
        Choice(
            name="statistic",
            default="seconds",
            choices=("seconds", "seconds_if_held", "holds", "share_held"),
            meaning=said(
                "seconds of all, seconds of those held, holds each, or the share held",
                "전체의 초, 보류된 건의 초, 건당 보류 횟수, 또는 보류 비율",
                "全部的秒数、被保持者的秒数、每段保持次数，或被保持比例",
                "số giây của tất cả, của chặng bị giữ, số lần giữ, hoặc tỷ lệ bị giữ",
            ),
        ),
    ),
    variants=(
        Variant(
            option="statistic",
            setting="seconds_if_held",
            denominator=said(
                "handled segments that were put on hold",
                "보류가 있었던 처리 구간",
                "曾被保持的已处理分段",
                "số chặng đã xử lý có giữ máy",
            ),
            symbols="Σ hold ÷ #{hold > 0}",
        ),
        Variant(
            option="statistic",
            setting="holds",
            numerator=said("times put on hold", "보류 횟수", "保持次数", "số lần giữ máy"),
            symbols="Σ holds ÷ A",
            unit=Unit.RATIO,
        ),
        Variant(
            option="statistic",
            setting="share_held",
            numerator=said(
                "handled segments that were put on hold",
                "보류가 있었던 처리 구간",
                "曾被保持的已处理分段",
                "số chặng đã xử lý có giữ máy",
            ),
            symbols="#{hold > 0} ÷ A",
            unit=Unit.SHARE,
            aggregation=Aggregation.RATIO,
            interval=IntervalMethod.WILSON,
        ),
    ),
    gaming=said("Mute instead of hold.", "보류 대신 음소거하기.", "以静音代替保持。", "Tắt tiếng thay vì giữ máy."),
    pairs=("att",),
    checks=("mute_seconds",),
    source="ISO-A",
)
ACW = Metric(
    id="acw",
    code="B03",
    name=said(
        "Average after-call work", "평균 후처리시간(ACW)", "平均事后处理时长", "Thời gian xử lý sau cuộc gọi trung bình"
    ),
    numerator=said(
        "seconds of work after the contact", "접촉 후 작업 초", "联络后处理秒数", "số giây làm việc sau liên hệ"
    ),
    denominator=HANDLED,
    symbols="Σ wrap ÷ A",
    unit=Unit.SECONDS,
    direction=Direction.BAND,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"contact_segment": ("wrap_s", "exit")},
    also_needs=lambda options: {"agent_state": ("state", "contact_id")} if options.on("include_later") else {},
    measure=acw,
    options=(
        Switch(
            name="include_later",
            default=False,
            meaning=said(
                "whether productive work later, tagged with a contact, is added",
                "접촉이 표시된 나중의 생산 작업을 더할지 여부",
                "是否加上事后标明联络的其他处理",
                "có cộng thêm việc làm sau được gắn với liên hệ không",
            ),
        ),
    ),
    gaming=said(
        "Sit in wrap to dodge calls; or do the work as “available” to look fast.",
        "콜을 피하려 후처리에 머물기, 또는 빨라 보이려 대기 중에 처리하기.",
        "停在事后处理以躲来电；或在空闲态处理以显得快。",
        "Ở trạng thái xử lý sau để né cuộc gọi; hoặc làm trong lúc sẵn sàng để trông nhanh.",
    ),
    pairs=("occupancy", "att"),
    checks=(
        "wrap_heaping",
        "aux_after_contact_by_agent",
        "notes_length",
    ),
    source="F00 #7; Oliveira and Joia 2011",
)
AHT = Metric(
    id="aht",
    code="B04",
    name=said("Average handle time", "평균 처리시간(AHT)", "平均处理时长", "Thời gian xử lý trung bình"),
    numerator=said(
        "seconds of talk, hold and wrap",
        "통화·보류·후처리 초",
        "通话、保持与事后处理秒数",
        "số giây đàm thoại, giữ máy và xử lý sau",
    ),
    denominator=said(
        "handled segments, or handled contacts",
        "처리 구간 또는 처리된 접촉",
        "已处理分段，或已处理联络",
        "số chặng, hoặc số liên hệ đã xử lý",
    ),
    symbols="Σ (talk + hold + wrap) ÷ n",
    unit=Unit.SECONDS,
    direction=Direction.BAND,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"contact_segment": ("talk_s", "hold_s", "wrap_s", "exit"), "contact": ("arrived_at",)},
    measure=aht,
    options=(
        Choice(
            name="view",
            default="segment",
            choices=("segment", "contact"),
            meaning=said(
                "single segments, or whole contacts with all their transfers",
                "개별 구간, 또는 전환을 모두 포함한 접촉 전체",
                "单个分段，或含全部转接的整次联络",
                "từng chặng, hoặc cả liên hệ với mọi lần chuyển",
            ),
        ),
        MIX_ADJUSTED,
    ),
    gaming=said(
        "Hang up, rush, hide wrap; transfers shorten the time of a segment.",
        "끊기, 서두르기, 후처리 숨기기, 전환으로 구간 시간 줄이기.",
        "挂断、催促、隐藏事后处理；转接会缩短分段时长。",
        "Cúp máy, vội vàng, giấu xử lý sau; chuyển máy làm ngắn chặng.",
    ),
    pairs=("fcr_contact", "transfer_rate", "short_contact_share"),
    checks=(
        "short_talk_share",
        "short_calls_by_agent",
        "agent_release_share",
        "transfers_by_agent",
        "repeat_after_short_calls",
    ),
    source="F00 #5 and #7",
)
