"""Checks of contacts: customers and reasons that nobody knows, transfers that come back."""

from collections.abc import Mapping

import ibis
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, text
from careloop.insight.kpis.asking.sources import Facts, contacts, segments
from careloop.insight.kpis.catalogue.episode_options import OPTIONS
from careloop.insight.kpis.catalogue.episodes import NEEDS, eligible, episodes
from careloop.insight.kpis.checks.check import Check
from careloop.insight.kpis.measures.kinds import PerCell, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options, chosen
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["CHECKS"]


def customer_only_gap(facts: Facts, options: Options) -> PerCell:
    """First-contact resolution with reasons less the same by customer alone: what changing reason codes could hide."""
    sums: dict[str, Sum] = {}
    for match in ("customer_reason", "customer"):
        own = {name: value for name, value in options.settings.items() if name in {option.name for option in OPTIONS}}
        rows = episodes(facts, chosen(OPTIONS, {**own, "match": match}))
        sums[f"x_{match}"] = Sum(rows=rows, value=rows.is_matured & ~rows.is_followed, at="arrived_at")
        sums[f"n_{match}"] = Sum(rows=rows, value=rows.is_matured, at="arrived_at")

    def finish(found: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = found["x_customer_reason"] / found["n_customer_reason"] - found["x_customer"] / found["n_customer"]
        known = np.isfinite(gap)
        return np.where(known, gap, 0.0), known.astype(np.float64)

    return PerCell(sums=sums, per=(), finish=finish, is_share=False)


def unidentified(facts: Facts, options: Options) -> Ratio:
    """Contacts of unknown customers over all that would be judged."""
    rows = eligible(facts, chosen(OPTIONS, {}))
    return Ratio(
        numerator=Sum(rows=rows, value=rows.customer_id.isnull(), at="arrived_at"),
        denominator=Sum(rows=rows, value=rows.contact_id.notnull(), at="arrived_at"),
    )


def other_reasons(facts: Facts, options: Options) -> Ratio:
    """Handled contacts without a telling reason over handled contacts."""
    rows = contacts(facts)
    is_handled = text(rows, "outcome") == "handled"
    is_vague = text(rows, "reason_code").fill_null("").isin(("", "other", "unknown"))
    return Ratio(
        numerator=Sum(rows=rows, value=is_handled & is_vague, at="arrived_at"),
        denominator=Sum(rows=rows, value=is_handled, at="arrived_at"),
    )


def bounced(facts: Facts, options: Options) -> Ratio:
    """Segments in the queue of two segments before, with another between, over segments that were passed on."""
    rows = segments(facts)
    order = ibis.window(group_by=rows.contact_id, order_by=[rows.seq, rows.segment_id])
    rows = rows.mutate(one=rows.queue_id.lag(1).over(order), two=rows.queue_id.lag(2).over(order))
    is_back = is_true((rows.queue_id == rows.two) & (rows.queue_id != rows.one))
    return Ratio(
        numerator=Sum(rows=rows, value=is_back, at="queued_at"),
        denominator=Sum(rows=rows, value=rows.one.notnull(), at="queued_at"),
    )


CHECKS = (
    Check(
        id="customer_only_gap",
        name=said("Gap without reasons", "사유 무시 시 차이", "忽略原因之差", "Chênh lệch khi bỏ lý do"),
        severity=Severity.WARNING,
        sentence=said(
            "Far fewer issues are solved at first contact when reasons are ignored: reason codes may change between calls.",
            "사유를 무시하면 최초 해결률이 크게 낮아집니다. 통화 사이에 사유 코드가 바뀌었을 수 있습니다.",
            "忽略原因后，一次解决率显著降低：两次来电间的原因代码可能被更改。",
            "Bỏ qua lý do thì tỷ lệ giải quyết lần đầu giảm mạnh: mã lý do có thể đổi giữa các cuộc.",
        ),
        needs=NEEDS,
        measure=customer_only_gap,
        limit=0.1,
        interval=IntervalMethod.NONE,
    ),
    Check(
        id="unidentified_share",
        name=said("Unknown customers", "미확인 고객", "未知客户", "Khách không rõ"),
        severity=Severity.WARNING,
        sentence=said(
            "More than a fifth of contacts have no known customer: the number speaks of the others only.",
            "접촉의 5분의 1 이상에서 고객을 알 수 없습니다. 수치는 나머지에만 해당합니다.",
            "超过五分之一的联络没有已知客户：该数字仅反映其余部分。",
            "Hơn một phần năm liên hệ không rõ khách hàng: con số chỉ nói về phần còn lại.",
        ),
        needs=NEEDS,
        measure=unidentified,
        limit=0.2,
    ),
    Check(
        id="other_reason_share",
        name=said("Reasons coded “other”", "‘기타’ 사유", "编码为“其他”的原因", "Lý do ghi “khác”"),
        severity=Severity.WARNING,
        sentence=said(
            "More than a tenth of contacts are coded “other”, or not at all.",
            "접촉의 10분의 1 이상이 ‘기타’이거나 코드가 없습니다.",
            "超过十分之一的联络编码为“其他”或未编码。",
            "Hơn một phần mười liên hệ ghi mã “khác” hoặc không có mã.",
        ),
        needs={"contact": ("reason_code", "outcome")},
        measure=other_reasons,
        limit=0.1,
    ),
    Check(
        id="bounced_transfers",
        name=said("Transfers that come back", "되돌아온 전환", "折返的转接", "Chuyển tiếp quay lại"),
        severity=Severity.WARNING,
        sentence=said(
            "Many transfers come back to the queue they left.",
            "전환된 접촉이 원래 큐로 많이 돌아옵니다.",
            "许多转接又回到原来的队列。",
            "Nhiều lượt chuyển quay lại hàng chờ cũ.",
        ),
        needs={"contact_segment": ("queue_id", "seq")},
        measure=bounced,
        limit=0.1,
    ),
)
