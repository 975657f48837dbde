"""Whether staff propose, and whether it is taken up (H14)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.guidance.issues import days_to_answer
from careloop.insight.kpis.measures.kinds import KeyShare, Ratio, Sum, Survival
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Options, Switch
from careloop.insight.kpis.words import said

__all__ = ["SUGGESTION_ADOPTION", "SUGGESTION_PARTICIPATION", "SUGGESTION_TIME"]

NOON_S = 43_200

IMPLEMENTED = Switch(
    name="implemented",
    default=False,
    meaning=said(
        "count only what was also done", "실제로 시행된 것만 셈", "只计已实施的", "chỉ tính những gì đã được thực hiện"
    ),
)
GAMING = said(
    "Suggestions to fill a quota.", "건수를 채우기 위한 제안.", "为凑数而提建议。", "Đề xuất cho đủ chỉ tiêu."
)


def suggestion_participation(facts: Facts, _options: Options) -> KeyShare:
    """People with a suggestion over people who worked or made one."""
    made, worked = facts["suggestion"], facts["paid_time"]
    made = made.filter(made.raised_by.notnull())
    proposals = made.select(
        agent_id=made.raised_by,
        at_us=made.raised_at_us,
        at_slot=made.raised_at_slot,
        is_proposal=ibis.literal(True),
    )
    # A day stands for its noon, so that it is the same day almost everywhere.
    noon: ir.IntegerValue = worked.local_date.epoch_days().cast("int64") * 86_400 + NOON_S
    days = worked.select(
        agent_id=worked.agent_id,
        at_us=noon * 1_000_000,
        at_slot=noon,
        is_proposal=ibis.literal(False),
    )
    rows = proposals.union(days)
    return KeyShare(rows=rows, key="agent_id", part=is_true(rows.is_proposal), at="at")


def suggestion_adoption(facts: Facts, options: Options) -> Ratio:
    """Adopted over decided."""
    rows = facts["suggestion"]
    rows = rows.mutate(agent_id=rows.raised_by)
    decided = rows.answered_at.notnull()
    adopted = decided & is_true(rows.outcome == "adopted")
    if options.on("implemented"):
        adopted = adopted & rows.implemented_at.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=adopted, at="answered_at"),
        denominator=Sum(rows=rows, value=decided, at="answered_at"),
    )


def suggestion_time(facts: Facts, _options: Options) -> Survival:
    """Days until half of the suggestions were answered."""
    return days_to_answer(facts, "suggestion")


SUGGESTION_PARTICIPATION = Metric(
    id="suggestion_participation",
    code="H14",
    name=said(
        "Suggestion participation and adoption",
        "제안 참여·채택률",
        "合理化建议参与/采纳率",
        "Tỷ lệ tham gia và áp dụng đề xuất",
    ),
    numerator=said("of them with a suggestion", "그중 제안한 직원", "其中提过建议的", "trong đó có đề xuất"),
    denominator=said(
        "staff who worked in the period", "기간에 근무한 직원", "期内出勤的员工", "nhân viên làm việc trong kỳ"
    ),
    symbols="N_with ÷ N",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"suggestion": ("raised_by", "raised_at"), "paid_time": ("agent_id", "local_date")},
    measure=suggestion_participation,
    subject=Subject.PEOPLE,
    gaming=GAMING,
    pairs=("suggestion_adoption",),
    source="S3 item 7",
)

SUGGESTION_ADOPTION = Metric(
    id="suggestion_adoption",
    code="H14b",
    name=said("Suggestion adoption", "제안 채택률", "合理化建议采纳率", "Tỷ lệ áp dụng đề xuất"),
    numerator=said("of them adopted", "그중 채택", "其中被采纳的", "trong đó được áp dụng"),
    denominator=said("suggestions decided", "결정된 제안", "已决定的建议", "đề xuất đã được quyết định"),
    symbols="S_adopted ÷ S_decided",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"suggestion": ("answered_at", "outcome")},
    also_needs=lambda options: {"suggestion": ("implemented_at",)} if options.on("implemented") else {},
    measure=suggestion_adoption,
    options=(IMPLEMENTED,),
    gaming=GAMING,
    pairs=("suggestion_participation",),
    checks=("adopted_not_implemented",),
    source="S3 item 7",
)

SUGGESTION_TIME = Metric(
    id="suggestion_time",
    code="H14c",
    name=said("Suggestion answer time", "제안 응답시간", "合理化建议响应时长", "Thời gian trả lời đề xuất"),
    numerator=said(
        "days from being made until half are answered, by Kaplan and Meier",
        "제안부터 절반이 답변될 때까지의 일수(카플란–마이어)",
        "自提出至一半获答复的天数（Kaplan–Meier 法）",
        "số ngày từ khi đề xuất đến khi một nửa được trả lời, theo Kaplan–Meier",
    ),
    denominator=said("suggestions", "제안", "合理化建议", "đề xuất"),
    symbols="inf{t: Ŝ(t) ≤ ½}",
    unit=Unit.DAYS,
    direction=Direction.LOWER,
    aggregation=Aggregation.SURVIVAL,
    interval=IntervalMethod.GREENWOOD,
    needs={"suggestion": ("raised_at", "answered_at")},
    measure=suggestion_time,
    gaming=said(
        "Answer with nothing, to be quick.",
        "서둘러 내용 없이 답하기.",
        "为求快而空洞答复。",
        "Trả lời cho nhanh mà không có nội dung.",
    ),
    pairs=("suggestion_adoption",),
    checks=("adopted_not_implemented",),
    source="S3 item 7",
)
