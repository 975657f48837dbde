"""Checks of evaluations: who leaves items out, when they are made, who copies whom, what happens to those who disagree."""

import ibis
import ibis.expr.types as ir
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.checks.check import Check, Peers, share
from careloop.insight.kpis.measures.kinds import Finished, Pooled, Ratio
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["CHECKS"]

SECOND_US, DAY_US = 1_000_000, 86_400_000_000


def _by_people(facts: Facts) -> ir.Table:
    rows = facts.counted("evaluation")
    return rows.filter(~is_true(rows.is_automatic))


def not_applicable(facts: Facts, _options: Options) -> Ratio:
    """Lines said not to apply over lines judged by people."""
    whose = _by_people(facts).select(
        "evaluation_id", "evaluator_id", "agent_id", "contact_id", "evaluated_at_us", "evaluated_at_slot"
    )
    rows = facts["evaluation_item"].inner_join(whose, "evaluation_id")
    return share(rows, ~is_true(rows.applicable), among=rows.item_id.notnull(), at="evaluated_at")


def form_versions(facts: Facts, _options: Options) -> Ratio:
    """Evaluations by another version of the form than the last over evaluations: a mark on the chart, not a fault."""
    rows = facts.counted("evaluation")
    order = ibis.window(
        group_by=rows.form_id, order_by=[ibis.desc(rows.evaluated_at_us), ibis.desc(rows.evaluation_id)]
    )
    rows = rows.mutate(last=rows.form_version.first().over(order))
    return share(
        rows, is_true(rows.form_version != rows["last"]), among=rows.evaluation_id.notnull(), at="evaluated_at"
    )


def disputed_severity(facts: Facts, _options: Options) -> Ratio:
    """Critical evaluations changed by a dispute over critical evaluations that were disputed."""
    changed = facts["dispute"]
    told = changed.group_by(told_of="evaluation_id").aggregate(changes=is_true(changed.changed).ifelse(1, 0).max())
    rows = _by_people(facts)
    rows = rows.inner_join(told, rows.evaluation_id == told.told_of)
    critical = is_true(rows.critical_customer) | is_true(rows.critical_business) | is_true(rows.critical_compliance)
    return share(rows, is_true(rows.changes > 0), among=critical, at="evaluated_at")


def month_end(facts: Facts, _options: Options) -> Ratio:
    """Evaluations made in the last three days of a month over evaluations; one in ten where they are spread."""
    rows = _by_people(facts)
    day = rows.evaluated_at
    later = (day + ibis.interval(days=3)).month()
    return share(rows, is_true(later != day.month()), among=rows.evaluation_id.notnull(), at="evaluated_at")


def evaluation_runs(facts: Facts, _options: Options) -> Pooled:
    """How far the order of short and long pauses between evaluations is from chance, in standard deviations."""
    rows = _by_people(facts)
    order = ibis.window(group_by=rows.evaluator_id, order_by=[rows.evaluated_at_us, rows.evaluation_id])
    rows = rows.mutate(
        pause_us=rows.evaluated_at_us - rows.evaluated_at_us.lag(1).over(order), turn=ibis.row_number().over(order)
    )
    return Pooled(
        rows=rows,
        values={"evaluator": rows.evaluator_id, "turn": rows.turn, "pause": rows.pause_us},
        at="evaluated_at",
        finish=_runs,
        where=rows.pause_us.notnull(),
    )


def _runs(values: dict[str, list[object]], counts: Floats) -> Finished:
    """Work out the runs test of Wald and Wolfowitz 1940 over each evaluator's pauses, and add up: too few runs are batches."""
    seen = expected = variance = 0.0
    whose = np.array([str(one) for one in values["evaluator"]])
    turns, pauses = np.array(values["turn"], dtype=np.int64), np.array(values["pause"], dtype=np.float64)
    for one in np.unique(whose):
        own = np.flatnonzero(whose == one)
        own = own[np.argsort(turns[own])]
        long = pauses[own] > np.median(pauses[own])
        a, b = int(long.sum()), int((~long).sum())
        if min(a, b) < 10:
            continue
        n = a + b
        seen += 1 + int((long[1:] != long[:-1]).sum())
        expected += 1 + 2 * a * b / n
        variance += 2 * a * b * (2 * a * b - n) / (n * n * (n - 1))
    if variance == 0:
        return Finished(value=None, n=int(counts.sum()))
    return Finished(value=(expected - seen) / variance**0.5, n=int(counts.sum()))


def _pairs(facts: Facts) -> ir.Table:
    """Return evaluations of a contact that another evaluator had judged before, with when the one before was made."""
    rows = _by_people(facts)
    order = ibis.window(group_by=[rows.contact_id, rows.form_id], order_by=[rows.evaluated_at_us, rows.evaluation_id])
    rows = rows.mutate(
        before_us=rows.evaluated_at_us.lag(1).over(order),
        before_by=rows.evaluator_id.lag(1).over(order),
        before_id=rows.evaluation_id.lag(1).over(order),
    )
    return rows.filter(rows.before_id.notnull(), rows.before_by != rows.evaluator_id)


def judged_at_once(facts: Facts, _options: Options) -> Ratio:
    """Second evaluations made within two minutes of the first over second evaluations."""
    rows = _pairs(facts)
    soon = whole(rows, "evaluated_at_us") - whole(rows, "before_us") <= 120 * SECOND_US
    return share(rows, is_true(soon), among=rows.evaluation_id.notnull(), at="evaluated_at")


def same_lines(facts: Facts, _options: Options) -> Ratio:
    """Second evaluations equal to the first in every line, at least one of them not met, over those with a line not met."""
    rows = _pairs(facts)
    lines = facts["evaluation_item"].select("evaluation_id", "item_id", "applicable", "met")
    mine = rows.select("evaluation_id", "before_id").inner_join(lines, "evaluation_id")
    other = lines.select(other_id="evaluation_id", other_item="item_id", other_applies="applicable", other_met="met")
    both = mine.inner_join(other, [mine.before_id == other.other_id, mine.item_id == other.other_item])
    differs = (both.applicable != both.other_applies) | (both.met.fill_null(True) != both.other_met.fill_null(True))
    missed = ~both.met.fill_null(True) | ~both.other_met.fill_null(True)
    told = both.group_by(told_of="evaluation_id").aggregate(
        differ=is_true(differs).ifelse(1, 0).sum(), misses=is_true(missed).ifelse(1, 0).sum(), lines=both.count()
    )
    rows = rows.inner_join(told, rows.evaluation_id == told.told_of)
    return share(
        rows, is_true(rows.differ == 0), among=is_true((rows.misses > 0) & (rows.lines >= 5)), at="evaluated_at"
    )


def disputed(facts: Facts, _options: Options) -> Ratio:
    """Evaluations disputed over evaluations published."""
    told = facts["dispute"].select(told_of="evaluation_id").distinct()
    rows = facts.counted("evaluation")
    rows = rows.left_join(told, rows.evaluation_id == told.told_of)
    return share(rows, rows.told_of.notnull(), among=rows.published_at.notnull(), at="evaluated_at")


def acknowledged_in_rows(facts: Facts, _options: Options) -> Ratio:
    """Evaluations acknowledged within ten seconds of the agent's last over evaluations acknowledged."""
    rows = facts.counted("evaluation")
    rows = rows.filter(rows.acknowledged_at.notnull())
    order = ibis.window(group_by=rows.agent_id, order_by=[rows.acknowledged_at_us, rows.evaluation_id])
    rows = rows.mutate(last_us=rows.acknowledged_at_us.lag(1).over(order))
    soon = is_true(whole(rows, "acknowledged_at_us") - whole(rows, "last_us") < 10 * SECOND_US)
    return share(rows, soon, among=rows.evaluation_id.notnull(), at="evaluated_at")


def after_survey(facts: Facts, _options: Options) -> Ratio:
    """Evaluations made after the customer had answered, and not blind, over evaluations of contacts with an answer."""
    told = facts.counted("survey_invite")
    told = told.filter(told.completed_at.notnull(), told.contact_id.notnull())
    told = told.group_by(told_of="contact_id").aggregate(told_us=told.completed_at_us.min())
    rows = _by_people(facts)
    rows = rows.inner_join(told, rows.contact_id == told.told_of)
    later = is_true(rows.evaluated_at_us > rows.told_us)
    return share(rows, later & ~is_true(rows.blind), among=rows.evaluation_id.notnull(), at="evaluated_at")


CHECKS = (
    Check(
        id="not_applicable_by_evaluator",
        name=said(
            "Left out by evaluator", "평가자별 해당없음", "各质检员的不适用", "Mục không áp dụng theo người chấm"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Some evaluators say “does not apply” far more often than the others do of the same items.",
            "같은 항목에 ‘해당없음’을 유독 많이 쓰는 평가자가 있습니다.",
            "有质检员对同一项目标“不适用”的次数远多于他人。",
            "Có người chấm ghi “không áp dụng” nhiều hơn hẳn người khác ở cùng mục.",
        ),
        needs={"evaluation": ("evaluator_id", "evaluated_at"), "evaluation_item": ("item_id", "applicable")},
        measure=not_applicable,
        limit=1.5,
        how=Peers(group="evaluator", within=("item_id",)),
    ),
    Check(
        id="form_versions",
        name=said("Another version of the form", "다른 버전의 평가표", "不同版本的评分表", "Phiên bản biểu mẫu khác"),
        severity=Severity.NOTE,
        sentence=said(
            "The form changed within the period: scores before and after are two series.",
            "기간 중 평가표가 바뀌었습니다. 전후 점수는 서로 다른 계열입니다.",
            "期间内评分表有变：前后得分是两条序列。",
            "Biểu mẫu đã đổi trong kỳ: điểm trước và sau là hai chuỗi.",
        ),
        needs={"evaluation": ("form_id", "form_version", "evaluated_at")},
        measure=form_versions,
        limit=0.0,
        interval=IntervalMethod.NONE,
    ),
    Check(
        id="disputed_severity",
        name=said("Critical errors argued away", "번복된 치명 오류", "被申诉推翻的致命差错", "Lỗi nghiêm trọng bị gỡ"),
        severity=Severity.WARNING,
        sentence=said(
            "Most critical errors that are disputed are changed: is their severity downgraded?",
            "이의 제기된 치명 오류의 대부분이 변경됩니다. 심각도를 낮춥니까?",
            "多数被申诉的致命差错被更改：是否降级？",
            "Phần lớn lỗi nghiêm trọng bị khiếu nại đều được sửa: hạ mức nghiêm trọng?",
        ),
        needs={"evaluation": ("critical_customer",), "dispute": ("evaluation_id", "changed")},
        measure=disputed_severity,
        limit=0.5,
        fewest=10,
    ),
    Check(
        id="month_end_bunching",
        name=said("Evaluations at month’s end", "월말 평가 몰림", "月末集中评估", "Đánh giá dồn cuối tháng"),
        severity=Severity.WARNING,
        sentence=said(
            "More than a quarter of the evaluations are made in the last three days of a month.",
            "평가의 4분의 1 넘게 월말 사흘에 이루어집니다.",
            "超过四分之一的评估在月末三天完成。",
            "Hơn một phần tư đánh giá được làm trong ba ngày cuối tháng.",
        ),
        needs={"evaluation": ("evaluated_at",)},
        measure=month_end,
        limit=0.25,
    ),
    Check(
        id="evaluation_runs",
        name=said("Evaluations in batches", "몰아서 하는 평가", "成批评估", "Đánh giá theo loạt"),
        severity=Severity.NOTE,
        sentence=said(
            "Evaluations are made in batches: short and long pauses do not come by chance.",
            "평가를 몰아서 합니다. 평가 간격이 무작위가 아닙니다.",
            "评估成批进行：间隔长短并非随机。",
            "Đánh giá làm theo loạt: các quãng nghỉ ngắn dài không ngẫu nhiên.",
        ),
        needs={"evaluation": ("evaluator_id", "evaluated_at")},
        measure=evaluation_runs,
        limit=4.0,
        interval=IntervalMethod.NONE,
        fewest=40,
    ),
    Check(
        id="judged_at_once",
        name=said("Judged at the same moment", "동시에 한 평가", "同时评定", "Chấm cùng lúc"),
        severity=Severity.SEVERE,
        sentence=said(
            "Contacts are judged by two people within two minutes: together, not on their own.",
            "두 평가자가 2분 안에 같은 접촉을 평가합니다. 따로가 아니라 함께 평가합니다.",
            "两人在两分钟内评定同一联络：一起评而非各自评。",
            "Hai người chấm cùng liên hệ trong hai phút: chấm chung chứ không riêng.",
        ),
        needs={"evaluation": ("contact_id", "evaluator_id", "evaluated_at")},
        measure=judged_at_once,
        limit=0.1,
    ),
    Check(
        id="copied_scores",
        name=said("Equal line by line", "항목까지 같은 평가", "逐项相同的评定", "Giống nhau từng mục"),
        severity=Severity.WARNING,
        sentence=said(
            "Most second evaluations equal the first in every line: copied?",
            "두 번째 평가의 대부분이 항목까지 첫 평가와 같습니다. 베꼈습니까?",
            "多数复评与初评逐项相同：是否抄袭？",
            "Phần lớn lần chấm thứ hai giống hệt lần đầu từng mục: chép lại?",
        ),
        needs={"evaluation": ("contact_id", "evaluator_id"), "evaluation_item": ("item_id", "met")},
        measure=same_lines,
        limit=0.7,
    ),
    Check(
        id="disputes_by_supervisor",
        name=said("Disputes by supervisor", "관리자별 이의제기", "各主管的申诉", "Khiếu nại điểm theo quản lý"),
        severity=Severity.WARNING,
        sentence=said(
            "Under some supervisors hardly anybody disputes: agreement, or fear?",
            "이의제기가 거의 없는 관리자가 있습니다. 동의입니까, 두려움입니까?",
            "某些主管之下几乎无人申诉：是认同还是恐惧？",
            "Dưới một số quản lý hầu như không ai khiếu nại điểm: đồng tình hay sợ?",
        ),
        needs={
            "evaluation": ("agent_id", "published_at"),
            "dispute": ("evaluation_id",),
            "agent_team": ("supervisor_id",),
        },
        measure=disputed,
        limit=3.0,
        how=Peers(group="supervisor", fewer=True),
    ),
    Check(
        id="acknowledged_in_rows",
        name=said("Acknowledged unread", "읽지 않은 확인", "未读确认", "Xác nhận mà không đọc"),
        severity=Severity.WARNING,
        sentence=said(
            "Many evaluations are acknowledged within seconds of each other: unread.",
            "평가 확인이 몇 초 간격으로 이어집니다. 읽지 않고 확인합니다.",
            "许多评估在数秒之内接连被确认：未读。",
            "Nhiều đánh giá được xác nhận cách nhau vài giây: không đọc.",
        ),
        needs={"evaluation": ("acknowledged_at", "agent_id")},
        measure=acknowledged_in_rows,
        limit=0.2,
    ),
    Check(
        id="scored_after_survey",
        name=said("Scored after the survey", "설문 확인 후 평가", "看过调研再评分", "Chấm sau khi xem khảo sát"),
        severity=Severity.SEVERE,
        sentence=said(
            "Contacts are judged after the customer answered, and not blind: the score may follow the answer.",
            "고객 응답 후 블라인드 없이 평가됩니다. 점수가 응답을 따라갈 수 있습니다.",
            "客户回答之后才非盲评：得分可能跟随回答。",
            "Liên hệ được chấm sau khi khách trả lời và không chấm mù: điểm có thể theo câu trả lời.",
        ),
        needs={"evaluation": ("contact_id", "blind", "evaluated_at"), "survey_invite": ("completed_at", "contact_id")},
        measure=after_survey,
        limit=0.2,
    ),
)
