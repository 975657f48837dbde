"""Who answers when asked, and who stops half way (D05, D08)."""

import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Codes, Number, Options, chosen
from careloop.insight.kpis.words import Words

__all__ = ["SURVEY_BREAKOFF", "SURVEY_RESPONSE_RATE", "answering"]

KEY_ITEMS = Codes(
    name="key_items",
    default=("csat", "nps"),
    meaning=Words(
        en="questions one of which makes an unfinished survey count as answered; empty counts finished ones only",
        ko="이 문항 중 하나라도 답하면 미완료 설문도 응답으로 봄, 비우면 완료만",
        zh_hans="答了其中任一题的未完成问卷也算已答；留空则只计完成的",
        vi="trả lời một trong các câu này thì khảo sát dở dang vẫn được tính; để trống là chỉ tính khảo sát đã xong",
    ),
)


POSITION = Number(
    name="position",
    default=0,
    most=1000,
    meaning=Words(
        en="only surveys that stopped at this question, counted from 1 in the order of asking; 0 is all",
        ko="이 순번(1부터)의 문항에서 중단된 설문만, 0은 전체",
        zh_hans="只计停在第几题（从 1 起按提问顺序）的问卷；0 为全部",
        vi="chỉ tính khảo sát dừng ở câu thứ mấy (từ 1, theo thứ tự hỏi); 0 là tất cả",
    ),
)


def invitations(facts: Facts) -> ir.Table:
    """Return every decision to ask or not to ask."""
    return facts.counted("survey_invite")


def survey_response_rate(facts: Facts, options: Options) -> Ratio:
    """Completed, or partial with a key item, over delivered to the eligible."""
    rows = invitations(facts)
    given = facts["survey_answer"]
    keyed = given.filter(given.question_key.isin(options.codes("key_items"))).select(keyed_id="invite_id").distinct()
    rows = rows.left_join(keyed, rows.invite_id == keyed.keyed_id)
    counts = is_true(rows.delivered) & is_true(rows.eligible)
    is_answered = rows.completed_at.notnull() | rows.keyed_id.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=counts & is_answered, at="sent_at"),
        denominator=Sum(rows=rows, value=counts, at="sent_at"),
    )


def bounced(facts: Facts, _options: Options) -> Ratio:
    """Sent and not delivered over sent, as far as that is known."""
    rows = invitations(facts)
    told = rows.delivered.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=told & ~is_true(rows.delivered), at="sent_at"),
        denominator=Sum(rows=rows, value=told, at="sent_at"),
    )


def held_back(facts: Facts, _options: Options) -> Ratio:
    """Drawn and then not asked, by a rule of fatigue, over drawn."""
    rows = invitations(facts)
    held = rows.suppressed_reason.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=held, at="decided_at"),
        denominator=Sum(rows=rows, value=held | rows.sent_at.notnull(), at="decided_at"),
    )


def survey_breakoff(facts: Facts, options: Options) -> Ratio:
    """Started and not completed over started; or only those that stopped at one question."""
    rows, position = invitations(facts), int(options.number("position"))
    if position:
        given = facts["survey_answer"]
        counted = given.group_by(counted_id="invite_id").aggregate(given=given.question_key.count())
        rows = rows.left_join(counted, rows.invite_id == counted.counted_id)
    started = rows.started_at.notnull()
    stopped = started & rows.completed_at.isnull()
    if position:
        stopped = stopped & (whole(rows, "given").fill_null(0) == position - 1)
    return Ratio(
        numerator=Sum(rows=rows, value=stopped, at="started_at"),
        denominator=Sum(rows=rows, value=started, at="started_at"),
    )


def answering(facts: Facts, _options: Options) -> Ratio:
    """The response rate, which belongs beside every number of respondents."""
    return survey_response_rate(facts, chosen((KEY_ITEMS,), {}))


SURVEY_RESPONSE_RATE = Metric(
    id="survey_response_rate",
    code="D05",
    name=Words(en="Survey response rate", ko="설문 응답률", zh_hans="参评率", vi="Tỷ lệ trả lời khảo sát"),
    numerator=Words(
        en="of them completed, or answered in a key item",
        ko="그중 완료했거나 핵심 문항에 답한 설문",
        zh_hans="其中完成或答了关键题的",
        vi="trong đó đã hoàn tất hoặc đã trả lời một câu then chốt",
    ),
    denominator=Words(
        en="invitations delivered to eligible customers",
        ko="대상 고객에게 도달한 초대",
        zh_hans="送达合格客户的邀请",
        vi="lời mời đến được khách hàng đủ điều kiện",
    ),
    symbols="(C + P_key) ÷ D",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"survey_invite": ("eligible", "delivered", "sent_at", "completed_at")},
    measure=survey_response_rate,
    options=(KEY_ITEMS,),
    notes={"bounced_share": bounced, "held_back_share": held_back},
    subject=Subject.CUSTOMERS,
    maturity_seconds=lambda _options: 14 * 86_400.0,
    gaming=Words(
        en="Invite those who are likely to answer.",
        ko="응답할 것 같은 고객만 초대하기.",
        zh_hans="只邀请可能会答的人。",
        vi="Chỉ mời những người dễ trả lời.",
    ),
    pairs=("survey_coverage", "over_contact_rate", "csat"),
    checks=(
        "invitation_mix",
        "invitation_reason_mix",
        "invitation_outcome_mix",
        "response_rate_fall",
    ),
    source="S0 item 5; AAPOR",
)

SURVEY_BREAKOFF = Metric(
    id="survey_breakoff",
    code="D08",
    name=Words(en="Survey break-off", ko="설문 중도이탈률", zh_hans="调研中断率", vi="Tỷ lệ bỏ dở khảo sát"),
    numerator=Words(
        en="surveys started and not completed",
        ko="시작하고 완료하지 않은 설문",
        zh_hans="已开始而未完成的问卷",
        vi="khảo sát đã bắt đầu mà chưa hoàn tất",
    ),
    denominator=Words(en="surveys started", ko="시작한 설문", zh_hans="已开始的问卷", vi="khảo sát đã bắt đầu"),
    symbols="(S − C) ÷ S",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"survey_invite": ("started_at", "completed_at")},
    measure=survey_breakoff,
    also_needs=lambda options: {"survey_answer": ("invite_id", "question_key")} if options.number("position") else {},
    options=(POSITION,),
    subject=Subject.CUSTOMERS,
    maturity_seconds=lambda _options: 14 * 86_400.0,
    gaming=Words(
        en="Count unfinished surveys as complete.",
        ko="미완료 설문을 완료로 세기.",
        zh_hans="把未完成的问卷算作完成。",
        vi="Tính khảo sát dở dang là đã hoàn tất.",
    ),
    pairs=("survey_response_rate",),
    checks=(
        "completed_without_answers",
        "incomplete_completions",
    ),
    source="S0",
)
