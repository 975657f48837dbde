"""Checks of loyalty and demand: contracts that will not end, orders that are split, doors that are hidden."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.asking.zones import local_time
from careloop.insight.kpis.catalogue.guidance.containment import false_containment
from careloop.insight.kpis.catalogue.loyalty.after_contact import landmarks
from careloop.insight.kpis.checks.check import Check, share
from careloop.insight.kpis.checks.mixes import mix_gap
from careloop.insight.kpis.measures.kinds import Pooled, Ratio, Sum
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said

__all__ = ["CHECKS"]

HOUR_US = 3_600_000_000


def cancel_lag(facts: Facts, _options: Options) -> Ratio:
    """Contracts that ended over forty-five days after the customer asked over contracts whose customer asked."""
    rows = facts["subscription"]
    clock = local_time(facts.zone)
    ends = clock.utc(rows.end_date.epoch_days().cast("int64") * 86_400) * 1_000_000
    late = ends - whole(rows, "cancel_requested_at_us") > 45 * 24 * HOUR_US
    return share(rows, is_true(late), among=rows.cancel_requested_at.notnull() & rows.end_date.notnull(), at="end_date")


def cancel_complaints(facts: Facts, _options: Options) -> Ratio:
    """Complaints about ending a contract over complaints."""
    rows = facts.counted("complaint")
    about = text(rows, "reason_group").fill_null("") + " " + text(rows, "category").fill_null("")
    return share(rows, about.lower().contains("cancel"), among=rows.complaint_id.notnull(), at="received_at")


def one_off_revenue(facts: Facts, _options: Options) -> Ratio:
    """Monthly revenue of contracts of under thirty-two days over monthly revenue of contracts that ended."""
    rows = facts["subscription"]
    days = rows.end_date.epoch_days() - rows.start_date.epoch_days()
    amount = rows.monthly_amount.cast("float64")
    ended = rows.end_date.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=(ended & is_true(days < 32)).ifelse(amount, 0.0), at="end_date"),
        denominator=Sum(rows=rows, value=ended.ifelse(amount, 0.0), at="end_date"),
    )


def empty_contracts(facts: Facts, _options: Options) -> Ratio:
    """Contracts that end as they begin, which no cohort counts, over contracts."""
    rows = facts["subscription"]
    return share(rows, is_true(rows.end_date <= rows.start_date), among=rows.customer_id.notnull(), at="start_date")


def split_orders(facts: Facts, _options: Options) -> Ratio:
    """Purchases within an hour of the customer's last over purchases."""
    rows = facts["purchase"]
    order = ibis.window(group_by=rows.customer_id, order_by=[rows.at_us, rows.purchase_id])
    rows = rows.mutate(last_us=rows.at_us.lag(1).over(order))
    soon = is_true(whole(rows, "at_us") - whole(rows, "last_us") <= HOUR_US)
    return share(rows, soon, among=rows.purchase_id.notnull(), at="at")


def moved_identities(facts: Facts, _options: Options) -> Ratio:
    """Links that give a number or address to another customer than before over links."""
    rows = facts["customer_link"]
    order = ibis.window(group_by=rows.contact_point_hash, order_by=rows.valid_from_us)
    rows = rows.mutate(was=rows.customer_id.lag(1).over(order))
    return share(rows, is_true(rows.was != rows.customer_id), among=rows.customer_id.notnull(), at="valid_from")


def give_ups(facts: Facts, _options: Options) -> Ratio:
    """Self-service sessions that were neither done nor led to a person, though one was looked for, over all of them."""
    rows = facts["self_service_session"]
    lost = ~is_true(rows.task_done) & ~is_true(rows.confirmed_solved) & rows.escalated_contact_id.isnull()
    return share(rows, lost & is_true(rows.entered_contact_flow), among=rows.session_id.notnull(), at="started_at")


def nothing_found(facts: Facts, _options: Options) -> Ratio:
    """Searches of customers without a result over their searches."""
    rows = facts["knowledge_search"]
    return share(rows, is_true(whole(rows, "results_n") == 0), among=is_true(rows.user_kind == "customer"), at="at")


def falsely_contained(facts: Facts, _options: Options) -> Ratio:
    """Contained dialogs of customers who needed a person within three days over contained dialogs."""
    return false_containment(facts, Options({"within_h": 72.0}))


def _groups(facts: Facts, options: Options) -> ir.Table:
    settings = {"days": 90.0, "low": 2.0, **options.settings}
    rows = landmarks(facts, Options(settings))
    since = facts["customer"].select(known="customer_id", since_us="since_us", kind="segment")
    return rows.inner_join(since, rows.customer_id == since.known)


def tenure_balance(facts: Facts, options: Options) -> Pooled:
    """How far the years that customers of bad contacts have stayed are from those of good ones (Cramér's V)."""
    rows = _groups(facts, options)
    years = (whole(rows, "arrived_at_us") - whole(rows, "since_us")).cast("float64") / (24 * HOUR_US * 365.25)
    band = ibis.cases((years < 1, "under 1"), (years < 3, "1 to 3"), else_="3 and more")
    return mix_gap(rows, of=band, split=is_true(number(rows, "bad") > 0), at="arrived_at", where=years.notnull())


CHECKS = (
    Check(
        id="cancel_lag",
        name=said("Contracts that will not end", "끝나지 않는 계약", "难以终止的合同", "Hợp đồng khó chấm dứt"),
        severity=Severity.WARNING,
        sentence=said(
            "Many contracts end over forty-five days after the customer asked for it: leaving is blocked.",
            "해지 요청 후 45일 넘게 지나서야 끝나는 계약이 많습니다. 해지를 막고 있습니다.",
            "许多合同在客户申请四十五天后才终止：离开受阻。",
            "Nhiều hợp đồng kết thúc sau hơn bốn mươi lăm ngày từ khi khách yêu cầu: việc rời đi bị cản.",
        ),
        needs={"subscription": ("cancel_requested_at", "end_date")},
        measure=cancel_lag,
        limit=0.2,
    ),
    Check(
        id="cancel_complaints",
        name=said("Complaints about leaving", "해지 관련 불만", "关于解约的投诉", "Khiếu nại về việc chấm dứt"),
        severity=Severity.WARNING,
        sentence=said(
            "More than a tenth of complaints are about ending a contract.",
            "불만의 10% 넘게 해지에 관한 것입니다.",
            "超过一成的投诉与解约有关。",
            "Hơn một phần mười khiếu nại là về việc chấm dứt hợp đồng.",
        ),
        needs={"complaint": ("reason_group", "category")},
        measure=cancel_complaints,
        limit=0.1,
    ),
    Check(
        id="one_off_revenue",
        name=said(
            "One-off revenue in contracts",
            "계약에 섞인 일회성 매출",
            "合同中的一次性收入",
            "Doanh thu một lần trong hợp đồng",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Much of the revenue that ended came from contracts of under a month: one-off sales count as recurring.",
            "종료된 매출의 상당 부분이 한 달 미만 계약입니다. 일회성 매출이 반복 매출로 집계됩니다.",
            "终止的收入大量来自不足一月的合同：一次性销售被计为经常性收入。",
            "Phần lớn doanh thu kết thúc từ hợp đồng dưới một tháng: bán một lần bị tính là định kỳ.",
        ),
        needs={"subscription": ("monthly_amount", "start_date", "end_date")},
        measure=one_off_revenue,
        limit=0.2,
    ),
    Check(
        id="empty_contracts",
        name=said(
            "Contracts no cohort counts", "코호트에서 빠진 계약", "未入队列的合同", "Hợp đồng không đoàn hệ nào tính"
        ),
        severity=Severity.SEVERE,
        sentence=said(
            "Contracts end on the day they begin and are in no cohort: those at risk, leavers and stayers do not add up.",
            "시작일에 끝나 코호트에 없는 계약이 있습니다. 대상·이탈·잔존이 맞지 않습니다.",
            "有合同当日开始当日结束而不在任何队列：在险、流失与留存对不上。",
            "Có hợp đồng kết thúc ngay ngày bắt đầu và không nằm trong đoàn hệ nào: số ở lại, rời đi không khớp.",
        ),
        needs={"subscription": ("start_date", "end_date")},
        measure=empty_contracts,
        limit=0.01,
    ),
    Check(
        id="split_orders",
        name=said("Orders split in parts", "나뉜 주문", "拆分的订单", "Đơn hàng bị tách"),
        severity=Severity.WARNING,
        sentence=said(
            "Many purchases come within an hour of the customer's last: is one order split?",
            "같은 고객의 구매가 한 시간 안에 이어지는 경우가 많습니다. 주문을 나눕니까?",
            "许多购买发生在同一客户上次购买后一小时内：订单是否被拆分？",
            "Nhiều lần mua trong một giờ sau lần trước của khách: một đơn bị tách?",
        ),
        needs={"purchase": ("customer_id", "at")},
        measure=split_orders,
        limit=0.1,
    ),
    Check(
        id="identity_changes",
        name=said("Identities moved", "고객 식별 변경", "身份归属变更", "Đổi nhận dạng khách"),
        severity=Severity.NOTE,
        sentence=said(
            "Many numbers and addresses were given to another customer: accounts may have been merged.",
            "다른 고객에게 옮겨진 번호·주소가 많습니다. 계정이 합쳐졌을 수 있습니다.",
            "许多号码或地址改归其他客户：账户可能被合并。",
            "Nhiều số và địa chỉ bị gán sang khách khác: tài khoản có thể đã bị gộp.",
        ),
        needs={"customer_link": ("contact_point_hash", "customer_id", "valid_from")},
        measure=moved_identities,
        limit=0.1,
    ),
    Check(
        id="self_service_give_ups",
        name=said("Looked for a person in vain", "상담 연결 포기", "寻人未果", "Tìm người mà không được"),
        severity=Severity.WARNING,
        sentence=said(
            "Many who looked for a person in self-service found none and gave up: routes are hidden.",
            "셀프서비스에서 상담사를 찾다가 포기한 고객이 많습니다. 경로가 숨겨져 있습니다.",
            "许多在自助服务中寻求人工的客户无果而弃：入口被隐藏。",
            "Nhiều người tìm gặp nhân viên trong tự phục vụ không được và bỏ cuộc: đường liên hệ bị giấu.",
        ),
        needs={"self_service_session": ("entered_contact_flow", "task_done", "escalated_contact_id")},
        measure=give_ups,
        limit=0.15,
    ),
    Check(
        id="customer_searches_empty",
        name=said("Searches that find nothing", "결과 없는 고객 검색", "客户搜索无结果", "Khách tìm không thấy"),
        severity=Severity.NOTE,
        sentence=said(
            "More than three of ten searches of customers find nothing.",
            "고객 검색의 30% 넘게 결과가 없습니다.",
            "客户搜索超过三成无结果。",
            "Hơn ba phần mười lượt tìm của khách không thấy gì.",
        ),
        needs={"knowledge_search": ("user_kind", "results_n")},
        measure=nothing_found,
        limit=0.3,
    ),
    Check(
        id="false_containment_share",
        name=said(
            "Contained, and back with a person",
            "완결 후 상담 재인입",
            "自助完结后又找人工",
            "Tự xong rồi lại gặp người",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "More than a fifth of contained sessions lead to a person within three days after all: the way out is blocked.",
            "완결된 세션의 20% 넘게 3일 안에 상담으로 이어집니다. 상담 연결을 막고 있습니다.",
            "超过五分之一的完结会话在三天内又转人工：出口被堵。",
            "Hơn một phần năm phiên tự xong có liên hệ với người trong ba ngày: lối ra bị chặn.",
        ),
        needs={"self_service_session": ("escalated_contact_id", "customer_id"), "contact": ("customer_id",)},
        measure=falsely_contained,
        limit=0.2,
    ),
    Check(
        id="tenure_balance",
        name=said("Unlike groups compared", "비교 집단의 차이", "对比组不平衡", "Nhóm so sánh khác nhau"),
        severity=Severity.NOTE,
        sentence=said(
            "Customers of bad contacts have stayed longer or shorter than those of good ones: read the weighed difference only.",
            "나쁜 접촉과 좋은 접촉 고객의 거래 기간이 다릅니다. 가중된 차이만 읽으십시오.",
            "不良联络与良好联络的客户在网时长不同：只看加权后的差异。",
            "Khách của liên hệ xấu và tốt có thời gian gắn bó khác nhau: chỉ đọc chênh lệch đã cân.",
        ),
        needs={
            "customer": ("since",),
            "contact": ("customer_id",),
            "survey_answer": ("value",),
            "survey_invite": ("contact_id",),
        },
        measure=tenure_balance,
        limit=0.1,
    ),
)
