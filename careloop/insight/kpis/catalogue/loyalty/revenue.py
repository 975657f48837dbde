"""What recurring revenue is lost, and what is left (E04)."""

from careloop.insight.kpis.asking.columns import number, text
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.measures.kinds import Revenue
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Codes, Options
from careloop.insight.kpis.words import said

__all__ = ["NET_REVENUE_RETENTION", "REVENUE_CHURN", "net_revenue_retention", "revenue_churn"]

CURRENCIES = Codes(
    name="currency",
    meaning=said(
        "only contracts in this currency; several are never added up",
        "이 통화의 계약만, 여러 통화는 합산하지 않음",
        "只计此货币的合同；多种货币不相加",
        "chỉ hợp đồng bằng loại tiền này; nhiều loại tiền không bao giờ được cộng lại",
    ),
)
NEEDS = {"subscription": ("customer_id", "start_date", "end_date", "monthly_amount", "monthly_amount_currency")}
DENOMINATOR = said(
    "recurring revenue of a month when the period starts",
    "기간 시작 시점의 월 반복 매출",
    "期初的月度经常性收入",
    "doanh thu định kỳ hàng tháng khi kỳ bắt đầu",
)
GAMING = said(
    "Let expansion hide losses; count what comes once as recurring.",
    "확장 매출로 손실 감추기, 일회성 매출을 반복 매출로 세기.",
    "以扩张掩盖流失；把一次性收入算作经常性收入。",
    "Lấy phần mở rộng che phần mất; tính doanh thu một lần là doanh thu định kỳ.",
)


def _revenue(facts: Facts, options: Options, *, is_net: bool) -> Revenue:
    rows = facts["subscription"]
    if currencies := options.codes("currency"):
        rows = rows.filter(text(rows, "monthly_amount_currency").isin(currencies))
    return Revenue(
        rows=rows,
        starts="start_date",
        ends="end_date",
        key="customer_id",
        amount=number(rows, "monthly_amount"),
        currency=text(rows, "monthly_amount_currency"),
        is_net=is_net,
    )


def revenue_churn(facts: Facts, options: Options) -> Revenue:
    """Recurring revenue lost or reduced, customer by customer, over that at the start."""
    return _revenue(facts, options, is_net=False)


def net_revenue_retention(facts: Facts, options: Options) -> Revenue:
    """Recurring revenue at the end of the customers of the start, expansion included, over that at the start."""
    return _revenue(facts, options, is_net=True)


REVENUE_CHURN = Metric(
    id="revenue_churn",
    code="E04",
    name=said(
        "Revenue churn / net revenue retention",
        "매출 이탈률·순매출유지율",
        "收入流失率/净收入留存",
        "Tỷ lệ mất doanh thu / giữ chân doanh thu ròng",
    ),
    numerator=said(
        "of it lost or reduced by the end, customer by customer",
        "그중 기간 끝까지 잃거나 줄어든 금액(고객별)",
        "其中至期末流失或缩减的金额（逐客户）",
        "trong đó mất đi hoặc giảm bớt đến cuối kỳ, theo từng khách",
    ),
    denominator=DENOMINATOR,
    symbols="Σ max(0, m₀ − m₁) ÷ Σ m₀",
    unit=Unit.RATIO,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    measure=revenue_churn,
    options=(CURRENCIES,),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("net_revenue_retention", "churn_rate"),
    checks=("one_off_revenue",),
    source="service–profit chain",
)

NET_REVENUE_RETENTION = Metric(
    id="net_revenue_retention",
    code="E04b",
    name=said("Net revenue retention", "순매출유지율", "净收入留存", "Giữ chân doanh thu ròng"),
    numerator=said(
        "of the same customers at the end: start + expansion − contraction − lost",
        "같은 고객의 기말 금액: 기초 + 확장 − 축소 − 손실",
        "同一批客户的期末金额：期初 + 扩张 − 缩减 − 流失",
        "của cùng những khách đó vào cuối kỳ: đầu kỳ + mở rộng − thu hẹp − mất",
    ),
    denominator=DENOMINATOR,
    symbols="Σ m₁ ÷ Σ m₀",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    measure=net_revenue_retention,
    options=(CURRENCIES,),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("revenue_churn", "retention_rate"),
    checks=("one_off_revenue",),
    source="service–profit chain",
)
