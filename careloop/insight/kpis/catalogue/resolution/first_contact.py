"""Solved at first contact, and how many contacts an issue takes (C01, C02, C10)."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.episode_options import OPTIONS
from careloop.insight.kpis.catalogue.episodes import DAY_US, eligible, episode_needs, episodes
from careloop.insight.kpis.catalogue.resolution.reopening import state_changes
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Options, Switch
from careloop.insight.kpis.words import said

__all__ = ["CONTACTS_PER_RESOLUTION", "FCR_CONTACT", "FCR_ISSUE"]


JUDGED = {"contact": ("arrived_at", "ended_at", "outcome", "direction")}


def coverage(facts: Facts, options: Options) -> Ratio:
    """Contacts of known customers over all that would be judged."""
    rows = eligible(facts, options)
    return Ratio(
        numerator=Sum(rows=rows, value=rows.customer_id.notnull(), at="arrived_at"),
        denominator=Sum(rows=rows, value=rows.contact_id.notnull(), at="arrived_at"),
    )


def fcr_contact(facts: Facts, options: Options) -> Ratio:
    """Matured contacts that were not followed over matured contacts. Vector of metrics.md §3.1: 6 of 10."""
    rows = episodes(facts, options)
    return _solved(rows, rows.is_matured, _failed(rows, options))


def fcr_issue(facts: Facts, options: Options) -> Ratio:
    """Matured and known anchors that were not followed over all of them. Vector of metrics.md §3.1: 4 of 6."""
    rows = episodes(facts, options)
    if options.on("case_fails"):
        rows = _with_trouble(facts, rows, int(options.number("days") * DAY_US))
    failed = _failed(rows, options)
    if options.on("case_fails"):
        failed = failed | rows.has_trouble
    return _solved(rows, rows.is_anchor & rows.is_matured & rows.is_known, failed)


def _failed(rows: ir.Table, options: Options) -> ir.BooleanValue:
    failed: ir.BooleanValue = rows.is_followed
    return failed | rows.has_transfer if options.on("transfer_fails") else failed


def _solved(rows: ir.Table, counted: ir.BooleanValue, failed: ir.BooleanValue) -> Ratio:
    return Ratio(
        numerator=Sum(rows=rows, value=counted & ~failed, at="arrived_at"),
        denominator=Sum(rows=rows, value=counted, at="arrived_at"),
        cluster="customer_id",
    )


def _issue_needs(options: Options) -> Mapping[str, tuple[str, ...]]:
    needed = episode_needs(options)
    if not options.on("case_fails"):
        return needed
    events: Mapping[str, tuple[str, ...]] = {"case_event": ("case_id", "at"), "complaint": ("case_id", "received_at")}
    return {**events, "contact": (*needed["contact"], "case_id")}


def _with_trouble(facts: Facts, rows: ir.Table, span: int) -> ir.Table:
    """Add whether the case was reopened, or complained about, within N days after the contact."""
    events = state_changes(facts["case_event"])
    events = events.filter(events.is_reopening).select(trouble_case=events.case_id, trouble_us=events.at_us)
    complaints = facts["complaint"]
    complaints = complaints.filter(complaints.case_id.notnull()).select(
        trouble_case=complaints.case_id, trouble_us=complaints.received_at_us
    )
    trouble = events.union(complaints)
    met = rows.select("contact_id", "case_id", "end_us").join(trouble, [("case_id", "trouble_case")])
    met = met.filter(met.trouble_us >= met.end_us, whole(met, "trouble_us") - whole(met, "end_us") <= span)
    ids = met.select(met_id=met.contact_id).distinct()
    joined = rows.left_join(ids, rows.contact_id == ids.met_id)
    return joined.mutate(has_trouble=joined.met_id.notnull()).drop("met_id")


def contacts_per_resolution(facts: Facts, options: Options) -> Ratio:
    """Contacts in resolved episodes over resolved episodes, each placed by its anchor."""
    rows = episodes(facts, options)
    key = ["customer_id", "key_reason"]
    alone = ibis.literal("?").concat(rows.contact_id)
    match options.choice("match"):
        case "customer":
            rows = rows.mutate(key_reason=ibis.literal(""))
        case "case":
            rows = rows.mutate(key_reason=rows.case_id)
        case _:
            rows = rows.mutate(key_reason=rows.reason_group.fill_null(alone))
    if options.choice("match") == "case":
        key = ["key_reason"]
    if options.choice("channels") == "same":
        key = [*key, "channel"]
    order = [rows.start_us, rows.contact_id]
    so_far = ibis.window(group_by=key, order_by=order, rows=(None, 0))
    rows = rows.mutate(episode=rows.is_anchor.ifelse(1, 0).sum().over(so_far))
    inside = ibis.window(group_by=[*key, "episode"])
    anchored = rows.is_anchor.ifelse(rows.arrived_at_us, ibis.null("int64"))
    slotted = rows.is_anchor.ifelse(rows.arrived_at_slot, ibis.null("int64"))
    known = (rows.is_anchor & rows.is_known).ifelse(rows.arrived_at_us, ibis.null("int64"))
    # The episode is resolved when its last contact is: the one that is not followed, be it by an attempt that led to nothing.
    ends = (~rows.is_followed).ifelse(rows.end_us, ibis.null("int64"))
    matured = (~rows.is_followed & rows.is_matured).ifelse(rows.end_us, ibis.null("int64"))
    rows = rows.mutate(
        anchor_us=anchored.max().over(inside),
        anchor_slot=slotted.max().over(inside),
        known_us=known.max().over(inside),
        episode_end=ends.min().over(inside),
        matured_end=matured.min().over(inside),
    )
    is_resolved = (rows.known_us == rows.anchor_us) & (rows.matured_end == rows.episode_end)
    return Ratio(
        numerator=Sum(rows=rows, value=is_resolved, at="anchor"),
        denominator=Sum(rows=rows, value=is_resolved & rows.is_anchor, at="anchor"),
    )


CASE_FAILS = Switch(
    name="case_fails",
    default=False,
    meaning=said(
        "whether a reopening of the case or a complaint about it within N days counts as not solved",
        "N일 이내의 케이스 재오픈이나 불만을 미해결로 볼지 여부",
        "N 天内工单重开或相关投诉是否计为未解决",
        "hồ sơ mở lại hoặc có khiếu nại trong N ngày có tính là chưa giải quyết không",
    ),
)
GAMING = said(
    "Change reason codes on the second call, use another caller id, do not log, widen the list of “net”.",
    "두 번째 전화의 사유 코드 바꾸기, 다른 발신번호 쓰기, 기록하지 않기, ‘net’ 목록 늘리기.",
    "第二次来电更改原因代码、换号码、不登记、扩大“net”清单。",
    "Đổi mã lý do ở cuộc gọi thứ hai, dùng số khác, không ghi nhận, mở rộng danh sách “net”.",
)
FCR_ISSUE = Metric(
    id="fcr_issue",
    code="C01",
    name=said(
        "First-contact resolution, issue based",
        "최초 통화(접촉) 해결률 – 문의 기준",
        "一次解决率(按问题)",
        "Giải quyết ngay lần đầu (theo vấn đề)",
    ),
    numerator=said(
        "issues whose first contact was not followed by another about the same within N days",
        "첫 접촉 후 N일 이내에 같은 문의의 재접촉이 없던 문의",
        "首次联络后 N 天内无同一问题再次联络的问题",
        "số vấn đề mà sau liên hệ đầu không có liên hệ nào khác cùng vấn đề trong N ngày",
    ),
    denominator=said(
        "issues whose first contact is N days old, and known to be the first",
        "첫 접촉이 N일 지났고 최초임이 확인된 문의",
        "首次联络已满 N 天且确知为首次的问题",
        "số vấn đề mà liên hệ đầu đã qua N ngày và chắc chắn là lần đầu",
    ),
    symbols="#{anchor ∧ ¬followed} ÷ #{anchor ∧ matured ∧ known}",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON_CLUSTERED,
    subject=Subject.CUSTOMERS,
    needs=JUDGED,
    also_needs=_issue_needs,
    measure=fcr_issue,
    maturity_seconds=lambda options: options.number("days") * 86_400,
    options=(*OPTIONS, CASE_FAILS),
    notes={"identified_share": coverage},
    gaming=GAMING,
    pairs=("fcr_survey", "aht", "transfer_rate"),
    checks=(
        "customer_only_gap",
        "reason_change_trend",
        "unidentified_share",
        "other_reason_share",
        "net_list_share",
        "fcr_survey_gap",
    ),
    source="F00 #3; S1; S2; KS ≥ 70 %",
)
FCR_CONTACT = Metric(
    id="fcr_contact",
    code="C02",
    name=said(
        "First-contact resolution, contact based (repeat-contact rate = 1 − this)",
        "접촉 기준 해결률(재인입률의 여집합)",
        "一次解决率(按联络)/重复来电率",
        "Giải quyết ngay lần đầu (theo liên hệ)",
    ),
    numerator=said(
        "contacts not followed by another about the same within N days",
        "N일 이내에 같은 문의의 재접촉이 없던 접촉",
        "N 天内无同一问题再次联络的联络",
        "số liên hệ không bị nối tiếp bởi liên hệ khác cùng vấn đề trong N ngày",
    ),
    denominator=said(
        "contacts that are N days old; by agent, of whoever handled them last",
        "N일이 지난 접촉(상담사별로는 마지막 처리자 기준)",
        "已满 N 天的联络；按坐席时归最后处理者",
        "số liên hệ đã qua N ngày; theo nhân viên thì tính cho người xử lý cuối",
    ),
    symbols="#{matured ∧ ¬followed} ÷ #{matured}",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON_CLUSTERED,
    subject=Subject.CUSTOMERS,
    needs=JUDGED,
    also_needs=episode_needs,
    measure=fcr_contact,
    maturity_seconds=lambda options: options.number("days") * 86_400,
    options=OPTIONS,
    notes={"identified_share": coverage},
    gaming=said(
        "Warn customers not to call back; transfer, so that somebody else owns the failure.",
        "다시 전화하지 말라고 하기, 전환해서 실패를 남에게 넘기기.",
        "劝客户别再来电；转接让他人承担失败。",
        "Dặn khách đừng gọi lại; chuyển máy để người khác chịu thất bại.",
    ),
    pairs=("fcr_survey", "aht", "transfer_rate"),
    checks=(
        "customer_only_gap",
        "unidentified_share",
        "other_reason_share",
        "failures_passed_on",
    ),
    source="industry “no repeat call” method",
)
CONTACTS_PER_RESOLUTION = Metric(
    id="contacts_per_resolution",
    code="C10",
    name=said(
        "Contacts per resolved issue", "해결당 접촉수", "单问题联络次数", "Số liên hệ cho mỗi vấn đề được giải quyết"
    ),
    numerator=said(
        "contacts of resolved issues",
        "해결된 문의의 접촉",
        "已解决问题的联络",
        "số liên hệ của các vấn đề đã giải quyết",
    ),
    denominator=said("resolved issues", "해결된 문의", "已解决的问题", "số vấn đề đã giải quyết"),
    symbols="Σ contacts ÷ #{episodes}",
    unit=Unit.CONTACTS,
    direction=Direction.LOWER,
    aggregation=Aggregation.MEAN,
    interval=IntervalMethod.BOOTSTRAP,
    needs=JUDGED,
    also_needs=episode_needs,
    measure=contacts_per_resolution,
    maturity_seconds=lambda options: options.number("days") * 86_400,
    options=OPTIONS,
    gaming=said(
        "Do not log follow-ups; merge issues.",
        "후속 접촉을 기록하지 않기, 문의를 합치기.",
        "不登记后续联络；合并问题。",
        "Không ghi liên hệ tiếp theo; gộp vấn đề.",
    ),
    pairs=("fcr_issue", "contact_volume"),
    checks=(
        "other_reason_share",
        "contacts_per_customer_trend",
        "unlogged_calls",
    ),
    source="S0 omnichannel; effort literature",
)
