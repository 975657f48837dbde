"""Checks of cases and promises: clocks that stand, closures in bulk, answers from a stamp."""

from collections.abc import Mapping

import ibis
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts, micros_until
from careloop.insight.kpis.catalogue.access.clocks import items
from careloop.insight.kpis.catalogue.resolution.reopening import reopen_rate
from careloop.insight.kpis.checks.check import Check
from careloop.insight.kpis.checks.work import commonest
from careloop.insight.kpis.measures.kinds import PerCell, Pooled, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["CHECKS"]

PROMISES = {
    "case": ("opened_at", "resolved_at", "sla_policy_id"),
    "sla_policy": ("limit_s",),
    "case_event": ("to_state",),
}


def paused_time(facts: Facts, options: Options) -> Ratio:
    """Seconds for which the clock stood over all seconds of items with a commitment."""
    rows = items(facts, what=options.choice("measure"), limit=micros_until(facts, ("case",)))
    rows = rows.filter(rows.spent_s.notnull())  # a clock that runs says only at its end what it took
    stood = number(rows, "paused_s").fill_null(0.0)
    return Ratio(
        numerator=Sum(rows=rows, value=stood, at="opened_at"),
        denominator=Sum(rows=rows, value=number(rows, "spent_s") + stood, at="opened_at"),
    )


def last_minute(facts: Facts, options: Options) -> Ratio:
    """Items finished in the last twentieth of their limit over items that kept it."""
    rows = items(facts, what=options.choice("measure"), limit=micros_until(facts, ("case",)))
    spent, limit = number(rows, "spent_s"), number(rows, "limit_s")
    is_kept = is_true(rows["is_done"]) & ~is_true(rows["is_late"])
    return Ratio(
        numerator=Sum(rows=rows, value=is_kept & is_true(spent >= limit * 0.95), at="opened_at"),
        denominator=Sum(rows=rows, value=is_kept, at="opened_at"),
    )


def short_rings(facts: Facts, options: Options) -> Ratio:
    """Tries of callbacks that rang for less than ten seconds and reached nobody."""
    rows = facts["callback_attempt"]
    counted = rows.ring_s.notnull() & (text(rows, "outcome") != "connected")
    return Ratio(
        numerator=Sum(rows=rows, value=counted & is_true(number(rows, "ring_s") < 10), at="at"),
        denominator=Sum(rows=rows, value=counted, at="at"),
    )


def same_first_replies(facts: Facts, options: Options) -> Pooled:
    """The share of the commonest first reply of agents among all first replies."""
    rows = facts["message"]
    rows = rows.filter(rows.sender == "agent", ~is_true(rows.is_auto))
    order = ibis.window(group_by=rows.conversation_id, order_by=[rows.at_us, rows.message_id])
    rows = rows.mutate(place=ibis.row_number().over(order))
    is_first = (rows.place == 0) & rows.text_hash.notnull()
    return Pooled(rows=rows, values={"text_hash": rows.text_hash}, at="at", finish=commonest, where=is_first)


def bulk_closures(facts: Facts, options: Options) -> Ratio:
    """Closures that were one of many by one act over all closures."""
    rows = facts["case_event"]
    is_end = rows.to_state.isin(("solved", "closed"))
    return Ratio(
        numerator=Sum(rows=rows, value=is_end & is_true(rows.is_bulk), at="at"),
        denominator=Sum(rows=rows, value=is_end, at="at"),
    )


def implicit_gap(facts: Facts, options: Options) -> PerCell:
    """Resolutions undone by a new case instead of a reopening."""
    sums: dict[str, Sum] = {}
    for name in ("with", "without"):
        found = reopen_rate(facts, Options({**options.settings, "implicit": name == "with"}))
        for role, part in (("x", found.numerator), ("n", found.denominator)):
            if isinstance(part, Sum):
                sums[f"{role}_{name}"] = part

    def finish(found: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = found["x_with"] / found["n_with"] - found["x_without"] / found["n_without"]
        known = np.isfinite(gap)
        return np.where(known, gap, 0.0), known.astype(np.float64)

    return PerCell(sums=sums, per=(), finish=finish, is_share=False)


CHECKS = (
    Check(
        id="paused_time_share",
        name=said("Stopped clocks", "멈춘 시계", "停表时间", "Đồng hồ dừng"),
        severity=Severity.WARNING,
        sentence=said(
            "The clock of commitments stands for more than half of the time.",
            "약속 시계가 절반 넘는 시간 동안 멈춰 있습니다.",
            "承诺的计时有一半以上时间处于停止。",
            "Đồng hồ cam kết dừng hơn một nửa thời gian.",
        ),
        needs=PROMISES,
        measure=paused_time,
        limit=0.5,
        interval=IntervalMethod.BOOTSTRAP,
    ),
    Check(
        id="last_minute_share",
        name=said("Finished at the last minute", "기한 직전 완료", "赶点完成", "Xong phút chót"),
        severity=Severity.WARNING,
        sentence=said(
            "Very many items are finished just before their deadline.",
            "기한 직전에 끝나는 건이 매우 많습니다.",
            "大量事项恰在期限前完成。",
            "Rất nhiều mục hoàn tất ngay trước hạn.",
        ),
        needs=PROMISES,
        measure=last_minute,
        limit=0.2,
    ),
    Check(
        id="short_rings",
        name=said("Callbacks that ring briefly", "짧게 울린 콜백", "短振铃回访", "Gọi lại đổ chuông ngắn"),
        severity=Severity.WARNING,
        sentence=said(
            "Many tries of callbacks ring for less than ten seconds.",
            "10초도 울리지 않은 콜백 시도가 많습니다.",
            "大量回访尝试振铃不足十秒。",
            "Nhiều lần gọi lại đổ chuông chưa đến mười giây.",
        ),
        needs={"callback_attempt": ("ring_s", "outcome")},
        measure=short_rings,
        limit=0.3,
    ),
    Check(
        id="same_first_replies",
        name=said("First replies alike", "같은 첫 답변", "相同的首次回复", "Trả lời đầu giống nhau"),
        severity=Severity.WARNING,
        sentence=said(
            "Most first replies are the same text.",
            "첫 답변의 대부분이 같은 문구입니다.",
            "多数首次回复是同一段文字。",
            "Phần lớn câu trả lời đầu tiên giống hệt nhau.",
        ),
        needs={"message": ("text_hash", "sender", "is_auto")},
        measure=same_first_replies,
        limit=0.5,
    ),
    Check(
        id="bulk_closures",
        name=said("Closed in bulk", "일괄 종료", "批量关闭", "Đóng hàng loạt"),
        severity=Severity.SEVERE,
        sentence=said(
            "Many cases were closed in bulk.",
            "한꺼번에 종료된 건이 많습니다.",
            "大量工单被批量关闭。",
            "Nhiều hồ sơ bị đóng hàng loạt.",
        ),
        needs={"case_event": ("is_bulk", "to_state")},
        measure=bulk_closures,
        limit=0.1,
    ),
    Check(
        id="implicit_reopen_gap",
        name=said("Back as new cases", "새 건으로 돌아온 문의", "以新工单返回", "Quay lại thành hồ sơ mới"),
        severity=Severity.WARNING,
        sentence=said(
            "Many solved matters come back as new cases instead of reopened ones.",
            "해결된 건이 재오픈 대신 새 건으로 많이 돌아옵니다.",
            "许多已解决事项以新工单而非重开的形式返回。",
            "Nhiều việc đã giải quyết quay lại thành hồ sơ mới thay vì mở lại.",
        ),
        needs={"case": ("customer_id", "reason_group"), "case_event": ("is_reopening",)},
        measure=implicit_gap,
        limit=0.05,
        interval=IntervalMethod.NONE,
    ),
)
