"""Whether problems stay solved, and whether causes are removed for good (F12, F13)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, micros_until
from careloop.insight.kpis.catalogue.complaints.received import DAY_US, had_until
from careloop.insight.kpis.measures.kinds import Ratio, Sum, Survival, SurvivalAt
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit, Variant
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said

__all__ = ["PERMANENT_FIX_SHARE", "RECURRENCE_RATE", "RECURRENCE_RATE_MATURED"]

DAYS = Number(
    name="days",
    default=90,
    least=1,
    meaning=said(
        "days after the closure in which a problem may come back",
        "종결 후 재발을 보는 일수",
        "结案后观察复发的天数",
        "số ngày sau khi khép lại mà vấn đề có thể tái diễn",
    ),
)
CLOSED_AS = Choice(
    name="closed_as",
    default="permanent_fix",
    choices=("permanent_fix", "workaround", "containment", "preventive", "accepted_risk"),
    meaning=said(
        "which way of closing; a permanent fix needs a verdict that it is effective",
        "종결 방식, 영구 해결은 효과 있음 판정이 필요",
        "结案方式；根治须有“有效”的判定",
        "cách khép lại; khắc phục triệt để phải có kết luận là hiệu quả",
    ),
)
NEEDS = {"problem": ("problem_id", "closed_at"), "recurrence": ("problem_id", "at", "is_confirmed")}
GAMING = said(
    "A new code for the old problem.",
    "옛 문제에 새 코드 붙이기.",
    "给老问题换新编码。",
    "Đặt mã mới cho vấn đề cũ.",
)


def closed(facts: Facts) -> ir.Table:
    """Return closed problems with when they first came back for sure, as `back_us`."""
    rows = facts["problem"]
    again = facts["recurrence"]
    again = again.filter(is_true(again.is_confirmed)).select(back_of="problem_id", seen_us="at_us")
    met = rows.select("problem_id", "closed_at_us").inner_join(again, ibis._.problem_id == again.back_of)
    met = met.filter(whole(met, "seen_us") >= whole(met, "closed_at_us"))
    first = met.group_by("back_of").aggregate(back_us=met.seen_us.min())
    return rows.filter(rows.closed_at.notnull()).left_join(first, rows.problem_id == first.back_of)


def recurrence_rate(facts: Facts, options: Options) -> SurvivalAt:
    """The share of closed problems that came back within the days, by Kaplan and Meier."""
    rows = closed(facts)
    back, watched = whole(rows, "back_us"), micros_until(facts, ["problem", "recurrence"])
    end: ir.IntegerValue = back
    happened = back.notnull()
    if watched is not None:
        happened = is_true(back <= watched)
        end = ibis.least(back.fill_null(watched), ibis.literal(watched, type="int64"))
    days = (end - whole(rows, "closed_at_us")).cast("float64") / DAY_US
    of = Survival(rows=rows, duration=days, happened=happened, at="closed_at", where=days >= 0)
    return SurvivalAt(of=of, after=options.number("days"), is_event_share=True)


def recurrence_rate_matured(facts: Facts, options: Options) -> Ratio:
    """Closed problems that came back within the days over problems closed so long ago."""
    rows = closed(facts)
    span = int(options.number("days") * DAY_US)
    old = had_until(facts, "problem", rows, "closed_at", span)
    back = is_true(whole(rows, "back_us") - whole(rows, "closed_at_us") <= span)
    return Ratio(
        numerator=Sum(rows=rows, value=old & back, at="closed_at"),
        denominator=Sum(rows=rows, value=old, at="closed_at"),
    )


def permanent_fix_share(facts: Facts, options: Options) -> Ratio:
    """Problems closed in one way over problems closed."""
    rows = facts["problem"]
    acts = facts["corrective_action"]
    proven = acts.filter(is_true(acts.kind == "permanent_fix"), is_true(acts.verdict == "effective"))
    proven = proven.select(proven_id="problem_id").distinct()
    rows = rows.left_join(proven, rows.problem_id == proven.proven_id)
    is_closed = rows.closed_at.notnull()
    way = options.choice("closed_as")
    meant = rows.closed_as.isnull() if way == "accepted_risk" else is_true(rows.closed_as == way)
    if way == "permanent_fix":
        meant = meant & rows.proven_id.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=is_closed & meant, at="closed_at"),
        denominator=Sum(rows=rows, value=is_closed, at="closed_at"),
    )


RECURRENCE_RATE = Metric(
    id="recurrence_rate",
    code="F12",
    name=said("Recurrence after fix", "개선 후 재발률", "整改后复发率", "Tỷ lệ tái diễn sau khắc phục"),
    numerator=said(
        "share with a confirmed recurrence within the days, by Kaplan and Meier",
        "기한 내 확인된 재발의 비율(카플란–마이어)",
        "规定天数内确认复发的比例（Kaplan–Meier）",
        "tỷ lệ có tái diễn được xác nhận trong số ngày, theo Kaplan–Meier",
    ),
    denominator=said("problems closed", "종결된 문제", "已结案的问题", "vấn đề đã khép lại"),
    symbols="1 − Ŝ(D)",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.SURVIVAL,
    interval=IntervalMethod.GREENWOOD,
    needs=NEEDS,
    measure=recurrence_rate,
    options=(DAYS,),
    maturity_seconds=lambda options: options.number("days") * 86_400,
    gaming=GAMING,
    pairs=("permanent_fix_share", "action_effective_rate"),
    checks=(
        "new_name_old_cause",
        "closure_texts",
    ),
    source="S0 item 8; S3",
)

RECURRENCE_RATE_MATURED = Metric(
    id="recurrence_rate_matured",
    code="F12b",
    name=said(
        "Recurrence after fix, old closures only",
        "개선 후 재발률(기간 경과분)",
        "整改后复发率（仅足期）",
        "Tỷ lệ tái diễn sau khắc phục, chỉ việc đã đủ thời gian",
    ),
    numerator=said(
        "of them with a confirmed recurrence within the days",
        "그중 기한 내 재발이 확인된 문제",
        "其中在规定天数内确认复发的",
        "trong đó có tái diễn được xác nhận trong số ngày",
    ),
    denominator=said(
        "problems closed at least so many days ago",
        "그만큼의 일수가 지난 종결 문제",
        "结案已满该天数的问题",
        "vấn đề đã khép lại ít nhất bấy nhiêu ngày",
    ),
    symbols="R_D ÷ P_{≥D}",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=NEEDS,
    measure=recurrence_rate_matured,
    options=(DAYS,),
    maturity_seconds=lambda options: options.number("days") * 86_400,
    gaming=GAMING,
    pairs=("permanent_fix_share", "recurrence_rate"),
    checks=(
        "new_name_old_cause",
        "closure_texts",
    ),
    source="S0 item 8; S3",
)

PERMANENT_FIX_SHARE = Metric(
    id="permanent_fix_share",
    code="F13",
    name=said("Permanent fix share", "영구 해결 비율", "根治率", "Tỷ lệ khắc phục triệt để"),
    numerator=said(
        "of them closed by a permanent fix found effective",
        "그중 효과가 확인된 영구 해결로 종결된 문제",
        "其中以经确认有效的根治措施结案的",
        "trong đó khép lại bằng khắc phục triệt để đã được xác nhận hiệu quả",
    ),
    denominator=said("problems closed", "종결된 문제", "已结案的问题", "vấn đề đã khép lại"),
    symbols="P_fix ÷ P_closed",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={
        "problem": ("problem_id", "closed_at", "closed_as"),
        "corrective_action": ("problem_id", "kind"),
    },
    also_needs=lambda options: (
        {"corrective_action": ("verdict",)} if options.choice("closed_as") == "permanent_fix" else {}
    ),
    measure=permanent_fix_share,
    options=(CLOSED_AS,),
    variants=tuple(
        Variant(
            option="closed_as",
            setting=other,
            numerator=said(
                "of them closed in the way that was chosen",
                "그중 선택한 방식으로 종결된 문제",
                "其中以所选方式结案的",
                "trong đó khép lại theo cách đã chọn",
            ),
            direction=Direction.CONTEXT,
        )
        for other in CLOSED_AS.choices
        if other != CLOSED_AS.default
    ),
    gaming=said(
        "Call workarounds permanent.",
        "임시 조치를 영구 해결이라 부르기.",
        "把权宜之计称作根治。",
        "Gọi cách chữa tạm là triệt để.",
    ),
    pairs=("recurrence_rate", "action_effective_rate"),
    checks=("fixes_that_recur",),
    source="S0 item 8; ITIL",
)
