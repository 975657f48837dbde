"""Whether agents find the standard fair and clear (G11)."""

from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.people.pulse import PULSE_NEEDS, SCALE, TOP_BOXES, pulse_top
from careloop.insight.kpis.measures.kinds import Ratio
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import said

__all__ = ["STANDARD_ACCEPTANCE"]


def standard_acceptance(facts: Facts, options: Options) -> Ratio:
    """Top boxes over answers to the pulse question “standard_fair”."""
    return pulse_top(facts, options, "standard_fair")


STANDARD_ACCEPTANCE = Metric(
    id="standard_acceptance",
    code="G11",
    name=said("Acceptance of QA standard", "QA 기준 수용도", "质检标准认同度", "Mức chấp nhận tiêu chuẩn chất lượng"),
    numerator=said(
        "of them that agree: “the standard is fair and clear”",
        "그중 ‘기준이 공정하고 명확하다’에 동의",
        "其中同意“标准公平清楚”的",
        "trong đó đồng ý rằng “tiêu chuẩn công bằng và rõ ràng”",
    ),
    denominator=said(
        "anonymous pulse answers", "익명 펄스 응답", "匿名脉搏调研回答", "câu trả lời khảo sát nhanh ẩn danh"
    ),
    symbols="n_top ÷ n",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=PULSE_NEEDS,
    measure=standard_acceptance,
    options=(SCALE, TOP_BOXES),
    subject=Subject.ANONYMOUS,
    gaming=said("Pressure to agree.", "동의하라는 압박.", "施压要求认同。", "Ép phải đồng ý."),
    pairs=("dispute_rate", "pulse_participation"),
    checks=(
        "pulse_identical",
        "full_participation",
        "acceptance_tone",
    ),
    source="S3",
)
