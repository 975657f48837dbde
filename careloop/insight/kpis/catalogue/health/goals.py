"""How far goals have come (J05)."""

from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.measures.kinds import Goals
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import said

__all__ = ["TARGET_ATTAINMENT"]


def target_attainment(facts: Facts, _options: Options) -> Goals:
    """The way that each goal has come from its baseline, over the way to what it aims at."""
    return Goals(rows=facts["target"])


TARGET_ATTAINMENT = Metric(
    id="target_attainment",
    code="J05",
    name=said("Goal attainment (SMART)", "목표 달성도", "目标达成度", "Mức đạt mục tiêu"),
    numerator=said(
        "baseline less the number since the goal was set; without a split, of the goal that has come least far",
        "기준값에서 목표 시작 이후 수치를 뺀 값, 나누지 않으면 가장 뒤처진 목표",
        "基线减去目标开始以来的数值；不拆分时取进展最少的目标",
        "mức nền trừ con số kể từ khi đặt mục tiêu; khi không tách thì lấy mục tiêu tiến ít nhất",
    ),
    denominator=said("baseline less goal", "기준값 − 목표값", "基线减目标", "mức nền trừ mục tiêu"),
    symbols="(baseline − actual) ÷ (baseline − goal)",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.MODEL,
    needs={
        "target": (
            "metric_id",
            "metric_version",
            "metric_options",
            "baseline",
            "goal",
            "starts_at",
            "due_at",
            "owner",
            "why_attainable",
            "relevance",
        )
    },
    measure=target_attainment,
    gaming=said(
        "Change baseline, definition or scope late.",
        "기준값·정의·범위를 나중에 바꾸기.",
        "事后更改基线、定义或范围。",
        "Đổi mức nền, định nghĩa hay phạm vi sau đó.",
    ),
    pairs=("integrity_flags",),
    checks=("goal_changes",),
    source="S3 SMART",
)
