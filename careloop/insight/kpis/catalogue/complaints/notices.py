"""Whether customers are told before they have to ask, and what that saves (F14, F15)."""

import math
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, contacts
from careloop.insight.kpis.measures.kinds import Finished, Mean, Pooled, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Number, Options
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats, normal_quantile

__all__ = ["PROACTIVE_DEFLECTION", "PROACTIVE_LEAD_TIME", "PROACTIVE_REACH", "deflection"]

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000

DAYS = Number(
    name="days",
    default=14,
    least=1,
    meaning=said(
        "days after the draw in which a contact on the issue counts",
        "추첨 후 해당 사안의 접촉을 세는 일수",
        "抽取后计入该事项联络的天数",
        "số ngày sau khi bốc chọn mà liên hệ về vấn đề được tính",
    ),
)
NEEDS = {
    "notice_recipient": ("customer_id", "arm", "assigned_at", "delivered_at", "issue_reason_group"),
    "contact": ("customer_id", "reason_group", "arrived_at"),
}


def recipients(facts: Facts) -> ir.Table:
    """Return whom something affects, with when they first came because of it, as `first_us`."""
    rows = facts["notice_recipient"]
    came = contacts(facts)
    came = came.filter(is_true(came.direction == "inbound"))
    came = came.select(who="customer_id", why="reason_group", came_us="arrived_at_us")
    met = rows.select("campaign_id", "customer_id", "issue_reason_group", "assigned_at_us")
    met = met.inner_join(came, [met.customer_id == came.who, met.issue_reason_group == came.why])
    met = met.filter(whole(met, "came_us") >= whole(met, "assigned_at_us"))
    first = met.group_by(first_campaign="campaign_id", first_customer="customer_id").aggregate(
        first_us=met.came_us.min()
    )
    return rows.left_join(first, [rows.campaign_id == first.first_campaign, rows.customer_id == first.first_customer])


def proactive_reach(facts: Facts, _options: Options) -> Ratio:
    """Told before their first contact on the issue over those who were to be told."""
    rows = recipients(facts)
    meant = is_true(rows.arm == "notify")
    told = (
        meant & rows.delivered_at.notnull() & (rows.first_us.isnull() | is_true(rows.delivered_at_us <= rows.first_us))
    )
    return Ratio(
        numerator=Sum(rows=rows, value=told, at="assigned_at"),
        denominator=Sum(rows=rows, value=meant, at="assigned_at"),
    )


def deflection(*, contacted: float, notified: float, contacted_held_out: float, held_out: float) -> Finished:
    """Compare the notified with those held out by chance: 1 − risk ratio, with the interval of its logarithm.

    Returns no number without a comparison, and no interval where one side has no contact. Check: 90 of 1000 against 150 of 1000
    give 0.40, 0.2325 to 0.5309.
    """
    n = int(notified + held_out)
    if not notified or not held_out or not contacted_held_out:
        return Finished(value=None, n=n)
    ratio = contacted / notified / (contacted_held_out / held_out)
    if contacted == 0:
        return Finished(value=1.0, n=n)
    spread = 1 / contacted - 1 / notified + 1 / contacted_held_out - 1 / held_out
    half = normal_quantile(0.95) * math.sqrt(max(0.0, spread))
    return Finished(value=1 - ratio, low=1 - ratio * math.exp(half), high=1 - ratio * math.exp(-half), n=n)


def _finish(values: Mapping[str, list[object]], counts: Floats) -> Finished:
    sums = {(arm, came): 0.0 for arm in ("notify", "holdout") for came in (True, False)}
    for arm, came, count in zip(values["arm"], values["came"], counts.tolist(), strict=True):
        sums[(str(arm), bool(came))] += count
    return deflection(
        contacted=sums[("notify", True)],
        notified=sums[("notify", True)] + sums[("notify", False)],
        contacted_held_out=sums[("holdout", True)],
        held_out=sums[("holdout", True)] + sums[("holdout", False)],
    )


def proactive_lead_time(facts: Facts, _options: Options) -> Mean:
    """Hours from the notice to the first contact on the issue, of those who were told first and came all the same."""
    rows = recipients(facts)
    ahead = (whole(rows, "first_us") - whole(rows, "delivered_at_us")).cast("float64") / HOUR_US
    came_after = is_true(rows.arm == "notify") & is_true(ahead >= 0)
    return Mean(rows=rows, value=ahead, at="assigned_at", where=came_after, cluster="customer_id")


def proactive_deflection(facts: Facts, options: Options) -> Pooled:
    """Who came because of the issue, of the notified and of those held out."""
    rows = recipients(facts)
    span = ibis.literal(int(options.number("days") * DAY_US), type="int64")
    came = is_true(whole(rows, "first_us") - whole(rows, "assigned_at_us") <= span)
    return Pooled(rows=rows, values={"arm": rows.arm, "came": came}, at="assigned_at", finish=_finish, method="log RR")


PROACTIVE_REACH = Metric(
    id="proactive_reach",
    code="F14",
    name=said(
        "Proactive notification reach", "선제 안내 도달률", "主动通知触达率", "Tỷ lệ thông báo chủ động đến được khách"
    ),
    numerator=said(
        "of them delivered a notice before their first contact on the issue",
        "그중 해당 사안의 첫 접촉 전에 안내가 도달한 고객",
        "其中在就该事项首次联络前已送达通知的",
        "trong đó nhận được thông báo trước lần liên hệ đầu về vấn đề",
    ),
    denominator=said(
        "affected customers who were to be notified",
        "안내 대상 영향 고객",
        "应通知的受影响客户",
        "khách bị ảnh hưởng cần được thông báo",
    ),
    symbols="N_before ÷ N",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=NEEDS,
    measure=proactive_reach,
    subject=Subject.CUSTOMERS,
    gaming=said(
        "A narrow list of the affected.",
        "영향 고객 명단 좁히기.",
        "缩窄“受影响”名单。",
        "Thu hẹp danh sách bị ảnh hưởng.",
    ),
    pairs=("proactive_deflection", "contact_propensity"),
    checks=("contacts_off_list",),
    source="S0 item 10",
)

PROACTIVE_DEFLECTION = Metric(
    id="proactive_deflection",
    code="F15",
    name=said(
        "Proactive deflection", "선제 안내 감축률", "主动通知分流率", "Tỷ lệ giảm liên hệ nhờ thông báo chủ động"
    ),
    numerator=said(
        "1 − share of the notified who contacted us ÷ share of those held out by chance who did",
        "1 − 안내 고객의 접촉 비율 ÷ 무작위 보류 고객의 접촉 비율",
        "1 − 已通知客户的联络率 ÷ 随机保留组的联络率",
        "1 − tỷ lệ liên hệ của khách được báo ÷ tỷ lệ của nhóm giữ lại ngẫu nhiên",
    ),
    symbols="1 − (a/n₁) ÷ (c/n₀)",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.MODEL,
    needs=NEEDS,
    measure=proactive_deflection,
    options=(DAYS,),
    subject=Subject.CUSTOMERS,
    maturity_seconds=lambda options: options.number("days") * 86_400,
    gaming=said(
        "No control group: guesses of “contacts avoided”.",
        "대조군 없이 ‘줄어든 접촉’ 추정하기.",
        "没有对照组，凭空估计“减少的联络”。",
        "Không có nhóm đối chứng: đoán “số liên hệ tránh được”.",
    ),
    pairs=("proactive_reach", "contact_propensity"),
    checks=("notices_without_holdout",),
    source="S0 item 10",
)

PROACTIVE_LEAD_TIME = Metric(
    id="proactive_lead_time",
    code="F14b",
    name=said(
        "Lead of proactive notices", "선제 안내 선행 시간", "主动通知提前量", "Khoảng báo trước của thông báo chủ động"
    ),
    numerator=said(
        "hours from the notice to the first contact on the issue",
        "안내부터 해당 사안의 첫 접촉까지의 시간",
        "从通知到该事项首次联络的小时数",
        "số giờ từ thông báo đến liên hệ đầu tiên về vấn đề",
    ),
    denominator=said(
        "customers told before they came",
        "접촉 전에 안내받은 고객",
        "联络前已获通知的客户",
        "khách được báo trước khi liên hệ",
    ),
    symbols="Σ (first contact − delivered) ÷ n",
    unit=Unit.HOURS,
    direction=Direction.HIGHER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    measure=proactive_lead_time,
    subject=Subject.CUSTOMERS,
    gaming=said(
        "Notify only those who are sure to come late.",
        "늦게 접촉할 고객에게만 안내하기.",
        "只通知肯定晚来的客户。",
        "Chỉ báo cho người chắc chắn liên hệ muộn.",
    ),
    pairs=("proactive_reach",),
    checks=("contacts_off_list",),
    source="metrics.md F14",
)
