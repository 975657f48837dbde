"""How many contacts somebody looked at (G05)."""

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts, segments
from careloop.insight.kpis.catalogue.extremes import FEWEST, OF_WHOM, of_agents
from careloop.insight.kpis.catalogue.quality.evaluations import JUDGE
from careloop.insight.kpis.measures.kinds import Layered, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import said

__all__ = ["QA_COVERAGE"]


def qa_coverage(facts: Facts, options: Options) -> Ratio | Layered:
    """Answered legs whose contact and agent were evaluated over answered legs, so that each agent has a share.

    Or the share of the agent who has least or most of it.
    """
    rows = segments(facts)
    seen = facts.counted("evaluation")
    by_machine = is_true(seen.is_automatic)
    seen = seen.filter(by_machine if options.choice("judge") == "automatic" else ~by_machine)
    seen = seen.select(seen_contact="contact_id", seen_agent="agent_id").distinct()
    rows = rows.left_join(seen, [rows.contact_id == seen.seen_contact, rows.agent_id == seen.seen_agent])
    handled = is_true(rows["exit"] == "answered")
    share = Ratio(
        numerator=Sum(rows=rows, value=handled & rows.seen_contact.notnull(), at="queued_at"),
        denominator=Sum(rows=rows, value=handled, at="queued_at"),
    )
    whose = options.choice("of")
    return share if whose == "all" else of_agents(share, of=whose, fewest=options.number("fewest"))


QA_COVERAGE = Metric(
    id="qa_coverage",
    code="G05",
    name=said("QA coverage", "QA 평가 커버리지", "质检覆盖率", "Độ phủ đánh giá chất lượng"),
    numerator=said(
        "of them in contacts evaluated for that agent",
        "그중 해당 상담사에 대해 평가된 접촉의 구간",
        "其中所属联络已就该坐席评估的",
        "trong đó thuộc liên hệ đã được đánh giá cho nhân viên ấy",
    ),
    denominator=said(
        "handled contacts, once for each agent who took part",
        "처리된 접촉(참여한 상담사별 1회)",
        "已处理联络（每位参与坐席计一次）",
        "liên hệ đã xử lý, mỗi nhân viên tham gia tính một lần",
    ),
    symbols="C_evaluated ÷ C_handled",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.NONE,
    needs={"contact_segment": ("contact_id", "agent_id", "exit"), "evaluation": ("contact_id", "agent_id")},
    measure=qa_coverage,
    options=(JUDGE, OF_WHOM, FEWEST),
    gaming=said(
        "Fill a quota without chance.",
        "무작위 없이 건수만 채우기.",
        "不随机而只凑指标。",
        "Chỉ lấy cho đủ chỉ tiêu, không bốc ngẫu nhiên.",
    ),
    pairs=("evaluator_agreement", "qa_score"),
    checks=(
        "sample_kind_share",
        "month_end_bunching",
        "evaluation_runs",
    ),
    source="S3",
)
