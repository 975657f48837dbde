"""Whether agents disagree with evaluations, and whether they are right (G08)."""

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import said

__all__ = ["DISPUTE_RATE", "OVERTURN_RATE"]

NEEDS = {"evaluation": ("evaluation_id", "agent_id", "published_at"), "dispute": ("evaluation_id", "raised_at")}
GAMING = said(
    "Punish disputes: few disputes with little acceptance are fear, not agreement.",
    "이의제기를 불이익으로: 수용도가 낮은데 이의가 적으면 동의가 아니라 두려움.",
    "惩罚申诉：认同度低而申诉少，是害怕而非认同。",
    "Phạt người khiếu nại: ít phản đối mà ít đồng thuận là sợ hãi, không phải nhất trí.",
)


def dispute_rate(facts: Facts, _options: Options) -> Ratio:
    """Disputed over published."""
    rows = facts.counted("evaluation")
    disputed = facts["dispute"].select(disputed_id="evaluation_id").distinct()
    rows = rows.left_join(disputed, rows.evaluation_id == disputed.disputed_id)
    published = rows.published_at.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=published & rows.disputed_id.notnull(), at="published_at"),
        denominator=Sum(rows=rows, value=published, at="published_at"),
    )


def overturn_rate(facts: Facts, _options: Options) -> Ratio:
    """Disputes that changed the evaluation over disputes decided."""
    whose = facts.counted("evaluation").select(
        "evaluation_id", "contact_id", "segment_id", "agent_id", "evaluator_id", "form_id"
    )
    rows = facts["dispute"].inner_join(whose, "evaluation_id")
    decided = rows.decided_at.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=decided & is_true(rows.changed), at="decided_at"),
        denominator=Sum(rows=rows, value=decided, at="decided_at"),
    )


DISPUTE_RATE = Metric(
    id="dispute_rate",
    code="G08",
    name=said(
        "Dispute rate and overturn rate", "이의제기율·번복률", "申诉率/改判率", "Tỷ lệ phản đối và tỷ lệ đổi kết quả"
    ),
    numerator=said("of them disputed", "그중 이의제기된 평가", "其中被申诉的", "trong đó bị phản đối"),
    denominator=said("evaluations published", "공개된 평가", "已公布的评估", "đánh giá đã công bố"),
    symbols="E_disputed ÷ E_published",
    unit=Unit.SHARE,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=NEEDS,
    measure=dispute_rate,
    gaming=GAMING,
    pairs=("dispute_overturn_rate", "standard_acceptance"),
    checks=("disputes_by_supervisor",),
    source="S3 “do they accept the standard”",
)

OVERTURN_RATE = Metric(
    id="dispute_overturn_rate",
    code="G08b",
    name=said("Overturn rate", "번복률", "改判率", "Tỷ lệ đổi kết quả sau phản đối"),
    numerator=said(
        "of them that changed the evaluation",
        "그중 평가가 바뀐 이의",
        "其中改变了评估的",
        "trong đó làm thay đổi đánh giá",
    ),
    denominator=said("disputes decided", "결정된 이의제기", "已裁定的申诉", "phản đối đã có kết luận"),
    symbols="D_changed ÷ D_decided",
    unit=Unit.SHARE,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"evaluation": ("evaluation_id", "agent_id"), "dispute": ("evaluation_id", "decided_at", "changed")},
    measure=overturn_rate,
    gaming=GAMING,
    pairs=("dispute_rate", "evaluator_agreement"),
    checks=("disputes_by_supervisor",),
    source="S3 “do they accept the standard”",
)
