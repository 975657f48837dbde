"""What the metrics of a queue have in common: who was answered, who hung up, who was sent elsewhere, after how long."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts, segments
from careloop.insight.kpis.options import Number, Switch
from careloop.insight.kpis.words import Words

__all__ = ["FLOW_OUTS", "INCLUDE_FLOW_OUT", "SHORT_ABANDON", "Queue", "queue", "queue_of", "within"]

FLOW_OUTS = ("flow_out_queue", "flow_out_callback", "flow_out_voicemail")

SHORT_ABANDON = Number(
    name="short_abandon_s",
    default=5,
    meaning=Words(
        en="who hangs up before so many seconds is not counted; 0 counts all",
        ko="이 초수 이전에 끊은 고객은 세지 않음, 0이면 모두 셈",
        zh_hans="在此秒数之前挂断者不计；0 表示全部计入",
        vi="khách gác máy trước số giây này không được tính; 0 là tính tất cả",
    ),
)
INCLUDE_FLOW_OUT = Switch(
    name="include_flow_out",
    default=False,
    meaning=Words(
        en="whether those sent to another queue, a callback or voicemail count in the denominator",
        ko="다른 큐·콜백·음성사서함으로 넘어간 건을 분모에 넣을지 여부",
        zh_hans="转往其他队列、回拨或语音信箱者是否计入分母",
        vi="có tính vào mẫu số những cuộc chuyển sang hàng chờ khác, gọi lại hay hộp thư thoại không",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Segments with yes/no columns. wait: seconds in the queue, whatever the exit."""

    rows: ir.Table
    wait: ir.FloatingValue
    is_answered: ir.BooleanValue
    is_abandoned: ir.BooleanValue
    is_flow_out: ir.BooleanValue


def queue(facts: Facts) -> Queue:
    """Read the segments of all queues."""
    rows = segments(facts)
    return queue_of(rows, number(rows, "wait_s"))


def queue_of(rows: ir.Table, wait: ir.FloatingValue) -> Queue:
    """Read segments with another clock. wait: seconds, an expression over them."""
    exit_ = text(rows, "exit")
    return Queue(
        rows=rows,
        wait=wait,
        is_answered=is_true(exit_ == "answered"),
        is_abandoned=is_true(exit_ == "abandoned"),
        is_flow_out=is_true(exit_.isin(FLOW_OUTS)),
    )


def within(wait: ir.FloatingValue, seconds: float) -> ir.BooleanValue:
    """Say whose wait was at most so long."""
    return is_true(wait <= ibis.literal(seconds))
