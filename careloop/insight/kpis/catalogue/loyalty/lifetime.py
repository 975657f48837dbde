"""How long customers stay (E03)."""

import ibis

from careloop.insight.kpis.asking.columns import whole
from careloop.insight.kpis.asking.sources import Facts, micros_until
from careloop.insight.kpis.catalogue.loyalty.spans import MONTH_S
from careloop.insight.kpis.measures.kinds import Survival, SurvivalAt
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Number, Options
from careloop.insight.kpis.words import said

__all__ = ["SURVIVAL_12", "SURVIVAL_MEDIAN", "survival_12", "survival_median"]

AFTER = Number(
    name="months",
    default=12,
    least=1,
    most=600,
    meaning=said(
        "after how many months the share is read",
        "몇 개월 뒤의 비율을 읽을지",
        "在多少个月之后读取比例",
        "đọc tỷ lệ sau bao nhiêu tháng",
    ),
)
GAMING = said(
    "Drop customers who are still there, or short contracts.",
    "아직 남아 있는 고객이나 짧은 계약을 빼기.",
    "剔除仍在的客户或短期合同。",
    "Bỏ ra những khách vẫn còn, hoặc các hợp đồng ngắn.",
)


def survival_median(facts: Facts, _options: Options) -> Survival:
    """Months from the start of the relation to its end; who is still there counts for as long as watched."""
    rows = facts["customer"]
    until, watched = whole(rows, "until_us"), micros_until(facts, ["customer"])
    end: ibis.expr.types.IntegerValue = until
    if watched is not None:
        end = ibis.least(until.fill_null(watched), ibis.literal(watched, type="int64"))
    lasted = (end - whole(rows, "since_us")).cast("float64") / (MONTH_S * 1_000_000)
    happened = until.notnull() if watched is None else (until <= watched).fill_null(False)
    return Survival(rows=rows, duration=lasted, happened=happened, at="since", where=lasted >= 0)


def survival_12(facts: Facts, options: Options) -> SurvivalAt:
    """The share of customers still there after some months."""
    return SurvivalAt(of=survival_median(facts, options), after=options.number("months"))


SURVIVAL_MEDIAN = Metric(
    id="survival_median",
    code="E03",
    name=said("Customer lifetime (KM)", "고객 생존기간(KM)", "客户生存期(KM)", "Thời gian gắn bó của khách hàng (KM)"),
    numerator=said(
        "months until half of the cohort has left, by Kaplan and Meier",
        "코호트의 절반이 떠날 때까지의 개월 수(카플란–마이어)",
        "同期群一半离开所经月数（Kaplan–Meier）",
        "số tháng đến khi một nửa nhóm đã rời đi, theo Kaplan–Meier",
    ),
    denominator=said(
        "customers who began in the period",
        "기간에 시작한 고객",
        "期内开始的客户",
        "khách hàng bắt đầu trong kỳ",
    ),
    symbols="inf{t: Ŝ(t) ≤ ½}",
    unit=Unit.MONTHS,
    direction=Direction.HIGHER,
    aggregation=Aggregation.SURVIVAL,
    interval=IntervalMethod.GREENWOOD,
    needs={"customer": ("since", "until")},
    measure=survival_median,
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("churn_rate", "net_revenue_retention"),
    checks=("empty_contracts",),
    source="metrics.md §3.12",
)

SURVIVAL_12 = Metric(
    id="survival_12",
    code="E03b",
    name=said(
        "Customers still there after 12 months (KM)",
        "12개월 후 잔존 비율(KM)",
        "12 个月后仍在的客户(KM)",
        "Tỷ lệ khách còn lại sau 12 tháng (KM)",
    ),
    numerator=said(
        "share of the cohort still there after the months, by Kaplan and Meier",
        "해당 개월 후 남아 있는 코호트의 비율(카플란–마이어)",
        "若干月后仍在的同期群比例（Kaplan–Meier）",
        "tỷ lệ nhóm còn lại sau số tháng, theo Kaplan–Meier",
    ),
    denominator=said(
        "customers who began in the period",
        "기간에 시작한 고객",
        "期内开始的客户",
        "khách hàng bắt đầu trong kỳ",
    ),
    symbols="Ŝ(12)",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.SURVIVAL,
    interval=IntervalMethod.GREENWOOD,
    needs={"customer": ("since", "until")},
    measure=survival_12,
    options=(AFTER,),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("churn_rate", "net_revenue_retention"),
    checks=("empty_contracts",),
    source="metrics.md §3.12",
)
