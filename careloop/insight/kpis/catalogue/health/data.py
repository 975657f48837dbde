"""Whether what is counted was filled in, coded and real (J01 to J04)."""

from collections.abc import Iterable, Sequence
from functools import partial

import ibis

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts, contacts, segments
from careloop.insight.kpis.lacks import by_default, missing
from careloop.insight.kpis.measures.kinds import Level, LevelShare, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit, Variant
from careloop.insight.kpis.options import Choice, Number, Options, Switch
from careloop.insight.kpis.words import said

__all__ = ["DATA_COMPLETENESS", "INTEGRITY_FLAGS", "REASON_OTHER_SHARE", "SHORT_CONTACT_SHARE", "clean_kpis"]

CONTACT_FIELDS = ("customer_id", "reason_code", "disposition", "case_id")
VAGUE = ("", "other", "unknown")
# What a flag counts by its severity; a metric with a severe flag cannot close a goal.
WORTHS = {"note": 1.0, "warning": 2.0, "severe": 4.0}


def data_completeness(facts: Facts, options: Options) -> Ratio:
    """Required fields that are filled over required fields: of handled contacts, and of answered segments."""
    asked = options.choice("field")
    rows, legs = contacts(facts), segments(facts)
    fields = [field for field in CONTACT_FIELDS if asked in ("all", field)]
    is_handled = text(rows, "outcome") == "handled"
    filled = [Sum(rows=rows, value=is_handled & (text(rows, f).fill_null("") != ""), at="arrived_at") for f in fields]
    expected = [Sum(rows=rows, value=is_handled, at="arrived_at") for _field in fields]
    if asked in ("all", "release_party"):
        is_answered = is_true(text(legs, "exit") == "answered")
        is_known = is_answered & text(legs, "release_party").fill_null("unknown").notin(("", "unknown"))
        filled.append(Sum(rows=legs, value=is_known, at="queued_at"))
        expected.append(Sum(rows=legs, value=is_answered, at="queued_at"))
    return Ratio(numerator=tuple(filled), denominator=tuple(expected))


def integrity_flags(facts: Facts, options: Options) -> Level:
    """Flags that nobody has answered yet."""
    rows = facts["integrity_flag"]
    severity = options.choice("severity")
    where = None if severity == "all" else is_true(text(rows, "severity") == severity)
    weight = None
    if options.on("weighted"):
        weight = ibis.cases(*((text(rows, "severity") == name, worth) for name, worth in WORTHS.items()), else_=1.0)
    return Level(rows=rows, starts="opened_at", ends="answered_at", where=where, weight=weight)


def clean_kpi_share(guarded: Sequence[Metric], facts: Facts, options: Options) -> LevelShare:
    """Metrics without an open flag over metrics that can be measured, with the options of the catalogue, and that checks guard."""
    known = sorted(each.id for each in guarded if not missing(facts, by_default(each)))
    rows = facts["integrity_flag"]
    grave = [name for name, worth in WORTHS.items() if worth >= WORTHS.get(options.choice("from_severity"), 0.0)]
    where = is_true(text(rows, "severity").isin(grave)) & text(rows, "metric_id").isin(known)
    flagged = Level(rows=rows, starts="opened_at", ends="answered_at", where=where, key="metric_id")
    return LevelShare(part=flagged, whole=float(len(known)), is_rest=True)


def reason_other_share(facts: Facts, options: Options) -> Ratio:
    """Handled contacts without a telling reason over handled contacts."""
    rows = contacts(facts)
    is_handled = text(rows, "outcome") == "handled"
    is_vague = text(rows, "reason_code").fill_null("").isin(VAGUE)
    return Ratio(
        numerator=Sum(rows=rows, value=is_handled & is_vague, at="arrived_at"),
        denominator=Sum(rows=rows, value=is_handled, at="arrived_at"),
    )


def short_contact_share(facts: Facts, options: Options) -> Ratio:
    """Answered voice segments with hardly any talk over answered voice segments."""
    rows = segments(facts)
    talk = number(rows, "talk_s")
    counted = is_true(text(rows, "exit") == "answered") & is_true(text(rows, "channel") == "voice") & talk.notnull()
    is_short = counted & is_true(talk < options.number("below_s"))
    if options.on("agent_released"):
        is_short = is_short & is_true(text(rows, "release_party") == "agent")
    return Ratio(
        numerator=Sum(rows=rows, value=is_short, at="queued_at"),
        denominator=Sum(rows=rows, value=counted, at="queued_at"),
    )


DATA_COMPLETENESS = Metric(
    id="data_completeness",
    code="J01",
    name=said("Data completeness", "데이터 완전성", "数据完整率", "Mức đầy đủ dữ liệu"),
    numerator=said(
        "required fields that are filled", "채워진 필수 항목", "已填写的必填字段", "số trường bắt buộc đã điền"
    ),
    denominator=said(
        "required fields of handled contacts and answered segments",
        "처리 접촉과 응답 구간의 필수 항목",
        "已处理联络与已接分段的必填字段",
        "số trường bắt buộc của liên hệ đã xử lý và chặng được trả lời",
    ),
    symbols="filled ÷ expected",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.NONE,
    # What nobody fills in is what this number is about: an empty column counts as such.
    needs={"contact": ("outcome",), "contact_segment": ("exit",)},
    measure=data_completeness,
    options=(
        Choice(
            name="field",
            default="all",
            choices=("all", *CONTACT_FIELDS, "release_party"),
            meaning=said("which field", "어떤 항목", "哪个字段", "trường nào"),
        ),
    ),
    gaming=said("Fill in default codes.", "기본 코드로 채우기.", "填默认代码。", "Điền mã mặc định."),
    pairs=("reason_other_share",),
    checks=(
        "other_reason_share",
        "default_code_by_agent",
    ),
    source="S3 确保数据真实",
)
GAMING_OF_FLAGS = said(
    "Switch checks off, or raise what they allow.",
    "점검을 끄거나 기준을 올리기.",
    "关闭检查或提高阈值。",
    "Tắt kiểm tra hoặc nâng ngưỡng.",
)
INTEGRITY_FLAGS = Metric(
    id="integrity_flags",
    code="J02",
    name=said("Indicator integrity flags", "지표 건전성 경보", "指标健康度告警", "Cảnh báo tính toàn vẹn của chỉ số"),
    numerator=said(
        "flags that nobody has answered", "답변되지 않은 경보", "尚未答复的告警", "số cảnh báo chưa ai trả lời"
    ),
    symbols="#{opened_at < t ≤ answered_at}",
    unit=Unit.COUNT,
    direction=Direction.LOWER,
    aggregation=Aggregation.GAUGE,
    interval=IntervalMethod.NONE,
    needs={"integrity_flag": ("opened_at", "answered_at", "severity")},
    measure=integrity_flags,
    options=(
        Choice(
            name="severity",
            default="all",
            choices=("all", "note", "warning", "severe"),
            meaning=said("how grave", "심각도", "严重程度", "mức nghiêm trọng"),
        ),
        Switch(
            name="weighted",
            default=False,
            meaning=said(
                "whether a note counts 1, a warning 2 and a severe flag 4",
                "참고 1, 경고 2, 심각 4로 가중할지 여부",
                "是否按提示 1、警告 2、严重 4 加权",
                "có tính ghi chú là 1, cảnh báo là 2 và nghiêm trọng là 4 không",
            ),
        ),
    ),
    variants=(Variant(option="weighted", setting="on", unit=Unit.POINTS),),
    gaming=GAMING_OF_FLAGS,
    pairs=("clean_kpi_share",),
    checks=("check_changes",),
    source="S3 指标健康度",
)


def clean_kpis(metrics: Iterable[Metric]) -> Metric:
    """Return the metric that says which share of these metrics no open flag doubts."""
    guarded = tuple(each for each in metrics if each.checks)
    return Metric(
        id="clean_kpi_share",
        code="J02b",
        name=said(
            "Share of metrics without a flag",
            "경보 없는 지표 비율",
            "无告警指标占比",
            "Tỷ lệ chỉ số không có cảnh báo",
        ),
        numerator=said(
            "of them without a flag that nobody has answered",
            "그중 답변되지 않은 경보가 없는 지표",
            "其中没有未答复告警的",
            "trong đó không có cảnh báo nào chưa trả lời",
        ),
        denominator=said(
            "metrics that can be measured and that checks guard",
            "측정 가능하고 점검 대상인 지표",
            "可计量且受检查保护的指标",
            "chỉ số đo được và có kiểm tra canh giữ",
        ),
        symbols="1 − #{flagged(t)} ÷ #{guarded}",
        unit=Unit.SHARE,
        direction=Direction.HIGHER,
        aggregation=Aggregation.GAUGE,
        interval=IntervalMethod.NONE,
        needs={"integrity_flag": ("metric_id", "opened_at", "answered_at", "severity")},
        measure=partial(clean_kpi_share, guarded),
        options=(
            Choice(
                name="from_severity",
                default="note",
                choices=tuple(WORTHS),
                meaning=said(
                    "from which severity on a flag counts",
                    "어느 심각도부터 셀지",
                    "自哪一严重程度起计",
                    "tính từ mức nghiêm trọng nào",
                ),
            ),
        ),
        gaming=GAMING_OF_FLAGS,
        pairs=("integrity_flags",),
        checks=("check_changes",),
        source="S3 指标健康度",
    )


REASON_OTHER_SHARE = Metric(
    id="reason_other_share",
    code="J03",
    name=said("Uncoded / “other” share", "기타·미분류 비율", "其他类占比", "Tỷ lệ “khác” hoặc chưa mã hóa"),
    numerator=said(
        "handled contacts coded other, unknown or not at all",
        "기타·알 수 없음·미분류인 처리 접촉",
        "编码为其他、未知或未编码的已处理联络",
        "số liên hệ đã xử lý ghi mã khác, không rõ hoặc không có mã",
    ),
    denominator=said("handled contacts", "처리된 접촉", "已处理联络", "số liên hệ đã xử lý"),
    symbols="#{other} ÷ #{handled}",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"contact": ("reason_code", "outcome")},
    measure=reason_other_share,
    gaming=said(
        "Take any other code instead.", "아무 다른 코드나 고르기.", "随便选一个别的代码。", "Chọn bừa một mã khác."
    ),
    pairs=("data_completeness",),
    checks=(
        "default_code_by_agent",
        "coded_against_model",
    ),
    source="FCR and hotspot validity",
)
SHORT_CONTACT_SHARE = Metric(
    id="short_contact_share",
    code="J04",
    name=said("Very short contacts", "초단시간 통화 비율", "超短通话占比", "Tỷ lệ cuộc gọi quá ngắn"),
    numerator=said(
        "answered voice segments with hardly any talk",
        "통화가 거의 없는 음성 응답 구간",
        "几乎没有通话的语音已接分段",
        "số chặng thoại được trả lời hầu như không có đàm thoại",
    ),
    denominator=said("answered voice segments", "음성 응답 구간", "语音已接分段", "số chặng thoại được trả lời"),
    symbols="#{talk < 10 s} ÷ A",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"contact_segment": ("talk_s", "exit", "channel")},
    also_needs=lambda options: {"contact_segment": ("release_party",)} if options.on("agent_released") else {},
    measure=short_contact_share,
    options=(
        Number(
            name="below_s",
            default=10,
            most=600,
            meaning=said(
                "below how many seconds; look at 5, 10 and 30 together",
                "몇 초 미만인지, 5·10·30초를 함께 볼 것",
                "少于多少秒；请同时看 5、10、30",
                "dưới bao nhiêu giây; hãy xem cùng lúc 5, 10 và 30",
            ),
        ),
        Switch(
            name="agent_released",
            default=False,
            meaning=said(
                "whether only those that the agent ended count",
                "상담사가 끊은 것만 셀지 여부",
                "是否只计坐席挂断者",
                "có chỉ tính cuộc do nhân viên kết thúc không",
            ),
        ),
    ),
    gaming=said(
        "Wait just past the limit.", "기준을 살짝 넘길 때까지 기다리기.", "等到刚过门限。", "Đợi vừa quá ngưỡng."
    ),
    pairs=("att", "aht"),
    checks=(
        "agent_release_share",
        "short_talk_by_agent",
        "talk_heaping",
    ),
    source="integrity",
)
