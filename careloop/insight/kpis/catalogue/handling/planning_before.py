"""How the staffing gap was defined until November 2026: by the people that the forecast itself asked for."""

from collections.abc import Mapping

import numpy as np

from careloop.insight.kpis.asking.columns import number
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.handling.forecasts import HORIZON, frozen
from careloop.insight.kpis.catalogue.handling.work import BUSY, READY, stretches
from careloop.insight.kpis.measures.kinds import PerCell, Span, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Options
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["STAFFING_GAP_1"]


def staffing_gap(facts: Facts, options: Options) -> PerCell:
    """People missing, or too many, per half hour: what the forecast asked for against who was there."""
    plan = frozen(facts, options.choice("horizon"))
    # An interval of a quarter of an hour asks for half as many half hours of work.
    need = number(plan, "required_agents") * number(plan, "interval_s")
    present = stretches(facts, joined=BUSY, others=READY)
    is_short = options.choice("side") == "short"

    def finish(sums: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        missing = (sums["required"] - sums["present"]) / 1_800
        counted = np.where(sums["required"] > 0, 1.0, 0.0)
        return counted * np.maximum(0.0, missing if is_short else -missing), counted

    return PerCell(
        sums={
            "required": Sum(rows=plan, value=need, at="interval_start"),
            "present": Span(rows=present, where=present.agent_id.notnull()),
        },
        per=("half_hour",),
        finish=finish,
        is_share=False,
    )


STAFFING_GAP_1 = Metric(
    id="staffing_gap",
    code="B16",
    name=said("Staffing gap", "인력 과부족", "人力缺口", "Chênh lệch nhân sự"),
    numerator=said(
        "people missing (or too many) in half hours",
        "30분 구간의 부족(또는 초과) 인원",
        "半小时内缺少（或多余）的人数",
        "số người thiếu (hoặc thừa) theo nửa giờ",
    ),
    denominator=said(
        "half hours with work planned",
        "업무가 계획된 30분 구간",
        "有计划工作的半小时",
        "số nửa giờ có việc theo kế hoạch",
    ),
    symbols="Σ max(0, required − present) ÷ n",
    unit=Unit.FTE_INTERVALS,
    direction=Direction.BAND,
    aggregation=Aggregation.TIME,
    interval=IntervalMethod.NONE,
    needs={"forecast": ("interval_start", "required_agents"), "agent_state": ("state", "started_at", "ended_at")},
    measure=staffing_gap,
    options=(
        HORIZON,
        Choice(
            name="side",
            default="short",
            choices=("short", "over"),
            meaning=said("who is missing, or who is too many", "부족 또는 초과", "缺口或富余", "thiếu hoặc thừa"),
        ),
    ),
    gaming=said(
        "Plan with inflated handle times or a soft target, so that no gap shows.",
        "처리시간을 부풀리거나 느슨한 목표로 계획해 부족을 감추기.",
        "以夸大的处理时长或宽松目标做计划，使缺口不现。",
        "Lập kế hoạch với thời gian xử lý thổi phồng hoặc mục tiêu dễ để không lộ thiếu.",
    ),
    pairs=("forecast_wape", "service_level"),
    source="GKM03",
)
