"""How often customers buy again, and how often they need us (E05, E06)."""

import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts, contacts
from careloop.insight.kpis.catalogue.loyalty.spans import customer_months
from careloop.insight.kpis.measures.kinds import Ratio, Repeated, Span, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Codes, Options
from careloop.insight.kpis.words import said

__all__ = ["CONTACTS_PER_ORDER", "CONTACT_PROPENSITY", "REPEAT_PURCHASE", "exposure"]

REASONS = Codes(
    name="reason_groups",
    meaning=said(
        "only contacts for these groups of reasons; all when empty",
        "이 사유 그룹의 접촉만, 비우면 전체",
        "只计这些原因类别的联络；留空为全部",
        "chỉ liên hệ thuộc các nhóm lý do này; để trống là tất cả",
    ),
)
GAMING = said(
    "Hide the ways to reach us instead of removing causes.",
    "원인을 없애지 않고 연락 경로를 감추기.",
    "不消除原因而隐藏联系渠道。",
    "Giấu cách liên hệ thay vì loại bỏ nguyên nhân.",
)


def repeat_purchase(facts: Facts, _options: Options) -> Repeated:
    """Customers with two purchases or more over customers with one, among those watched for the whole stretch of time."""
    whose = facts["customer"].select("customer_id", "since_us", "until_us")
    rows = facts["purchase"].inner_join(whose, "customer_id")
    return Repeated(rows=rows, key="customer_id", at="at", since="since", until="until")


def exposure(facts: Facts) -> Span:
    """Return customer-months, cut at the edges of the period."""
    rows = customer_months(facts)
    return Span(rows=rows, where=rows.customer_id.notnull(), starts="since", ends="until", weight=number(rows, "month"))


def inbound(facts: Facts, options: Options) -> Sum:
    """Count what customers began, unless it was blocked."""
    rows = contacts(facts)
    counts: ir.BooleanValue = is_true(rows.direction == "inbound") & is_true(rows.outcome != "blocked")
    if groups := options.codes("reason_groups"):
        counts = counts & is_true(text(rows, "reason_group").isin(groups))
    return Sum(rows=rows, value=counts, at="arrived_at")


def contact_propensity(facts: Facts, options: Options) -> Ratio:
    """Contacts over customer-months."""
    return Ratio(numerator=inbound(facts, options), denominator=exposure(facts), scale=1000)


def contacts_per_order(facts: Facts, options: Options) -> Ratio:
    """Contacts over orders."""
    orders = facts["purchase"]
    return Ratio(
        numerator=inbound(facts, options),
        denominator=Sum(rows=orders, value=orders.purchase_id.notnull(), at="at"),
        scale=1000,
    )


REPEAT_PURCHASE = Metric(
    id="repeat_purchase",
    code="E05",
    name=said("Repeat purchase rate", "재구매율", "复购率", "Tỷ lệ mua lại"),
    numerator=said(
        "of them with two purchases or more in it",
        "그중 두 번 이상 구매한 고객",
        "其中购买两次及以上的",
        "trong đó mua từ hai lần trở lên",
    ),
    denominator=said(
        "customers with a purchase in the period, who were customers throughout it",
        "기간 내내 고객이었고 그 기간에 구매한 고객",
        "期内有购买且全程为客户的",
        "khách có mua hàng trong kỳ và là khách hàng suốt kỳ",
    ),
    symbols="#{≥ 2} ÷ #{≥ 1}",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"purchase": ("customer_id", "at"), "customer": ("since", "until")},
    measure=repeat_purchase,
    subject=Subject.CUSTOMERS,
    gaming=said(
        "Split orders, merge accounts.",
        "주문 쪼개기, 계정 합치기.",
        "拆分订单；合并账户。",
        "Tách đơn hàng, gộp tài khoản.",
    ),
    pairs=("churn_rate", "csat"),
    checks=(
        "split_orders",
        "identity_changes",
    ),
    source="S2 repeat customers",
)

CONTACT_PROPENSITY = Metric(
    id="contact_propensity",
    code="E06",
    name=said(
        "Contacts per 1 000 customers (or orders)",
        "고객 1천명당 접촉",
        "千户联络量",
        "Số liên hệ trên 1.000 khách hàng",
    ),
    numerator=said(
        "inbound contacts × 1000", "인바운드 접촉 × 1000", "呼入联络 × 1000", "số liên hệ do khách bắt đầu × 1000"
    ),
    denominator=said("customer-months", "고객·월", "客户·月", "số tháng khách hàng"),
    symbols="1000·C ÷ Σ months",
    unit=Unit.PER_THOUSAND,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.POISSON,
    needs={"contact": ("arrived_at", "direction", "outcome"), "customer": ("since", "until")},
    measure=contact_propensity,
    options=(REASONS,),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("access_coverage", "zero_result_rate", "self_service_resolution"),
    checks=(
        "self_service_give_ups",
        "customer_searches_empty",
    ),
    source="S0 items 8, 10",
)

CONTACTS_PER_ORDER = Metric(
    id="contacts_per_order",
    code="E06b",
    name=said("Contacts per 1 000 orders", "주문 1천건당 접촉", "千单联络量", "Số liên hệ trên 1.000 đơn hàng"),
    numerator=said(
        "inbound contacts × 1000", "인바운드 접촉 × 1000", "呼入联络 × 1000", "số liên hệ do khách bắt đầu × 1000"
    ),
    denominator=said("orders", "주문", "订单", "số đơn hàng"),
    symbols="1000·C ÷ O",
    unit=Unit.PER_THOUSAND,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.POISSON,
    needs={"contact": ("arrived_at", "direction", "outcome"), "purchase": ("at",)},
    measure=contacts_per_order,
    options=(REASONS,),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("access_coverage", "contact_propensity"),
    checks=(
        "self_service_give_ups",
        "customer_searches_empty",
    ),
    source="S0 items 8, 10",
)
