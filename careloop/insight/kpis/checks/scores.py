"""Checks of scores: hints and colors, scales the wrong way round, items dropped, testers known."""

from collections.abc import Mapping

import ibis
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, number
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.voice.answers import ANSWER_NEEDS, answers
from careloop.insight.kpis.checks.check import Check, Trend, share
from careloop.insight.kpis.checks.mixes import against
from careloop.insight.kpis.measures.kinds import Finished, Mean, PerCell, Pooled, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.intervals import newcombe

__all__ = ["CHECKS"]

DIMENSIONS_OF_SERVICE = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")


def nines(facts: Facts, _options: Options) -> Ratio:
    """Nines over nines and tens: where nobody hints that nine is enough, tens are the more."""
    rows = answers(facts, "nps")
    value = number(rows, "value")
    return share(rows, is_true(value == 9), among=is_true(value >= 9), at="answered_at")


def score_level(facts: Facts, _options: Options) -> Mean:
    """The mean answer to the question of recommendation."""
    rows = answers(facts, "nps")
    return Mean(rows=rows, value=number(rows, "value"), at="answered_at")


def ces_against_csat(facts: Facts, _options: Options) -> Pooled:
    """Whether who finds it easy is who is satisfied: correlation over respondents, turned round."""
    rows = answers(facts, "ces")
    other = answers(facts, "csat").select(other_of="invite_id", other="value")
    rows = rows.inner_join(other, rows.invite_id == other.other_of)
    return Pooled(
        rows=rows, values={"first": rows["value"], "second": rows.other}, at="answered_at", finish=_opposed_pairs
    )


def _pairs(values: dict[str, list[object]], counts: Floats) -> tuple[Floats, Floats]:
    times = counts.astype(np.int64)
    first, second = (np.repeat(np.array(values[name], dtype=np.float64), times) for name in ("first", "second"))
    return first, second


def _opposed_pairs(values: dict[str, list[object]], counts: Floats) -> Finished:
    first, second = _pairs(values, counts)
    return against(first, second, np.ones(len(first)))


def halo(facts: Facts, _options: Options) -> Pooled:
    """The least correlation between the five dimensions of service quality: above 0.9 they are one answer, given five times."""
    rows = facts["survey_answer"]
    part = rows.question_key.split("_")[0]
    rows = rows.mutate(part=part).filter(part.isin(DIMENSIONS_OF_SERVICE))
    means = rows.group_by(["invite_id", "part"]).aggregate(level=rows["value"].mean(), at_us=rows.answered_at_us.max())
    wide = means.group_by("invite_id").aggregate(
        **{
            name: (means.part == name).ifelse(means.level, ibis.null("float64")).max() for name in DIMENSIONS_OF_SERVICE
        },
        answered_at_us=means.at_us.max(),
    )
    slot = wide.answered_at_us - wide.answered_at_us % 1_800_000_000
    wide = wide.mutate(answered_at_slot=(slot / 1_000_000).cast("int64"))
    whose = facts.counted("survey_invite").select("invite_id", "contact_id", "customer_id", "agent_id", "programme")
    wide = wide.inner_join(whose, "invite_id")
    levels = {name: wide[name].round(6) for name in DIMENSIONS_OF_SERVICE}
    complete = wide[DIMENSIONS_OF_SERVICE[0]].notnull()
    for name in DIMENSIONS_OF_SERVICE[1:]:
        complete = complete & wide[name].notnull()
    return Pooled(rows=wide, values=levels, at="answered_at", finish=_least_correlation, where=complete)


def _least_correlation(values: dict[str, list[object]], counts: Floats) -> Finished:
    table = np.repeat(np.array(list(values.values()), dtype=np.float64), counts.astype(np.int64), axis=1)
    n = table.shape[1]
    if n < 50 or (table.std(axis=1) == 0).any():
        return Finished(value=None, n=n)
    found = np.atleast_2d(np.corrcoef(table))
    return Finished(value=float(found[~np.eye(len(found), dtype=np.bool_)].min()), n=n)


def item_count(facts: Facts, _options: Options) -> Mean:
    """How many of the questions of service quality are answered, respondent by respondent, as less than before is more."""
    rows = facts["survey_answer"]
    rows = rows.filter(rows.question_key.split("_")[0].isin(DIMENSIONS_OF_SERVICE))
    rows = rows.group_by("invite_id").aggregate(
        items=rows.count(), answered_at_us=rows.answered_at_us.max(), answered_at_slot=rows.answered_at_slot.max()
    )
    whose = facts.counted("survey_invite").select("invite_id", "contact_id", "customer_id", "agent_id", "programme")
    rows = rows.inner_join(whose, "invite_id")
    return Mean(rows=rows, value=rows["items"].cast("float64"), at="answered_at")


def _difference(sums: dict[str, Sum]) -> PerCell:
    """Return the lower end of the difference of two shares x1/n1 - x2/n2, so that chance alone opens no flag."""

    def finish(found: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        x1, n1, x2, n2 = (float(found[name].sum()) for name in ("x1", "n1", "x2", "n2"))
        apart = newcombe(successes=x1, trials=n1, base_successes=x2, base_trials=n2) if min(n1, n2) >= 30 else None
        zeros = np.zeros(len(found["n1"]))
        known = zeros.copy()
        if apart is not None:
            zeros[0], known[0] = apart.low, 1.0
        return zeros, known

    return PerCell(sums=sums, per=(), finish=finish, is_share=False)


def customer_initiated_gap(facts: Facts, _options: Options) -> PerCell:
    """By how much those who were invited are more satisfied than those who came by themselves, at least."""
    rows = answers(facts, "agent_csat").inner_join(
        facts.counted("survey_invite").select(how_of="invite_id", how="selected_by"), [("invite_id", "how_of")]
    )
    top = is_true(number(rows, "value") > number(rows, "scale_max") - 2)
    own = is_true(rows.how == "customer")
    return _difference(
        {
            "x1": Sum(rows=rows, value=~own & top, at="answered_at"),
            "n1": Sum(rows=rows, value=~own, at="answered_at"),
            "x2": Sum(rows=rows, value=own & top, at="answered_at"),
            "n2": Sum(rows=rows, value=own, at="answered_at"),
        }
    )


def mystery_against_blind(facts: Facts, _options: Options) -> PerCell:
    """By how much testers are served better than customers whose contacts were judged blind, at least."""
    visits = facts["mystery_item"]
    judged = facts.counted("evaluation").select(
        judged="evaluation_id", how="blind", judged_us="evaluated_at_us", judged_slot="evaluated_at_slot"
    )
    rows = facts["evaluation_item"].inner_join(judged, [("evaluation_id", "judged")])
    counted = is_true(rows.how) & is_true(rows.applicable)
    scripted = is_true(visits.applicable)
    return _difference(
        {
            "x1": Sum(rows=visits, value=scripted & is_true(visits.met), at="visited_at"),
            "n1": Sum(rows=visits, value=scripted, at="visited_at"),
            "x2": Sum(rows=rows, value=counted & is_true(rows.met), at="judged"),
            "n2": Sum(rows=rows, value=counted, at="judged"),
        }
    )


def tester_numbers(facts: Facts, _options: Options) -> Pooled:
    """The share of the commonest number among visits of testers."""
    visits = facts["mystery_item"]
    visits = (
        visits.filter(visits.contact_id.notnull())
        .group_by("visit_id", "contact_id")
        .aggregate(visited_at_us=visits.visited_at_us.min(), visited_at_slot=visits.visited_at_slot.min())
    )
    number_of = facts["contact"].select(number_of="contact_id", point="contact_point_hash")
    rows = visits.inner_join(number_of, visits.contact_id == number_of.number_of)
    return Pooled(
        rows=rows, values={"point": rows.point}, at="visited_at", finish=_commonest_of_few, where=rows.point.notnull()
    )


def _commonest_of_few(values: dict[str, list[object]], counts: Floats) -> Finished:
    n = int(counts.sum())
    return Finished(value=float(counts.max()) / n if n else None, n=n)


CHECKS = (
    Check(
        id="nines_over_tens",
        name=said(
            "Nines among the best scores", "최고점 중 9점 비중", "高分中的 9 分占比", "Điểm 9 trong các điểm cao"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Nines are far more frequent than tens: are customers told that nine is what counts?",
            "9점이 10점보다 훨씬 많습니다. 9점이면 된다고 안내합니까?",
            "9 分远多于 10 分：是否提示客户只算 9 分？",
            "Điểm 9 nhiều hơn hẳn điểm 10: khách có bị nhắc rằng chỉ cần 9?",
        ),
        needs=ANSWER_NEEDS,
        measure=nines,
        limit=0.65,
    ),
    Check(
        id="score_trend",
        name=said("Shift of the scores", "점수 분포 이동", "评分漂移", "Điểm số dịch chuyển"),
        severity=Severity.NOTE,
        sentence=said(
            "Scores have moved by more than half a point: did the wording, the colors or the way of asking change?",
            "점수가 0.5점 넘게 달라졌습니다. 문구·색상·질문 방식이 바뀌었습니까?",
            "评分移动超过半分：措辞、配色或询问方式是否改变？",
            "Điểm đã dịch hơn nửa điểm: cách hỏi, màu sắc hay câu chữ có đổi?",
        ),
        needs=ANSWER_NEEDS,
        measure=score_level,
        limit=0.5,
        how=Trend(both=True),
    ),
    Check(
        id="ces_against_csat",
        name=said(
            "Effort against satisfaction", "노력과 만족의 역행", "费力度与满意度相反", "Công sức ngược với hài lòng"
        ),
        severity=Severity.SEVERE,
        sentence=said(
            "Who found it easy is who is not satisfied: the scale of effort is read the wrong way round.",
            "쉬웠다는 고객이 오히려 불만족합니다. 노력 척도가 거꾸로 읽히고 있습니다.",
            "觉得轻松的客户反而不满意：费力度量表被读反了。",
            "Khách thấy dễ lại không hài lòng: thang công sức đang bị đọc ngược.",
        ),
        needs=ANSWER_NEEDS,
        measure=ces_against_csat,
        limit=0.0,
    ),
    Check(
        id="dimension_halo",
        name=said("One answer five times", "다섯 차원의 같은 응답", "五个维度同一答案", "Một câu trả lời năm lần"),
        severity=Severity.WARNING,
        sentence=said(
            "All dimensions of service quality go together (r > 0.9): they measure one impression.",
            "서비스품질 차원이 모두 함께 움직입니다(r > 0.9). 하나의 인상만 잽니다.",
            "服务质量各维度高度一致（r > 0.9）：只测到一个印象。",
            "Mọi chiều chất lượng đi cùng nhau (r > 0,9): chỉ đo một ấn tượng.",
        ),
        needs=ANSWER_NEEDS,
        measure=halo,
        limit=0.9,
        fewest=50,
    ),
    Check(
        id="item_set_trend",
        name=said("Items dropped or added", "문항 수 변화", "题目增减", "Số câu hỏi thay đổi"),
        severity=Severity.WARNING,
        sentence=said(
            "Respondents answer another number of items than before: were weak items dropped?",
            "응답하는 문항 수가 전과 다릅니다. 약한 문항을 뺐습니까?",
            "受访者作答的题目数与以往不同：是否删去了薄弱项？",
            "Số câu được trả lời khác trước: có bỏ các câu yếu?",
        ),
        needs=ANSWER_NEEDS,
        measure=item_count,
        limit=0.5,
        how=Trend(both=True),
        fewest=10,
    ),
    Check(
        id="customer_initiated_gap",
        name=said(
            "Invited against uninvited", "초대 응답과 자발 응답의 차이", "受邀与自发之差", "Được mời so với tự đến"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Who is invited is far more satisfied than who answers unasked: agents choose, or beg.",
            "초대된 고객이 자발적으로 답한 고객보다 훨씬 만족합니다. 고르거나 부탁하고 있습니다.",
            "受邀者的满意度远高于自发回答者：坐席在挑选或讨好评。",
            "Người được mời hài lòng hơn hẳn người tự trả lời: nhân viên chọn, hoặc xin điểm.",
        ),
        needs={**ANSWER_NEEDS, "survey_invite": ("selected_by", "agent_id")},
        measure=customer_initiated_gap,
        limit=0.15,
        interval=IntervalMethod.NONE,
    ),
    Check(
        id="mystery_against_blind",
        name=said(
            "Testers against blind judgments",
            "미스터리와 블라인드 평가의 차이",
            "神秘客与盲评之差",
            "Khách bí mật so với chấm mù",
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Testers are served far better than customers whose contacts were judged blind: testers are recognized.",
            "테스터가 블라인드 평가된 고객보다 훨씬 좋은 응대를 받습니다. 테스터를 알아봅니다.",
            "神秘客所获服务远好于盲评的客户：神秘客被认出。",
            "Khách bí mật được phục vụ tốt hơn hẳn khách được chấm mù: họ bị nhận ra.",
        ),
        needs={
            "mystery_item": ("met", "applicable"),
            "evaluation": ("blind",),
            "evaluation_item": ("met", "applicable"),
        },
        measure=mystery_against_blind,
        limit=0.1,
        interval=IntervalMethod.NONE,
    ),
    Check(
        id="tester_numbers",
        name=said("One number of testers", "테스터의 같은 번호", "测试者号码单一", "Khách bí mật dùng một số"),
        severity=Severity.WARNING,
        sentence=said(
            "Many visits of testers come from one number: rotate them.",
            "테스터 방문의 상당수가 한 번호에서 옵니다. 번호를 바꾸십시오.",
            "许多神秘客来电出自同一号码：请轮换。",
            "Nhiều cuộc của khách bí mật từ cùng một số: hãy luân phiên.",
        ),
        needs={"mystery_item": ("contact_id", "visit_id"), "contact": ("contact_point_hash",)},
        measure=tester_numbers,
        limit=0.3,
        fewest=10,
    ),
)
