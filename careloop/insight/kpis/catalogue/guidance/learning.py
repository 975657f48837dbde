"""Whether people know the rules they work by (H10, H11)."""

from collections.abc import Mapping
from typing import Final

import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.complaints.received import had_until
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import said

__all__ = ["COMPREHENSION_RATE", "PROCEDURE_ACK", "RETENTION_QUIZ_RATE"]

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "procedure_ack": ("agent_id", "procedure_id", "version", "required_by", "acked_at")
}
QUIZ: Final[Mapping[str, tuple[str, ...]]] = {
    "quiz_attempt": ("agent_id", "procedure_id", "version", "attempt_no", "passed", "is_retention")
}
GAMING = said(
    "Click through; share answers.",
    "읽지 않고 넘기기, 답 공유.",
    "不读就点过；共享答案。",
    "Bấm cho qua; chia sẻ đáp án.",
)


def required(facts: Facts) -> ir.Table:
    """Return who has to know which version of which procedure by when."""
    return facts["procedure_ack"]


def procedure_ack(facts: Facts, _options: Options) -> Ratio:
    """Confirmed in time over required by now; who was away has a later date."""
    rows = required(facts)
    due = had_until(facts, "procedure_ack", rows, "required_by")
    in_time = is_true(rows.acked_at_us <= rows.required_by_us)
    return Ratio(
        numerator=Sum(rows=rows, value=due & in_time, at="required_by"),
        denominator=Sum(rows=rows, value=due, at="required_by"),
    )


def comprehension_rate(facts: Facts, _options: Options) -> Ratio:
    """Passed at the first attempt over required who tried or are overdue; overdue is not passed."""
    rows, tries = required(facts), facts["quiz_attempt"]
    tries = tries.filter(tries.attempt_no == 1, ~is_true(tries.is_retention))
    tries = tries.select(
        tried_by="agent_id", tried_procedure="procedure_id", tried_version="version", first_passed="passed"
    )
    rows = rows.left_join(
        tries,
        [
            rows.agent_id == tries.tried_by,
            rows.procedure_id == tries.tried_procedure,
            rows.version == tries.tried_version,
        ],
    )
    counts = rows.tried_by.notnull() | had_until(facts, "procedure_ack", rows, "required_by")
    return Ratio(
        numerator=Sum(rows=rows, value=counts & is_true(rows.first_passed), at="required_by"),
        denominator=Sum(rows=rows, value=counts, at="required_by"),
    )


def retention_quiz_rate(facts: Facts, _options: Options) -> Ratio:
    """Passed when asked again after a while over asked again."""
    rows = facts["quiz_attempt"]
    again = is_true(rows.is_retention)
    return Ratio(
        numerator=Sum(rows=rows, value=again & is_true(rows.passed), at="started_at"),
        denominator=Sum(rows=rows, value=again, at="started_at"),
    )


PROCEDURE_ACK = Metric(
    id="procedure_ack",
    code="H10",
    name=said("Procedure acknowledgement", "절차 숙지 확인률", "流程口径确认率", "Tỷ lệ xác nhận quy trình"),
    numerator=said(
        "of them who confirmed the version by their date",
        "그중 기한까지 해당 버전을 확인한 직원",
        "其中在各自期限前确认该版本的",
        "trong đó đã xác nhận phiên bản trước hạn của mình",
    ),
    denominator=said(
        "staff who have to know a version and whose date has come; who was away has a later one",
        "버전을 알아야 하고 기한이 된 직원(부재자는 복귀 후 기한)",
        "须知悉该版本且期限已到的员工（缺勤者期限顺延）",
        "nhân viên phải biết một phiên bản và đã đến hạn; ai vắng mặt thì hạn muộn hơn",
    ),
    symbols="A_in time ÷ A_due",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=NEEDS,
    measure=procedure_ack,
    subject=Subject.PEOPLE,
    gaming=GAMING,
    pairs=("comprehension_rate", "procedure_adherence"),
    checks=(
        "reading_time",
        "comprehension_gap",
    ),
    source="S3 information passed on",
)

COMPREHENSION_RATE = Metric(
    id="comprehension_rate",
    code="H11",
    name=said("Procedure comprehension", "절차 이해도", "口径掌握率", "Mức hiểu quy trình"),
    numerator=said(
        "of them passed at the first attempt", "그중 첫 시도에 통과", "其中首次即通过的", "trong đó đạt ngay lần đầu"
    ),
    denominator=said(
        "required staff who tried or are overdue",
        "응시했거나 기한이 지난 대상 직원",
        "已参加或已逾期的应考员工",
        "nhân viên bắt buộc đã làm hoặc đã quá hạn",
    ),
    symbols="P₁ ÷ (A + overdue)",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={**NEEDS, **QUIZ},
    measure=comprehension_rate,
    subject=Subject.PEOPLE,
    gaming=GAMING,
    pairs=("procedure_ack", "retention_quiz_rate"),
    checks=(
        "quick_quizzes",
        "quizzes_in_step",
        "retention_gap",
        "quiz_item_order",
    ),
    source="S3 “do they know the new business”",
)

RETENTION_QUIZ_RATE = Metric(
    id="retention_quiz_rate",
    code="H11b",
    name=said("Procedure still known", "절차 이해 유지율", "口径保持率", "Tỷ lệ còn nhớ quy trình"),
    numerator=said("of them passed", "그중 통과", "其中通过的", "trong đó đạt"),
    denominator=said(
        "quizzes asked again after a while",
        "일정 기간 후 다시 치른 퀴즈",
        "一段时间后的复测",
        "bài kiểm tra hỏi lại sau một thời gian",
    ),
    symbols="P_again ÷ A_again",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=QUIZ,
    measure=retention_quiz_rate,
    subject=Subject.PEOPLE,
    gaming=GAMING,
    pairs=("comprehension_rate",),
    checks=(
        "quick_quizzes",
        "quizzes_in_step",
        "quiz_item_order",
    ),
    source="S3 “do they know the new business”",
)
