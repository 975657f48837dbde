"""Work that comes back or goes up (C09, C11)."""

import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts, cases, contacts, segments
from careloop.insight.kpis.catalogue.quality.evaluations import JUDGE, NEEDS, Drawn, drawn_items, weighted_share
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Codes, Options
from careloop.insight.kpis.words import said

__all__ = ["ESCALATION_JUSTIFIED_SHARE", "ESCALATION_RATE", "REWORK_RATE"]


def rework_rate(facts: Facts, options: Options) -> Ratio:
    """Resolved cases that were returned or corrected over resolved cases of which that is known."""
    events = facts["case_event"]
    rows = _with_told(cases(facts), events, key="case_id", flag=events.is_rework)
    is_done = rows.resolved_at_us.notnull() & rows.told.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=is_done & is_true(rows.told == 1), at="resolved_at"),
        denominator=Sum(rows=rows, value=is_done, at="resolved_at"),
    )


def escalation_rate(facts: Facts, options: Options) -> Ratio:
    """Handled contacts that went up over those of which that is known; or cases that did over such cases."""
    if options.choice("unit") == "case":
        events = facts["case_event"]
        rows = _with_told(cases(facts), events, key="case_id", flag=events.is_escalation)
        return Ratio(
            numerator=Sum(rows=rows, value=is_true(rows.told == 1), at="opened_at"),
            denominator=Sum(rows=rows, value=rows.told.notnull(), at="opened_at"),
        )
    legs = segments(facts)
    rows = _with_told(contacts(facts), legs, key="contact_id", flag=legs.is_escalation)
    disposition = text(rows, "disposition")
    is_handled = (text(rows, "outcome") == "handled") & (rows.told.notnull() | disposition.notnull())
    is_raised = is_true(rows.told == 1) | is_true(disposition == "escalated")
    return Ratio(
        numerator=Sum(rows=rows, value=is_handled & is_raised, at="arrived_at"),
        denominator=Sum(rows=rows, value=is_handled, at="arrived_at"),
    )


def _with_told(rows: ir.Table, parts: ir.Table, *, key: str, flag: ir.BooleanValue) -> ir.Table:
    """Add `told`: 1 where a part says yes, 0 where parts only say no, null where none says anything: that is no "no"."""
    said_so = parts.filter(flag.notnull()).mutate(says=flag.ifelse(1, 0))
    told = said_so.group_by(told_of=said_so[key]).aggregate(told=said_so.says.max())
    return rows.left_join(told, rows[key] == told.told_of).drop("told_of")


def escalation_justified_share(facts: Facts, options: Options) -> Ratio:
    """Judged lines about an escalation that were met over those judged, of contacts that went up; weighed as drawn."""
    found = drawn_items(facts, options)
    legs, every = segments(facts), contacts(facts)
    raised = legs.filter(is_true(legs.is_escalation)).select(met_id=legs.contact_id)
    told = every.filter(is_true(text(every, "disposition") == "escalated")).select(met_id=every.contact_id)
    known = raised.union(told).distinct()
    rows = found.rows.inner_join(known, found.rows.contact_id == known.met_id)
    counts = is_true(rows.is_drawn) & is_true(rows.applicable) & text(rows, "item_id").isin(options.codes("items"))
    counts = counts & rows.met.notnull()
    judged = Drawn(rows=rows, counts=counts, weight=number(rows, "weight"))
    return weighted_share(judged, is_true(rows.met))


REWORK_RATE = Metric(
    id="rework_rate",
    code="C09",
    name=said("Rework rate", "재작업률", "返工率", "Tỷ lệ làm lại"),
    numerator=said(
        "completed cases that were returned to an earlier step or corrected after a check",
        "이전 단계로 되돌려졌거나 점검 후 수정된 완료 건",
        "被退回前一步或检查后更正的已完成工单",
        "số hồ sơ hoàn tất từng bị trả về bước trước hoặc sửa sau kiểm tra",
    ),
    denominator=said(
        "completed cases of which this is known",
        "되돌림 여부가 알려진 완료 건",
        "已知是否返工的已完成工单",
        "số hồ sơ hoàn tất biết rõ có làm lại hay không",
    ),
    symbols="#{done ∧ rework} ÷ #{done}",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"case": ("resolved_at",), "case_event": ("is_rework",)},
    measure=rework_rate,
    gaming=said("Fix silently.", "조용히 고치기.", "悄悄修改。", "Sửa lặng lẽ."),
    pairs=("reopen_rate",),
    checks=("changes_after_completion",),
    source="S3 降低返工率",
)
ESCALATION_RATE = Metric(
    id="escalation_rate",
    code="C11",
    name=said("Escalation rate", "상위 이관율", "升级率", "Tỷ lệ chuyển cấp"),
    numerator=said(
        "contacts or cases moved to a higher tier or a supervisor",
        "상위 단계나 관리자에게 이관된 접촉 또는 건",
        "升级到更高层级或主管的联络或工单",
        "số liên hệ hoặc hồ sơ chuyển lên cấp cao hơn hoặc quản lý",
    ),
    denominator=said(
        "handled contacts, or cases, of which this is known",
        "이관 여부가 알려진 처리 접촉 또는 건",
        "已知是否升级的已处理联络，或工单",
        "số liên hệ đã xử lý, hoặc hồ sơ, biết rõ có chuyển cấp hay không",
    ),
    symbols="escalated ÷ handled",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={},
    also_needs=lambda options: (
        {"case": ("opened_at",), "case_event": ("is_escalation",)}
        if options.choice("unit") == "case"
        else {"contact": ("outcome",), "contact_segment": ("is_escalation or contact.disposition",)}
    ),
    measure=escalation_rate,
    options=(
        Choice(
            name="unit",
            default="contact",
            choices=("contact", "case"),
            meaning=said("what is counted", "무엇을 세는지", "计数对象", "điều được đếm"),
        ),
    ),
    gaming=said("Refuse to escalate.", "이관을 거부하기.", "拒绝升级。", "Từ chối chuyển cấp."),
    pairs=("complaint_rate", "resolution_time"),
    checks=(
        "long_without_escalation",
        "refusals_to_escalate",
    ),
    source="ITIL",
)
ESCALATION_JUSTIFIED_SHARE = Metric(
    id="escalation_justified_share",
    code="C11b",
    name=said("Justified escalations", "정당한 이관 비율", "合理升级占比", "Tỷ lệ chuyển cấp có lý do"),
    numerator=said(
        "of them found justified by quality assurance, weighed by 1 over the chance of being drawn",
        "그중 품질평가에서 정당하다고 본 항목(추출확률의 역수로 가중)",
        "其中经质检认定合理的（按抽中概率倒数加权）",
        "trong đó được kiểm soát chất lượng coi là có lý do, nhân trọng số 1 chia xác suất được bốc",
    ),
    denominator=said(
        "evaluated lines about the escalation of contacts that went up, weighed likewise",
        "이관된 접촉의 이관 관련 평가 항목(같은 가중)",
        "已升级联络中关于升级的评估项目（同样加权）",
        "mục đánh giá về việc chuyển cấp của các liên hệ đã chuyển, cùng trọng số",
    ),
    symbols="Σ w·1[met] ÷ Σ w",
    unit=Unit.SHARE,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={
        **NEEDS,
        "evaluation_item": ("item_id", "applicable", "met"),
        "contact_segment": ("is_escalation or contact.disposition",),
    },
    measure=escalation_justified_share,
    options=(
        JUDGE,
        Codes(
            name="items",
            default=("escalation",),
            meaning=said(
                "lines of the form that ask whether the escalation was justified",
                "이관이 정당했는지 묻는 평가 항목",
                "询问升级是否合理的评分项",
                "mục của biểu mẫu hỏi việc chuyển cấp có lý do không",
            ),
        ),
    ),
    gaming=said(
        "Refuse to escalate, so that only clear cases go up.",
        "명백한 건만 올라가도록 이관을 거부하기.",
        "拒绝升级，只让明显的个案上升。",
        "Từ chối chuyển cấp để chỉ trường hợp rõ ràng được chuyển.",
    ),
    pairs=("escalation_rate", "complaint_rate"),
    checks=("long_without_escalation", "sample_kind_share"),
    source="ITIL; metrics.md §2 C11",
)
