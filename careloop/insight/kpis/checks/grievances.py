"""Checks of complaints and of what is done about them: kept away, split, blamed on somebody, declared fixed."""

import ibis

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, contacts, segments
from careloop.insight.kpis.catalogue.complaints.received import DAY_US, complaints
from careloop.insight.kpis.checks.check import Check, Peers, share
from careloop.insight.kpis.measures.kinds import Finished, KeyShare, Pooled, Ratio
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.intervals import wilson

__all__ = ["CHECKS"]


def complaints_by_team(facts: Facts, _options: Options) -> Ratio:
    """Answered segments of contacts that were complained about over answered segments."""
    told = facts["complaint"]
    told = told.filter(told.origin_contact_id.notnull()).select(told_of="origin_contact_id").distinct()
    rows = segments(facts)
    rows = rows.filter(rows.exit == "answered", rows.agent_id.notnull())
    rows = rows.left_join(told, rows.contact_id == told.told_of)
    return share(rows, rows.told_of.notnull(), among=rows.segment_id.notnull(), at="queued_at")


def external_without_record(facts: Facts, _options: Options) -> Ratio:
    """Complaints lodged outside of which no case or contact is known over complaints lodged outside."""
    rows = complaints(facts)
    unknown = rows.case_id.isnull() & rows.origin_contact_id.isnull()
    return share(rows, unknown, among=rows.external_body.notnull(), at="received_at")


def unlinked_repeats(facts: Facts, _options: Options) -> Ratio:
    """Complaints about the same within a week of the customer's last, and not noted as its repetition, over complaints."""
    rows = complaints(facts)
    rows = rows.filter(rows.customer_id.notnull(), rows.reason_group.notnull())
    order = ibis.window(
        group_by=[rows.customer_id, rows.reason_group], order_by=[rows.received_at_us, rows.complaint_id]
    )
    rows = rows.mutate(last_us=rows.received_at_us.lag(1).over(order))
    soon = is_true(whole(rows, "received_at_us") - whole(rows, "last_us") <= 7 * DAY_US)
    return share(rows, soon & rows.repeat_of.isnull(), among=rows.complaint_id.notnull(), at="received_at")


def complaint_clock_resets(facts: Facts, _options: Options) -> Ratio:
    """Resolved complaints whose case was opened again over resolved complaints with a case."""
    events = facts["case_event"]
    again = events.filter(is_true(events.is_reopening)).select(again="case_id").distinct()
    rows = complaints(facts)
    rows = rows.left_join(again, rows.case_id == again.again)
    return share(
        rows, rows.again.notnull(), among=rows.case_id.notnull() & rows.resolved_at.notnull(), at="received_at"
    )


def agent_blame(facts: Facts, _options: Options) -> Ratio:
    """Complaints with the agent liable over complaints whose liability is decided."""
    rows = complaints(facts)
    return share(rows, is_true(rows.liability == "agent"), among=rows.liability.notnull(), at="received_at")


def withdrawn_after_payment(facts: Facts, _options: Options) -> Ratio:
    """Complaints that were paid for and withdrawn over complaints withdrawn."""
    ends = facts["case"]
    ends = ends.filter(ends.resolution_kind == "withdrawn").select(gone="case_id")
    rows = complaints(facts)
    rows = rows.left_join(ends, rows.case_id == ends.gone)
    return share(rows, is_true(rows.remedy > 0), among=rows.gone.notnull(), at="received_at")


def one_cause(facts: Facts, _options: Options) -> Pooled:
    """The share of the commonest root cause among complaints with one."""
    rows = complaints(facts)
    return Pooled(
        rows=rows,
        values={"cause": rows.root_cause_id},
        at="received_at",
        finish=_largest,
        where=rows.root_cause_id.notnull(),
    )


def _largest(_values: dict[str, list[object]], counts: Floats) -> Finished:
    found = wilson(successes=float(counts.max()) if len(counts) else 0.0, trials=float(counts.sum()))
    if found is None:
        return Finished(value=None)
    return Finished(value=found.estimate, low=found.low, high=found.high, n=int(counts.sum()))


def baseline_with_spike(facts: Facts, _options: Options) -> Ratio:
    """Judged actions whose baseline reaches into the spike that led to them over judged actions with a baseline."""
    rows = facts["corrective_action"]
    judged = rows.verdict.isin(("effective", "not_effective")) & rows.pre_until.notnull() & rows.trigger_from.notnull()
    return share(rows, is_true(rows.pre_until_us > rows.trigger_from_us), among=is_true(judged), at="due_at_first")


def new_name_old_cause(facts: Facts, _options: Options) -> Ratio:
    """Problems opened within ninety days of the end of another with the same cause over problems with a cause."""
    rows = facts["problem"]
    rows = rows.filter(rows.root_cause_id.notnull())
    order = ibis.window(group_by=rows.root_cause_id, order_by=[rows.opened_at_us, rows.problem_id])
    rows = rows.mutate(ended_us=rows.closed_at_us.lag(1).over(order))
    after = whole(rows, "opened_at_us") - whole(rows, "ended_us")
    return share(rows, is_true((after >= 0) & (after <= 90 * DAY_US)), among=rows.problem_id.notnull(), at="opened_at")


def fixes_that_recur(facts: Facts, _options: Options) -> Ratio:
    """Problems closed by a permanent fix that came back over problems closed so."""
    back = facts["recurrence"]
    back = back.filter(is_true(back.is_confirmed)).select(back="problem_id").distinct()
    rows = facts["problem"]
    rows = rows.left_join(back, rows.problem_id == back.back)
    fixed = rows.closed_at.notnull() & is_true(rows.closed_as == "permanent_fix")
    return share(rows, rows.back.notnull(), among=fixed, at="opened_at")


def off_the_list(facts: Facts, _options: Options) -> Ratio:
    """Contacts about an issue that notices were sent for, by customers on no list, over contacts about it in those two weeks."""
    notices = facts["notice_recipient"]
    issues = notices.group_by(issue="issue_reason_group").aggregate(from_us=notices.assigned_at_us.min())
    listed = notices.select(listed="customer_id", listed_for="issue_reason_group").distinct()
    rows = contacts(facts)
    rows = rows.filter(rows.customer_id.notnull()).inner_join(issues, rows.reason_group == issues.issue)
    rows = rows.left_join(listed, [rows.customer_id == listed.listed, rows.reason_group == listed.listed_for])
    after = whole(rows, "arrived_at_us") - whole(rows, "from_us")
    return share(rows, rows.listed.isnull(), among=is_true((after >= 0) & (after <= 14 * DAY_US)), at="arrived_at")


def without_holdout(facts: Facts, _options: Options) -> KeyShare:
    """Campaigns of notices of which nobody was held out over campaigns."""
    rows = facts["notice_recipient"]
    held = rows.filter(rows.arm == "holdout").select(held="campaign_id").distinct()
    rows = rows.left_join(held, rows.campaign_id == held.held)
    return KeyShare(rows=rows, key="campaign_id", part=rows.held.isnull(), at="assigned_at")


CHECKS = (
    Check(
        id="complaints_by_team",
        name=said("Complaints by team", "팀별 불만", "各班组投诉", "Khiếu nại theo nhóm"),
        severity=Severity.WARNING,
        sentence=said(
            "Some teams record far fewer complaints than the others in the same queues: are they coded as enquiries?",
            "같은 큐의 다른 팀보다 불만 기록이 훨씬 적은 팀이 있습니다. 문의로 코드합니까?",
            "有班组在同一队列中记录的投诉远少于其他班组：是否被编码为咨询？",
            "Có nhóm ghi nhận khiếu nại ít hơn hẳn các nhóm khác cùng hàng chờ: ghi thành hỏi đáp?",
        ),
        needs={
            "complaint": ("origin_contact_id",),
            "contact_segment": ("agent_id", "exit"),
            "agent_team": ("team_id",),
        },
        measure=complaints_by_team,
        limit=3.0,
        how=Peers(group="team", within=("queue",), fewer=True),
    ),
    Check(
        id="external_without_record",
        name=said(
            "Lodged outside, unknown inside",
            "외부 접수·내부 기록 없음",
            "外部有内部无的投诉",
            "Có ở bên ngoài, không có bên trong",
        ),
        severity=Severity.SEVERE,
        sentence=said(
            "Complaints reached a body outside without any case or contact inside: they were not recorded.",
            "내부 기록 없이 외부 기관에 접수된 불만이 있습니다. 기록되지 않았습니다.",
            "有投诉到了外部机构而内部没有工单或联络：未被登记。",
            "Có khiếu nại đến cơ quan bên ngoài mà bên trong không có hồ sơ hay liên hệ: không được ghi nhận.",
        ),
        needs={"complaint": ("external_body", "case_id", "origin_contact_id")},
        measure=external_without_record,
        limit=0.1,
        fewest=10,
    ),
    Check(
        id="unlinked_repeats",
        name=said("Repetitions not linked", "연결되지 않은 재민원", "未关联的重复投诉", "Khiếu nại lặp không được nối"),
        severity=Severity.WARNING,
        sentence=said(
            "Many complaints repeat the customer’s last within a week and are not linked to it: split, or merged as it suits.",
            "일주일 안에 반복된 불만이 이전 건과 연결되지 않은 경우가 많습니다. 나누거나 합치고 있습니다.",
            "许多投诉在一周内重复上次却未关联：被拆分或合并。",
            "Nhiều khiếu nại lặp lại lần trước trong một tuần mà không nối: bị tách hoặc gộp tùy ý.",
        ),
        needs={"complaint": ("customer_id", "reason_group", "repeat_of", "received_at")},
        measure=unlinked_repeats,
        limit=0.05,
    ),
    Check(
        id="complaint_clock_resets",
        name=said(
            "Complaints closed and opened again", "불만의 종료 후 재오픈", "投诉关闭又重开", "Khiếu nại đóng rồi mở lại"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Many resolved complaints had to be opened again: closed without the customer, the clock begins anew.",
            "해결된 불만의 상당수가 다시 열렸습니다. 고객 동의 없이 닫고 시계를 새로 시작합니다.",
            "许多已解决的投诉又被重开：未经客户同意关闭，计时重来。",
            "Nhiều khiếu nại đã giải quyết phải mở lại: đóng không có khách đồng ý, đồng hồ chạy lại từ đầu.",
        ),
        needs={"complaint": ("case_id", "resolved_at"), "case_event": ("is_reopening",)},
        measure=complaint_clock_resets,
        limit=0.15,
    ),
    Check(
        id="agent_blame",
        name=said("Blame on agents", "상담사 귀책 쏠림", "责任集中于坐席", "Đổ lỗi cho nhân viên"),
        severity=Severity.WARNING,
        sentence=said(
            "Most complaints are laid at agents’ doors: are processes and products never at fault?",
            "불만의 대부분이 상담사 책임으로 처리됩니다. 절차나 상품에는 책임이 없습니까?",
            "多数投诉归咎坐席：流程与产品从无过错吗？",
            "Phần lớn khiếu nại quy cho nhân viên: quy trình và sản phẩm không bao giờ có lỗi?",
        ),
        needs={"complaint": ("liability",)},
        measure=agent_blame,
        limit=0.5,
    ),
    Check(
        id="withdrawn_after_payment",
        name=said("Withdrawn after a payment", "보상 후 취하", "付款后撤诉", "Rút sau khi được trả tiền"),
        severity=Severity.WARNING,
        sentence=said(
            "Many complaints were withdrawn after a payment.",
            "보상 후 취하된 불만이 많습니다.",
            "许多投诉在付款后被撤回。",
            "Nhiều khiếu nại được rút sau khi trả tiền.",
        ),
        needs={"complaint": ("remedy", "case_id"), "case": ("resolution_kind",)},
        measure=withdrawn_after_payment,
        limit=0.3,
        fewest=10,
    ),
    Check(
        id="one_root_cause",
        name=said("One cause for everything", "하나로 몰린 근본원인", "根因单一", "Một nguyên nhân cho tất cả"),
        severity=Severity.WARNING,
        sentence=said(
            "More than half of the root causes are one and the same: boiler plate?",
            "근본원인의 절반 넘게 같습니다. 상투적 기재입니까?",
            "超过一半的根因相同：是否套话？",
            "Hơn nửa số nguyên nhân gốc giống nhau: câu mẫu?",
        ),
        needs={"complaint": ("root_cause_id",)},
        measure=one_cause,
        limit=0.5,
    ),
    Check(
        id="baseline_with_spike",
        name=said("Spike in the baseline", "기준선에 든 급증", "基线含峰值", "Đợt tăng vọt nằm trong mốc"),
        severity=Severity.SEVERE,
        sentence=said(
            "Actions were judged against a baseline that holds the spike behind them: it would have fallen by itself.",
            "조치를 일으킨 급증이 기준선에 들어 있습니다. 저절로 떨어졌을 것입니다.",
            "措施以含触发峰值的基线来评判：峰值本会自行回落。",
            "Biện pháp được đánh giá so với mốc chứa chính đợt tăng vọt: nó vốn tự giảm.",
        ),
        needs={"corrective_action": ("verdict", "pre_until", "trigger_from")},
        measure=baseline_with_spike,
        limit=0.05,
        fewest=5,
    ),
    Check(
        id="new_name_old_cause",
        name=said("Old cause, new problem", "새 이름의 같은 원인", "旧因新名", "Nguyên nhân cũ, vấn đề mới"),
        severity=Severity.WARNING,
        sentence=said(
            "Many problems have the cause of one closed within ninety days before: the old one under a new name?",
            "최근 90일 안에 종료된 문제와 원인이 같은 문제가 많습니다. 이름만 바꿨습니까?",
            "许多问题与九十天内关闭的问题同因：旧问题换了名？",
            "Nhiều vấn đề có cùng nguyên nhân với vấn đề vừa đóng trong chín mươi ngày: chỉ đổi tên?",
        ),
        needs={"problem": ("root_cause_id", "opened_at", "closed_at")},
        measure=new_name_old_cause,
        limit=0.1,
        fewest=10,
    ),
    Check(
        id="fixes_that_recur",
        name=said("Permanent fixes that recur", "재발한 영구 조치", "复发的根治", "Sửa triệt để mà tái diễn"),
        severity=Severity.SEVERE,
        sentence=said(
            "Many problems closed as fixed for good came back: workarounds are called permanent.",
            "영구 해결로 종료된 문제의 상당수가 재발했습니다. 임시 조치를 영구라고 부릅니다.",
            "许多以根治结案的问题又复发：权宜之计被称作根治。",
            "Nhiều vấn đề đóng là đã sửa triệt để lại tái diễn: giải pháp tạm bị gọi là vĩnh viễn.",
        ),
        needs={"problem": ("closed_as", "closed_at"), "recurrence": ("problem_id", "is_confirmed")},
        measure=fixes_that_recur,
        limit=0.1,
        fewest=10,
    ),
    Check(
        id="contacts_off_list",
        name=said(
            "Affected, on no list",
            "목록에 없는 영향 고객",
            "受影响却不在名单",
            "Bị ảnh hưởng mà không có trong danh sách",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Many who contacted about the issue were on no list: the list of those affected is too narrow.",
            "해당 문제로 연락한 고객의 상당수가 목록에 없습니다. 영향 고객 목록이 너무 좁습니다.",
            "许多就该问题联络的客户不在名单：受影响名单过窄。",
            "Nhiều khách liên hệ về sự cố không có trong danh sách: danh sách bị ảnh hưởng quá hẹp.",
        ),
        needs={"notice_recipient": ("customer_id", "issue_reason_group"), "contact": ("customer_id", "reason_group")},
        measure=off_the_list,
        limit=0.3,
    ),
    Check(
        id="notices_without_holdout",
        name=said("Notices without a holdout", "비교군 없는 안내", "无对照的通知", "Thông báo không có nhóm đối chứng"),
        severity=Severity.SEVERE,
        sentence=said(
            "Notices were sent with nobody held out: what they saved is a guess.",
            "비교군 없이 안내가 발송되었습니다. 절감 효과는 추측입니다.",
            "通知发送时无人留作对照：节省多少只是猜测。",
            "Thông báo gửi đi mà không giữ lại nhóm đối chứng: mức tiết kiệm chỉ là đoán.",
        ),
        needs={"notice_recipient": ("campaign_id", "arm")},
        measure=without_holdout,
        limit=0.0,
        fewest=1,
    ),
)
