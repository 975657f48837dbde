"""Commitments and promised callbacks: kept or not (A12, A13)."""

from collections.abc import Mapping
from typing import Final

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, micros_until
from careloop.insight.kpis.catalogue.access.clocks import items
from careloop.insight.kpis.measures.kinds import Finished, Measure, Pooled, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.intervals import wilson

__all__ = ["CALLBACK_KEPT_RATE", "SLA_ATTAINMENT"]

MICROS = 1_000_000
_ENDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "resolution": {"case": ("resolved_at", "sla_policy_id")},
    "first_response": {"case": ("first_response_at", "sla_policy_id")},
    "next_response": {"commitment": ("started_at", "due_at", "outcome")},
    "wait": {"commitment": ("started_at", "due_at", "outcome")},
    "task": {"commitment": ("started_at", "due_at", "outcome")},
}


def sla_attainment(facts: Facts, options: Options) -> Measure:
    """Items that kept their commitment over those that are finished or overdue; or commitments kept over those made."""
    rows = items(facts, what=options.choice("measure"), limit=micros_until(facts, ("case",)))
    is_late = is_true(rows["is_late"])
    is_kept = is_true(rows["is_done"]) & ~is_late
    counted = is_true(rows["is_done"]) | is_late
    if options.choice("level") == "item":
        return Ratio(
            numerator=Sum(rows=rows, value=is_kept, at="started_at"),
            denominator=Sum(rows=rows, value=counted, at="started_at"),
        )
    return Pooled(
        rows=rows,
        values={
            "policy": rows.sla_policy_id,
            "version": rows.version,
            "kind": rows.policy_kind,
            "share": rows["share"],
            "kept": is_kept,
        },
        at="started_at",
        finish=kept_commitments,
        where=counted,
    )


def kept_commitments(values: dict[str, list[object]], counts: Floats) -> Finished:
    """Count policies that were kept: each item within its limit or, where the policy says so, at least a share of them.

    Each version of a policy is a promise of its own.
    """
    made: dict[object, tuple[float, float, float]] = {}
    names = ("policy", "version", "kind", "share", "kept")
    for *policy, kind, share, kept, count in zip(*(values[name] for name in names), counts.tolist(), strict=True):
        needed = float(share) if kind == "share" and isinstance(share, float) else 1.0
        done, whole_, _ = made.get(tuple(policy), (0.0, 0.0, needed))
        made[tuple(policy)] = (done + (count if kept else 0.0), whole_ + count, needed)
    kept_count = sum(done >= needed * whole_ - 1e-9 * whole_ for done, whole_, needed in made.values())
    found = wilson(successes=kept_count, trials=len(made))
    return Finished(
        value=found.estimate if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        numerator=kept_count,
        denominator=len(made),
        n=len(made),
    )


SLA_ATTAINMENT = Metric(
    id="sla_attainment",
    code="A12",
    name=said("SLA attainment", "SLA 준수율", "SLA达成率", "Tỷ lệ đạt cam kết dịch vụ (SLA)"),
    numerator=said(
        "items that kept the commitment, pauses of the policy taken off",
        "약속을 지킨 건(정책상 일시정지 제외)",
        "履约的事项（扣除政策规定的暂停）",
        "số mục giữ đúng cam kết, đã trừ thời gian tạm dừng theo chính sách",
    ),
    denominator=said(
        "items finished or past their deadline; open and overdue fails",
        "완료되었거나 기한이 지난 건, 미완료 초과는 실패",
        "已完成或已过期限的事项；未完成且逾期计为失败",
        "số mục đã xong hoặc quá hạn; còn mở mà quá hạn là trượt",
    ),
    symbols="#{spent ≤ limit} ÷ #{done ∨ spent > limit}",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={
        "case": ("opened_at",),
        "sla_policy": ("limit_s", "kind", "pause_states"),
        "case_event": ("to_state", "at"),
    },
    also_needs=lambda options: _ENDS[options.choice("measure")],
    version=2,
    measure=sla_attainment,
    options=(
        Choice(
            name="measure",
            default="resolution",
            choices=("resolution", "first_response", "next_response", "wait", "task"),
            meaning=said("what is timed", "무엇의 시간을 재는지", "计时对象", "điều được tính giờ"),
        ),
        Choice(
            name="level",
            default="item",
            choices=("item", "commitment"),
            meaning=said(
                "single items, or whole commitments kept in the period",
                "개별 건 또는 기간 내 지켜진 약속",
                "单个事项，或期间内整项承诺",
                "từng mục, hoặc cả cam kết trong kỳ",
            ),
        ),
    ),
    gaming=said(
        "Stop the clock in pending states, close and reopen, change priorities.",
        "대기 상태로 시계 멈추기, 종료 후 재오픈, 우선순위 바꾸기.",
        "以待定状态停表、关闭再重开、改优先级。",
        "Dừng đồng hồ bằng trạng thái chờ, đóng rồi mở lại, đổi mức ưu tiên.",
    ),
    pairs=("reopen_rate", "resolution_time"),
    checks=(
        "paused_time_share",
        "paused_by_team",
        "priority_downgrades",
        "last_minute_share",
        "last_minute_reopened",
    ),
    source="S2; ISO-A",
)


def callback_kept_rate(facts: Facts, options: Options) -> Ratio:
    """Promised callbacks that reached the customer within the window, or were tried often enough in it."""
    promises = facts["callback"]
    limit = micros_until(facts, ("callback",))
    tries = facts["callback_attempt"]
    tries = tries.select(
        tried_id=tries.callback_id, tried_us=tries.at_us, hour_us=tries.at_us - tries.at_us % (3_600 * MICROS)
    )
    met = tries.join(promises, tries.tried_id == promises.callback_id)
    met = met.filter(met.tried_us >= met.window_start_us, met.tried_us <= met.window_end_us)
    hours = met.select("tried_id", "hour_us").distinct()
    hours = hours.group_by("tried_id").aggregate(tried_hours=hours.count())
    rows = promises.left_join(hours, promises.callback_id == hours.tried_id).drop("tried_id")
    reached = is_true((rows.connected_at_us >= rows.window_start_us) & (rows.connected_at_us <= rows.window_end_us))
    tried = is_true(whole(rows, "tried_hours") >= options.number("k"))
    is_due = rows.window_end_us <= limit if limit is not None else rows.window_end_us.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=(reached | tried) & is_due, at="window_end"),
        denominator=Sum(rows=rows, value=is_due, at="window_end"),
    )


CALLBACK_KEPT_RATE = Metric(
    id="callback_kept_rate",
    code="A13",
    name=said("Callback / promise kept", "콜백·약속 이행률", "回访(承诺)兑现率", "Tỷ lệ giữ lời hẹn gọi lại"),
    numerator=said(
        "promised callbacks connected inside the window, or tried in k different hours of it",
        "약속 시간 안에 연결되었거나, 그 안의 서로 다른 k개 시간대에 시도한 콜백",
        "在承诺时段内接通，或在其中 k 个不同小时尝试过的回访",
        "số cuộc hẹn gọi lại kết nối trong khung hẹn, hoặc đã thử ở k giờ khác nhau trong đó",
    ),
    denominator=said(
        "promised callbacks due", "기한이 된 콜백 약속", "到期的回访承诺", "số cuộc hẹn gọi lại đã đến hạn"
    ),
    symbols="kept ÷ due",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={
        "callback": ("window_start", "window_end", "connected_at"),
        "callback_attempt": ("callback_id", "at"),
    },
    measure=callback_kept_rate,
    options=(
        Number(
            name="k",
            default=3,
            least=1,
            most=24,
            meaning=said(
                "in how many different hours a try counts as kept",
                "이행으로 볼 서로 다른 시도 시간대 수",
                "在多少个不同小时尝试即视为兑现",
                "số giờ khác nhau đã thử thì coi là giữ lời",
            ),
        ),
    ),
    gaming=said(
        "Log tries that ring once.",
        "한 번만 울린 시도를 기록하기.",
        "记录只响一声的尝试。",
        "Ghi lần gọi chỉ đổ một hồi chuông.",
    ),
    checks=(
        "short_rings",
        "callbacks_never_connected",
    ),
    source="ISO-A; S2",
)
