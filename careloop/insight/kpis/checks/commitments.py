"""Checks of commitments and cases: who stops clocks, what is closed to be opened again, what is left lying."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, cases, micros_until
from careloop.insight.kpis.catalogue.access.clocks import items
from careloop.insight.kpis.catalogue.resolution.reopening import reopen_rate
from careloop.insight.kpis.checks.cases import PROMISES
from careloop.insight.kpis.checks.check import Check, Peers, share
from careloop.insight.kpis.measures.kinds import Level, LevelShare, Ratio
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said

__all__ = ["CHECKS"]

DAY_US = 86_400_000_000
ENDED = ("solved", "closed")
CASE_EVENTS = {"case": ("opened_at", "resolved_at"), "case_event": ("case_id", "to_state", "at")}


def _items(facts: Facts, options: Options) -> ir.Table:
    what = options.choice("measure") if "measure" in options.settings else "resolution"
    return items(facts, what=what, limit=micros_until(facts, ("case",)))


def paused_by_team(facts: Facts, options: Options) -> Ratio:
    """Items whose clock stood for more than a tenth of the limit over items with a commitment."""
    rows = _items(facts, options)
    stood = number(rows, "paused_s").fill_null(0.0)
    return share(rows, is_true(stood > number(rows, "limit_s") * 0.1), among=rows.case_id.notnull(), at="opened_at")


def priority_downgrades(facts: Facts, options: Options) -> Ratio:
    """Items given a priority with a longer limit while they were open, over items with a commitment."""
    rows = _items(facts, options)
    policies = facts["sla_policy"]
    known = policies.filter(policies.priority.notnull())
    limits = known.group_by("priority").aggregate(limit_s=known.limit_s.max())
    old = limits.select(old_priority="priority", old_s="limit_s")
    new = limits.select(new_priority="priority", new_s="limit_s")
    moves = facts["case_event"]
    moves = moves.filter(moves.to_priority.notnull(), moves.from_priority.notnull())
    moves = moves.select(moved="case_id", was="from_priority", now="to_priority", moved_us="at_us")
    met = rows.select("case_id", "until_us").inner_join(moves, [("case_id", "moved")])
    met = met.inner_join(old, [("was", "old_priority")])
    met = met.inner_join(new, [("now", "new_priority")])
    eased = met.filter(met.new_s > met.old_s, met.moved_us <= met.until_us).select(eased="case_id").distinct()
    rows = rows.left_join(eased, rows.case_id == eased.eased)
    return share(rows, rows.eased.notnull(), among=rows.case_id.notnull(), at="opened_at")


def last_minute_reopened(facts: Facts, options: Options) -> Ratio:
    """Reopened later over items finished in the last twentieth of their limit."""
    rows = _items(facts, options)
    events = facts["case_event"]
    again = events.filter(is_true(events.is_reopening)).select(again="case_id").distinct()
    rows = rows.left_join(again, rows.case_id == again.again)
    spent, limit = number(rows, "spent_s"), number(rows, "limit_s")
    just = is_true(rows["is_done"]) & ~is_true(rows["is_late"]) & is_true(spent >= limit * 0.95)
    return share(rows, rows.again.notnull(), among=just, at="opened_at")


def reopened(facts: Facts, _options: Options) -> Ratio:
    """Resolutions undone within fourteen days, by whatever way."""
    return reopen_rate(facts, Options({"days": 14.0, "implicit": True}))


def reopen_cycles(facts: Facts, _options: Options) -> Ratio:
    """Cases reopened twice or more over resolved cases."""
    rows = cases(facts)
    return share(rows, is_true(whole(rows, "reopen_count") >= 2), among=rows.resolved_at.notnull(), at="opened_at")


def complained_after(facts: Facts, _options: Options) -> Ratio:
    """Resolved cases about which a complaint came within thirty days, over resolved cases."""
    rows = cases(facts)
    told = facts["complaint"]
    told = told.filter(told.case_id.notnull()).select(about="case_id", told_us="received_at_us")
    met = rows.select("case_id", "resolved_at_us").inner_join(told, [("case_id", "about")])
    after = met.told_us - met.resolved_at_us
    met = met.filter(after >= 0, after <= 30 * DAY_US).select(met_id="case_id").distinct()
    rows = rows.left_join(met, rows.case_id == met.met_id)
    return share(rows, rows.met_id.notnull(), among=rows.resolved_at.notnull(), at="opened_at")


def backlog_identity(facts: Facts, _options: Options) -> Ratio:
    """Cases that are open by their record and ended by their events, or the other way round, over cases with events."""
    events = facts["case_event"]
    order = ibis.window(group_by=events.case_id, order_by=[ibis.desc(events.at_us), ibis.desc(events.case_event_id)])
    last = events.mutate(place=ibis.row_number().over(order))
    last = last.filter(last.place == 0).select(told_of="case_id", last_state="to_state")
    rows = cases(facts)
    rows = rows.left_join(last, rows.case_id == last.told_of)
    is_ended = is_true(text(rows, "last_state").isin(ENDED))
    differs = is_ended != rows.resolved_at.notnull()
    return share(rows, is_true(differs), among=rows.last_state.notnull(), at="opened_at")


def _stays(facts: Facts) -> ir.Table:
    """Return the stays of cases in their states, with when each ended."""
    events = facts.counted("case_event")
    order = ibis.window(group_by=events.case_id, order_by=[events.at_us, events.case_event_id])
    events = events.mutate(left_at_us=events.at_us.lead(1).over(order), left_at_slot=events.at_slot.lead(1).over(order))
    return events.filter(~events.to_state.isin(ENDED))


def parked(facts: Facts, _options: Options) -> LevelShare:
    """Open cases that have waited in one stretch for more than two weeks over open cases."""
    rows = _stays(facts)
    waiting = is_true(rows.to_state == "waiting")
    return LevelShare(
        part=Level(rows=rows, starts="at", ends="left_at", where=waiting, youngest_s=14 * 86_400.0),
        whole=Level(rows=rows, starts="at", ends="left_at"),
    )


def recreated(facts: Facts, _options: Options) -> Ratio:
    """Ended cases after which the same customer had a new one about the same within a day, over ended cases."""
    rows = cases(facts)
    rows = rows.filter(rows.customer_id.notnull(), rows.reason_group.notnull())
    order = ibis.window(group_by=[rows.customer_id, rows.reason_group], order_by=[rows.opened_at_us, rows.case_id])
    rows = rows.mutate(next_us=rows.opened_at_us.lead(1).over(order))
    after = whole(rows, "next_us") - whole(rows, "resolved_at_us")
    return share(rows, is_true((after >= 0) & (after <= DAY_US)), among=rows.resolved_at.notnull(), at="opened_at")


def changed_after(facts: Facts, _options: Options) -> Ratio:
    """Resolved cases with a change that is no reopening after their resolution, over resolved cases."""
    events = facts["case_event"]
    quiet = events.filter(~is_true(events.is_reopening), events.from_state == events.to_state)
    last = quiet.group_by(of="case_id").aggregate(last_us=quiet.at_us.max())
    rows = cases(facts)
    rows = rows.left_join(last, rows.case_id == last.of)
    later = is_true(whole(rows, "last_us") > whole(rows, "resolved_at_us"))
    return share(rows, later, among=rows.resolved_at.notnull(), at="opened_at")


def long_without_escalation(facts: Facts, _options: Options) -> Ratio:
    """Cases that took more than thirty days and were never escalated over cases never escalated."""
    events = facts["case_event"]
    raised = events.filter(is_true(events.is_escalation)).select(raised="case_id").distinct()
    rows = cases(facts)
    rows = rows.left_join(raised, rows.case_id == raised.raised)
    long = is_true(whole(rows, "resolved_at_us") - whole(rows, "opened_at_us") > 30 * DAY_US)
    return share(rows, long, among=rows.raised.isnull() & rows.resolved_at.notnull(), at="opened_at")


CHECKS = (
    Check(
        id="paused_by_team",
        name=said("Stopped clocks by team", "팀별 시계 정지", "各班组停表", "Dừng đồng hồ theo nhóm"),
        severity=Severity.WARNING,
        sentence=said(
            "Some teams stop the clock of commitments several times as often as the others.",
            "약속 시계를 다른 팀보다 몇 배 자주 멈추는 팀이 있습니다.",
            "有班组停止承诺计时的频率数倍于其他班组。",
            "Có nhóm dừng đồng hồ cam kết thường gấp nhiều lần các nhóm khác.",
        ),
        needs=PROMISES,
        measure=paused_by_team,
        limit=2.0,
        how=Peers(group="owner_team"),
    ),
    Check(
        id="priority_downgrades",
        name=said(
            "Priorities lowered while open",
            "처리 중 우선순위 하향",
            "处理中下调优先级",
            "Hạ mức ưu tiên khi đang xử lý",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Many items were given a priority with a longer deadline while they were open.",
            "처리 중에 기한이 더 긴 우선순위로 바뀐 건이 많습니다.",
            "许多事项在处理中被改为期限更长的优先级。",
            "Nhiều mục bị đổi sang mức ưu tiên có hạn dài hơn khi đang xử lý.",
        ),
        needs={**PROMISES, "case_event": ("from_priority", "to_priority", "to_state")},
        measure=priority_downgrades,
        limit=0.05,
    ),
    Check(
        id="last_minute_reopened",
        name=said(
            "Finished in time, opened again", "기한 직전 완료 후 재오픈", "赶点完成又重开", "Xong sát hạn rồi mở lại"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Many items finished just before their deadline are opened again.",
            "기한 직전에 끝난 건의 상당수가 다시 열립니다.",
            "许多赶在期限前完成的事项又被重开。",
            "Nhiều mục hoàn tất sát hạn bị mở lại.",
        ),
        needs={**PROMISES, "case_event": ("is_reopening", "to_state")},
        measure=last_minute_reopened,
        limit=0.2,
    ),
    Check(
        id="reopened_share",
        name=said("Resolutions undone", "되돌려진 해결", "被撤销的解决", "Giải quyết bị lật lại"),
        severity=Severity.WARNING,
        sentence=said(
            "More than three of twenty resolutions are undone within two weeks: closed too early?",
            "해결의 15% 넘게 2주 안에 되돌려집니다. 너무 일찍 종료합니까?",
            "超过 15% 的解决在两周内被撤销：是否过早关闭？",
            "Hơn 15% lần giải quyết bị lật lại trong hai tuần: đóng quá sớm?",
        ),
        needs={"case": ("customer_id", "reason_group"), "case_event": ("is_reopening", "to_state", "at")},
        measure=reopened,
        limit=0.15,
    ),
    Check(
        id="reopen_cycles",
        name=said("Closed and opened in turns", "종료와 재오픈 반복", "反复关闭与重开", "Đóng mở nhiều vòng"),
        severity=Severity.WARNING,
        sentence=said(
            "Many cases were closed and opened again twice or more.",
            "두 번 이상 종료와 재오픈을 반복한 건이 많습니다.",
            "许多工单被关闭重开两次以上。",
            "Nhiều hồ sơ bị đóng rồi mở lại từ hai lần trở lên.",
        ),
        needs={"case": ("reopen_count", "resolved_at")},
        measure=reopen_cycles,
        limit=0.05,
    ),
    Check(
        id="complaints_after_resolution",
        name=said("Complaints after resolution", "해결 후 불만", "解决后的投诉", "Khiếu nại sau khi giải quyết"),
        severity=Severity.WARNING,
        sentence=said(
            "More than one in twenty resolved cases is complained about within thirty days.",
            "해결된 건의 5% 넘게 30일 안에 불만이 접수됩니다.",
            "超过二十分之一的已解决工单在三十天内被投诉。",
            "Hơn một phần hai mươi hồ sơ đã giải quyết bị khiếu nại trong ba mươi ngày.",
        ),
        needs={"case": ("resolved_at",), "complaint": ("case_id", "received_at")},
        measure=complained_after,
        limit=0.05,
    ),
    Check(
        id="backlog_identity",
        name=said("Backlog that does not add up", "합이 맞지 않는 미처리", "对不上的积压", "Tồn đọng không khớp"),
        severity=Severity.SEVERE,
        sentence=said(
            "Cases are open by their record and ended by their history, or the other way round: the backlog does not add up.",
            "기록과 이력에서 열림·종료가 서로 다른 건이 있습니다. 미처리 건수가 맞지 않습니다.",
            "有工单的记录与历史在开启或结束上不一致：积压量对不上。",
            "Có hồ sơ theo bản ghi thì còn mở mà theo lịch sử thì đã xong, hoặc ngược lại: số tồn đọng không khớp.",
        ),
        needs=CASE_EVENTS,
        measure=backlog_identity,
        limit=0.01,
    ),
    Check(
        id="parked_cases",
        name=said("Parked cases", "대기 상태에 세워 둔 건", "搁置的工单", "Hồ sơ bị treo"),
        severity=Severity.WARNING,
        sentence=said(
            "More than a third of the open cases have been waiting for over two weeks: are they parked?",
            "미해결 건의 3분의 1 넘게 2주 이상 대기 상태입니다. 세워 둔 것입니까?",
            "超过三分之一的未结工单已等待两周以上：是否被搁置？",
            "Hơn một phần ba hồ sơ còn mở đã chờ quá hai tuần: có phải bị treo?",
        ),
        needs=CASE_EVENTS,
        measure=parked,
        limit=1 / 3,
        interval=IntervalMethod.NONE,
    ),
    Check(
        id="recreated_cases",
        name=said("Closed and made anew", "종료 후 새로 만든 건", "关闭后新建", "Đóng rồi tạo mới"),
        severity=Severity.WARNING,
        sentence=said(
            "Many cases are closed and made anew within a day for the same customer and reason.",
            "같은 고객·사유로 하루 안에 종료 후 새로 만든 건이 많습니다.",
            "许多工单关闭后一天内为同一客户同一原因新建。",
            "Nhiều hồ sơ bị đóng rồi tạo mới trong một ngày cho cùng khách và lý do.",
        ),
        needs={"case": ("customer_id", "reason_group", "resolved_at", "duplicate_of")},
        measure=recreated,
        limit=0.05,
    ),
    Check(
        id="changes_after_completion",
        name=said("Changed after completion", "완료 후 변경", "完成后改动", "Sửa sau khi hoàn tất"),
        severity=Severity.WARNING,
        sentence=said(
            "Many finished cases were changed afterwards without being reopened: silent corrections?",
            "완료 후 재오픈 없이 변경된 건이 많습니다. 조용한 수정입니까?",
            "许多已完成工单未重开就被改动：是否悄悄更正？",
            "Nhiều hồ sơ đã xong bị sửa mà không mở lại: sửa lặng lẽ?",
        ),
        needs=CASE_EVENTS,
        measure=changed_after,
        limit=0.05,
    ),
    Check(
        id="long_without_escalation",
        name=said("Long and never escalated", "장기 미이관", "久拖未升级", "Kéo dài mà không chuyển cấp"),
        severity=Severity.NOTE,
        sentence=said(
            "Many cases took over thirty days and were never escalated.",
            "30일 넘게 걸리고도 상위 이관되지 않은 건이 많습니다.",
            "许多工单耗时超过三十天却从未升级。",
            "Nhiều hồ sơ kéo dài hơn ba mươi ngày mà không hề chuyển cấp.",
        ),
        needs={"case": ("opened_at", "resolved_at"), "case_event": ("is_escalation",)},
        measure=long_without_escalation,
        limit=0.1,
    ),
)
