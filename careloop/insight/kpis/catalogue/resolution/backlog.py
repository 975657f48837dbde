"""How many cases wait, and how long they have (C06, C07)."""

from careloop.insight.kpis.asking.columns import whole
from careloop.insight.kpis.asking.sources import Facts, cases
from careloop.insight.kpis.measures.kinds import Level, LevelShare
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said

__all__ = ["BACKLOG", "BACKLOG_AGE", "BACKLOG_DAYS"]


DAY_US = 86_400_000_000


def backlog(facts: Facts, options: Options) -> Level:
    """Open cases at the end of each bucket of time, or of the period."""
    oldest = options.number("until_days")
    return Level(
        rows=cases(facts),
        starts="opened_at",
        ends="resolved_at",
        youngest_s=options.number("from_days") * 86_400,
        oldest_s=oldest * 86_400 if oldest else None,
    )


def backlog_days(facts: Facts, options: Options) -> LevelShare:
    """Open cases over cases resolved a day, in the days before."""
    days = options.number("over_days")
    rows = cases(facts)
    done = rows.filter(rows.resolved_at_us.notnull())
    done = done.mutate(counted_until_us=whole(done, "resolved_at_us") + int(days * DAY_US))
    return LevelShare(
        part=Level(rows=rows, starts="opened_at", ends="resolved_at"),
        whole=Level(rows=done, starts="resolved_at", ends="counted_until"),
        per=days,
    )


def backlog_age(facts: Facts, options: Options) -> Level:
    """The age in hours that a share of the open cases does not exceed."""
    return Level(
        rows=cases(facts),
        starts="opened_at",
        ends="resolved_at",
        age_share=float(options.choice("q")),
        age_unit_s=3600.0,
    )


BACKLOG = Metric(
    id="backlog",
    code="C06",
    name=said("Backlog", "미처리 건수(백로그)", "积压量", "Tồn đọng"),
    numerator=said(
        "cases open at an instant", "한 시점의 미해결 건", "某一时刻的未结工单", "số hồ sơ còn mở tại một thời điểm"
    ),
    symbols="#{opened_at < t ≤ resolved_at}",
    unit=Unit.COUNT,
    direction=Direction.LOWER,
    aggregation=Aggregation.GAUGE,
    interval=IntervalMethod.POISSON,
    needs={"case": ("opened_at", "resolved_at")},
    measure=backlog,
    options=(
        Number(
            name="from_days",
            default=0,
            most=3650,
            meaning=said("from which age on", "이 나이부터", "自该时长起", "từ tuổi này trở lên"),
        ),
        Number(
            name="until_days",
            default=0,
            most=3650,
            meaning=said(
                "before which age; 0 has no end",
                "이 나이 전까지, 0이면 끝없음",
                "至该时长之前；0 为不限",
                "trước tuổi này; 0 là không giới hạn",
            ),
        ),
    ),
    gaming=said(
        "Close many at once; park in pending.",
        "한꺼번에 종료하기, 보류에 세워두기.",
        "批量关闭；停放在待定。",
        "Đóng hàng loạt; để ở trạng thái chờ.",
    ),
    pairs=("reopen_rate", "resolution_time"),
    checks=(
        "bulk_closures",
        "parked_cases",
        "backlog_identity",
    ),
    source="ITIL",
)
BACKLOG_DAYS = Metric(
    id="backlog_days",
    code="C06b",
    name=said("Backlog in days of work", "미처리 일수(백로그 일수)", "积压天数", "Tồn đọng tính theo ngày làm"),
    numerator=BACKLOG.numerator,
    denominator=said(
        "cases resolved a day, in the days before",
        "직전 기간의 하루 평균 해결 건",
        "此前每日平均解决的工单",
        "số hồ sơ giải quyết mỗi ngày trong thời gian trước đó",
    ),
    symbols="#{open at t} ÷ (#{t − D ≤ resolved_at < t} ÷ D)",
    unit=Unit.DAYS,
    direction=Direction.LOWER,
    aggregation=Aggregation.GAUGE,
    interval=IntervalMethod.NONE,
    needs={"case": ("opened_at", "resolved_at")},
    measure=backlog_days,
    options=(
        Number(
            name="over_days",
            default=28,
            least=1,
            most=366,
            meaning=said(
                "D, the days before over which resolutions are counted",
                "D, 해결 건을 세는 직전 일수",
                "D，统计解决数的此前天数",
                "D, số ngày trước đó để đếm số hồ sơ giải quyết",
            ),
        ),
    ),
    gaming=BACKLOG.gaming,
    pairs=("backlog", "reopen_rate"),
    checks=BACKLOG.checks,
    source="ITIL",
)
BACKLOG_AGE = Metric(
    id="backlog_age",
    code="C07",
    name=said("Backlog age", "미처리 경과시간", "积压时长", "Tuổi tồn đọng"),
    numerator=said(
        "hours since opening that the share q of open cases does not exceed",
        "미해결 건 중 비율 q가 넘지 않는 접수 후 시간",
        "比例 q 的未结工单不超过的已开时长（小时）",
        "số giờ từ khi mở mà tỷ lệ q hồ sơ còn mở không vượt quá",
    ),
    symbols="min { a : F(a) ≥ q }",
    unit=Unit.HOURS,
    direction=Direction.LOWER,
    aggregation=Aggregation.QUANTILE,
    interval=IntervalMethod.NONE,
    needs={"case": ("opened_at", "resolved_at")},
    measure=backlog_age,
    options=(
        Choice(
            name="q",
            default="0.5",
            choices=("0.5", "0.9", "1"),
            meaning=said(
                "the share; 1 is the oldest", "비율, 1은 가장 오래된 건", "比例；1 为最久者", "tỷ lệ; 1 là cũ nhất"
            ),
        ),
    ),
    gaming=said(
        "Close the old and create it anew.",
        "오래된 건을 닫고 새로 만들기.",
        "关闭旧单另建新单。",
        "Đóng hồ sơ cũ rồi tạo mới.",
    ),
    pairs=("backlog", "reopen_rate"),
    checks=("recreated_cases",),
    source="ITIL",
)
