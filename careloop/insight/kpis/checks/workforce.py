"""Checks of plans and of paid time: what was planned afterwards, who left under another name, hours that nobody paid."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, number, text, total, whole
from careloop.insight.kpis.asking.sources import Facts, segments, states
from careloop.insight.kpis.asking.zones import local_time
from careloop.insight.kpis.checks.check import Check, Peers, Trend, share
from careloop.insight.kpis.measures.kinds import PerCell, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["CHECKS"]

DAY_US = 86_400_000_000
HORIZONS_US = {"1d": DAY_US, "1w": 7 * DAY_US, "4w": 28 * DAY_US, "intraday": 0}
AT_WORK = ("available", "ringing", "contact", "hold", "wrap", "aux_productive", "training", "coaching", "meeting")


def _worked_days(facts: Facts) -> ir.Table:
    """Return each person's days with paid time and the seconds that the system saw the person at work, of days with both."""
    rows = states(facts)
    rows = rows.filter(rows.state.isin(AT_WORK), rows.ended_at_us.notnull())
    clock = local_time(facts.zone)
    rows = rows.mutate(day_s=clock.day(whole(rows, "started_at_slot")))
    length = (whole(rows, "ended_at_us") - whole(rows, "started_at_us")).cast("float64") / 1e6
    rows = rows.mutate(length_s=length)
    seen = rows.group_by(seen_agent="agent_id", day_s="day_s").aggregate(seen_s=total(rows.length_s))
    paid = facts["paid_time"]
    paid = paid.mutate(paid_day_s=paid.local_date.epoch_days().cast("int64") * 86_400)
    return paid.inner_join(seen, [paid.agent_id == seen.seen_agent, paid.paid_day_s == seen.day_s])


def outside_paid_time(facts: Facts, _options: Options) -> Ratio:
    """Days on which the system saw over half an hour more work than was paid over days with both."""
    rows = _worked_days(facts)
    over = number(rows, "seen_s") > number(rows, "worked_s") + 1800
    return share(rows, is_true(over), among=rows.agent_id.notnull(), at="local_date")


def paid_time_residual(facts: Facts, _options: Options) -> Ratio:
    """Days whose paid time is not work and absence to the quarter of an hour over days."""
    rows = facts["paid_time"]
    paid, worked = number(rows, "paid_s"), number(rows, "worked_s")
    # Paid absence lies between none and all of it.
    low, high = worked - 900, worked + number(rows, "absence_s") + 900
    return share(rows, is_true((paid < low) | (paid > high)), among=rows.agent_id.notnull(), at="local_date")


def planned_absence(facts: Facts, _options: Options) -> Ratio:
    """Absence said to be planned over absence, in seconds."""
    rows = facts["paid_time"]
    absent = number(rows, "absence_s")
    return Ratio(
        numerator=Sum(rows=rows, value=is_true(rows.is_absence_planned).ifelse(absent, 0.0), at="local_date"),
        denominator=Sum(rows=rows, value=absent, at="local_date"),
    )


def forecasts_late(facts: Facts, _options: Options) -> Ratio:
    """Forecasts frozen later than their horizon says, or given a second time for the same interval, over forecasts."""
    rows = facts["forecast"]
    ahead = whole(rows, "interval_start_us") - whole(rows, "issued_at_us")
    due = ibis.cases(*((rows.horizon == name, us) for name, us in HORIZONS_US.items()), else_=0)
    order = ibis.window(
        group_by=[rows.queue_id, rows.interval_start_us, rows.horizon],
        order_by=[rows.issued_at_us, rows.forecast_version],
    )
    rows = rows.mutate(is_late=ahead < due, place=ibis.row_number().over(order))
    return share(rows, is_true(rows.is_late) | (rows.place > 0), among=rows.queue_id.notnull(), at="interval_start")


def inflated_handle(facts: Facts, _options: Options) -> PerCell:
    """By how much the handle time that was planned with exceeds the measured one, as a share."""
    plan, rows = facts["forecast"], segments(facts)
    handle = number(rows, "talk_s") + number(rows, "hold_s").fill_null(0.0) + number(rows, "wrap_s").fill_null(0.0)
    known = is_true(text(rows, "exit") == "answered") & handle.notnull()
    planned = plan.handle_s.notnull()
    weight = number(plan, "contacts")
    sums = {
        "x": Sum(rows=plan, value=planned.ifelse(number(plan, "handle_s") * weight, 0.0), at="interval_start"),
        "n": Sum(rows=plan, value=planned.ifelse(weight, 0.0), at="interval_start"),
        "x_seen": Sum(rows=rows, value=known.ifelse(handle, 0.0), at="queued_at"),
        "n_seen": Sum(rows=rows, value=known, at="queued_at"),
    }

    def finish(found: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        enough = (found["n"] > 0) & (found["n_seen"] >= 100)
        with np.errstate(divide="ignore", invalid="ignore"):
            more = found["x"] / found["n"] / (found["x_seen"] / found["n_seen"]) - 1
        return np.where(enough, more, 0.0), enough.astype(np.float64)

    return PerCell(sums=sums, per=(), finish=finish, is_share=False)


def gone_not_moved(facts: Facts, _options: Options) -> Ratio:
    """Leavers noted as moved inside the house who are in no team afterwards over leavers noted so."""
    rows = facts["agent"]
    teams = facts["agent_team"]
    clock = local_time(facts.zone)
    last = teams.group_by(last_of="agent_id").aggregate(
        last_us=whole(teams, "valid_to_us").fill_null(2**62).max(), first_us=teams.valid_from_us.min()
    )
    rows = rows.left_join(last, rows.agent_id == last.last_of)
    gone_us = clock.utc(rows.separation_date.epoch_days().cast("int64") * 86_400) * 1_000_000
    stays = is_true(whole(rows, "last_us") > gone_us + 2 * DAY_US)
    moved = is_true(rows.separation_kind == "transfer") & rows.separation_date.notnull()
    return share(rows, ~stays, among=moved, at="separation_date")


def abuse_logged(facts: Facts, _options: Options) -> Ratio:
    """Contacts with logged abuse over answered segments."""
    told = facts["abuse_event"].select(told_in="contact_id", told_by="agent_id").distinct()
    rows = segments(facts)
    rows = rows.filter(rows.exit == "answered", rows.agent_id.notnull())
    rows = rows.left_join(told, [rows.contact_id == told.told_in, rows.agent_id == told.told_by])
    return share(rows, rows.told_in.notnull(), among=rows.segment_id.notnull(), at="queued_at")


CHECKS = (
    Check(
        id="work_outside_paid_time",
        name=said("Work outside paid time", "유급시간 외 근무", "带薪时间外工作", "Làm ngoài giờ trả lương"),
        severity=Severity.SEVERE,
        sentence=said(
            "On many days the system saw over half an hour more work than was paid.",
            "시스템에 잡힌 근무가 지급된 시간보다 30분 넘게 많은 날이 많습니다.",
            "许多日子系统记录的工作比计薪多出半小时以上。",
            "Nhiều ngày hệ thống ghi nhận công việc nhiều hơn thời gian trả lương quá nửa giờ.",
        ),
        needs={"agent_state": ("state", "started_at", "ended_at"), "paid_time": ("worked_s", "local_date")},
        measure=outside_paid_time,
        limit=0.1,
    ),
    Check(
        id="paid_time_identity",
        name=said(
            "Paid time that does not add up", "합이 맞지 않는 유급시간", "对不上的带薪时间", "Giờ trả lương không khớp"
        ),
        severity=Severity.SEVERE,
        sentence=said(
            "On many days paid time is not work and absence together: parts were relabeled.",
            "유급시간이 근무와 부재의 합과 맞지 않는 날이 많습니다. 분류가 바뀌었습니다.",
            "许多日子带薪时间不等于工作与缺勤之和：分类被改动。",
            "Nhiều ngày giờ trả lương không bằng làm việc cộng vắng mặt: có phần bị đổi nhãn.",
        ),
        needs={"paid_time": ("paid_s", "worked_s", "absence_s")},
        measure=paid_time_residual,
        limit=0.02,
    ),
    Check(
        id="absence_kind_trend",
        name=said(
            "Drift of planned absence", "계획 부재 비중 변화", "计划内缺勤占比漂移", "Tỷ lệ vắng có kế hoạch thay đổi"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "The share of absence that is called planned has moved: was it relabeled?",
            "계획된 것으로 분류된 부재 비중이 달라졌습니다. 분류를 바꿨습니까?",
            "被归为计划内的缺勤占比发生变化：是否改了标签？",
            "Tỷ lệ vắng được gọi là có kế hoạch đã đổi: có phải đổi nhãn?",
        ),
        needs={"paid_time": ("absence_s", "is_absence_planned")},
        measure=planned_absence,
        limit=0.15,
        how=Trend(both=True),
        fewest=5,
    ),
    Check(
        id="forecast_reissued",
        name=said("Forecasts issued again", "예측 재발행", "预测重新发布", "Phát hành lại dự báo"),
        severity=Severity.SEVERE,
        sentence=said(
            "Forecasts were issued later than their horizon says, or a second time.",
            "예측이 기준 시점보다 늦게, 또는 두 번 발행되었습니다.",
            "预测的发布晚于其提前期，或被重复发布。",
            "Dự báo được phát hành muộn hơn tầm dự báo của nó, hoặc phát hành lần hai.",
        ),
        needs={"forecast": ("issued_at", "interval_start", "horizon")},
        measure=forecasts_late,
        limit=0.02,
    ),
    Check(
        id="inflated_handle_plan",
        name=said(
            "Planned with inflated handle times",
            "부풀린 처리시간 계획",
            "虚高的计划处理时长",
            "Kế hoạch với thời gian xử lý thổi phồng",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Plans count on handle times far above the measured ones, so that no gap shows.",
            "계획의 처리시간이 실측보다 훨씬 길어 부족이 드러나지 않습니다.",
            "计划所用处理时长远高于实测，因而看不出缺口。",
            "Kế hoạch tính thời gian xử lý cao hơn nhiều so với thực đo nên không lộ thiếu hụt.",
        ),
        needs={"forecast": ("handle_s", "contacts"), "contact_segment": ("talk_s", "exit")},
        measure=inflated_handle,
        limit=0.15,
        interval=IntervalMethod.NONE,
    ),
    Check(
        id="headcount_identity",
        name=said("Leavers called transfers", "전보로 처리된 퇴사", "以调动之名离职", "Nghỉ việc ghi là thuyên chuyển"),
        severity=Severity.SEVERE,
        sentence=said(
            "People noted as moved inside the house are in no team afterwards: headcount does not add up.",
            "내부 이동으로 기록된 직원이 이후 어느 팀에도 없습니다. 인원이 맞지 않습니다.",
            "被记为内部调动的人之后不在任何班组：人数对不上。",
            "Người được ghi là thuyên chuyển nội bộ sau đó không ở nhóm nào: số người không khớp.",
        ),
        needs={"agent": ("separation_date", "separation_kind"), "agent_team": ("agent_id", "valid_to")},
        measure=gone_not_moved,
        limit=0.1,
        fewest=5,
    ),
    Check(
        id="abuse_by_team",
        name=said("Abuse logged by team", "팀별 폭언 기록", "各班组辱骂记录", "Ghi nhận lăng mạ theo nhóm"),
        severity=Severity.WARNING,
        sentence=said(
            "Some teams log far less abuse than the others in the same queues: is it not written down?",
            "같은 큐의 다른 팀보다 폭언 기록이 훨씬 적은 팀이 있습니다. 기록하지 않습니까?",
            "有班组在同一队列中记录的辱骂远少于其他班组：是否未登记？",
            "Có nhóm ghi nhận lăng mạ ít hơn hẳn các nhóm khác cùng hàng chờ: không ghi lại?",
        ),
        needs={
            "abuse_event": ("contact_id", "agent_id"),
            "contact_segment": ("agent_id", "exit"),
            "agent_team": ("team_id",),
        },
        measure=abuse_logged,
        limit=3.0,
        how=Peers(group="team", within=("queue",), fewer=True),
    ),
)
