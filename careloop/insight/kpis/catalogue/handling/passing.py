"""How often contacts are passed on (B13)."""

import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, text, whole
from careloop.insight.kpis.asking.sources import Facts, contacts, segments
from careloop.insight.kpis.catalogue.handling.times import handled
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Options, Switch
from careloop.insight.kpis.words import said

__all__ = ["TRANSFER_RATE"]


TRANSFERS = ("warm", "cold")


def _transfer_needs(options: Options) -> dict[str, tuple[str, ...]]:
    if options.on("exclude_by_design"):
        return {"contact_segment": ("transfer_kind", "is_routed_by_design")}
    is_counted = options.choice("view") == "contact" and options.choice("kind") == "any"
    return {"contact_segment": ("transfer_kind or contact.transfer_count" if is_counted else "transfer_kind",)}


def transfer_rate(facts: Facts, options: Options) -> Ratio:
    """Handled contacts with a transfer over handled contacts; or handled segments passed on over handled segments."""
    legs = segments(facts)
    kinds = TRANSFERS if options.choice("kind") == "any" else (options.choice("kind"),)
    is_passed = handled(legs) & is_true(text(legs, "transfer_kind").isin(kinds))
    if options.on("exclude_by_design"):
        is_passed = is_passed & ~is_true(legs["is_routed_by_design"])
    if options.choice("view") == "agent":
        return Ratio(
            numerator=Sum(rows=legs, value=is_passed, at="queued_at"),
            denominator=Sum(rows=legs, value=handled(legs), at="queued_at"),
        )
    passed = legs.filter(is_passed).select(passed_id=legs.contact_id).distinct()
    every = contacts(facts)
    rows = every.left_join(passed, every.contact_id == passed.passed_id)
    is_handled = text(rows, "outcome") == "handled"
    is_moved: ir.BooleanValue = rows["passed_id"].notnull()
    if options.choice("kind") == "any" and not options.on("exclude_by_design"):
        # Some sources count transfers and do not say of which kind they were.
        is_moved = is_moved | is_true(whole(rows, "transfer_count") > 0)
    return Ratio(
        numerator=Sum(rows=rows, value=is_handled & is_moved, at="arrived_at"),
        denominator=Sum(rows=rows, value=is_handled, at="arrived_at"),
    )


TRANSFER_RATE = Metric(
    id="transfer_rate",
    code="B13",
    name=said("Transfer rate", "호전환율", "转接率", "Tỷ lệ chuyển tiếp"),
    numerator=said(
        "handled contacts with at least one transfer",
        "전환이 한 번 이상 있는 처리 접촉",
        "至少转接一次的已处理联络",
        "số liên hệ đã xử lý có ít nhất một lần chuyển",
    ),
    denominator=said("handled contacts", "처리된 접촉", "已处理联络", "số liên hệ đã xử lý"),
    symbols="#{transfers ≥ 1} ÷ #{handled}",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"contact_segment": ("exit",), "contact": ("outcome",)},
    also_needs=_transfer_needs,
    measure=transfer_rate,
    options=(
        Choice(
            name="view",
            default="contact",
            choices=("contact", "agent"),
            meaning=said(
                "whole contacts, or the segments of agents",
                "접촉 전체 또는 상담사 구간",
                "整次联络，或坐席分段",
                "cả liên hệ, hoặc các chặng của nhân viên",
            ),
        ),
        Choice(
            name="kind",
            default="any",
            choices=("any", "warm", "cold"),
            meaning=said("which transfers count", "어떤 전환을 셀지", "计入哪种转接", "tính loại chuyển nào"),
        ),
        Switch(
            name="exclude_by_design",
            default=False,
            meaning=said(
                "whether routes of the governed list are left out",
                "관리 목록의 경로를 뺄지 여부",
                "是否剔除受管清单中的路由",
                "có loại các tuyến trong danh sách quy định không",
            ),
        ),
    ),
    gaming=said(
        "Pass on what is hard; transfer blind.",
        "어려운 건 넘기기, 무작정 전환하기.",
        "转走难题；盲转。",
        "Đẩy việc khó; chuyển mù.",
    ),
    pairs=("aht", "fcr_contact"),
    checks=(
        "bounced_transfers",
        "transfers_by_agent",
        "transfer_heaping",
        "received_transfer_handle",
        "escalations_by_agent",
    ),
    source="ISO-A; S0 routing",
)
