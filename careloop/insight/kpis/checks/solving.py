"""Checks of first-contact resolution and of automatic triage: what is left out, whose failure it is, who checked."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts, segments
from careloop.insight.kpis.catalogue.episodes import NEEDS, OPTIONS, eligible, episodes
from careloop.insight.kpis.checks.check import Check, Trend, share
from careloop.insight.kpis.checks.mixes import mix_gap
from careloop.insight.kpis.measures.kinds import Mean, PerCell, Pooled, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options, chosen
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["CHECKS", "survey_and_behavior"]

ANSWERED = {**NEEDS, "survey_invite": ("contact_id",), "survey_answer": ("question_key", "value")}


def net_list(facts: Facts, options: Options) -> Ratio:
    """Contacts left out because of their reason over contacts that would be judged."""
    rows = eligible(facts, chosen(OPTIONS, {}))
    codes = options.codes("net") if "net" in options.settings else ()
    return share(
        rows, is_true(text(rows, "reason_code").isin(codes or ("",))), among=rows.contact_id.notnull(), at="arrived_at"
    )


def survey_and_behavior(facts: Facts) -> ir.Table:
    """Return matured contacts whose customer said whether it was solved, with `said_solved` and `is_followed`."""
    told = facts["survey_answer"]
    told = told.filter(told.question_key == "solved").select(answered="invite_id", told="value")
    invites = facts.counted("survey_invite").select(asked="invite_id", asked_of="contact_id", served_by="agent_id")
    told = told.inner_join(invites, [("answered", "asked")])
    rows = episodes(facts, chosen(OPTIONS, {}))
    rows = rows.inner_join(told, rows.contact_id == told.asked_of)
    rows = rows.filter(rows.is_matured)
    return rows.mutate(said_solved=is_true(number(rows, "told") >= 1), agent_id=rows.served_by)


def fcr_survey_gap(facts: Facts, _options: Options) -> PerCell:
    """Share of contacts said to be solved less share without a repeat, of the same contacts."""
    rows = survey_and_behavior(facts)
    sums = {
        "said": Sum(rows=rows, value=rows.said_solved, at="arrived_at"),
        "seen": Sum(rows=rows, value=~rows.is_followed, at="arrived_at"),
        "n": Sum(rows=rows, value=rows.contact_id.notnull(), at="arrived_at"),
    }

    def finish(found: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        enough = found["n"] >= 100
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = (found["said"] - found["seen"]) / found["n"]
        return np.where(enough, gap, 0.0), enough.astype(np.float64)

    return PerCell(sums=sums, per=(), finish=finish, is_share=False)


def fcr_gap_weekly(facts: Facts, _options: Options) -> Mean:
    """Said to be solved (1) less not followed (1), contact by contact."""
    rows = survey_and_behavior(facts)
    return Mean(rows=rows, value=rows.said_solved.ifelse(1.0, 0.0) - rows.is_followed.ifelse(0.0, 1.0), at="arrived_at")


def customer_only_weekly(facts: Facts, options: Options) -> Mean:
    """Contacts followed by another of the customer about something else (1), contact by contact."""
    rows = episodes(facts, chosen(OPTIONS, {"match": "customer"}))
    strict = episodes(facts, chosen(OPTIONS, {})).select(strict_id="contact_id", strict_followed="is_followed")
    rows = rows.inner_join(strict, rows.contact_id == strict.strict_id).filter(rows.is_matured)
    hidden = rows.is_followed & ~is_true(rows.strict_followed)
    return Mean(rows=rows, value=hidden.ifelse(1.0, 0.0), at="arrived_at")


def failures_passed_on(facts: Facts, _options: Options) -> Ratio:
    """Followed contacts whose first agent is not the last over followed contacts."""
    legs = segments(facts)
    legs = legs.filter(legs.exit == "answered", legs.agent_id.notnull())
    first = ibis.window(group_by=legs.contact_id, order_by=[legs.seq, legs.segment_id])
    last = ibis.window(group_by=legs.contact_id, order_by=[ibis.desc(legs.seq), ibis.desc(legs.segment_id)])
    legs = legs.mutate(a=legs.agent_id.first().over(first), b=legs.agent_id.first().over(last))
    hands = legs.group_by(hands_of="contact_id").aggregate(a=legs.a.max(), b=legs.b.max())
    rows = episodes(facts, chosen(OPTIONS, {}))
    rows = rows.inner_join(hands, rows.contact_id == hands.hands_of)
    return share(rows, is_true(rows.a != rows.b), among=rows.is_matured & rows.is_followed, at="arrived_at")


def audit_not_random(facts: Facts, _options: Options) -> Ratio:
    """Verified predictions that were not drawn with a known chance over verified predictions."""
    rows = facts["triage_prediction"]
    return share(rows, rows.inclusion_prob.isnull(), among=is_true(rows.is_final_verified), at="at")


def verified_mix(facts: Facts, _options: Options) -> Pooled:
    """How far the classes of verified predictions are from those of the others (Cramér's V)."""
    rows = facts["triage_prediction"]
    return mix_gap(
        rows, of=rows.predicted, split=is_true(rows.is_final_verified), at="at", where=rows.predicted.notnull()
    )


CHECKS = (
    Check(
        id="net_list_share",
        name=said(
            "Left out by the list of “net”",
            "‘net’ 목록으로 제외된 비중",
            "被“net”清单剔除的占比",
            "Bị loại bởi danh sách “net”",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "The list of reasons that cannot be solved at first contact leaves out more than a fifth of the volume.",
            "최초 해결 불가 사유 목록이 물량의 5분의 1 넘게 제외합니다.",
            "“无法一次解决”的原因清单剔除了五分之一以上的量。",
            "Danh sách lý do không thể giải quyết lần đầu loại ra hơn một phần năm khối lượng.",
        ),
        needs=NEEDS,
        measure=net_list,
        limit=0.2,
    ),
    Check(
        id="fcr_survey_gap",
        name=said(
            "Said solved, seen again",
            "해결 응답과 재인입의 차이",
            "口称解决与再次联络之差",
            "Nói đã xong nhưng quay lại",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Customers say “solved” far more often than they stay away afterwards: who was asked, and how?",
            "‘해결됨’ 응답이 실제 재인입 없음보다 훨씬 많습니다. 누구에게 어떻게 물었습니까?",
            "客户答“已解决”的比例远高于其未再联络的比例：问了谁、怎么问的？",
            "Khách nói “đã giải quyết” nhiều hơn hẳn số không quay lại: hỏi ai và hỏi thế nào?",
        ),
        needs=ANSWERED,
        measure=fcr_survey_gap,
        limit=0.15,
        interval=IntervalMethod.NONE,
    ),
    Check(
        id="fcr_gap_trend",
        name=said(
            "Growing gap to the survey", "설문과의 차이 확대", "与调研的差距扩大", "Chênh lệch với khảo sát tăng"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "The gap between what customers say and what they do has grown.",
            "고객의 응답과 행동의 차이가 커졌습니다.",
            "客户所言与所行的差距扩大了。",
            "Khoảng cách giữa lời nói và hành động của khách đã tăng.",
        ),
        needs=ANSWERED,
        measure=fcr_gap_weekly,
        limit=0.1,
        how=Trend(both=True),
    ),
    Check(
        id="reason_change_trend",
        name=said(
            "More returns under other reasons",
            "다른 사유의 재인입 증가",
            "换原因再来增多",
            "Quay lại với lý do khác tăng",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "More customers than before come back under another reason: reason codes may change between calls.",
            "다른 사유로 다시 오는 고객이 늘었습니다. 통화 사이에 사유 코드가 바뀌었을 수 있습니다.",
            "以其他原因再次联络的客户增多：两次来电间的原因代码可能被更改。",
            "Nhiều khách hơn trước quay lại với lý do khác: mã lý do có thể đổi giữa các cuộc.",
        ),
        needs=NEEDS,
        measure=customer_only_weekly,
        limit=0.05,
        how=Trend(),
    ),
    Check(
        id="failures_passed_on",
        name=said(
            "Failures of several agents",
            "여러 상담사에 걸친 실패",
            "多名坐席经手的失败",
            "Thất bại qua nhiều nhân viên",
        ),
        severity=Severity.NOTE,
        sentence=said(
            "Many unsolved contacts went through several hands: look at the first agent as well as the last.",
            "미해결 접촉의 상당수가 여러 상담사를 거쳤습니다. 첫 상담사와 마지막 상담사를 함께 보십시오.",
            "许多未解决的联络经过多人之手：请同时看首位与末位坐席。",
            "Nhiều liên hệ chưa xong qua nhiều tay: hãy xem cả nhân viên đầu lẫn cuối.",
        ),
        needs={**NEEDS, "contact_segment": ("agent_id", "seq", "exit")},
        measure=failures_passed_on,
        limit=0.3,
    ),
    Check(
        id="audit_not_random",
        name=said("Audit that was not drawn", "무작위가 아닌 점검", "非随机的抽查", "Kiểm tra không bốc ngẫu nhiên"),
        severity=Severity.SEVERE,
        sentence=said(
            "Predictions were verified without being drawn by chance: only what was overridden, or only what was accepted?",
            "무작위 추출 없이 검증된 예측이 있습니다. 수정된 것만, 또는 수락된 것만 보았습니까?",
            "有预测未经随机抽取就被核验：只看被改的，还是只看被采纳的？",
            "Có dự đoán được kiểm chứng mà không bốc ngẫu nhiên: chỉ xem cái bị sửa hay chỉ cái được nhận?",
        ),
        needs={"triage_prediction": ("is_final_verified", "inclusion_prob")},
        measure=audit_not_random,
        limit=0.1,
    ),
    Check(
        id="verified_class_mix",
        name=said(
            "Other classes in the audit", "점검 표본의 분류 구성", "抽查样本的类别构成", "Cơ cấu lớp trong mẫu kiểm tra"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "What was verified has other classes than what was not: the audit does not stand for all.",
            "검증된 것의 분류 구성이 나머지와 다릅니다. 점검이 전체를 대표하지 않습니다.",
            "被核验者的类别构成与其余不同：抽查不能代表整体。",
            "Phần được kiểm chứng có cơ cấu lớp khác phần còn lại: mẫu không đại diện cho tất cả.",
        ),
        needs={"triage_prediction": ("is_final_verified", "predicted")},
        measure=verified_mix,
        limit=0.1,
    ),
)
