"""Whether findings reach the agent, and the procedure where it is to blame (G09)."""

import ibis

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.complaints.received import had_until
from careloop.insight.kpis.measures.kinds import Quantile, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said

__all__ = ["FEEDBACK_LOOP", "FEEDBACK_TIME", "REOFFENCE_RATE"]

DAY_US = 86_400_000_000

TARGET = Number(
    name="target_days",
    default=7,
    meaning=said(
        "days after publication within which the loop should be closed",
        "공개 후 완결되어야 하는 일수",
        "公布后应完成闭环的天数",
        "số ngày sau khi công bố mà vòng phản hồi phải khép lại",
    ),
)
SHARE = Choice(
    name="q",
    default="0.5",
    choices=("0.5", "0.9"),
    meaning=said("which quantile", "어느 분위수", "哪个分位数", "phân vị nào"),
)
GAMING = said("Acknowledge unread.", "읽지 않고 확인하기.", "未读就确认。", "Xác nhận mà không đọc.")


def feedback_loop(facts: Facts, options: Options) -> Ratio:
    """Findings read by the agent and, where the procedure is unfit, answered as an issue of it, over findings that were due."""
    judged = facts.counted("evaluation")
    judged = judged.select(
        "evaluation_id",
        "contact_id",
        "segment_id",
        "agent_id",
        "evaluator_id",
        "form_id",
        "published_at",
        "published_at_us",
        "published_at_slot",
        read_us="acknowledged_at_us",
    )
    rows = facts["evaluation_item"].inner_join(judged, "evaluation_id")
    issues = facts["procedure_issue"].select(raised_id="issue_id", answered_us="answered_at_us")
    rows = rows.left_join(issues, rows.procedure_issue_id == issues.raised_id)
    finding = is_true(rows.applicable) & is_true(~rows.met) & rows.published_at.notnull()
    span = int(options.number("target_days") * DAY_US)
    limit = whole(rows, "published_at_us") + span
    is_unfit = is_true(rows.deviation_cause == "procedure_unfit")
    closed = is_true(rows.read_us <= limit) & (~is_unfit | is_true(rows.answered_us <= limit))
    due = finding & (closed | had_until(facts, "evaluation", rows, "published_at", span))
    return Ratio(
        numerator=Sum(rows=rows, value=due & closed, at="published_at"),
        denominator=Sum(rows=rows, value=due, at="published_at"),
    )


def feedback_time(facts: Facts, options: Options) -> Quantile:
    """Hours from the evaluation to the agent having read it."""
    rows = facts.counted("evaluation")
    took = (whole(rows, "acknowledged_at_us") - whole(rows, "evaluated_at_us")).cast("float64") / 3.6e9
    return Quantile(rows=rows, value=took, at="evaluated_at", share=float(options.choice("q")))


def reoffence_rate(facts: Facts, options: Options) -> Ratio:
    """Findings whose line was missed again over findings whose line was judged again, after the agent had read of them.

    The next judgement of the same line and agent counts, if it came within the days asked for.
    """
    judged = facts.counted("evaluation").select(
        "evaluation_id",
        "contact_id",
        "segment_id",
        "agent_id",
        "evaluator_id",
        "form_id",
        "evaluated_at_us",
        "acknowledged_at_us",
        "acknowledged_at_slot",
    )
    lines = facts["evaluation_item"].inner_join(judged, "evaluation_id")
    lines = lines.filter(is_true(lines.applicable), lines.met.notnull())
    rows = lines.filter(~is_true(lines.met), lines.acknowledged_at_us.notnull())
    later = lines.select(
        later_agent="agent_id",
        later_item="item_id",
        later_us="evaluated_at_us",
        later_id="evaluation_id",
        later_missed=~is_true(lines.met),
    )
    met = rows.select("evaluation_id", "item_id", "agent_id", "acknowledged_at_us").inner_join(
        later, [rows.agent_id == later.later_agent, rows.item_id == later.later_item]
    )
    gone = whole(met, "later_us") - whole(met, "acknowledged_at_us")
    met = met.filter(gone > 0, gone <= int(options.number("within_days") * DAY_US))
    order = ibis.window(group_by=[met.evaluation_id, met.item_id], order_by=[met.later_us, met.later_id])
    met = met.mutate(place=ibis.row_number().over(order))
    again = met.filter(met.place == 0).select(again_of="evaluation_id", again_item="item_id", is_again="later_missed")
    rows = rows.left_join(again, [rows.evaluation_id == again.again_of, rows.item_id == again.again_item])
    return Ratio(
        numerator=Sum(rows=rows, value=is_true(rows.is_again), at="acknowledged_at"),
        denominator=Sum(rows=rows, value=rows.again_of.notnull(), at="acknowledged_at"),
    )


WITHIN_DAYS = Number(
    name="within_days",
    default=60,
    least=1,
    most=730,
    meaning=said(
        "days after the agent has read of it within which the next judgement counts",
        "상담사 확인 후 다음 평가를 세는 일수",
        "坐席确认后计入下一次评定的天数",
        "số ngày sau khi nhân viên xác nhận mà lần đánh giá kế tiếp được tính",
    ),
)
FEEDBACK_LOOP = Metric(
    id="feedback_loop",
    code="G09",
    name=said(
        "QA feedback loop closure", "QA 피드백 완결률", "质检反馈闭环率", "Tỷ lệ khép kín vòng phản hồi chất lượng"
    ),
    numerator=said(
        "of them read by the agent and, where the procedure is the cause, with its issue answered, in time",
        "그중 기한 내 상담사가 확인했고, 원인이 절차면 절차 개선 요청에 답변한 건",
        "其中按时由坐席确认、且原因在流程时流程问题已获答复的",
        "trong đó nhân viên đã đọc và, nếu do quy trình, vấn đề quy trình đã được trả lời, đúng hạn",
    ),
    denominator=said(
        "findings of published evaluations that were due",
        "기한이 된 공개 평가의 지적 사항",
        "已到期的已公布评估问题项",
        "phát hiện của đánh giá đã công bố và đến hạn",
    ),
    symbols="F_closed ÷ F_due",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={
        "evaluation": ("published_at", "acknowledged_at"),
        "evaluation_item": ("met", "deviation_cause", "procedure_issue_id"),
    },
    measure=feedback_loop,
    options=(TARGET,),
    maturity_seconds=lambda options: options.number("target_days") * 86_400,
    gaming=GAMING,
    pairs=("comprehension_rate", "qa_score"),
    checks=("acknowledged_in_rows",),
    source="S3 monitoring closed loop",
)

FEEDBACK_TIME = Metric(
    id="feedback_time",
    code="G09b",
    name=said(
        "Time to QA feedback", "QA 피드백 소요시간", "质检反馈时长", "Thời gian đến khi nhận phản hồi chất lượng"
    ),
    numerator=said(
        "hours from the evaluation until the agent has read it, as a quantile",
        "평가부터 상담사 확인까지의 시간(분위수)",
        "自评估至坐席确认的小时数（分位数）",
        "số giờ từ khi đánh giá đến khi nhân viên đã đọc, theo phân vị",
    ),
    symbols="Q_q(ack − evaluated)",
    unit=Unit.HOURS,
    direction=Direction.LOWER,
    aggregation=Aggregation.QUANTILE,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"evaluation": ("evaluated_at", "acknowledged_at")},
    measure=feedback_time,
    options=(SHARE,),
    gaming=GAMING,
    pairs=("feedback_loop",),
    checks=("acknowledged_in_rows",),
    source="S3 monitoring closed loop",
)

REOFFENCE_RATE = Metric(
    id="reoffence_rate",
    code="G09c",
    name=said("Re-offence after feedback", "피드백 후 재발률", "反馈后再犯率", "Tỷ lệ tái phạm sau phản hồi"),
    numerator=said("of them missed again", "그중 다시 미충족", "其中再次未达标的", "trong đó lại không đạt"),
    denominator=said(
        "findings the agent has read of, whose line was judged again within so many days",
        "상담사가 확인했고 해당 일수 안에 같은 항목이 다시 평가된 지적",
        "坐席已确认且该项在规定天数内再次被评定的问题",
        "phát hiện mà nhân viên đã đọc và cùng mục được đánh giá lại trong số ngày đó",
    ),
    symbols="F_again ÷ F_judged again",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={
        "evaluation": ("agent_id", "evaluated_at", "acknowledged_at"),
        "evaluation_item": ("item_id", "applicable", "met"),
    },
    measure=reoffence_rate,
    options=(WITHIN_DAYS,),
    gaming=said(
        "Do not judge the same line again.",
        "같은 항목을 다시 평가하지 않기.",
        "不再评定同一项。",
        "Không đánh giá lại mục đó.",
    ),
    pairs=("feedback_loop", "qa_score"),
    checks=("acknowledged_in_rows",),
    source="metrics.md G09",
)
