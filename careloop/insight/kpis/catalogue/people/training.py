"""What people are taught (I05)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.complaints.received import had_until
from careloop.insight.kpis.measures.kinds import Ratio, Span, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Choice, Options
from careloop.insight.kpis.words import said

__all__ = ["TRAINING_COMPLETION", "TRAINING_HOURS"]

DAY_US = 86_400_000_000
SLOT_US = 1_800_000_000
YEAR_S = 365.2425 * 86_400
FAR = 2**62

WHO = Choice(
    name="who",
    default="all",
    choices=("all", "new_hire", "incumbent"),
    meaning=said(
        "all training, that of starting in the job, or that of those who are in it",
        "전체, 신입 교육, 또는 재직자 교육",
        "全部培训、新员工培训或在岗培训",
        "mọi đào tạo, đào tạo người mới, hay đào tạo người đang làm",
    ),
)
GAMING = said("Sign in without learning.", "배우지 않고 출석만 하기.", "只签到不学习。", "Điểm danh mà không học.")
SOURCE = "KS A 0976-2; S2"


def _training(facts: Facts, options: Options) -> ir.Table:
    rows = facts["training_record"]
    who = options.choice("who")
    if who == "all":
        return rows
    is_new = is_true(rows.is_new_hire)
    return rows.filter(is_new if who == "new_hire" else ~is_new)


def _employed(facts: Facts) -> ir.Table:
    """Return who was employed from when until before when; the last day counts whole."""
    staff = facts["agent"]
    first = staff.hire_date.epoch_days().cast("int64") * DAY_US
    last = (staff.separation_date.epoch_days().cast("int64") + 1) * DAY_US
    return staff.select("agent_id", from_us=first, to_us=last)


def _time_of(rows: ir.Table, *, sign: int, is_by_team: bool) -> Span:
    """Count employed time in years, for or against nobody in particular or for the team of the time."""
    nobody = ibis.null("string")
    rows = rows.mutate(
        from_slot=_slot(whole(rows, "from_us")),
        to_slot=_slot(whole(rows, "to_us")),
        year=ibis.literal(sign / YEAR_S),
        **({} if is_by_team else {"team_id": nobody, "site_id": nobody, "supervisor_id": nobody}),
    )
    return Span(
        rows=rows,
        where=rows.agent_id.notnull(),
        starts="from",
        ends="to",
        weight=number(rows, "year"),
        is_lived=True,
    )


def _slot(us: ir.IntegerValue) -> ir.IntegerValue:
    return ((us - us % SLOT_US) / 1_000_000).cast("int64")


def training_hours(facts: Facts, options: Options) -> Ratio:
    """Hours of training completed over years of employment in the period, each for the team of its time."""
    rows, staff, teams = _training(facts, options), _employed(facts), facts["agent_team"]
    members = teams.select("agent_id", "team_id", "site_id", "supervisor_id", "valid_from_us", "valid_to_us")
    members = members.inner_join(staff, "agent_id")
    ends = ibis.least(whole(members, "valid_to_us").fill_null(FAR), whole(members, "to_us").fill_null(FAR))
    members = members.mutate(
        from_us=ibis.greatest(whole(members, "valid_from_us"), whole(members, "from_us")), to_us=ends.nullif(FAR)
    )
    members = members.filter(members.to_us.isnull() | (members.to_us > members.from_us))
    return Ratio(
        numerator=Sum(rows=rows, value=number(rows, "delivered_s") / 3600, at="completed_at"),
        # Time in teams, and what of the employment was in none.
        denominator=(
            _time_of(members, sign=1, is_by_team=True),
            _time_of(staff, sign=1, is_by_team=False),
            _time_of(members, sign=-1, is_by_team=False),
        ),
    )


def training_completion(facts: Facts, options: Options) -> Ratio:
    """Courses completed by their date over courses that were due."""
    rows = _training(facts, options)
    due = had_until(facts, "training_record", rows, "due_at")
    return Ratio(
        numerator=Sum(rows=rows, value=due & is_true(rows.completed_at_us <= rows.due_at_us), at="due_at"),
        denominator=Sum(rows=rows, value=due, at="due_at"),
    )


TRAINING_HOURS = Metric(
    id="training_hours",
    code="I05",
    name=said("Training hours and completion", "교육시간·이수율", "培训时长/完成率", "Giờ đào tạo và tỷ lệ hoàn thành"),
    numerator=said(
        "hours of training completed", "이수한 교육시간", "已完成培训小时数", "số giờ đào tạo đã hoàn thành"
    ),
    denominator=said(
        "staff, as years of employment in the period: hours per person and year",
        "직원(기간 중 재직 연수): 1인당 연간 시간",
        "员工（期内在职年数）：每人每年小时数",
        "nhân viên, tính bằng số năm làm việc trong kỳ: giờ mỗi người mỗi năm",
    ),
    symbols="Σ hours ÷ Σ person-years",
    unit=Unit.HOURS,
    direction=Direction.HIGHER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.NONE,
    needs={"training_record": ("agent_id", "completed_at", "delivered_s"), "agent": ("hire_date", "separation_date")},
    measure=training_hours,
    options=(WHO,),
    subject=Subject.PEOPLE,
    gaming=GAMING,
    pairs=("training_completion", "comprehension_rate"),
    checks=(
        "training_without_time",
        "trained_and_failed",
    ),
    source=SOURCE,
)

TRAINING_COMPLETION = Metric(
    id="training_completion",
    code="I05b",
    name=said("Training completion", "교육 이수율", "培训完成率", "Tỷ lệ hoàn thành đào tạo"),
    numerator=said(
        "of them completed by their date", "그중 기한 내 이수", "其中按时完成的", "trong đó hoàn thành đúng hạn"
    ),
    denominator=said("courses due", "기한이 된 교육", "已到期的课程", "khóa học đến hạn"),
    symbols="T_completed ÷ T_due",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.NONE,
    needs={"training_record": ("due_at", "completed_at")},
    measure=training_completion,
    options=(WHO,),
    subject=Subject.PEOPLE,
    gaming=GAMING,
    pairs=("training_hours", "comprehension_rate"),
    checks=(
        "training_without_time",
        "trained_and_failed",
    ),
    source=SOURCE,
)
