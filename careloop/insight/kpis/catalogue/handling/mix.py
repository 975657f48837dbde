"""How long a segment would have taken anybody else: what adjusts handle times for the mix of work (metrics.md §3.11).

The mix is queue, channel, reason group and language; whoever else handled such segments in the same four weeks is compared with.
"""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, segments
from careloop.insight.kpis.options import Switch
from careloop.insight.kpis.words import said

__all__ = ["MIX_ADJUSTED", "handle_seconds", "with_expected"]

# 1970-01-05 was a Monday.
MONDAY_S, FOUR_WEEKS_S = 4 * 86_400, 28 * 86_400
# Below so many segments of others a kind of work tells nothing; its queue does then, or all queues.
FEWEST_OTHERS = 10
LEVELS = (("weeks", "queue_id", "mix_channel", "mix_reason", "mix_language"), ("weeks", "queue_id"), ("weeks",))

MIX_ADJUSTED = Switch(
    name="mix_adjusted",
    default=False,
    meaning=said(
        "adjust for the mix of work: what others took for segments of the same queue, channel, reason group and language",
        "업무 구성 보정: 같은 큐·채널·사유 그룹·언어의 구간에 다른 상담사가 쓴 시간을 기준으로 함",
        "按业务构成校正：以他人处理同队列、渠道、原因类别、语言分段的用时为基准",
        "điều chỉnh theo cơ cấu công việc: so với người khác trên cùng hàng chờ, kênh, nhóm lý do và ngôn ngữ",
    ),
)


def handle_seconds(rows: ir.Table) -> ir.FloatingValue:
    """Return talk, hold and wrap of segments together."""
    return number(rows, "talk_s") + number(rows, "hold_s") + number(rows, "wrap_s")


def with_expected(facts: Facts) -> ir.Table:
    """Return segments with `handle_s`, `expected_s`, what others took for such a one, and `usual_s`, what all took for any.

    All are null where a segment was not answered, and the last two also where nobody else handled anything in those four weeks.
    Four weeks that are over keep what they expect, whatever comes later.
    """
    rows = segments(facts)
    contacts = facts["contact"]
    about = contacts.select(
        mix_of="contact_id", mix_reason="reason_group", mix_language="language", mix_channel="channel"
    )
    rows = rows.left_join(about, rows.contact_id == about.mix_of)
    slot = whole(rows, "queued_at_slot")
    is_handled = is_true(text(rows, "exit") == "answered")
    rows = rows.mutate(
        weeks=slot - (slot - MONDAY_S) % FOUR_WEEKS_S,
        handle_s=is_handled.ifelse(handle_seconds(rows), None),
    )
    rows = rows.mutate(known=rows.handle_s.notnull().ifelse(1.0, 0.0), counted_s=rows.handle_s.fill_null(0.0))
    others = {}
    for place, names in enumerate(LEVELS):
        kind = ibis.window(group_by=list(names))
        own = ibis.window(group_by=[*names, "agent_id"])
        others[f"others_{place}"] = rows.known.sum().over(kind) - rows.known.sum().over(own)
        others[f"took_{place}"] = rows.counted_s.sum().over(kind) - rows.counted_s.sum().over(own)
    everybody = ibis.window(group_by=["weeks"])
    rows = rows.mutate(**others, all_n=rows.known.sum().over(everybody), all_s=rows.counted_s.sum().over(everybody))
    expected = ibis.cases(
        (~is_handled, None),
        *(
            (rows[f"others_{place}"] >= fewest, rows[f"took_{place}"] / rows[f"others_{place}"].nullif(0.0))
            for place, fewest in zip(range(len(LEVELS)), (FEWEST_OTHERS, FEWEST_OTHERS, 1), strict=True)
        ),
        else_=None,
    )
    return rows.mutate(
        expected_s=expected.cast("float64"), usual_s=is_handled.ifelse(rows.all_s / rows.all_n.nullif(0.0), None)
    )
