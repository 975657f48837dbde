"""Whether staff say when a procedure does not fit, and whether anybody answers (H13)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, micros_until
from careloop.insight.kpis.measures.kinds import Level, Ratio, Sum, Survival
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Options
from careloop.insight.kpis.words import said

__all__ = [
    "PROCEDURE_ISSUES_ACCEPTED",
    "PROCEDURE_ISSUES_OPEN_AGE",
    "PROCEDURE_ISSUE_RATE",
    "PROCEDURE_ISSUE_TIME",
    "days_to_answer",
]

DAY_US = 86_400_000_000

WHICH = Choice(
    name="which",
    default="all",
    choices=("all", "accepted"),
    meaning=said(
        "all issues, or only accepted ones",
        "전체 또는 수용된 것만",
        "全部，或仅已采纳的",
        "mọi vấn đề, hay chỉ những vấn đề được chấp nhận",
    ),
)
GAMING = said(
    "Silence is fear, or no way to speak.",
    "침묵은 두려움이거나 통로가 없다는 뜻.",
    "沉默意味着害怕，或没有渠道。",
    "Im lặng là sợ hãi, hoặc không có kênh để nói.",
)


def procedure_issue_rate(facts: Facts, options: Options) -> Ratio:
    """Issues over uses of procedures."""
    rows, uses = facts["procedure_issue"], facts["procedure_use"]
    rows = rows.mutate(agent_id=rows.raised_by)
    counts = is_true(rows.outcome == "accepted") if options.choice("which") == "accepted" else rows.issue_id.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=counts, at="raised_at"),
        denominator=Sum(rows=uses, value=uses.use_id.notnull(), at="at"),
        scale=1000,
    )


def days_to_answer(facts: Facts, table: str) -> Survival:
    """Days from being raised to being answered; what is open counts for as long as it is open."""
    rows = facts[table]
    rows = rows.mutate(agent_id=rows.raised_by)
    watched = micros_until(facts, [table])
    end: ir.IntegerValue = whole(rows, "answered_at_us")
    happened = rows.answered_at.notnull()
    if watched is not None:
        happened = is_true(end <= watched)
        end = ibis.least(end.fill_null(watched), ibis.literal(watched, type="int64"))
    days = (end - whole(rows, "raised_at_us")).cast("float64") / DAY_US
    return Survival(rows=rows, duration=days, happened=happened, at="raised_at", where=days >= 0)


def procedure_issue_time(facts: Facts, _options: Options) -> Survival:
    """Days until half of the issues were answered."""
    return days_to_answer(facts, "procedure_issue")


def procedure_issues_accepted(facts: Facts, _options: Options) -> Ratio:
    """Accepted over answered."""
    rows = facts["procedure_issue"]
    rows = rows.mutate(agent_id=rows.raised_by)
    is_answered = rows.answered_at.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=is_answered & is_true(rows.outcome == "accepted"), at="answered_at"),
        denominator=Sum(rows=rows, value=is_answered, at="answered_at"),
    )


def procedure_issues_open_age(facts: Facts, _options: Options) -> Level:
    """The age in days that half of the issues without an answer do not exceed."""
    return Level(
        rows=facts["procedure_issue"], starts="raised_at", ends="answered_at", age_share=0.5, age_unit_s=86_400.0
    )


PROCEDURE_ISSUE_RATE = Metric(
    id="procedure_issue_rate",
    code="H13",
    name=said(
        "Procedure issue reports and answer time",
        "절차 개선제안·응답시간",
        "口径问题反馈率/响应时长",
        "Báo lỗi quy trình và thời gian trả lời",
    ),
    numerator=said(
        "issues raised by staff", "직원이 제기한 절차 문제", "员工提出的流程问题", "vấn đề do nhân viên nêu"
    ),
    denominator=said("thousands of procedure uses", "절차 사용(천)", "流程使用（千次）", "nghìn lượt dùng quy trình"),
    symbols="1000·I ÷ U",
    unit=Unit.PER_THOUSAND,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.POISSON,
    needs={"procedure_issue": ("issue_id", "raised_at"), "procedure_use": ("use_id", "at")},
    also_needs=lambda options: {"procedure_issue": ("outcome",)} if options.choice("which") == "accepted" else {},
    measure=procedure_issue_rate,
    options=(WHICH,),
    gaming=GAMING,
    pairs=("procedure_issue_time", "procedure_adherence"),
    checks=("silent_procedures",),
    source="S3 feedback loop",
)

PROCEDURE_ISSUE_TIME = Metric(
    id="procedure_issue_time",
    code="H13b",
    name=said(
        "Procedure issue answer time",
        "절차 문제 응답시간",
        "流程问题响应时长",
        "Thời gian trả lời vấn đề quy trình",
    ),
    numerator=said(
        "days from being raised until half are answered, by Kaplan and Meier",
        "제기부터 절반이 답변될 때까지의 일수(카플란–마이어)",
        "自提出至一半获答复的天数（Kaplan–Meier）",
        "số ngày từ khi nêu đến khi một nửa được trả lời, theo Kaplan–Meier",
    ),
    denominator=said("issues", "절차 문제", "流程问题", "vấn đề"),
    symbols="inf{t: Ŝ(t) ≤ ½}",
    unit=Unit.DAYS,
    direction=Direction.LOWER,
    aggregation=Aggregation.SURVIVAL,
    interval=IntervalMethod.GREENWOOD,
    needs={"procedure_issue": ("raised_at", "answered_at")},
    measure=procedure_issue_time,
    gaming=GAMING,
    pairs=("procedure_issue_rate",),
    checks=("silent_procedures",),
    source="S3 feedback loop",
)

PROCEDURE_ISSUES_ACCEPTED = Metric(
    id="procedure_issues_accepted",
    code="H13c",
    name=said(
        "Accepted procedure issues", "절차 문제 수용률", "流程问题采纳率", "Tỷ lệ vấn đề quy trình được chấp nhận"
    ),
    numerator=said("of them accepted", "그중 수용", "其中被采纳的", "trong đó được chấp nhận"),
    denominator=said("issues answered", "답변된 절차 문제", "已答复的流程问题", "vấn đề đã được trả lời"),
    symbols="I_accepted ÷ I_answered",
    unit=Unit.SHARE,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"procedure_issue": ("answered_at", "outcome")},
    measure=procedure_issues_accepted,
    gaming=GAMING,
    pairs=("procedure_issue_rate", "procedure_issue_time"),
    checks=("silent_procedures",),
    source="S3 feedback loop",
)

PROCEDURE_ISSUES_OPEN_AGE = Metric(
    id="procedure_issues_open_age",
    code="H13d",
    name=said(
        "Age of open procedure issues",
        "미답변 절차 문제의 경과일",
        "未答复流程问题的时长",
        "Tuổi của vấn đề quy trình chưa trả lời",
    ),
    numerator=said(
        "days that half of the unanswered issues have waited at most",
        "미답변 문제의 절반이 넘지 않는 대기 일수",
        "一半未答复问题不超过的等待天数",
        "số ngày chờ mà một nửa vấn đề chưa trả lời không vượt quá",
    ),
    symbols="min { a : F(a) ≥ ½ }",
    unit=Unit.DAYS,
    direction=Direction.LOWER,
    aggregation=Aggregation.QUANTILE,
    interval=IntervalMethod.NONE,
    needs={"procedure_issue": ("raised_at", "answered_at")},
    measure=procedure_issues_open_age,
    gaming=said(
        "Answer with nothing, to close them.",
        "내용 없는 답변으로 닫기.",
        "以空话答复了事。",
        "Trả lời cho có để đóng lại.",
    ),
    pairs=("procedure_issue_time",),
    checks=("silent_procedures",),
    source="S3 feedback loop",
)
