"""Checks of the pulse, of reason codes and of the rules themselves: filled in by others, by default, or changed on the way."""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, contacts, segments
from careloop.insight.kpis.catalogue.people.pulse import PULSE_NEEDS
from careloop.insight.kpis.checks.check import Check, Peers, share
from careloop.insight.kpis.measures.kinds import Count, Measure, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import Words, said

__all__ = ["CHECKS"]

FEWEST_ITEMS = 5


def pulse_identical(facts: Facts, _options: Options) -> Ratio:
    """Respondents with one and the same answer to at least five questions over respondents with so many."""
    rows = facts["pulse_answer"]
    rows = rows.group_by(["wave", "team_id", "respondent_token"]).aggregate(
        items=rows.count(), spread=number(rows, "value").max() - number(rows, "value").min()
    )
    waves = facts["pulse_wave"].select("wave", "team_id", "closed_at_us", "closed_at_slot")
    rows = rows.inner_join(waves, ["wave", "team_id"])
    return share(
        rows, is_true(number(rows, "spread") == 0), among=is_true(rows["items"] >= FEWEST_ITEMS), at="closed_at"
    )


def everybody_answered(facts: Facts, _options: Options) -> Ratio:
    """Teams and waves in which all of at least ten answered over teams and waves with so many."""
    waves = facts["pulse_wave"]
    given = facts["pulse_answer"].select(in_wave="wave", of_team="team_id", who="respondent_token").distinct()
    counted = given.group_by(["in_wave", "of_team"]).aggregate(answered=given.count())
    rows = waves.left_join(counted, [waves.wave == counted.in_wave, waves.team_id == counted.of_team])
    all_of_them = whole(rows, "answered") >= whole(rows, "invited_count")
    return share(rows, is_true(all_of_them), among=is_true(whole(rows, "invited_count") >= 10), at="closed_at")


def default_codes(facts: Facts, _options: Options) -> Ratio:
    """Answered segments coded with the commonest reason over those with a reason."""
    why = contacts(facts).filter(contacts(facts).reason_source.fill_null("agent") == "agent")
    why = why.filter(why.reason_code.notnull()).select(why_of="contact_id", why="reason_code")
    counted = why.group_by(code="why").aggregate(times=why.count())
    order = ibis.window(order_by=[ibis.desc(counted.times), counted.code])
    first = counted.mutate(place=ibis.row_number().over(order))
    first = first.filter(first.place == 0).select(commonest="code")
    rows = segments(facts)
    rows = rows.filter(rows.exit == "answered", rows.agent_id.notnull())
    rows = rows.inner_join(why, rows.contact_id == why.why_of)
    rows = rows.left_join(first, rows.why == first.commonest)
    return share(rows, rows.commonest.notnull(), among=rows.segment_id.notnull(), at="queued_at")


def coded_against_model(facts: Facts, _options: Options) -> Ratio:
    """Contacts whose reason is not the class that a model saw with at least 0.8 over contacts with both."""
    told = facts["triage_prediction"]
    told = told.filter(told.aspect == "class", told.probability >= 0.8).select(told_of="object_id", told="predicted")
    rows = contacts(facts)
    rows = rows.filter(rows.reason_code.notnull()).inner_join(told, rows.contact_id == told.told_of)
    return share(
        rows, text(rows, "reason_code") != text(rows, "told"), among=rows.contact_id.notnull(), at="arrived_at"
    )


def journey_starts(facts: Facts, _options: Options) -> Ratio:
    """Journeys that started by another definition than the last of their kind over journeys."""
    rows = facts["journey"]
    order = ibis.window(group_by=rows.kind, order_by=[ibis.desc(rows.started_at_us), ibis.desc(rows.journey_id)])
    rows = rows.mutate(last=rows.definition_version.first().over(order))
    return share(
        rows, is_true(rows.definition_version != rows["last"]), among=rows.journey_id.notnull(), at="started_at"
    )


def _changes(facts: Facts, *metrics: str, options: tuple[str, ...] = ()) -> Count:
    """Count changes of these metrics, or of these options whatever the metric."""
    rows = facts["option_change"]
    meant: ir.BooleanValue = is_true(text(rows, "metric_id").isin(metrics or ("",)))
    for option in options:
        meant = meant | is_true(text(rows, "option").contains(option))
    return Count(of=Sum(rows=rows, value=meant, at="at"))


def capacity_changes(facts: Facts, _options: Options) -> Count:
    return _changes(facts, "blocked_rate", options=("capacity", "queue_size", "trunk"))


def churn_changes(facts: Facts, _options: Options) -> Count:
    return _changes(facts, "churn_rate", "retention_rate")


def check_changes(facts: Facts, _options: Options) -> Count:
    return _changes(facts, "integrity_flags", options=("check",))


def goal_changes(facts: Facts, _options: Options) -> Count:
    return _changes(facts, "target_attainment", options=("target", "goal", "baseline"))


def _changed(id: str, name: Words, sentence: Words, measure: Callable[[Facts, Options], Measure]) -> Check:  # noqa: A002 - what a check calls it
    return Check(
        id=id,
        name=name,
        sentence=sentence,
        severity=Severity.NOTE,
        needs={"option_change": ("at", "metric_id", "option")},
        measure=measure,
        limit=0.0,
        interval=IntervalMethod.NONE,
        fewest=1,
    )


CHECKS = (
    Check(
        id="pulse_identical",
        name=said(
            "Pulse of equal answers", "똑같은 펄스 응답", "答案全同的脉搏调研", "Khảo sát nội bộ toàn câu giống nhau"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Many give one and the same answer to everything: pressed, or answered by somebody else.",
            "모든 문항에 같은 답을 한 응답이 많습니다. 강요되었거나 대신 작성되었습니다.",
            "许多人所有题目答案相同：被施压，或由他人代答。",
            "Nhiều người trả lời mọi câu giống nhau: bị ép hoặc có người trả lời hộ.",
        ),
        needs=PULSE_NEEDS,
        measure=pulse_identical,
        limit=0.2,
    ),
    Check(
        id="full_participation",
        name=said("Everybody answered", "전원 응답", "全员作答", "Tất cả đều trả lời"),
        severity=Severity.NOTE,
        sentence=said(
            "In many teams nobody at all is missing from an anonymous pulse: were they made to answer?",
            "익명 펄스에 한 명도 빠지지 않은 팀이 많습니다. 응답을 강요합니까?",
            "许多班组的匿名调研无一缺席：是否被要求作答？",
            "Nhiều nhóm không thiếu một ai trong khảo sát ẩn danh: có bị buộc trả lời?",
        ),
        needs=PULSE_NEEDS,
        measure=everybody_answered,
        limit=0.5,
        fewest=5,
    ),
    Check(
        id="default_code_by_agent",
        name=said("Default reason by agent", "상담사별 기본 사유", "各坐席的默认原因", "Lý do mặc định theo nhân viên"),
        severity=Severity.WARNING,
        sentence=said(
            "Some agents code the commonest reason far more often than colleagues in the same queues: the first of the list?",
            "같은 큐의 동료보다 가장 흔한 사유를 훨씬 자주 고르는 상담사가 있습니다. 목록의 첫 항목입니까?",
            "有坐席选用最常见原因的频率远高于同队列同事：只选列表首项？",
            "Có nhân viên ghi lý do phổ biến nhất nhiều hơn hẳn đồng nghiệp cùng hàng chờ: chọn mục đầu danh sách?",
        ),
        needs={"contact": ("reason_code", "reason_source"), "contact_segment": ("agent_id", "queue_id", "exit")},
        measure=default_codes,
        limit=1.5,
        how=Peers(group="agent", within=("queue",)),
    ),
    Check(
        id="coded_against_model",
        name=said("Coded against the model", "모델과 다른 사유 코드", "与模型不符的编码", "Mã khác với mô hình"),
        severity=Severity.WARNING,
        sentence=said(
            "Reasons often differ from what a model was sure of: a random specific code instead of “other”?",
            "사유가 모델이 확신한 분류와 자주 다릅니다. ‘기타’ 대신 아무 코드나 고릅니까?",
            "原因常与模型有把握的分类不符：以随意的具体代码代替“其他”？",
            "Lý do thường khác với lớp mà mô hình chắc chắn: chọn bừa một mã thay cho “khác”?",
        ),
        needs={"contact": ("reason_code",), "triage_prediction": ("object_id", "predicted", "probability")},
        measure=coded_against_model,
        limit=0.3,
    ),
    Check(
        id="journey_starts",
        name=said("Another start of journeys", "여정 시작 정의 변경", "旅程起点变更", "Đổi điểm bắt đầu hành trình"),
        severity=Severity.NOTE,
        sentence=said(
            "Journeys of the period started by different definitions: they are two series.",
            "기간 중 여정의 시작 정의가 다릅니다. 서로 다른 계열입니다.",
            "期间内旅程按不同定义开始：是两条序列。",
            "Hành trình trong kỳ bắt đầu theo định nghĩa khác nhau: là hai chuỗi.",
        ),
        needs={"journey": ("kind", "definition_version", "started_at")},
        measure=journey_starts,
        limit=0.0,
        interval=IntervalMethod.NONE,
    ),
    _changed(
        "capacity_changes",
        said("Capacity changed", "용량 설정 변경", "容量设置变更", "Đổi dung lượng"),
        said(
            "Queues or trunks were resized within the period: what is not let in cannot abandon.",
            "기간 중 큐나 회선 크기가 바뀌었습니다. 들어오지 못한 고객은 포기로 세지지 않습니다.",
            "期间内队列或线路容量有变：进不来的不会计为放弃。",
            "Hàng chờ hoặc trung kế đổi kích thước trong kỳ: ai không vào được thì không bị tính bỏ cuộc.",
        ),
        capacity_changes,
    ),
    _changed(
        "churn_definition_changes",
        said("Churn defined anew", "이탈 정의 변경", "流失定义变更", "Định nghĩa lại rời bỏ"),
        said(
            "Who counts as active or lost was defined anew within the period.",
            "기간 중 활성·이탈의 정의가 바뀌었습니다.",
            "期间内活跃或流失的定义有变。",
            "Trong kỳ, định nghĩa ai là đang dùng hay đã rời đã đổi.",
        ),
        churn_changes,
    ),
    _changed(
        "check_changes",
        said("Checks changed", "점검 설정 변경", "检查设置变更", "Đổi thiết lập kiểm tra"),
        said(
            "Checks were switched off or allow more than before: read the list of changes.",
            "점검이 꺼졌거나 기준이 느슨해졌습니다. 변경 목록을 확인하십시오.",
            "有检查被关闭或放宽：请查看变更列表。",
            "Có kiểm tra bị tắt hoặc nới lỏng: hãy xem danh sách thay đổi.",
        ),
        check_changes,
    ),
    _changed(
        "goal_changes",
        said("Goals changed on the way", "도중에 바뀐 목표", "中途更改目标", "Đổi mục tiêu giữa chừng"),
        said(
            "A baseline, a goal or its scope was changed within the period.",
            "기간 중 기준선·목표·범위가 바뀌었습니다.",
            "期间内基线、目标或范围有变。",
            "Trong kỳ, mốc, mục tiêu hoặc phạm vi đã bị đổi.",
        ),
        goal_changes,
    ),
)
