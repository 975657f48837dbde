"""Whether a team is being worn out (I02): a signal for care of teams, never a judgment of persons."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, states
from careloop.insight.kpis.catalogue.people.pressure import abuse_exposure, weekly_seconds
from careloop.insight.kpis.catalogue.people.pulse import pulse_answers, pulse_participation
from careloop.insight.kpis.catalogue.schedules import adherence, published
from careloop.insight.kpis.lacks import missing
from careloop.insight.kpis.measures.kinds import Count, Distinct, Measure, Quantile, Ratio, Span, Sum, Weekly
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import said

__all__ = ["BURNOUT_RISK"]

BUSY = ("contact", "hold", "wrap")
STAFFED = (*BUSY, "available", "ringing")
SHORT_PAUSE_US = 10_000_000
PULSE: Mapping[str, tuple[str, ...]] = {"pulse_answer": (), "pulse_wave": ()}
SCHEDULES: Mapping[str, tuple[str, ...]] = {"schedule_activity": (), "activity_state_map": ()}


def occupancy(facts: Facts) -> Ratio:
    """Time on contacts over staffed time."""
    rows = states(facts)
    state = text(rows, "state")
    return Ratio(
        numerator=Span(rows=rows, where=is_true(state.isin(BUSY))),
        denominator=Span(rows=rows, where=is_true(state.isin(STAFFED))),
    )


def short_pauses(facts: Facts) -> Ratio:
    """Contacts that began less than 10 s after the work on the one before ended, over contacts with one before."""
    rows = states(facts)
    rows = rows.filter(is_true(text(rows, "state").isin(BUSY)))
    in_order = ibis.window(group_by=rows.agent_id, order_by=[rows.started_at_us, rows.agent_state_id])
    rows = rows.mutate(
        was_until=rows.ended_at_us.lag(1).over(in_order), was_contact=rows.contact_id.lag(1).over(in_order)
    )
    begins = is_true(rows.state == "contact") & rows.was_until.notnull()
    # Hold and the talk after it are one contact.
    begins = begins & (rows.was_contact.isnull() | is_true(rows.was_contact != rows.contact_id))
    pause = whole(rows, "started_at_us") - whole(rows, "was_until")
    return Ratio(
        numerator=Sum(rows=rows, value=begins & is_true(pause < SHORT_PAUSE_US), at="started_at"),
        denominator=Sum(rows=rows, value=begins, at="started_at"),
    )


def overtime(facts: Facts) -> Quantile:
    """Overtime of a person in a week, 90th percentile."""
    rows = weekly_seconds(facts, "overtime_s")
    return Quantile(rows=rows, value=number(rows, "seconds"), at="local_date", share=0.9)


def absence(facts: Facts) -> Ratio:
    """Absence nobody knew of when the schedule was published over scheduled time."""
    rows = facts["paid_time"]
    sudden = is_true(~rows.is_absence_planned)
    return Ratio(
        numerator=Sum(rows=rows, value=sudden.ifelse(number(rows, "absence_s"), 0.0), at="local_date"),
        denominator=Sum(rows=rows, value=number(rows, "scheduled_s"), at="local_date"),
    )


def exhaustion(facts: Facts) -> Ratio:
    """Top two answers to the pulse question “exhaustion”."""
    rows = pulse_answers(facts, "exhaustion")
    top: ir.BooleanValue = is_true(number(rows, "value") >= number(rows, "scale_max") - 1)
    return Ratio(
        numerator=Sum(rows=rows, value=top, at="closed_at"),
        denominator=Sum(rows=rows, value=rows.respondent_token.notnull(), at="closed_at"),
    )


def leavers(facts: Facts) -> Count:
    """People who left of their own will."""
    rows = facts["agent"]
    chose = is_true(rows.separation_kind == "voluntary")
    return Count(of=Sum(rows=rows, value=chose, at="separation_date"))


def missed_breaks(facts: Facts) -> Ratio:
    """Planned breaks in which the agent never was on a break over planned breaks, as published before they began."""
    plan = published(facts)
    plan = plan.filter(is_true(plan.allowed_states.contains("break")), ~is_true(plan.is_work))
    rest = states(facts)
    rest = rest.filter(rest.state == "break")
    rest = rest.select(rested="agent_id", from_us="started_at_us", to_us=whole(rest, "ended_at_us").fill_null(2**62))
    met = plan.select("agent_id", "starts_at_us", "ends_at_us", "schedule_version").inner_join(
        rest, [("agent_id", "rested")]
    )
    met = met.filter(met.from_us < met.ends_at_us, met.to_us > met.starts_at_us)
    taken = met.select(taken_by="agent_id", taken_us="starts_at_us", taken_version="schedule_version").distinct()
    rows = plan.left_join(
        taken,
        [
            plan.agent_id == taken.taken_by,
            plan.starts_at_us == taken.taken_us,
            plan.schedule_version == taken.taken_version,
        ],
    )
    return Ratio(
        numerator=Sum(rows=rows, value=rows.taken_by.isnull(), at="starts_at"),
        denominator=Sum(rows=rows, value=rows.agent_id.notnull(), at="starts_at"),
    )


def burnout_risk(facts: Facts, options: Options) -> Weekly:
    """Gather what is known of each team and week; missed breaks and adherence are judged where schedules are measured."""
    at_work = states(facts)
    inputs: dict[str, Measure] = {
        "persons": Distinct(rows=at_work, key="agent_id", at="started_at"),
        "occupancy_by_day": occupancy(facts),
        "short_pause_share": short_pauses(facts),
    }
    wanted: Mapping[str, tuple[Mapping[str, tuple[str, ...]], Measure]] = {
        "overtime_seconds_p90": ({"paid_time": ()}, overtime(facts)),
        "abusive_per_1000": ({"abuse_event": (), "contact_segment": ("exit",)}, abuse_exposure(facts, options)),
        "short_notice_absence_share": ({"paid_time": ("is_absence_planned", "scheduled_s")}, absence(facts)),
        "exhausted_share": (PULSE, exhaustion(facts)),
        "participation_share": (PULSE, pulse_participation(facts, options)),
        "voluntary_leavers": ({"agent": ("separation_date", "separation_kind")}, leavers(facts)),
        "missed_break_share": (SCHEDULES, missed_breaks(facts)),
        "adherence_by_day": (SCHEDULES, adherence(facts, Options({"tolerance_s": 0.0, "schedule": "published"}))),
    }
    for name, (needs, measure) in wanted.items():
        if not missing(facts, needs):
            inputs[name] = measure
    return Weekly(inputs=inputs)


BURNOUT_RISK = Metric(
    id="burnout_risk",
    code="I02",
    name=said("Burnout signal", "소진 위험 신호", "倦怠风险信号", "Tín hiệu nguy cơ kiệt sức"),
    numerator=said(
        "level of a team’s last week against its own first eight: 0 green, 1 amber, 2 red; unknown is no green",
        "팀의 마지막 주를 자체 초기 8주와 비교한 수준: 0 녹색, 1 황색, 2 적색. 알 수 없음은 녹색이 아님",
        "班组最近一周相对自身前八周的级别：0 绿、1 黄、2 红；未知不等于绿",
        "mức của tuần gần nhất so với tám tuần đầu của chính nhóm: 0 xanh, 1 vàng, 2 đỏ; không rõ không phải là xanh",
    ),
    symbols="max level of teams",
    unit=Unit.INDEX,
    direction=Direction.LOWER,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.NONE,
    needs={"agent_state": ("agent_id", "state", "started_at", "ended_at"), "agent_team": ("agent_id", "team_id")},
    measure=burnout_risk,
    gaming=said(
        "Log less abuse or overtime; press people in the pulse.",
        "폭언·초과근무를 적게 기록, 펄스 응답 압박.",
        "少记辱骂或加班；在脉搏调研中施压。",
        "Ghi ít lăng mạ hay làm thêm; ép trả lời khảo sát.",
    ),
    pairs=("pulse_participation", "agent_turnover", "overtime_share"),
    checks=(
        "work_outside_paid_time",
        "abuse_by_team",
        "pulse_identical",
        "unlogged_abuse",
    ),
    source="S1; KR OSH Act art. 41; metrics.md §3.10",
)
