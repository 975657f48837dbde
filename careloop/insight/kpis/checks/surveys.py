"""Checks of surveys: who is asked, when and how they answer, and whether what they say agrees with what happens."""

import ibis
import ibis.expr.types as ir
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, contacts, segments
from careloop.insight.kpis.catalogue.episodes import NEEDS, OPTIONS, episodes
from careloop.insight.kpis.catalogue.voice.answers import ANSWER_NEEDS, answers
from careloop.insight.kpis.checks.check import Check, Peers, share
from careloop.insight.kpis.checks.mixes import against, mix_gap
from careloop.insight.kpis.measures.kinds import Finished, KeyShare, Pooled, Ratio
from careloop.insight.kpis.options import Options, chosen
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["CHECKS"]

DAY_US = 86_400_000_000
FEWEST_OF_AGENT = 20
INVITED = {"survey_invite": ("eligible", "sent_at", "contact_id", "agent_id")}


def _eligible(facts: Facts) -> ir.Table:
    rows = facts.counted("survey_invite")
    return rows.filter(is_true(rows.eligible), rows.suppressed_reason.isnull())


def invited_queues(facts: Facts, _options: Options) -> Pooled:
    """How far the queues of those invited are from the queues of those who were eligible and not."""
    legs = segments(facts)
    legs = legs.filter(legs.exit == "answered").group_by(leg_of="contact_id").aggregate(queue=legs.queue_id.min())
    rows = _eligible(facts)
    rows = rows.inner_join(legs, rows.contact_id == legs.leg_of)
    return mix_gap(rows, of=rows.queue, split=rows.sent_at.notnull(), at="decided_at", where=rows.queue.notnull())


def invited_reasons(facts: Facts, _options: Options) -> Pooled:
    """The same of their reasons."""
    why = contacts(facts).select(why_of="contact_id", why="reason_code")
    rows = _eligible(facts)
    rows = rows.inner_join(why, rows.contact_id == why.why_of)
    return mix_gap(rows, of=rows.why, split=rows.sent_at.notnull(), at="decided_at", where=rows.why.notnull())


def invited_outcomes(facts: Facts, _options: Options) -> Pooled:
    """The same of how it went: followed by another contact or not, long or not, passed on or not."""
    legs = segments(facts)
    spent = legs.filter(legs.exit == "answered").group_by(leg_of="contact_id").aggregate(spent_s=legs.talk_s.sum())
    went = episodes(facts, chosen(OPTIONS, {})).select(
        went_of="contact_id", followed="is_followed", passed="has_transfer"
    )
    rows = _eligible(facts)
    rows = rows.inner_join(went, rows.contact_id == went.went_of)
    rows = rows.inner_join(spent, rows.contact_id == spent.leg_of)
    long = number(rows, "spent_s") > number(rows, "spent_s").mean().as_scalar()
    kind = rows.followed.ifelse("again", "once") + rows.passed.ifelse("/passed", "") + long.ifelse("/long", "")
    return mix_gap(rows, of=kind, split=rows.sent_at.notnull(), at="decided_at", where=rows.contact_id.notnull())


def not_invited(facts: Facts, _options: Options) -> Ratio:
    """Eligible contacts that were drawn or due and not invited over eligible ones."""
    rows = _eligible(facts)
    return share(rows, rows.sent_at.isnull(), among=rows.agent_id.notnull(), at="decided_at")


def answered_at_once(facts: Facts, _options: Options) -> Ratio:
    """Answers completed before the contact was over over completed answers about a contact."""
    ends = contacts(facts).select(end_of="contact_id", end_us="ended_at_us")
    rows = facts.counted("survey_invite")
    rows = rows.inner_join(ends, rows.contact_id == ends.end_of)
    early = is_true(whole(rows, "completed_at_us") <= whole(rows, "end_us"))
    return share(rows, early, among=rows.completed_at.notnull() & rows.end_us.notnull(), at="completed_at")


def answer_hours(facts: Facts, _options: Options) -> Pooled:
    """The share of the commonest hour of the day among completed answers; work at the end of a shift shows here."""
    rows = facts.counted("survey_invite")
    slot = whole(rows, "completed_at_slot")
    hour = slot % 86_400 - slot % 3_600
    return Pooled(
        rows=rows, values={"hour": hour}, at="completed_at", finish=_commonest_hour, where=rows.completed_at.notnull()
    )


def _commonest_hour(values: dict[str, list[object]], counts: Floats) -> Finished:
    hours: dict[object, float] = {}
    for hour, count in zip(values["hour"], counts.tolist(), strict=True):
        hours[hour] = hours.get(hour, 0.0) + count
    n = sum(hours.values())
    return Finished(value=max(hours.values()) / n if n else None, n=int(n))


def _by_agent(rows: ir.Table, first: ir.BooleanValue, second: ir.BooleanValue) -> Pooled:
    return Pooled(
        rows=rows,
        values={"agent": rows.agent_id, "first": first, "second": second},
        at="answered_at",
        finish=_opposed,
        where=rows.agent_id.notnull(),
    )


def _opposed(values: dict[str, list[object]], counts: Floats) -> Finished:
    agents = {agent: place for place, agent in enumerate(dict.fromkeys(values["agent"]))}
    sums = np.zeros((3, len(agents)))
    for agent, first, second, count in zip(
        values["agent"], values["first"], values["second"], counts.tolist(), strict=True
    ):
        sums[:, agents[agent]] += count * np.array([bool(first), bool(second), 1.0])
    enough = sums[2] >= FEWEST_OF_AGENT
    x, y, n = sums[:, enough]
    return against(x / n, y / n, n)


def _csat(facts: Facts) -> ir.Table:
    rows = answers(facts, "csat")
    return rows.mutate(is_top=is_true(number(rows, "value") > number(rows, "scale_max") - 2))


def csat_against_fcr(facts: Facts, _options: Options) -> Pooled:
    """Whether agents with satisfied customers are those whose customers come again: correlation, turned round."""
    went = episodes(facts, chosen(OPTIONS, {})).select(went_of="contact_id", followed="is_followed", ripe="is_matured")
    rows = _csat(facts)
    rows = rows.inner_join(went, rows.contact_id == went.went_of).filter(went.ripe)
    return _by_agent(rows, rows.is_top, ~is_true(rows.followed))


def csat_against_complaints(facts: Facts, _options: Options) -> Pooled:
    """Whether agents with satisfied customers are those who are complained about."""
    told = facts["complaint"]
    told = told.filter(told.origin_contact_id.notnull()).select(told_of="origin_contact_id").distinct()
    rows = _csat(facts)
    rows = rows.left_join(told, rows.contact_id == told.told_of)
    return _by_agent(rows, rows.is_top, rows.told_of.isnull())


def completed_without_answers(facts: Facts, _options: Options) -> Ratio:
    """Invitations completed of which no answer is kept over completed ones."""
    kept = facts["survey_answer"].select(kept="invite_id").distinct()
    rows = facts.counted("survey_invite")
    rows = rows.left_join(kept, rows.invite_id == kept.kept)
    return share(rows, rows.kept.isnull(), among=rows.completed_at.notnull(), at="completed_at")


def incomplete(facts: Facts, _options: Options) -> Ratio:
    """Completed invitations with fewer than four fifths of the questions that their survey has over completed ones."""
    given = facts["survey_answer"].group_by(given_by="invite_id").aggregate(items=ibis._.count())
    rows = facts.counted("survey_invite")
    rows = rows.filter(rows.completed_at.notnull()).inner_join(given, rows.invite_id == given.given_by)
    most = rows.group_by(most_of="programme").aggregate(most=rows["items"].max())
    rows = rows.inner_join(most, rows.programme == most.most_of)
    few = whole(rows, "items").cast("float64") < whole(rows, "most").cast("float64") * 0.8
    return share(rows, few, among=rows.invite_id.notnull(), at="completed_at")


def programmes_per_customer(facts: Facts, _options: Options) -> KeyShare:
    """Customers asked by two surveys within thirty days over customers asked."""
    rows = facts.counted("survey_invite")
    rows = rows.filter(rows.sent_at.notnull())
    order = ibis.window(group_by=rows.customer_id, order_by=[rows.sent_at_us, rows.invite_id])
    rows = rows.mutate(last_programme=rows.programme.lag(1).over(order), last_us=rows.sent_at_us.lag(1).over(order))
    soon = is_true(whole(rows, "sent_at_us") - whole(rows, "last_us") < 30 * DAY_US)
    return KeyShare(
        rows=rows, key="customer_id", part=soon & is_true(rows.programme != text(rows, "last_programme")), at="sent_at"
    )


CHECKS = (
    Check(
        id="invitation_mix",
        name=said(
            "Queues of the invited", "초대받은 고객의 큐 구성", "受邀者的队列构成", "Cơ cấu hàng chờ của người được mời"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Who is invited comes from other queues than who could have been: invitations are not by chance.",
            "초대된 고객의 큐 구성이 대상 고객과 다릅니다. 초대가 무작위가 아닙니다.",
            "受邀者的队列构成与合格者不同：邀请并非随机。",
            "Người được mời đến từ hàng chờ khác với người đủ điều kiện: lời mời không ngẫu nhiên.",
        ),
        needs={**INVITED, "contact_segment": ("queue_id",)},
        measure=invited_queues,
        limit=0.1,
    ),
    Check(
        id="invitation_reason_mix",
        name=said(
            "Reasons of the invited", "초대받은 고객의 사유 구성", "受邀者的原因构成", "Cơ cấu lý do của người được mời"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Who is invited came for other reasons than who could have been.",
            "초대된 고객의 문의 사유 구성이 대상 고객과 다릅니다.",
            "受邀者的联络原因构成与合格者不同。",
            "Người được mời có cơ cấu lý do khác với người đủ điều kiện.",
        ),
        needs={**INVITED, "contact": ("reason_code",)},
        measure=invited_reasons,
        limit=0.1,
    ),
    Check(
        id="invitation_outcome_mix",
        name=said(
            "How it went for the invited",
            "초대받은 접촉의 경과",
            "受邀联络的结果构成",
            "Diễn biến liên hệ của người được mời",
        ),
        severity=Severity.SEVERE,
        sentence=said(
            "Contacts that went well are invited more than others: only happy customers are asked.",
            "잘 끝난 접촉이 더 많이 초대됩니다. 만족한 고객에게만 묻고 있습니다.",
            "顺利的联络更常被邀请：只问满意的客户。",
            "Liên hệ suôn sẻ được mời nhiều hơn: chỉ hỏi khách hài lòng.",
        ),
        needs={**INVITED, **NEEDS, "contact_segment": ("talk_s",)},
        measure=invited_outcomes,
        limit=0.1,
    ),
    Check(
        id="invites_by_agent",
        name=said(
            "Left out of the survey by agent",
            "상담사별 설문 누락",
            "各坐席未邀请占比",
            "Bỏ qua khảo sát theo nhân viên",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Some agents’ customers are left out of the survey several times as often as those of their colleagues.",
            "동료보다 고객의 설문 누락이 몇 배 잦은 상담사가 있습니다.",
            "有坐席的客户未被邀请的频率数倍于同事。",
            "Có nhân viên mà khách bị bỏ qua khảo sát thường gấp nhiều lần đồng nghiệp.",
        ),
        needs=INVITED,
        measure=not_invited,
        limit=1.5,
        how=Peers(group="agent"),
        fewest=20,
    ),
    Check(
        id="answers_during_contact",
        name=said("Answered during the contact", "접촉 중의 응답", "联络中作答", "Trả lời ngay trong liên hệ"),
        severity=Severity.SEVERE,
        sentence=said(
            "Surveys are completed before the contact is over: did somebody else fill them in?",
            "접촉이 끝나기 전에 설문이 완료됩니다. 다른 사람이 작성했습니까?",
            "调研在联络结束前就已完成：是否由他人代填？",
            "Khảo sát được hoàn tất trước khi liên hệ kết thúc: có người điền hộ?",
        ),
        needs={"survey_invite": ("completed_at", "contact_id"), "contact": ("ended_at",)},
        measure=answered_at_once,
        limit=0.02,
    ),
    Check(
        id="answer_hours",
        name=said(
            "Answers in one hour of the day",
            "한 시간대에 몰린 응답",
            "集中于某一小时的回答",
            "Câu trả lời dồn vào một giờ",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Most answers come in one and the same hour of the day.",
            "응답 대부분이 하루 중 같은 시간대에 들어옵니다.",
            "多数回答集中在一天中的同一小时。",
            "Phần lớn câu trả lời đến vào cùng một giờ trong ngày.",
        ),
        needs={"survey_invite": ("completed_at",)},
        measure=answer_hours,
        limit=0.5,
        fewest=100,
    ),
    Check(
        id="csat_against_fcr",
        name=said("Satisfied, and back again", "만족도와 재인입의 역행", "满意却又再来", "Hài lòng mà vẫn quay lại"),
        severity=Severity.WARNING,
        sentence=said(
            "Agents whose customers say they are satisfied are those whose customers come again.",
            "만족도가 높은 상담사일수록 고객이 다시 찾아옵니다.",
            "满意度高的坐席，其客户反而更常再次联络。",
            "Nhân viên có khách nói hài lòng lại là người có khách quay lại nhiều.",
        ),
        needs={**ANSWER_NEEDS, **NEEDS},
        measure=csat_against_fcr,
        limit=0.0,
        fewest=200,
    ),
    Check(
        id="csat_against_complaints",
        name=said("Satisfied, and complaining", "만족도와 불만의 역행", "满意却又投诉", "Hài lòng mà vẫn khiếu nại"),
        severity=Severity.WARNING,
        sentence=said(
            "Agents whose customers say they are satisfied are those who are complained about.",
            "만족도가 높은 상담사일수록 불만이 많습니다.",
            "满意度高的坐席反而投诉更多。",
            "Nhân viên có khách nói hài lòng lại bị khiếu nại nhiều.",
        ),
        needs={**ANSWER_NEEDS, "complaint": ("origin_contact_id",)},
        measure=csat_against_complaints,
        limit=0.0,
        fewest=200,
    ),
    Check(
        id="completed_without_answers",
        name=said(
            "Completed, no answers kept", "응답이 없는 완료", "已完成却无答案", "Hoàn tất mà không còn câu trả lời"
        ),
        severity=Severity.SEVERE,
        sentence=said(
            "Of completed surveys no answers are kept: were low or late ones dropped?",
            "완료된 설문에 응답이 남아 있지 않습니다. 낮거나 늦은 응답을 버렸습니까?",
            "已完成的调研没有留下答案：是否丢弃了低分或迟到的回答？",
            "Khảo sát đã hoàn tất mà không còn câu trả lời: có bỏ điểm thấp hay câu trả lời muộn?",
        ),
        needs={"survey_invite": ("completed_at",), "survey_answer": ("invite_id",)},
        measure=completed_without_answers,
        limit=0.02,
    ),
    Check(
        id="incomplete_completions",
        name=said("Completed with gaps", "빈칸이 있는 완료", "有空缺的完成", "Hoàn tất còn thiếu"),
        severity=Severity.WARNING,
        sentence=said(
            "Many surveys count as completed with under four fifths of their questions answered.",
            "문항의 5분의 4도 답하지 않은 설문이 완료로 집계됩니다.",
            "许多调研仅答不足五分之四的题目就算完成。",
            "Nhiều khảo sát được tính là hoàn tất dù trả lời chưa tới bốn phần năm số câu.",
        ),
        needs={"survey_invite": ("completed_at", "programme"), "survey_answer": ("invite_id", "question_key")},
        measure=incomplete,
        limit=0.1,
    ),
    Check(
        id="programmes_per_customer",
        name=said("Asked by several surveys", "여러 설문의 중복 요청", "多项调研重复邀请", "Bị nhiều khảo sát mời"),
        severity=Severity.NOTE,
        sentence=said(
            "Many customers are asked by two surveys within thirty days: count by person, not by survey.",
            "30일 안에 두 설문을 받은 고객이 많습니다. 설문별이 아니라 사람별로 세십시오.",
            "许多客户三十天内被两项调研邀请：请按人而非按项目统计。",
            "Nhiều khách bị hai khảo sát mời trong ba mươi ngày: hãy đếm theo người, không theo khảo sát.",
        ),
        needs={"survey_invite": ("sent_at", "programme", "customer_id")},
        measure=programmes_per_customer,
        limit=0.1,
    ),
)
