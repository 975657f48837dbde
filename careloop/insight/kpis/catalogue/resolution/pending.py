"""How long cases wait for their customer (C05)."""

import ibis

from careloop.insight.kpis.asking.columns import number
from careloop.insight.kpis.asking.sources import Facts, cases
from careloop.insight.kpis.catalogue.access.clocks import paused
from careloop.insight.kpis.measures.kinds import Mean
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import said

__all__ = ["CUSTOMER_PENDING_TIME"]


def customer_pending_time(facts: Facts, _options: Options) -> Mean:
    """Hours that resolved cases spent in the state “waiting”, between opening and the final resolution."""
    rows = cases(facts)
    rows = rows.filter(rows.resolved_at_us.notnull())
    rows = rows.mutate(until_us=rows.resolved_at_us, pause_states=ibis.array(["waiting"]))
    stood = paused(facts, rows)
    rows = rows.drop("pause_states").left_join(stood, rows.case_id == stood.paused_id).drop("paused_id")
    return Mean(rows=rows, value=number(rows, "paused_s").fill_null(0.0) / 3600, at="opened_at")


CUSTOMER_PENDING_TIME = Metric(
    id="customer_pending_time",
    code="C05b",
    name=said("Time pending on the customer", "고객 대기 시간", "等待客户的时长", "Thời gian chờ phía khách hàng"),
    numerator=said(
        "hours in which resolved cases waited for their customer",
        "해결된 건이 고객을 기다린 시간",
        "已解决工单等待客户的小时数",
        "số giờ hồ sơ đã giải quyết phải chờ khách hàng",
    ),
    denominator=said("resolved cases", "해결된 건", "已解决工单", "số hồ sơ đã giải quyết"),
    symbols="Σ waiting ÷ n",
    unit=Unit.HOURS,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"case": ("opened_at", "resolved_at"), "case_event": ("to_state", "at")},
    measure=customer_pending_time,
    gaming=said(
        "Park cases in “waiting” to stop the clock.",
        "시계를 멈추려 ‘대기’ 상태에 두기.",
        "把工单停在“等待”以停表。",
        "Để hồ sơ ở trạng thái chờ nhằm dừng đồng hồ.",
    ),
    pairs=("resolution_time", "sla_attainment"),
    source="metrics.md C05",
)
