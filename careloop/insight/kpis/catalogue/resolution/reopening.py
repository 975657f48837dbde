"""How many cases come back (C08)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, cases, micros_until
from careloop.insight.kpis.catalogue.resolution.cases import DAY_US, DAYS, is_old
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Number, Options, Switch
from careloop.insight.kpis.words import said

__all__ = ["REOPEN_RATE", "reopen_rate", "state_changes"]

ENDED = ("solved", "closed")


def state_changes(events: ir.Table) -> ir.Table:
    """Complete changes of cases whose source tells only what a case became: before, it was what it had become last.

    Many logs have a row for each change with the state after it, and none say "reopened".
    """
    order = ibis.window(group_by=events.case_id, order_by=[events.at_us, events.case_event_id])
    was = ibis.coalesce(events.from_state, events.to_state.lag().over(order))
    is_back = is_true(was.isin(ENDED)) & ~events.to_state.isin(ENDED)
    return events.mutate(from_state=was, is_reopening=is_true(events.is_reopening) | is_back)


def reopen_rate(facts: Facts, options: Options) -> Ratio:
    """Resolutions undone within D days, by reopening or by a new case about the same, over resolutions D days old."""
    span = int(options.number("days") * DAY_US)
    events = state_changes(facts.counted("case_event"))
    order = [events.at_us, events.case_event_id]
    later = ibis.window(group_by=events.case_id, order_by=order, rows=(1, None))
    reopened = events.is_reopening.ifelse(events.at_us, ibis.null("int64"))
    events = events.mutate(again_us=reopened.min().over(later))
    rows = events.filter(events.to_state.isin(ENDED), ~is_true(events.from_state.isin(ENDED))).select(
        "case_event_id", "case_id", "at_us", "at_slot", "again_us"
    )
    if options.on("implicit"):
        rows = _with_new_case(facts, rows)
    moment = whole(rows, "at_us")
    counted = is_old(moment, span, micros_until(facts, ("case_event",)))
    undone = is_true(whole(rows, "again_us") - moment <= span)
    return Ratio(
        numerator=Sum(rows=rows, value=counted & undone, at="at"),
        denominator=Sum(rows=rows, value=counted, at="at"),
    )


def _with_new_case(facts: Facts, rows: ir.Table) -> ir.Table:
    """Take the opening of the next case of the same customer and reason group as a reopening too."""
    known = cases(facts)
    own = known.select(own_id=known.case_id, own_customer=known.customer_id, own_reason=known.reason_group)
    new = known.select(
        new_id=known.case_id, new_customer=known.customer_id, new_reason=known.reason_group, new_us=known.opened_at_us
    )
    named = rows.join(own, rows.case_id == own.own_id)
    met = named.join(
        new,
        [
            named.own_customer == new.new_customer,
            named.own_reason == new.new_reason,
            named.own_id != new.new_id,
            new.new_us >= named.at_us,
        ],
    )
    first = met.group_by(met_id=met.case_event_id).aggregate(new_us=met.new_us.min())
    joined = rows.left_join(first, rows.case_event_id == first.met_id)
    never = ibis.literal(2**62, type="int64")
    soonest = ibis.least(whole(joined, "again_us").fill_null(never), whole(joined, "new_us").fill_null(never))
    return joined.mutate(again_us=(soonest == never).ifelse(ibis.null("int64"), soonest)).drop("met_id", "new_us")


REOPEN_RATE = Metric(
    id="reopen_rate",
    code="C08",
    name=said("Reopen rate", "재오픈율", "重开率", "Tỷ lệ mở lại"),
    numerator=said(
        "resolutions undone within D days, by reopening or a new case of the same customer and reason group",
        "D일 이내에 재오픈 또는 같은 고객·사유의 새 건으로 되돌아온 해결",
        "D 天内被重开、或同一客户同类原因另建工单的解决",
        "số lần giải quyết bị đảo lại trong D ngày: mở lại, hoặc hồ sơ mới cùng khách và nhóm lý do",
    ),
    denominator=said(
        "resolutions at least D days ago",
        "D일 이전의 해결",
        "至少 D 天前的解决",
        "số lần giải quyết cách đây ít nhất D ngày",
    ),
    symbols="#{again_at − resolved_at ≤ D} ÷ #{resolved_at ≤ now − D}",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"case_event": ("to_state", "at", "is_reopening"), "case": ("opened_at",)},
    also_needs=lambda options: {"case": ("customer_id", "reason_group")} if options.on("implicit") else {},
    measure=reopen_rate,
    maturity_seconds=lambda options: options.number("days") * 86_400,
    options=(
        Number(name="days", default=14, least=0, most=365, meaning=DAYS),
        Switch(
            name="implicit",
            default=True,
            meaning=said(
                "whether a new case of the same customer and reason group counts",
                "같은 고객·사유의 새 건도 셀지 여부",
                "同一客户同类原因的新工单是否计入",
                "có tính hồ sơ mới cùng khách và nhóm lý do không",
            ),
        ),
    ),
    gaming=said("Open a new case instead.", "대신 새 건을 만들기.", "改为新建工单。", "Mở hồ sơ mới thay vì mở lại."),
    pairs=("resolution_rate", "resolution_time"),
    checks=("implicit_reopen_gap",),
    source="S3 返工; ITIL",
)
