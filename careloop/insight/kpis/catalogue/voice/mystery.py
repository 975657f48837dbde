"""What people find who only pretend to be customers (D11)."""

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Codes, Options
from careloop.insight.kpis.words import Words

__all__ = ["MYSTERY_FULFILMENT"]

LEVEL = Choice(
    name="level",
    default="item",
    choices=("item", "visit"),
    meaning=Words(
        en="whether items count, or visits with every item fulfilled",
        ko="항목을 셀지, 모든 항목을 이행한 방문을 셀지",
        zh_hans="按检查项计，还是按全部达标的暗访计",
        vi="tính theo từng mục, hay theo lần ghé thăm đạt mọi mục",
    ),
)
STAGES = Codes(
    name="stages",
    meaning=Words(
        en="only items of these stages, such as before, during, after; all when empty",
        ko="이 단계(before, during, after 등)의 항목만, 비우면 전체",
        zh_hans="只计这些阶段（如 before、during、after）的检查项；留空为全部",
        vi="chỉ các mục thuộc giai đoạn này, như before, during, after; để trống là tất cả",
    ),
)


def mystery_fulfilment(facts: Facts, options: Options) -> Ratio:
    """Items fulfilled over applicable ones, or visits without a miss over visits."""
    rows = facts["mystery_item"]
    rows = rows.filter(is_true(rows.applicable))
    if stages := options.codes("stages"):
        rows = rows.filter(rows.stage.isin(stages))
    met = is_true(rows.met).ifelse(1, 0)
    if options.choice("level") == "visit":
        rows = rows.group_by("visit_id").aggregate(
            contact_id=rows.contact_id.max(),
            visited_at_us=rows.visited_at_us.max(),
            visited_at_slot=rows.visited_at_slot.max(),
            met=met.min() == 1,
        )
    return Ratio(
        numerator=Sum(rows=rows, value=is_true(rows.met), at="visited_at"),
        denominator=Sum(rows=rows, value=rows.visit_id.notnull(), at="visited_at"),
    )


MYSTERY_FULFILMENT = Metric(
    id="mystery_fulfilment",
    code="D11",
    name=Words(
        en="Mystery-contact fulfilment",
        ko="미스터리콜 이행률",
        zh_hans="神秘客达标率",
        vi="Tỷ lệ đạt của khách hàng bí mật",
    ),
    numerator=Words(en="of them fulfilled", ko="그중 이행된 항목", zh_hans="其中达标的", vi="trong đó được thực hiện"),
    denominator=Words(
        en="scripted check items that apply",
        ko="적용되는 점검 항목",
        zh_hans="适用的检查项",
        vi="mục kiểm tra có áp dụng",
    ),
    symbols="I_met ÷ I",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"mystery_item": ("visit_id", "visited_at", "stage", "applicable", "met")},
    measure=mystery_fulfilment,
    options=(LEVEL, STAGES),
    gaming=Words(
        en="Recognize the testers.",
        ko="조사원을 알아보기.",
        zh_hans="识别出暗访者。",
        vi="Nhận ra người đóng giả khách.",
    ),
    pairs=("qa_score", "csat"),
    checks=(
        "mystery_against_blind",
        "tester_numbers",
    ),
    source="S0 item 7; KSQI style",
)
