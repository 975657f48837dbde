"""Checks of how calls are taken: put on hold at once, dropped, ended early, answered again the same day."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, contacts, segments, states
from careloop.insight.kpis.catalogue.access.queue import queue
from careloop.insight.kpis.checks.check import Check, Peers, share
from careloop.insight.kpis.measures.kinds import Ratio
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said

__all__ = ["CHECKS"]

SECOND_US = 1_000_000
TALK = {"contact_segment": ("talk_s", "exit", "agent_id", "queue_id")}


def early_hold(facts: Facts, _options: Options) -> Ratio:
    """Answered segments put on hold within thirty seconds, over answered segments of contacts whose holds are known."""
    holds = states(facts)
    holds = holds.filter(holds.state == "hold", holds.contact_id.notnull())
    first = holds.group_by(held_id="contact_id", held_by="agent_id").aggregate(held_us=holds.started_at_us.min())
    rows = segments(facts)
    rows = rows.left_join(first, [rows.contact_id == first.held_id, rows.agent_id == first.held_by])
    after = whole(rows, "held_us") - whole(rows, "answered_at_us")
    counted = is_true(text(rows, "exit") == "answered")
    return share(rows, is_true((after >= 0) & (after < 30 * SECOND_US)), among=counted, at="queued_at")


def talked(facts: Facts, seconds: float) -> Ratio:
    """Answered segments with less talk than so many seconds over answered segments."""
    calls = queue(facts)
    talk = number(calls.rows, "talk_s")
    return share(calls.rows, is_true(talk < seconds), among=calls.is_answered & talk.notnull(), at="queued_at")


def short_talk_by_agent(facts: Facts, _options: Options) -> Ratio:
    return talked(facts, 10.0)


def short_calls_by_agent(facts: Facts, _options: Options) -> Ratio:
    return talked(facts, 30.0)


def talk_heaping(facts: Facts, _options: Options) -> Ratio:
    """Talks just past ten seconds among those just before and just after; half of them, where nobody aims at it."""
    calls = queue(facts)
    talk = number(calls.rows, "talk_s")
    near = calls.is_answered & is_true((talk >= 5) & (talk < 15))
    return share(calls.rows, is_true(talk >= 10), among=near, at="queued_at")


def _with_next(facts: Facts) -> ir.Table:
    """Return contacts of known customers with when the same customer came next, in microseconds."""
    rows = contacts(facts)
    rows = rows.filter(rows.direction == "inbound", rows.customer_id.notnull())
    order = ibis.window(group_by=rows.customer_id, order_by=[rows.arrived_at_us, rows.contact_id])
    return rows.mutate(next_us=rows.arrived_at_us.lead(1).over(order))


def repeat_after_short(facts: Facts, _options: Options) -> Ratio:
    """Contacts with a short talk after which the customer came again within a day, over contacts with a short talk."""
    legs = segments(facts)
    short = legs.filter(legs.exit == "answered").group_by(short_id="contact_id").aggregate(talked_s=legs.talk_s.sum())
    rows = _with_next(facts)
    rows = rows.inner_join(short, rows.contact_id == short.short_id)
    soon = is_true(whole(rows, "next_us") - whole(rows, "arrived_at_us") <= 86_400 * SECOND_US)
    return share(rows, soon, among=is_true(number(rows, "talked_s") < 30), at="arrived_at")


def unaccounted(facts: Facts, _options: Options) -> Ratio:
    """Contacts whose outcome disagrees with their segments over contacts that entered a queue."""
    legs = segments(facts)
    told = legs.group_by(leg_of="contact_id").aggregate(answers=(legs.exit == "answered").ifelse(1, 0).sum())
    rows = contacts(facts)
    rows = rows.left_join(told, rows.contact_id == told.leg_of)
    outcome, answers = text(rows, "outcome"), whole(rows, "answers")
    entered = is_true(outcome.isin(("handled", "abandoned_queue"))) & is_true(rows.direction == "inbound")
    wrong = answers.isnull() | ((outcome == "handled") & (answers == 0))
    wrong = wrong | ((outcome == "abandoned_queue") & (answers > 0))
    return share(rows, is_true(wrong), among=entered, at="arrived_at")


def same_caller(facts: Facts, _options: Options) -> Ratio:
    """Answered segments of a caller whom the same agent had within the hour before, over answered segments."""
    every = contacts(facts)
    who = every.select(
        caller_of="contact_id", caller=text(every, "contact_point_hash").fill_null(text(every, "customer_id"))
    )
    rows = segments(facts)
    rows = rows.filter(rows.exit == "answered").inner_join(who, rows.contact_id == who.caller_of)
    order = ibis.window(group_by=[rows.agent_id, rows.caller], order_by=[rows.queued_at_us, rows.segment_id])
    rows = rows.mutate(before_us=rows.queued_at_us.lag(1).over(order))
    again = is_true(whole(rows, "queued_at_us") - whole(rows, "before_us") <= 3600 * SECOND_US)
    return share(rows, again, among=rows.caller.notnull(), at="queued_at")


def ghosts(facts: Facts, _options: Options) -> Ratio:
    """Answered segments in which nobody was there over answered segments, ghosts included."""
    every = facts["contact"]
    seen = every.select(seen_id="contact_id", ghost="is_ghost")
    rows = facts["contact_segment"]
    rows = rows.inner_join(seen, rows.contact_id == seen.seen_id)
    is_empty = is_true(rows.ghost) | is_true(number(rows, "talk_s") < 1)
    return share(rows, is_empty, among=is_true(rows.exit == "answered"), at="queued_at")


CHECKS = (
    Check(
        id="early_hold_share",
        name=said("Held right after the answer", "응답 직후 보류", "接起后立即保持", "Giữ máy ngay sau khi trả lời"),
        severity=Severity.WARNING,
        sentence=said(
            "Many contacts are put on hold within thirty seconds of the answer: answered just in time, served later?",
            "응답 후 30초 이내에 보류되는 접촉이 많습니다. 제때 받기만 하고 나중에 응대합니까?",
            "大量联络在接起后三十秒内被保持：是否只求按时接起，稍后才服务？",
            "Nhiều liên hệ bị giữ máy trong ba mươi giây sau khi trả lời: bắt máy cho kịp rồi mới phục vụ sau?",
        ),
        needs={"contact_segment": ("answered_at", "exit"), "agent_state": ("state", "contact_id", "started_at")},
        measure=early_hold,
        limit=0.1,
    ),
    Check(
        id="short_talk_by_agent",
        name=said(
            "Talks under 10 s by agent",
            "상담사별 10초 미만 통화",
            "各坐席不足 10 秒通话",
            "Cuộc dưới 10 giây theo nhân viên",
        ),
        severity=Severity.SEVERE,
        sentence=said(
            "Some agents have several times as many talks under ten seconds as their colleagues in the same queues.",
            "같은 큐의 동료보다 10초 미만 통화가 몇 배 많은 상담사가 있습니다.",
            "有坐席不足十秒的通话数倍于同队列同事。",
            "Có nhân viên có số cuộc dưới mười giây gấp nhiều lần đồng nghiệp cùng hàng chờ.",
        ),
        needs=TALK,
        measure=short_talk_by_agent,
        limit=2.0,
        how=Peers(group="agent", within=("queue",)),
    ),
    Check(
        id="short_calls_by_agent",
        name=said(
            "Talks under 30 s by agent",
            "상담사별 30초 미만 통화",
            "各坐席不足 30 秒通话",
            "Cuộc dưới 30 giây theo nhân viên",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Some agents have several times as many talks under thirty seconds as their colleagues in the same queues.",
            "같은 큐의 동료보다 30초 미만 통화가 몇 배 많은 상담사가 있습니다.",
            "有坐席不足三十秒的通话数倍于同队列同事。",
            "Có nhân viên có số cuộc dưới ba mươi giây gấp nhiều lần đồng nghiệp cùng hàng chờ.",
        ),
        needs=TALK,
        measure=short_calls_by_agent,
        limit=2.0,
        how=Peers(group="agent", within=("queue",)),
    ),
    Check(
        id="talk_heaping",
        name=said("Talks just past 10 s", "10초를 갓 넘긴 통화", "刚过 10 秒的通话", "Cuộc vừa quá 10 giây"),
        severity=Severity.WARNING,
        sentence=said(
            "Talks pile up just past ten seconds: look at 5, 10 and 30 seconds together.",
            "통화 길이가 10초 직후에 몰려 있습니다. 5·10·30초를 함께 보십시오.",
            "通话时长在刚过十秒处堆积：请同时看 5、10、30 秒。",
            "Cuộc gọi dồn lại ngay sau mười giây: hãy xem cùng lúc 5, 10 và 30 giây.",
        ),
        needs={"contact_segment": ("talk_s", "exit")},
        measure=talk_heaping,
        limit=0.75,
    ),
    Check(
        id="repeat_after_short_calls",
        name=said(
            "Back within a day of a short talk",
            "짧은 통화 후 하루 내 재인입",
            "短通话后一天内再来电",
            "Gọi lại trong ngày sau cuộc ngắn",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Many customers come again within a day of a talk under thirty seconds.",
            "30초 미만 통화 후 하루 안에 다시 찾는 고객이 많습니다.",
            "许多客户在不足三十秒的通话后一天内再次联络。",
            "Nhiều khách liên hệ lại trong một ngày sau cuộc dưới ba mươi giây.",
        ),
        needs={"contact": ("customer_id", "arrived_at"), "contact_segment": ("talk_s", "exit")},
        measure=repeat_after_short,
        limit=0.3,
    ),
    Check(
        id="conservation_identity",
        name=said("Contacts that do not add up", "합계가 맞지 않는 접촉", "无法对账的联络", "Liên hệ không khớp số"),
        severity=Severity.SEVERE,
        sentence=said(
            "The outcome of contacts disagrees with their segments: what was offered is not what was answered and abandoned.",
            "접촉의 결과가 구간 기록과 다릅니다. 인입이 응답과 포기의 합과 맞지 않습니다.",
            "联络结果与其分段不符：呼入量不等于应答与放弃之和。",
            "Kết quả liên hệ không khớp các chặng: số vào không bằng số trả lời cộng số bỏ cuộc.",
        ),
        needs={"contact": ("outcome", "direction"), "contact_segment": ("exit",)},
        measure=unaccounted,
        limit=0.01,
    ),
    Check(
        id="same_caller_by_agent",
        name=said(
            "Same caller, same agent", "같은 고객·같은 상담사 반복", "同一来电者同一坐席", "Cùng khách, cùng nhân viên"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Some agents talk to the same callers again and again within the hour: self-made contacts?",
            "한 시간 안에 같은 고객과 반복 통화하는 상담사가 있습니다. 스스로 만든 통화입니까?",
            "有坐席一小时内反复与同一来电者通话：是否自造联络？",
            "Có nhân viên nói chuyện lặp lại với cùng người gọi trong một giờ: liên hệ tự tạo?",
        ),
        needs={"contact": ("contact_point_hash", "customer_id"), "contact_segment": ("agent_id", "exit")},
        measure=same_caller,
        limit=3.0,
        how=Peers(group="agent"),
    ),
    Check(
        id="ghost_calls_by_agent",
        name=said(
            "Calls with nobody there, by agent",
            "상담사별 무응답 통화",
            "各坐席空通话",
            "Cuộc không có ai theo nhân viên",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Some agents answer several times as many calls with nobody there as their colleagues.",
            "상대가 없는 통화를 동료보다 몇 배 많이 받는 상담사가 있습니다.",
            "有坐席接起的空通话数倍于同事。",
            "Có nhân viên nhận số cuộc không có ai gấp nhiều lần đồng nghiệp.",
        ),
        needs={"contact": ("is_ghost",), "contact_segment": ("talk_s", "agent_id", "exit")},
        measure=ghosts,
        limit=2.0,
        how=Peers(group="agent", within=("queue",)),
    ),
)
