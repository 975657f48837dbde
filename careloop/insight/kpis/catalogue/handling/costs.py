"""What a contact costs (B14)."""

import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import number, text, whole
from careloop.insight.kpis.asking.sources import Facts, contacts
from careloop.insight.kpis.asking.zones import local_time
from careloop.insight.kpis.catalogue.episode_options import OPTIONS as FCR_OPTIONS
from careloop.insight.kpis.catalogue.episodes import NEEDS as FCR_NEEDS
from careloop.insight.kpis.catalogue.episodes import episodes
from careloop.insight.kpis.measures.kinds import Ratio, Span, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Codes, Options, chosen
from careloop.insight.kpis.words import said

__all__ = ["COST_PER_CONTACT"]

MICROS = 1_000_000


def _placed(rows: ir.Table, facts: Facts, **days: str) -> ir.Table:
    """Add the instants at which days begin where the workspace is, by the names given."""
    clock = local_time(facts.zone)
    begins = {name: clock.utc(rows[day].epoch_days().cast("int64") * 86_400) for name, day in days.items()}
    rows = rows.mutate(**{f"{name}_s": value for name, value in begins.items()})
    return rows.mutate(
        **{f"{name}_us": rows[f"{name}_s"] * MICROS for name in days},
        **{f"{name}_slot": rows[f"{name}_s"] - rows[f"{name}_s"] % 1_800 for name in days},
    )


def cost_per_contact(facts: Facts, options: Options) -> Ratio:
    """Cost, spread evenly over the days that an entry covers, over handled contacts or resolved issues."""
    rows = facts["cost_entry"]
    if options.codes("currency"):
        rows = rows.filter(rows.amount_currency.isin(options.codes("currency")))
    rows = _placed(rows, facts, covers_from="period_start", covers_to="period_end")
    length = (whole(rows, "covers_to_us") - whole(rows, "covers_from_us")).cast("float64") / MICROS
    rows = rows.mutate(per_second=rows.amount.cast("float64") / length.nullif(0.0))
    cost = Span(
        rows=rows,
        where=rows.cost_entry_id.notnull(),
        starts="covers_from",
        ends="covers_to",
        weight=number(rows, "per_second"),
    )
    if options.choice("per") == "resolution":
        issues = episodes(facts, chosen(FCR_OPTIONS, {}))
        solved = issues.is_anchor & issues.is_matured & ~issues.is_followed
        return Ratio(numerator=cost, denominator=Sum(rows=issues, value=solved, at="arrived_at"))
    every = contacts(facts)
    handled = Sum(rows=every, value=text(every, "outcome") == "handled", at="arrived_at")
    return Ratio(numerator=cost, denominator=handled)


COST_PER_CONTACT = Metric(
    id="cost_per_contact",
    code="B14",
    name=said("Cost per contact", "건당 처리비용", "单次联络成本", "Chi phí cho mỗi liên hệ"),
    numerator=said(
        "cost, spread over the days it covers",
        "해당 일수에 고르게 나눈 비용",
        "按覆盖天数分摊的成本",
        "chi phí, chia đều theo ngày",
    ),
    denominator=said(
        "handled contacts, or resolved issues",
        "처리된 접촉 또는 해결된 문의",
        "已处理联络，或已解决问题",
        "số liên hệ đã xử lý, hoặc vấn đề đã giải quyết",
    ),
    symbols="Σ cost ÷ n",
    unit=Unit.MONEY,
    direction=Direction.LOWER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"cost_entry": ("period_start", "period_end", "amount"), "contact": ("outcome", "arrived_at")},
    also_needs=lambda options: FCR_NEEDS if options.choice("per") == "resolution" else {},
    measure=cost_per_contact,
    options=(
        Choice(
            name="per",
            default="contact",
            choices=("contact", "resolution"),
            meaning=said("per what", "무엇당", "按何计", "tính trên gì"),
        ),
        Codes(
            name="currency",
            meaning=said(
                "the currency that is added up; set it where entries have several",
                "합산할 통화, 여러 통화가 있으면 지정",
                "汇总的币种；有多种时须指定",
                "loại tiền được cộng; hãy chọn khi có nhiều loại",
            ),
        ),
    ),
    gaming=said(
        "More contacts make it fall.", "접촉이 늘면 낮아짐.", "联络变多它就下降。", "Nhiều liên hệ hơn thì nó giảm."
    ),
    pairs=("contacts_per_resolution", "contact_volume"),
    source="ISO-A",
)
