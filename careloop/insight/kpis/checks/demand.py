"""Checks of waiting and of demand: waits that leavers hide, doors that close, contacts that are split."""

from collections.abc import Mapping

import ibis
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, contacts
from careloop.insight.kpis.catalogue.access.queue import queue
from careloop.insight.kpis.catalogue.access.volumes import blocked_rate
from careloop.insight.kpis.checks.check import Check, Trend, share
from careloop.insight.kpis.checks.queues import time_before_queue
from careloop.insight.kpis.measures.kinds import Finished, PerCell, Pooled, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["CHECKS"]

MINUTE_US = 60_000_000


def censored_wait_gap(facts: Facts, _options: Options) -> Pooled:
    """By how much the 90th percentile of waits rises, as a share, when who left is censored and not forgotten."""
    calls = queue(facts)
    seconds = number(calls.rows, "wait_s").round().cast("int64")
    return Pooled(
        rows=calls.rows,
        values={"wait": seconds, "answered": calls.is_answered},
        at="queued_at",
        finish=_hidden_wait,
        where=(calls.is_answered | calls.is_abandoned) & calls.wait.notnull(),
    )


def _hidden_wait(values: dict[str, list[object]], counts: Floats) -> Finished:
    waits = np.array(values["wait"], dtype=np.float64)
    answered = np.array(values["answered"], dtype=np.bool_)
    n = int(counts.sum())
    if counts[answered].sum() < 100:
        return Finished(value=None, n=n)
    # Answers precede departures at the same second, as events do censorings.
    order = np.lexsort((~answered, waits))
    waits, answered, counts = waits[order], answered[order], counts[order]
    served = np.cumsum(np.where(answered, counts, 0.0))
    plain = float(waits[np.searchsorted(served, 0.9 * served[-1])])
    at_risk = np.cumsum(counts[::-1])[::-1]
    still = np.cumprod(np.where(answered, 1 - counts / at_risk, 1.0))
    below = np.flatnonzero(still <= 0.1)
    hidden = float(waits[below[0]]) if len(below) else float(waits[-1])
    return Finished(value=(hidden - plain) / max(plain, 1.0), numerator=hidden, denominator=plain, n=n)


def lost(facts: Facts, options: Options) -> Ratio:
    """Attempts that were turned away over all attempts in open hours, whatever counts in the metric under guard."""
    return blocked_rate(facts, Options({"include_out_of_hours": False}))


def quick_second_messages(facts: Facts, _options: Options) -> Ratio:
    """Conversations in which the customer writes again within an hour of the first human answer, over answered ones."""
    rows = facts["message"]
    human = rows.filter(rows.sender == "agent", ~is_true(rows.is_auto))
    order = ibis.window(group_by=human.conversation_id, order_by=[human.at_us, human.message_id])
    first = human.mutate(place=ibis.row_number().over(order))
    first = first.filter(first.place == 0).drop("place")
    asked = rows.filter(rows.sender == "customer").select(asked_in="conversation_id", asked_us="at_us")
    met = first.select("message_id", "conversation_id", first_us="at_us").inner_join(
        asked, [("conversation_id", "asked_in")]
    )
    after = met.asked_us - met.first_us
    again = met.filter(after > 0, after <= 60 * MINUTE_US).select(again_id="message_id").distinct()
    first = first.left_join(again, first.message_id == again.again_id)
    return share(first, first.again_id.notnull(), among=first.message_id.notnull(), at="at")


def kept_by_attempts(facts: Facts, _options: Options) -> Ratio:
    """Promised callbacks that were tried three times and never connected, over promised callbacks that were tried."""
    tries = facts["callback_attempt"]
    tried = tries.group_by(tried_id="callback_id").aggregate(tries=tries.count())
    rows = facts["callback"]
    rows = rows.inner_join(tried, rows.callback_id == tried.tried_id)
    return share(
        rows,
        rows.connected_at.isnull() & (whole(rows, "tries") >= 3),
        among=rows.callback_id.notnull(),
        at="promised_at",
    )


def out_of_hours_recorded(facts: Facts, _options: Options) -> PerCell:
    """1 where not one of at least five hundred arrivals came out of hours, be it by contact or by carrier."""
    rows, lost_rows = contacts(facts), facts["blocked_attempt"]
    out = text(lost_rows, "cause") == "out_of_hours"
    sums = {
        "all": Sum(rows=rows, value=is_true(rows.direction == "inbound"), at="arrived_at"),
        "out": Sum(rows=rows, value=is_true(rows.outcome == "out_of_hours"), at="arrived_at"),
        "carrier": Sum(
            rows=lost_rows, value=is_true(out).ifelse(whole(lost_rows, "count").cast("float64"), 0.0), at="bucket_start"
        ),
    }

    def finish(found: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        enough = (found["all"] >= 500).astype(np.float64)
        return enough * (found["out"] + found["carrier"] == 0), enough

    return PerCell(sums=sums, per=(), finish=finish, is_share=False)


def split(facts: Facts, _options: Options) -> Ratio:
    """Handled contacts of a customer about the same within ten minutes of the end of the one before, over handled ones."""
    rows = contacts(facts)
    rows = rows.filter(rows.outcome == "handled", rows.customer_id.notnull(), rows.reason_group.notnull())
    order = ibis.window(group_by=[rows.customer_id, rows.reason_group], order_by=[rows.arrived_at_us, rows.contact_id])
    rows = rows.mutate(ended_us=rows.ended_at_us.lag(1).over(order))
    soon = is_true(whole(rows, "arrived_at_us") - whole(rows, "ended_us") <= 10 * MINUTE_US)
    return share(rows, soon, among=rows.contact_id.notnull(), at="arrived_at")


def per_customer(facts: Facts, _options: Options) -> Ratio:
    """Contacts of known customers over those that are the customer's first in seven days."""
    rows = contacts(facts)
    rows = rows.filter(rows.customer_id.notnull(), rows.direction == "inbound")
    order = ibis.window(group_by=rows.customer_id, order_by=[rows.arrived_at_us, rows.contact_id])
    rows = rows.mutate(before_us=rows.arrived_at_us.lag(1).over(order))
    is_first = rows.before_us.isnull() | (whole(rows, "arrived_at_us") - whole(rows, "before_us") > 10_080 * MINUTE_US)
    return Ratio(
        numerator=Sum(rows=rows, value=rows.contact_id.notnull(), at="arrived_at"),
        denominator=Sum(rows=rows, value=is_true(is_first), at="arrived_at"),
    )


def unlogged(facts: Facts, _options: Options) -> Ratio:
    """Handled calls that nobody wrote down, neither with a case nor with a reason or an ending, over handled calls."""
    rows = contacts(facts)
    handled = is_true((rows.outcome == "handled") & (rows.channel == "voice"))
    nothing = rows.case_id.isnull() & rows.disposition.isnull() & rows.reason_code.isnull()
    return share(rows, nothing, among=handled, at="arrived_at")


CHECKS = (
    Check(
        id="censored_wait_gap",
        name=said(
            "Waits that leavers hide", "포기자가 감춘 대기", "放弃者掩盖的等待", "Thời gian chờ bị người bỏ cuộc che"
        ),
        severity=Severity.NOTE,
        sentence=said(
            "Long waiters leave and are not in the figure: with them, one in ten waits more than half as long again.",
            "오래 기다린 고객이 떠나 수치에 없습니다. 포함하면 대기 90백분위가 1.5배를 넘습니다.",
            "久等者离开而未计入：若计入，等待 P90 将超出一半以上。",
            "Người chờ lâu bỏ đi nên không có trong con số: tính cả họ thì P90 thời gian chờ dài hơn quá nửa.",
        ),
        needs={"contact_segment": ("wait_s", "exit")},
        measure=censored_wait_gap,
        limit=0.5,
        fewest=100,
    ),
    Check(
        id="time_before_queue_trend",
        name=said("Longer way to the queue", "큐 진입 전 시간 증가", "入队前时间变长", "Đường vào hàng chờ dài ra"),
        severity=Severity.WARNING,
        sentence=said(
            "The time before the clock of the queue starts has grown: waiting may have moved into menus and announcements.",
            "큐 시계 시작 전 시간이 늘었습니다. 대기가 ARS·안내로 옮겨졌을 수 있습니다.",
            "队列计时前的时间变长：等待可能被移到语音菜单和公告中。",
            "Thời gian trước khi đồng hồ hàng chờ chạy đã tăng: việc chờ có thể bị đẩy vào menu và lời thông báo.",
        ),
        needs={"contact": ("arrived_at",), "contact_segment": ("seq", "queued_at")},
        measure=time_before_queue,
        limit=10.0,
        how=Trend(),
    ),
    Check(
        id="lost_share",
        name=said("Turned away before the queue", "큐 진입 전 차단", "入队前被拒", "Bị chặn trước hàng chờ"),
        severity=Severity.WARNING,
        sentence=said(
            "More than a twentieth of attempts are turned away: they are in no queue and abandon nothing.",
            "시도의 5% 넘게 차단됩니다. 이들은 큐에 없으므로 포기로도 세지지 않습니다.",
            "超过二十分之一的尝试被拒：它们不在队列中，也不会计为放弃。",
            "Hơn một phần hai mươi lượt gọi bị chặn: họ không vào hàng chờ nên không bị tính là bỏ cuộc.",
        ),
        needs={"blocked_attempt": ("count", "cause"), "contact": ("arrived_at", "outcome")},
        measure=lost,
        limit=0.05,
    ),
    Check(
        id="lost_share_trend",
        name=said("More turned away", "차단 증가", "被拒增多", "Bị chặn nhiều hơn"),
        severity=Severity.WARNING,
        sentence=said(
            "More attempts are turned away than before: was a queue or trunk made smaller?",
            "차단이 전보다 늘었습니다. 큐나 회선을 줄였습니까?",
            "被拒的尝试比以前多：队列或线路是否被缩小？",
            "Lượt gọi bị chặn nhiều hơn trước: hàng chờ hay trung kế bị thu nhỏ?",
        ),
        needs={"blocked_attempt": ("count", "cause"), "contact": ("arrived_at", "outcome")},
        measure=lost,
        limit=0.02,
        how=Trend(),
    ),
    Check(
        id="quick_second_messages",
        name=said("Asked again within an hour", "한 시간 내 재문의", "一小时内再次追问", "Hỏi lại trong một giờ"),
        severity=Severity.WARNING,
        sentence=said(
            "Most customers write again within an hour of the first answer: does it answer anything?",
            "첫 답변 후 한 시간 안에 다시 쓰는 고객이 대부분입니다. 첫 답변에 내용이 있습니까?",
            "多数客户在首次回复后一小时内再次来信：首次回复有内容吗？",
            "Phần lớn khách viết lại trong một giờ sau câu trả lời đầu: nó có trả lời điều gì không?",
        ),
        needs={"message": ("conversation_id", "sender", "at", "is_auto")},
        measure=quick_second_messages,
        limit=0.5,
    ),
    Check(
        id="callbacks_never_connected",
        name=said(
            "Callbacks tried, never connected", "시도만 한 콜백", "只尝试未接通的回访", "Gọi lại nhưng không gặp"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Many callbacks count as kept by three tries that reached nobody.",
            "연결 없이 세 번 시도만으로 이행 처리된 콜백이 많습니다.",
            "许多回访仅凭三次未接通的尝试就算兑现。",
            "Nhiều lần gọi lại được coi là giữ lời chỉ nhờ ba lần gọi không gặp ai.",
        ),
        needs={"callback": ("connected_at", "promised_at"), "callback_attempt": ("callback_id",)},
        measure=kept_by_attempts,
        limit=0.3,
    ),
    Check(
        id="out_of_hours_recorded",
        name=said("Nothing out of hours", "영업시간 외 기록 없음", "无非营业时段记录", "Không ghi nhận ngoài giờ"),
        severity=Severity.NOTE,
        sentence=said(
            "Not one attempt out of hours is recorded: they may be missing from the number.",
            "영업시간 외 시도가 한 건도 없습니다. 수치에서 빠졌을 수 있습니다.",
            "没有任何非营业时段的尝试记录：可能未计入。",
            "Không có lượt gọi ngoài giờ nào được ghi: con số có thể thiếu chúng.",
        ),
        needs={"contact": ("outcome", "direction"), "blocked_attempt": ("count", "cause")},
        measure=out_of_hours_recorded,
        limit=0.5,
        interval=IntervalMethod.NONE,
    ),
    Check(
        id="split_contacts",
        name=said(
            "One issue in several contacts",
            "한 문의의 분할",
            "一个问题拆成多次联络",
            "Một việc chia thành nhiều liên hệ",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Many contacts begin within ten minutes of the last about the same: is one issue counted several times?",
            "같은 문의가 10분 안에 다시 시작되는 접촉이 많습니다. 한 문의를 여러 번 셉니까?",
            "许多联络在同一问题上次结束后十分钟内开始：是否一事多计？",
            "Nhiều liên hệ bắt đầu trong mười phút sau lần trước về cùng việc: một việc bị đếm nhiều lần?",
        ),
        needs={"contact": ("customer_id", "reason_group", "ended_at", "outcome")},
        measure=split,
        limit=0.05,
    ),
    Check(
        id="contacts_per_customer_trend",
        name=said("Contacts per customer", "고객당 접촉 추세", "人均联络趋势", "Số liên hệ mỗi khách"),
        severity=Severity.NOTE,
        sentence=said(
            "Customers come more or less often than before: do follow-ups go unlogged, or are issues merged?",
            "고객당 접촉이 전과 달라졌습니다. 후속 접촉을 기록하지 않거나 문의를 합칩니까?",
            "客户联络频次与以往不同：后续联络未登记，还是问题被合并？",
            "Khách liên hệ nhiều hoặc ít hơn trước: không ghi các lần tiếp theo, hay gộp việc?",
        ),
        needs={"contact": ("customer_id", "arrived_at")},
        measure=per_customer,
        limit=0.1,
        how=Trend(both=True),
    ),
    Check(
        id="unlogged_calls",
        name=said("Calls nobody wrote down", "기록 없는 통화", "未登记的通话", "Cuộc gọi không được ghi lại"),
        severity=Severity.WARNING,
        sentence=said(
            "More than a tenth of handled calls have neither case nor reason nor ending.",
            "처리된 통화의 10% 넘게 케이스·사유·결과가 없습니다.",
            "超过一成的已处理通话没有工单、原因和结果。",
            "Hơn một phần mười cuộc đã xử lý không có hồ sơ, lý do lẫn kết quả.",
        ),
        needs={"contact": ("case_id", "disposition", "reason_code", "outcome", "channel")},
        measure=unlogged,
        limit=0.1,
    ),
)
