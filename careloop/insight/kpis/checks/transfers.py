"""Checks of what agents pass on, pick, put off or leave open."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, contacts, segments, states
from careloop.insight.kpis.checks.check import Check, Peers, share
from careloop.insight.kpis.checks.work import commonest
from careloop.insight.kpis.measures.kinds import PerCell, Pooled, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["CHECKS"]

SECOND_US = 1_000_000
HANDLED = {"contact_segment": ("agent_id", "queue_id", "talk_s", "exit", "transfer_kind")}


def _passed_on(rows: ir.Table) -> ir.BooleanValue:
    by_design = is_true(rows.is_routed_by_design)
    return is_true(text(rows, "transfer_kind").isin(("warm", "cold"))) & ~by_design


def _answered(facts: Facts) -> ir.Table:
    rows = segments(facts)
    return rows.filter(rows.exit == "answered", rows.agent_id.notnull())


def transfers(facts: Facts, _options: Options) -> Ratio:
    """Segments passed on, but for routes that are meant, over answered segments."""
    rows = _answered(facts)
    return share(rows, _passed_on(rows), among=rows.segment_id.notnull(), at="queued_at")


def escalations(facts: Facts, _options: Options) -> Ratio:
    """Segments passed to a higher tier over answered segments."""
    rows = _answered(facts)
    return share(rows, is_true(rows.is_escalation), among=rows.segment_id.notnull(), at="queued_at")


def transfer_heaping(facts: Facts, _options: Options) -> Pooled:
    """The share of the commonest twenty seconds of handling at which segments are passed on."""
    rows = _answered(facts)
    spent = (number(rows, "talk_s") + number(rows, "hold_s").fill_null(0.0)) / 20.0
    band = (spent - spent % 1.0).cast("int64")
    return Pooled(
        rows=rows,
        values={"band": band},
        at="queued_at",
        finish=commonest,
        where=_passed_on(rows) & number(rows, "talk_s").notnull(),
    )


def received_handle(facts: Facts, _options: Options) -> PerCell:
    """How much longer segments received by transfer take than first ones, as a share."""
    rows = _answered(facts)
    handle = number(rows, "talk_s") + number(rows, "hold_s").fill_null(0.0) + number(rows, "wrap_s").fill_null(0.0)
    later, known = whole(rows, "seq") > 1, handle.notnull()
    sums = {
        "x": Sum(rows=rows, value=(later & known).ifelse(handle, 0.0), at="queued_at"),
        "n": Sum(rows=rows, value=later & known, at="queued_at"),
        "x_first": Sum(rows=rows, value=(~later & known).ifelse(handle, 0.0), at="queued_at"),
        "n_first": Sum(rows=rows, value=~later & known, at="queued_at"),
    }

    def finish(found: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        enough = (found["n"] >= 30) & (found["n_first"] >= 30)
        with np.errstate(divide="ignore", invalid="ignore"):
            longer = found["x"] / found["n"] / (found["x_first"] / found["n_first"]) - 1
        return np.where(enough, longer, 0.0), enough.astype(np.float64)

    return PerCell(sums=sums, per=(), finish=finish, is_share=False)


def easy_work(facts: Facts, _options: Options) -> Ratio:
    """Answered segments about reasons that take under half the mean time over answered segments with a reason."""
    rows = _answered(facts)
    why = contacts(facts).select(why_of="contact_id", why="reason_code")
    rows = rows.inner_join(why, rows.contact_id == why.why_of)
    handle = number(rows, "talk_s") + number(rows, "hold_s").fill_null(0.0) + number(rows, "wrap_s").fill_null(0.0)
    rows = rows.mutate(handle_s=handle).filter(rows.why.notnull())
    usual = rows.group_by(easy_why="why").aggregate(usual_s=rows.handle_s.mean())
    mean = rows.handle_s.mean().as_scalar()
    rows = rows.inner_join(usual, rows.why == usual.easy_why)
    return share(rows, is_true(number(rows, "usual_s") < mean / 2), among=rows.segment_id.notnull(), at="queued_at")


def away_after_contact(facts: Facts, _options: Options) -> Ratio:
    """Contacts after whose end the agent went into auxiliary work within five seconds, over contacts."""
    rows = states(facts)
    order = ibis.window(group_by=rows.agent_id, order_by=[rows.started_at_us, rows.agent_state_id])
    rows = rows.mutate(then=rows.state.lead(1).over(order), then_us=rows.started_at_us.lead(1).over(order))
    ends = is_true(rows.state.isin(("contact", "wrap"))) & ~is_true(rows.then.isin(("contact", "hold", "wrap")))
    soon = is_true(whole(rows, "then_us") - whole(rows, "ended_at_us") <= 5 * SECOND_US)
    away = is_true(text(rows, "then") == "aux_productive")
    return share(rows, away & soon, among=ends & rows.then.notnull(), at="started_at")


def aux_stretches(facts: Facts, _options: Options) -> Ratio:
    """Stretches of auxiliary work over stretches of any staffed state."""
    rows = states(facts)
    staffed = is_true(text(rows, "state").isin(("available", "ringing", "contact", "hold", "wrap", "aux_productive")))
    return share(rows, is_true(rows.state == "aux_productive"), among=staffed, at="started_at")


def work_without_task(facts: Facts, _options: Options) -> Ratio:
    """Stretches of auxiliary work over a minute long that name no case or task over all such stretches."""
    rows = states(facts)
    long = whole(rows, "ended_at_us") - whole(rows, "started_at_us") >= 60 * SECOND_US
    work = is_true(rows.state == "aux_productive") & is_true(long)
    return share(rows, rows.task_id.isnull() & rows.contact_id.isnull(), among=work, at="started_at")


def idle_before_close(facts: Facts, _options: Options) -> Ratio:
    """Chats closed over ten minutes after their last message over chats with messages."""
    written = facts["message"]
    written = written.filter(written.contact_id.notnull())
    last = written.group_by(written_in="contact_id").aggregate(last_us=written.at_us.max())
    rows = contacts(facts)
    rows = rows.inner_join(last, rows.contact_id == last.written_in)
    chats = is_true(rows.channel.isin(("chat", "messaging"))) & rows.ended_at.notnull()
    idle = whole(rows, "ended_at_us") - whole(rows, "last_us") > 600 * SECOND_US
    return share(rows, is_true(idle), among=chats, at="arrived_at")


CHECKS = (
    Check(
        id="transfers_by_agent",
        name=said("Transfers by agent", "상담사별 전환", "各坐席转接", "Chuyển tiếp theo nhân viên"),
        severity=Severity.WARNING,
        sentence=said(
            "Some agents pass on several times as many contacts as their colleagues in the same queues.",
            "같은 큐의 동료보다 몇 배 많이 전환하는 상담사가 있습니다.",
            "有坐席的转接数倍于同队列同事。",
            "Có nhân viên chuyển tiếp gấp nhiều lần đồng nghiệp cùng hàng chờ.",
        ),
        needs=HANDLED,
        measure=transfers,
        limit=2.0,
        how=Peers(group="agent", within=("queue",)),
    ),
    Check(
        id="escalations_by_agent",
        name=said("Escalations by agent", "상담사별 상위 이관", "各坐席升级", "Chuyển cấp theo nhân viên"),
        severity=Severity.WARNING,
        sentence=said(
            "Some agents escalate several times as many contacts as their colleagues in the same queues.",
            "같은 큐의 동료보다 몇 배 많이 상위 이관하는 상담사가 있습니다.",
            "有坐席的升级数倍于同队列同事。",
            "Có nhân viên chuyển cấp gấp nhiều lần đồng nghiệp cùng hàng chờ.",
        ),
        needs={"contact_segment": ("agent_id", "queue_id", "exit", "is_escalation")},
        measure=escalations,
        limit=2.0,
        how=Peers(group="agent", within=("queue",)),
    ),
    Check(
        id="transfer_heaping",
        name=said("Transfers at one moment", "같은 시점의 전환", "同一时点的转接", "Chuyển tiếp cùng một thời điểm"),
        severity=Severity.WARNING,
        sentence=said(
            "Very many transfers happen within the same twenty seconds of handling: just before a limit?",
            "같은 20초 구간에 몰린 전환이 매우 많습니다. 한도 직전입니까?",
            "大量转接集中在处理的同一二十秒内：是否恰在上限之前？",
            "Rất nhiều lượt chuyển xảy ra trong cùng hai mươi giây xử lý: ngay trước một giới hạn?",
        ),
        needs=HANDLED,
        measure=transfer_heaping,
        limit=0.3,
    ),
    Check(
        id="received_transfer_handle",
        name=said(
            "Time left to the receiver", "전환받은 쪽의 시간", "接收方承担的时长", "Thời gian dồn cho người nhận"
        ),
        severity=Severity.NOTE,
        sentence=said(
            "Contacts received by transfer take more than twice as long as first ones: hard work is passed on.",
            "전환받은 접촉이 처음 접촉보다 두 배 넘게 걸립니다. 어려운 일을 넘기고 있습니다.",
            "转接来的联络耗时为首次的两倍以上：难题被转手。",
            "Liên hệ nhận chuyển tiếp mất hơn gấp đôi liên hệ đầu: việc khó bị đẩy đi.",
        ),
        needs={"contact_segment": ("seq", "talk_s", "exit")},
        measure=received_handle,
        limit=1.0,
        interval=IntervalMethod.NONE,
    ),
    Check(
        id="easy_work_by_agent",
        name=said("Easy work by agent", "상담사별 쉬운 업무", "各坐席的简单工作", "Việc dễ theo nhân viên"),
        severity=Severity.WARNING,
        sentence=said(
            "Some agents take several times as many short matters as their colleagues in the same queues.",
            "같은 큐의 동료보다 짧은 문의를 몇 배 많이 맡는 상담사가 있습니다.",
            "有坐席承接的简短问题数倍于同队列同事。",
            "Có nhân viên nhận việc ngắn gấp nhiều lần đồng nghiệp cùng hàng chờ.",
        ),
        needs={"contact": ("reason_code",), "contact_segment": ("agent_id", "queue_id", "talk_s", "exit")},
        measure=easy_work,
        limit=2.0,
        how=Peers(group="agent", within=("queue",)),
    ),
    Check(
        id="aux_after_contact_by_agent",
        name=said("Away after each contact", "접촉 직후 이석", "联络后即离席", "Rời ngay sau liên hệ"),
        severity=Severity.WARNING,
        sentence=said(
            "Some agents go into auxiliary work right after contacts several times as often as their colleagues.",
            "접촉 직후 보조 업무로 들어가는 일이 동료보다 몇 배 잦은 상담사가 있습니다.",
            "有坐席在联络后立即转入辅助工作的频率数倍于同事。",
            "Có nhân viên chuyển sang việc phụ ngay sau liên hệ thường gấp nhiều lần đồng nghiệp.",
        ),
        needs={"agent_state": ("state", "agent_id", "started_at", "ended_at")},
        measure=away_after_contact,
        limit=2.0,
        how=Peers(group="agent"),
    ),
    Check(
        id="aux_by_agent",
        name=said("Auxiliary work by agent", "상담사별 보조 업무", "各坐席辅助工作", "Việc phụ theo nhân viên"),
        severity=Severity.WARNING,
        sentence=said(
            "Some agents are in auxiliary work several times as often as their colleagues.",
            "보조 업무 상태가 동료보다 몇 배 잦은 상담사가 있습니다.",
            "有坐席处于辅助工作的频率数倍于同事。",
            "Có nhân viên ở trạng thái việc phụ thường gấp nhiều lần đồng nghiệp.",
        ),
        needs={"agent_state": ("state", "agent_id", "started_at")},
        measure=aux_stretches,
        limit=2.0,
        how=Peers(group="agent"),
    ),
    Check(
        id="work_without_task",
        name=said("Tagged work without a task", "과업 없는 보조 업무", "无任务的辅助工作", "Việc phụ không có tác vụ"),
        severity=Severity.WARNING,
        sentence=said(
            "Much auxiliary work names neither a case nor a task: is it idle time?",
            "케이스나 과업이 없는 보조 업무가 많습니다. 유휴 시간입니까?",
            "大量辅助工作没有工单或任务：是否为空闲？",
            "Nhiều việc phụ không ghi hồ sơ hay tác vụ nào: có phải thời gian rỗi?",
        ),
        needs={"agent_state": ("state", "started_at", "ended_at", "task_id")},
        measure=work_without_task,
        limit=0.2,
    ),
    Check(
        id="idle_before_close",
        name=said("Dead chats left open", "끝난 채팅 방치", "空挂的聊天", "Chat đã xong vẫn để mở"),
        severity=Severity.WARNING,
        sentence=said(
            "Many chats stay open for over ten minutes after their last message.",
            "마지막 메시지 후 10분 넘게 열려 있는 채팅이 많습니다.",
            "许多聊天在最后一条消息后仍挂起超过十分钟。",
            "Nhiều cuộc chat vẫn mở hơn mười phút sau tin nhắn cuối.",
        ),
        needs={"contact": ("channel", "ended_at"), "message": ("contact_id", "at")},
        measure=idle_before_close,
        limit=0.2,
    ),
)
