"""Whom surveys reach, and whom they reach too often (D06, D07)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.extremes import FEWEST, OF_WHOM, of_agents
from careloop.insight.kpis.measures.kinds import KeyShare, Layered, Quantile, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Number, Options, Switch
from careloop.insight.kpis.words import Words

__all__ = ["INVITES_P95", "OVER_CONTACT_RATE", "SURVEY_COVERAGE", "SURVEY_OPT_OUT_RATE"]

DAY_US = 86_400_000_000

MOST = Number(
    name="most",
    default=4,
    least=1,
    most=100,
    meaning=Words(
        en="how many invitations a person may get in the window, over all surveys and channels",
        ko="정해진 기간 동안 모든 설문·채널을 합쳐 한 사람이 받을 수 있는 초대 수",
        zh_hans="在规定天数内，一人在全部调研与渠道中可收到的邀请数",
        vi="một người được nhận nhiều nhất bao nhiêu lời mời trong khoảng thời gian đó, tính mọi khảo sát và kênh",
    ),
)
WINDOW = Number(
    name="window_days",
    default=365,
    least=1,
    meaning=Words(
        en="days over which invitations of a person are counted",
        ko="한 사람의 초대를 세는 일수",
        zh_hans="统计一人邀请数的天数",
        vi="số ngày để đếm lời mời của một người",
    ),
)
GAP = Number(
    name="gap_days",
    default=30,
    meaning=Words(
        en="least days between two invitations of a person",
        ko="한 사람의 두 초대 사이 최소 일수",
        zh_hans="同一人两次邀请之间的最少天数",
        vi="số ngày tối thiểu giữa hai lời mời của một người",
    ),
)


ANSWER_GAP = Number(
    name="answer_gap_days",
    default=90,
    meaning=Words(
        en="least days from a person’s last completed answer to the next invitation; 0 does not look at it",
        ko="마지막 응답 완료 후 다음 초대까지 최소 일수, 0이면 보지 않음",
        zh_hans="上次完成回答到下次邀请的最少天数；0 为不看",
        vi="số ngày tối thiểu từ lần trả lời xong gần nhất đến lời mời kế tiếp; 0 là không xét",
    ),
)
DURING_COMPLAINT = Switch(
    name="during_complaint",
    default=True,
    meaning=Words(
        en="whether an invitation during an open complaint of the person counts as too much",
        ko="처리 중인 불만이 있을 때의 초대도 과다로 볼지 여부",
        zh_hans="投诉处理期间的邀请是否算作过度",
        vi="lời mời khi khách đang có khiếu nại mở có bị tính là quá mức không",
    ),
)


def survey_coverage(facts: Facts, options: Options) -> Ratio | Layered:
    """Eligible with a chance above 0 of being drawn over eligible; or that of the agent who has least or most of it."""
    rows = facts.counted("survey_invite")
    counts = is_true(rows.eligible)
    share = Ratio(
        numerator=Sum(rows=rows, value=counts & is_true(number(rows, "inclusion_prob") > 0), at="decided_at"),
        denominator=Sum(rows=rows, value=counts, at="decided_at"),
    )
    whose = options.choice("of")
    return share if whose == "all" else of_agents(share, of=whose, fewest=options.number("fewest"))


def sent(facts: Facts) -> ir.Table:
    """Return the invitations that went out."""
    rows = facts.counted("survey_invite")
    return rows.filter(rows.sent_at.notnull())


def over_contact_rate(facts: Facts, options: Options) -> KeyShare:
    """Customers with an invitation too many, or too soon after the last, over customers invited."""
    rows = sent(facts)
    in_order = ibis.window(group_by=rows.customer_id, order_by=[rows.sent_at_us, rows.invite_id])
    moment = whole(rows, "sent_at_us")
    rows = rows.mutate(
        since_last=moment - moment.lag(1).over(in_order),
        since_many=moment - moment.lag(int(options.number("most"))).over(in_order),
    )
    too_many = is_true(whole(rows, "since_many") < int(options.number("window_days") * DAY_US))
    too_soon = is_true(whole(rows, "since_last") < int(options.number("gap_days") * DAY_US))
    over = too_many | too_soon
    if gap := int(options.number("answer_gap_days") * DAY_US):
        rows = _marked(rows, _after_answers(facts, gap), "after_answer")
        over = over | rows.after_answer
    if options.on("during_complaint"):
        rows = _marked(rows, _during_complaints(facts), "during_complaint")
        over = over | rows.during_complaint
    return KeyShare(rows=rows, key="customer_id", part=over, at="sent_at")


def _marked(rows: ir.Table, found: ir.Table, name: str) -> ir.Table:
    """Say of each invitation whether it is among those found, by `invite_id`."""
    met = found.select(met_id="invite_id").distinct()
    return rows.left_join(met, rows.invite_id == met.met_id).mutate(**{name: ibis._.met_id.notnull()}).drop("met_id")


def _after_answers(facts: Facts, gap: int) -> ir.Table:
    """Return invitations within so many microseconds of a completed survey of the same person."""
    asked = sent(facts).select("invite_id", "customer_id", "sent_at_us")
    done = facts.counted("survey_invite")
    done = done.filter(done.completed_at.notnull()).select(done_by="customer_id", done_us="completed_at_us")
    met = asked.inner_join(done, asked.customer_id == done.done_by)
    since = whole(met, "sent_at_us") - whole(met, "done_us")
    return met.filter((since >= 0) & (since < gap))


def _during_complaints(facts: Facts) -> ir.Table:
    """Return invitations sent while a complaint of the same person was open."""
    asked = sent(facts).select("invite_id", "customer_id", "sent_at_us")
    known = facts.counted("complaint")
    known = known.select(by="customer_id", from_us="received_at_us", until_us="resolved_at_us")
    met = asked.inner_join(known, asked.customer_id == known.by)
    is_open = whole(met, "until_us").isnull() | (whole(met, "until_us") > whole(met, "sent_at_us"))
    return met.filter((whole(met, "from_us") <= whole(met, "sent_at_us")) & is_open)


def survey_opt_out_rate(facts: Facts, _options: Options) -> KeyShare:
    """Customers whom an opt-out kept from being asked over customers drawn."""
    rows = facts.counted("survey_invite")
    refused = is_true(rows.suppressed_reason == "opted_out")
    return KeyShare(
        rows=rows,
        key="customer_id",
        part=refused,
        at="decided_at",
        where=rows.sent_at.notnull() | rows.suppressed_reason.notnull(),
    )


def invites_per_customer_p95(facts: Facts, options: Options) -> Quantile:
    """How many invitations the customer of an invitation got in the days up to it, that one included."""
    rows = sent(facts)
    earlier = sent(facts).select(earlier_customer="customer_id", earlier_us="sent_at_us")
    span = int(options.number("window_days") * DAY_US)
    asked = rows.select("invite_id", "customer_id", "sent_at_us")
    paired = asked.inner_join(earlier, asked.customer_id == earlier.earlier_customer)
    age = whole(paired, "sent_at_us") - whole(paired, "earlier_us")
    counted = paired.filter((age >= 0) & (age < span)).group_by("invite_id").aggregate(invites=ibis._.count())
    rows = rows.inner_join(counted, "invite_id")
    return Quantile(rows=rows, value=whole(rows, "invites"), at="sent_at", share=0.95)


SURVEY_COVERAGE = Metric(
    id="survey_coverage",
    code="D06",
    name=Words(en="Survey coverage", ko="설문 발송 커버리지", zh_hans="调研覆盖率", vi="Độ phủ khảo sát"),
    numerator=Words(
        en="of them with a random chance above 0 of being invited",
        ko="그중 무작위 초대 확률이 0보다 큰 접촉",
        zh_hans="其中随机受邀概率大于 0 的",
        vi="trong đó có xác suất được mời ngẫu nhiên lớn hơn 0",
    ),
    denominator=Words(en="eligible contacts", ko="대상 접촉", zh_hans="合格联络", vi="liên hệ đủ điều kiện"),
    symbols="#{π > 0} ÷ E",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.NONE,
    needs={"survey_invite": ("eligible", "inclusion_prob", "decided_at")},
    also_needs=lambda options: {} if options.choice("of") == "all" else {"survey_invite": ("agent_id",)},
    measure=survey_coverage,
    options=(OF_WHOM, FEWEST),
    subject=Subject.CUSTOMERS,
    gaming=Words(
        en="Agents bypass the survey.",
        ko="상담사가 설문을 건너뛰기.",
        zh_hans="坐席绕过调研。",
        vi="Nhân viên né khảo sát.",
    ),
    pairs=("survey_response_rate", "agent_csat"),
    checks=("invites_by_agent",),
    source="S0",
)

OVER_CONTACT_RATE = Metric(
    id="over_contact_rate",
    code="D07",
    name=Words(
        en="Survey over-contact (fatigue) rate",
        ko="설문 과다요청률(피로도)",
        zh_hans="过度打扰率(调研疲劳)",
        vi="Tỷ lệ mời khảo sát quá mức (mệt mỏi khảo sát)",
    ),
    numerator=Words(
        en="of them with more invitations than allowed, or sooner, or during a complaint",
        ko="그중 허용보다 많거나 이르거나 불만 처리 중에 초대를 받은 고객",
        zh_hans="其中受邀超过允许次数、间隔过短或正值投诉处理中的",
        vi="trong đó nhận lời mời nhiều hơn hoặc sớm hơn mức cho phép, hoặc khi đang có khiếu nại",
    ),
    denominator=Words(en="customers invited", ko="초대된 고객", zh_hans="受邀客户", vi="khách hàng được mời"),
    symbols="#{over} ÷ #{invited}",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"survey_invite": ("customer_id", "sent_at")},
    measure=over_contact_rate,
    options=(MOST, WINDOW, GAP, ANSWER_GAP, DURING_COMPLAINT),
    version=2,
    subject=Subject.CUSTOMERS,
    gaming=Words(
        en="Count per survey program instead of per person.",
        ko="사람이 아니라 설문 프로그램별로 세기.",
        zh_hans="按调研项目而不是按人统计。",
        vi="Đếm theo từng chương trình khảo sát thay vì theo người.",
    ),
    pairs=("survey_response_rate", "survey_breakoff"),
    checks=("programmes_per_customer",),
    source="S0 “do not overdo it”; metrics.md §3.13",
)

SURVEY_OPT_OUT_RATE = Metric(
    id="survey_opt_out_rate",
    code="D07c",
    name=Words(en="Survey opt-out rate", ko="설문 거부율", zh_hans="调研拒收率", vi="Tỷ lệ từ chối nhận khảo sát"),
    numerator=Words(
        en="of them not asked because they opted out",
        ko="그중 수신 거부로 초대하지 않은 고객",
        zh_hans="其中因拒收而未受邀的",
        vi="trong đó không được hỏi vì đã từ chối",
    ),
    denominator=Words(
        en="customers drawn to be asked", ko="추출된 고객", zh_hans="被抽中的客户", vi="khách hàng được bốc để hỏi"
    ),
    symbols="#{opted out} ÷ #{drawn}",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"survey_invite": ("customer_id", "sent_at", "suppressed_reason", "decided_at")},
    measure=survey_opt_out_rate,
    subject=Subject.CUSTOMERS,
    gaming=Words(
        en="Make opting out hard.",
        ko="수신 거부를 어렵게 만들기.",
        zh_hans="让拒收变得困难。",
        vi="Làm cho việc từ chối trở nên khó.",
    ),
    pairs=("survey_response_rate", "over_contact_rate"),
    checks=("response_rate_fall",),
    source="S0 “do not overdo it”; metrics.md §3.13",
)

INVITES_P95 = Metric(
    id="invites_per_customer_p95",
    code="D07b",
    name=Words(
        en="Survey invitations per customer, 95th percentile",
        ko="고객당 설문 초대 수(95백분위)",
        zh_hans="每客户调研邀请数（第 95 百分位）",
        vi="Số lời mời khảo sát mỗi khách hàng, phân vị 95",
    ),
    numerator=Words(
        en="how many invitations the invited had in the days up to each, 95th percentile",
        ko="초대 시점까지 정해진 기간 동안 받은 초대 수의 95백분위",
        zh_hans="至每次受邀为止规定天数内收到的邀请数的第 95 百分位",
        vi="phân vị 95 của số lời mời đã nhận trong số ngày tính đến mỗi lần được mời",
    ),
    symbols="Q₀.₉₅(invites)",
    unit=Unit.COUNT,
    direction=Direction.LOWER,
    aggregation=Aggregation.QUANTILE,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"survey_invite": ("customer_id", "sent_at")},
    measure=invites_per_customer_p95,
    options=(WINDOW,),
    subject=Subject.CUSTOMERS,
    gaming=Words(
        en="Count per survey program instead of per person.",
        ko="사람이 아니라 설문 프로그램별로 세기.",
        zh_hans="按调研项目而不是按人统计。",
        vi="Đếm theo từng chương trình khảo sát thay vì theo người.",
    ),
    pairs=("over_contact_rate", "survey_response_rate"),
    checks=("programmes_per_customer",),
    source="S0 “do not overdo it”",
)
