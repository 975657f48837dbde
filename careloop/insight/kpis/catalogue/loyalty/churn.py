"""Who leaves, and who stays (E01, E02)."""

from collections.abc import Mapping
from typing import Final

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.loyalty.spans import contract_spells, purchase_spells
from careloop.insight.kpis.measures.kinds import Cohort
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit, Variant
from careloop.insight.kpis.options import Choice, Number, Options, Switch
from careloop.insight.kpis.words import said

__all__ = ["CHURN_RATE", "RETENTION_RATE", "churn_rate", "retention_rate"]

BASIS = Choice(
    name="basis",
    default="contract",
    choices=("contract", "purchase"),
    meaning=said(
        "what makes a customer: a contract that runs, or purchases in the customer’s own rhythm",
        "고객의 기준: 유효한 계약 또는 고객 자신의 구매 주기",
        "何为客户：合同有效，或按其自身节奏购买",
        "thế nào là khách hàng: hợp đồng còn hiệu lực, hay mua hàng theo nhịp riêng của khách",
    ),
)
GAPS = Number(
    name="gaps",
    default=3,
    least=1,
    meaning=said(
        "K, after how many of the customer’s median gaps without a purchase the customer is lost",
        "K, 고객의 구매 간격 중앙값 몇 배 동안 구매가 없으면 이탈로 보는지",
        "K，超过客户购买间隔中位数的多少倍未购买即视为流失",
        "K, không mua hàng quá bao nhiêu lần khoảng cách trung vị thì coi là đã mất khách",
    ),
)
KIND = Choice(
    name="kind",
    default="all",
    choices=("all", "voluntary", "involuntary"),
    meaning=said(
        "which losses count: all, those the customer chose, or those the company or payment caused",
        "세는 이탈: 전체, 고객이 선택한 것, 회사·결제로 인한 것",
        "计入哪些流失：全部、客户自愿、公司或付款所致",
        "tính những mất mát nào: tất cả, do khách chọn, hay do công ty hoặc thanh toán",
    ),
)
PER_YEAR = Switch(
    name="per_year",
    default=False,
    meaning=said(
        "show what a year of it comes to, 1 − (1 − c)^12 for months",
        "1년으로 환산해 표시, 월 단위면 1 − (1 − c)^12",
        "折算为全年，按月为 1 − (1 − c)^12",
        "quy ra một năm, theo tháng là 1 − (1 − c)^12",
    ),
)
CONTRACTS: Final[Mapping[str, tuple[str, ...]]] = {"subscription": ("customer_id", "start_date", "end_date")}
PURCHASES: Final[Mapping[str, tuple[str, ...]]] = {"purchase": ("customer_id", "at")}
GAMING = said(
    "Long grace periods, blocked cancellation, another definition of “active”, new customers counted as kept.",
    "긴 유예 기간, 해지 막기, ‘활성’ 정의 바꾸기, 신규 고객을 유지로 세기.",
    "过长的宽限期；阻碍退订；更改“活跃”的定义；把新客户算作留存。",
    "Thời gian ân hạn dài, cản trở hủy hợp đồng, đổi định nghĩa “đang hoạt động”, tính khách mới là khách giữ được.",
)


def churn_rate(facts: Facts, options: Options) -> Cohort:
    """Customers there at the start who left in it over customers there at the start; new ones are in neither."""
    kind = options.choice("kind")
    if options.choice("basis") == "purchase":
        # Nobody says why somebody stopped buying: whoever does chose to.
        rows = purchase_spells(facts, options.number("gaps"))
        counts = None if kind == "all" else rows.customer_id.notnull() & (kind == "voluntary")
    else:
        rows = contract_spells(facts)
        chosen = is_true(rows.is_voluntary)
        counts = {"all": None, "voluntary": chosen, "involuntary": ~chosen}[kind]
    return Cohort(rows=rows, starts="starts", ends="ends", counts=counts, per_year=options.on("per_year"))


def _churn_needs(options: Options) -> dict[str, tuple[str, ...]]:
    if options.choice("basis") == "purchase":
        return dict(PURCHASES)
    (columns,) = CONTRACTS.values()
    return {"subscription": columns if options.choice("kind") == "all" else (*columns, "is_voluntary")}


def retention_rate(facts: Facts, options: Options) -> Cohort:
    """Customers there at the start who were still there at the end, over customers there at the start."""
    by_contract = options.choice("basis") == "contract"
    rows = contract_spells(facts) if by_contract else purchase_spells(facts, options.number("gaps"))
    return Cohort(rows=rows, starts="starts", ends="ends", stayed=True)


CHURN_RATE = Metric(
    id="churn_rate",
    code="E01",
    name=said("Customer churn rate", "고객 이탈률", "客户流失率", "Tỷ lệ khách hàng rời bỏ"),
    numerator=said(
        "of them lost before the period ends",
        "그중 기간이 끝나기 전에 이탈한 고객",
        "其中期末前流失的",
        "trong đó mất đi trước khi kỳ kết thúc",
    ),
    denominator=said(
        "customers active when the period starts",
        "기간 시작 시점의 활성 고객",
        "期初活跃客户",
        "khách hàng đang hoạt động khi kỳ bắt đầu",
    ),
    symbols="L ÷ N₀",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={},
    also_needs=_churn_needs,
    measure=churn_rate,
    options=(BASIS, GAPS, KIND, PER_YEAR),
    variants=(Variant(option="per_year", setting="on", symbols="1 − (1 − L ÷ N₀)^(1 ÷ years)", unit=Unit.PER_YEAR),),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("retention_rate", "complaint_rate", "revenue_churn"),
    checks=(
        "churn_definition_changes",
        "cancel_lag",
        "cancel_complaints",
    ),
    source="S2 churn",
)

RETENTION_RATE = Metric(
    id="retention_rate",
    code="E02",
    name=said("Customer retention rate", "고객 유지율", "客户保留率(留存率)", "Tỷ lệ giữ chân khách hàng"),
    numerator=said(
        "of them still there when it ends: customers at the end less new ones",
        "그중 기간 끝까지 남은 고객: 기말 고객 − 신규 고객",
        "其中期末仍在的：期末客户减新客户",
        "trong đó vẫn còn khi kỳ kết thúc: khách cuối kỳ trừ khách mới",
    ),
    denominator=said(
        "customers active when the period starts",
        "기간 시작 시점의 활성 고객",
        "期初活跃客户",
        "khách hàng đang hoạt động khi kỳ bắt đầu",
    ),
    symbols="(N₁ − new) ÷ N₀ = 1 − churn",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={},
    also_needs=lambda options: CONTRACTS if options.choice("basis") == "contract" else PURCHASES,
    measure=retention_rate,
    options=(BASIS, GAPS),
    subject=Subject.CUSTOMERS,
    gaming=GAMING,
    pairs=("churn_rate", "csat"),
    checks=(
        "churn_definition_changes",
        "base_reconciled_to_billing",
    ),
    source="S2 retention",
)
