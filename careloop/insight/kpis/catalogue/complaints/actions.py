"""Whether corrective actions come in time, and whether they work (F10, F11)."""

from dataclasses import replace

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.complaints.received import had_until
from careloop.insight.kpis.measures.kinds import Level, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import said

__all__ = ["ACTIONS_UNDECIDED", "ACTIONS_UNDECIDED_AGE", "ACTION_EFFECTIVE_RATE", "ACTION_ON_TIME"]


def action_on_time(facts: Facts, _options: Options) -> Ratio:
    """Implemented by the first due date over actions that were due; a date that was moved is a date that was missed."""
    rows = facts["corrective_action"]
    in_time = is_true(rows.implemented_at_us <= rows.due_at_first_us)
    due = in_time | had_until(facts, "corrective_action", rows, "due_at_first")
    return Ratio(
        numerator=Sum(rows=rows, value=in_time, at="due_at_first"),
        denominator=Sum(rows=rows, value=due, at="due_at_first"),
    )


def action_effective_rate(facts: Facts, _options: Options) -> Ratio:
    """Effective over decided as effective or not."""
    rows = facts["corrective_action"]
    return Ratio(
        numerator=Sum(rows=rows, value=is_true(rows.verdict == "effective"), at="verdict_at"),
        denominator=Sum(rows=rows, value=is_true(rows.verdict.isin(["effective", "not_effective"])), at="verdict_at"),
    )


def actions_undecided(facts: Facts, _options: Options) -> Level:
    """Actions implemented and not decided on yet."""
    return _undecided(facts)


def actions_undecided_age(facts: Facts, _options: Options) -> Level:
    """The age in days, since they were implemented, that half of the undecided actions do not exceed."""
    return replace(_undecided(facts), age_share=0.5, age_unit_s=86_400.0)


def _undecided(facts: Facts) -> Level:
    rows = facts["corrective_action"]
    settled = is_true(rows.verdict.isin(["effective", "not_effective", "not_shown"]))
    ends = settled.ifelse(rows.verdict_at_us, rows.verdict_at_us.nullif(rows.verdict_at_us))
    rows = rows.mutate(settled_us=ends)
    return Level(rows=rows, starts="implemented_at", ends="settled", where=rows.implemented_at.notnull())


ACTION_ON_TIME = Metric(
    id="action_on_time",
    code="F10",
    name=said("Corrective action on time", "시정조치 기한 준수율", "整改按时率", "Tỷ lệ khắc phục đúng hạn"),
    numerator=said(
        "of them implemented by their first due date",
        "그중 최초 기한까지 이행된 조치",
        "其中在最初期限前落实的",
        "trong đó được thực hiện trước hạn đặt ra lần đầu",
    ),
    denominator=said("actions due", "기한이 된 조치", "已到期的整改", "biện pháp đã đến hạn"),
    symbols="A_in time ÷ A_due",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"corrective_action": ("due_at_first", "implemented_at")},
    measure=action_on_time,
    gaming=said("Move due dates.", "기한 옮기기.", "改动期限。", "Dời hạn."),
    pairs=("action_effective_rate",),
    checks=("due_dates_moved",),
    source="S3 PDCA; ISO 10002",
)

ACTION_EFFECTIVE_RATE = Metric(
    id="action_effective_rate",
    code="F11",
    name=said(
        "Verified-effective actions",
        "시정조치 효과 확인율",
        "整改有效率",
        "Tỷ lệ biện pháp được xác nhận có hiệu quả",
    ),
    numerator=said("of them effective", "그중 효과 있음", "其中有效的", "trong đó có hiệu quả"),
    denominator=said(
        "actions found effective or not effective; those not yet known stand beside",
        "효과 있음·없음으로 판정된 조치, 미정은 따로 표시",
        "已判定有效或无效的整改；未定者另列",
        "biện pháp đã kết luận có hoặc không hiệu quả; chưa rõ thì nêu riêng",
    ),
    symbols="A_eff ÷ (A_eff + A_not)",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"corrective_action": ("verdict", "verdict_at")},
    measure=action_effective_rate,
    gaming=said(
        "Declare success when a spike falls by itself.",
        "급증이 저절로 가라앉은 것을 성공이라 하기.",
        "把高峰的自然回落说成成效。",
        "Coi việc đỉnh tự hạ xuống là thành công.",
    ),
    pairs=("actions_undecided", "recurrence_rate"),
    checks=("baseline_with_spike",),
    source="S3; S0 item 8; metrics.md §3.9",
)

ACTIONS_UNDECIDED = Metric(
    id="actions_undecided",
    code="F11b",
    name=said(
        "Actions whose effect is not yet known",
        "효과 미확인 조치",
        "效果未定的整改",
        "Biện pháp chưa rõ hiệu quả",
    ),
    numerator=said(
        "actions implemented and neither effective, not effective nor closed as not shown",
        "이행되었으나 효과 있음·없음·입증 안 됨으로 끝나지 않은 조치",
        "已落实而尚未判为有效、无效或未证实的整改",
        "biện pháp đã thực hiện mà chưa kết luận có hiệu quả, không hiệu quả hay không chứng minh được",
    ),
    symbols="A_open(t)",
    unit=Unit.COUNT,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.GAUGE,
    interval=IntervalMethod.NONE,
    needs={"corrective_action": ("implemented_at", "verdict", "verdict_at")},
    measure=actions_undecided,
    gaming=said(
        "Leave verdicts open for ever.",
        "판정을 끝없이 미루기.",
        "判定一直悬而不决。",
        "Để kết luận bỏ ngỏ mãi.",
    ),
    pairs=("action_effective_rate", "actions_undecided_age"),
    checks=("baseline_with_spike",),
    source="metrics.md §3.9",
)

ACTIONS_UNDECIDED_AGE = Metric(
    id="actions_undecided_age",
    code="F11c",
    name=said(
        "Age of actions whose effect is not yet known",
        "효과 미확인 조치의 경과일",
        "效果未定整改的时长",
        "Tuổi của biện pháp chưa rõ hiệu quả",
    ),
    numerator=said(
        "days since they were implemented that half of them do not exceed",
        "그 절반이 넘지 않는 이행 후 일수",
        "其中一半不超过的落实后天数",
        "số ngày kể từ khi thực hiện mà một nửa không vượt quá",
    ),
    symbols="min { a : F(a) ≥ ½ }",
    unit=Unit.DAYS,
    direction=Direction.LOWER,
    aggregation=Aggregation.QUANTILE,
    interval=IntervalMethod.NONE,
    needs={"corrective_action": ("implemented_at", "verdict", "verdict_at")},
    measure=actions_undecided_age,
    gaming=said(
        "Close old ones as not shown.",
        "오래된 것을 ‘입증 안 됨’으로 닫기.",
        "把旧的以“未证实”结案。",
        "Đóng các biện pháp cũ là không chứng minh được.",
    ),
    pairs=("actions_undecided", "action_effective_rate"),
    checks=("baseline_with_spike",),
    source="metrics.md F11",
)
