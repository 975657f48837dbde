"""Checks of knowledge and learning: links for the sake of links, clicks without reading, answers that are shared."""

from collections.abc import Mapping

import ibis
import numpy as np

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts, micros_until, segments
from careloop.insight.kpis.checks.check import Check, share
from careloop.insight.kpis.measures.kinds import PerCell, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["CHECKS"]

SECOND_US, DAY_US = 1_000_000, 86_400_000_000
QUIZ = {"quiz_attempt": ("passed", "attempt_no", "started_at", "ended_at")}


def short_dwell(facts: Facts, _options: Options) -> Ratio:
    """Articles opened for less than ten seconds over articles opened by agents."""
    rows = facts["knowledge_search"]
    opened = is_true(rows.user_kind == "agent") & rows.opened_at.notnull() & rows.dwell_s.notnull()
    return share(rows, is_true(number(rows, "dwell_s") < 10), among=opened, at="at")


def searched_after(facts: Facts, _options: Options) -> Ratio:
    """Searches of agents that led to a link and began while they held no contact over those that led to a link."""
    legs = segments(facts)
    legs = legs.filter(legs.agent_id.notnull(), legs.answered_at_us.notnull())
    held = legs.select(
        held_by="agent_id", from_us="answered_at_us", to_us=whole(legs, "released_at_us").fill_null(2**62)
    )
    rows = facts["knowledge_search"]
    rows = rows.filter(rows.user_kind == "agent", rows.linked_article_id.notnull(), rows.agent_id.notnull())
    met = rows.select("session_id", "reformulation_no", "agent_id", "at_us").inner_join(held, [("agent_id", "held_by")])
    met = met.filter(met.at_us >= met.from_us, met.at_us <= met.to_us)
    during = met.select(during="session_id", turn="reformulation_no").distinct()
    rows = rows.left_join(during, [rows.session_id == during.during, rows.reformulation_no == during.turn])
    return share(rows, rows.during.isnull(), among=rows.session_id.notnull(), at="at")


def nothing_opened(facts: Facts, _options: Options) -> Ratio:
    """Searches with results of which none was opened over searches with results."""
    rows = facts["knowledge_search"]
    return share(rows, rows.opened_article_id.isnull(), among=is_true(whole(rows, "results_n") > 0), at="at")


def confirmed_and_failed(facts: Facts, _options: Options) -> Ratio:
    """Confirmed procedures whose first quiz was failed over confirmed procedures with a quiz."""
    tries = facts["quiz_attempt"]
    first = tries.filter(whole(tries, "attempt_no") == 1, ~is_true(tries.is_retention)).select(
        tried_by="agent_id", tried="procedure_id", tried_version="version", passed="passed"
    )
    rows = facts["procedure_ack"]
    rows = rows.inner_join(
        first, [rows.agent_id == first.tried_by, rows.procedure_id == first.tried, rows.version == first.tried_version]
    )
    return share(rows, ~is_true(rows.passed), among=rows.acked_at.notnull(), at="required_by")


def quick_quizzes(facts: Facts, _options: Options) -> Ratio:
    """Quizzes passed in under thirty seconds over quizzes passed."""
    rows = facts["quiz_attempt"]
    quick = whole(rows, "ended_at_us") - whole(rows, "started_at_us") < 30 * SECOND_US
    return share(rows, is_true(quick), among=is_true(rows.passed), at="started_at")


def quizzes_in_step(facts: Facts, _options: Options) -> Ratio:
    """Quizzes that ended within ten seconds of a colleague's of the same procedure with the same score, over quizzes."""
    rows = facts["quiz_attempt"]
    order = ibis.window(
        group_by=[rows.procedure_id, rows.version], order_by=[rows.ended_at_us, rows.agent_id, rows.attempt_no]
    )
    rows = rows.mutate(
        last_us=rows.ended_at_us.lag(1).over(order),
        last_score=rows.score.lag(1).over(order),
        last_by=rows.agent_id.lag(1).over(order),
    )
    soon = is_true(whole(rows, "ended_at_us") - whole(rows, "last_us") <= 10 * SECOND_US)
    same = is_true(number(rows, "score") == number(rows, "last_score")) & is_true(rows.agent_id != rows.last_by)
    return share(rows, soon & same, among=rows.agent_id.notnull(), at="started_at")


def forgotten(facts: Facts, _options: Options) -> PerCell:
    """Share of first quizzes passed less that of the quizzes asked again after a while."""
    rows = facts["quiz_attempt"]
    again = is_true(rows.is_retention)
    first = is_true(whole(rows, "attempt_no") == 1) & ~again
    passed = is_true(rows.passed)
    sums = {
        "x": Sum(rows=rows, value=first & passed, at="started_at"),
        "n": Sum(rows=rows, value=first, at="started_at"),
        "x_again": Sum(rows=rows, value=again & passed, at="started_at"),
        "n_again": Sum(rows=rows, value=again, at="started_at"),
    }

    def finish(found: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        enough = (found["n"] >= 30) & (found["n_again"] >= 30)
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = found["x"] / found["n"] - found["x_again"] / found["n_again"]
        return np.where(enough, gap, 0.0), enough.astype(np.float64)

    return PerCell(sums=sums, per=(), finish=finish, is_share=False)


def silence(facts: Facts, _options: Options) -> PerCell:
    """1 where at least five hundred uses of procedures raised not one issue."""
    uses, raised = facts["procedure_use"], facts["procedure_issue"]
    sums = {
        "uses": Sum(rows=uses, value=uses.use_id.notnull(), at="at"),
        "issues": Sum(rows=raised, value=raised.issue_id.notnull(), at="raised_at"),
    }

    def finish(found: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        enough = (found["uses"] >= 500).astype(np.float64)
        return enough * (found["issues"] == 0), enough

    return PerCell(sums=sums, per=(), finish=finish, is_share=False)


def adopted_only(facts: Facts, _options: Options) -> Ratio:
    """Suggestions adopted ninety days ago and not done over suggestions adopted so long ago."""
    rows = facts["suggestion"]
    known = micros_until(facts, ["suggestion"])
    answered = whole(rows, "answered_at_us")
    old = answered.notnull() if known is None else is_true(answered + 90 * DAY_US <= known)
    return share(
        rows, rows.implemented_at.isnull(), among=is_true(text(rows, "outcome") == "adopted") & old, at="raised_at"
    )


def attended_only(facts: Facts, _options: Options) -> Ratio:
    """Courses completed after under a minute over courses completed."""
    rows = facts["training_record"]
    return share(rows, is_true(number(rows, "delivered_s") < 60), among=rows.completed_at.notnull(), at="assigned_at")


def trained_and_failed(facts: Facts, _options: Options) -> Ratio:
    """First quizzes failed within thirty days of completing a course over first quizzes taken then."""
    done = facts["training_record"]
    done = done.filter(done.completed_at.notnull()).select(done_by="agent_id", done_us="completed_at_us")
    tries = facts["quiz_attempt"]
    tries = tries.filter(whole(tries, "attempt_no") == 1, ~is_true(tries.is_retention))
    met = tries.select("agent_id", "procedure_id", "version", "started_at_us").inner_join(
        done, [("agent_id", "done_by")]
    )
    after = met.started_at_us - met.done_us
    met = met.filter(after >= 0, after <= 30 * DAY_US)
    soon = met.select(soon_by="agent_id", soon="procedure_id", soon_version="version").distinct()
    rows = tries.inner_join(
        soon, [tries.agent_id == soon.soon_by, tries.procedure_id == soon.soon, tries.version == soon.soon_version]
    )
    return share(rows, ~is_true(rows.passed), among=rows.agent_id.notnull(), at="started_at")


CHECKS = (
    Check(
        id="short_dwell",
        name=said("Articles opened, not read", "열고 읽지 않은 문서", "打开未读的文章", "Mở bài mà không đọc"),
        severity=Severity.WARNING,
        sentence=said(
            "Many articles are opened for less than ten seconds: clicked, not read.",
            "10초도 열어 두지 않은 문서가 많습니다. 클릭만 하고 읽지 않습니다.",
            "许多文章打开不足十秒：只点不读。",
            "Nhiều bài được mở chưa đến mười giây: bấm chứ không đọc.",
        ),
        needs={"knowledge_search": ("dwell_s", "opened_at", "user_kind")},
        measure=short_dwell,
        limit=0.3,
    ),
    Check(
        id="searched_after_contact",
        name=said("Searched after the contact", "접촉 후 검색", "联络后才搜索", "Tìm sau khi liên hệ xong"),
        severity=Severity.WARNING,
        sentence=said(
            "Most searches that led to a link were made after the contact: for the link, not for the customer.",
            "연결로 이어진 검색의 대부분이 접촉 후에 이루어집니다. 고객이 아니라 연결을 위한 검색입니다.",
            "多数带来关联的搜索在联络之后：为关联而非为客户。",
            "Phần lớn lượt tìm dẫn đến liên kết được làm sau liên hệ: vì liên kết chứ không vì khách.",
        ),
        needs={
            "knowledge_search": ("agent_id", "linked_article_id", "at"),
            "contact_segment": ("agent_id", "answered_at", "released_at"),
        },
        measure=searched_after,
        limit=0.5,
    ),
    Check(
        id="nothing_opened",
        name=said("Results that nobody opens", "열리지 않는 검색 결과", "无人打开的结果", "Kết quả không ai mở"),
        severity=Severity.WARNING,
        sentence=said(
            "Most searches with results end without opening one: junk instead of “nothing found”.",
            "결과가 있는 검색의 대부분이 열리지 않고 끝납니다. ‘결과 없음’ 대신 쓸모없는 결과를 보입니다.",
            "多数有结果的搜索无人打开：以垃圾结果代替“无结果”。",
            "Phần lớn lượt tìm có kết quả mà không mở gì: trả về rác thay vì “không thấy”.",
        ),
        needs={"knowledge_search": ("results_n", "opened_article_id")},
        measure=nothing_opened,
        limit=0.5,
    ),
    Check(
        id="comprehension_gap",
        name=said("Confirmed and not understood", "확인했으나 이해 못함", "已确认却未理解", "Xác nhận mà không hiểu"),
        severity=Severity.WARNING,
        sentence=said(
            "Many who confirmed a procedure failed its first quiz.",
            "절차를 확인하고도 첫 퀴즈에 떨어진 직원이 많습니다.",
            "许多确认了流程的人首次测验未过。",
            "Nhiều người xác nhận quy trình nhưng trượt bài kiểm tra đầu.",
        ),
        needs={"procedure_ack": ("acked_at",), **QUIZ},
        measure=confirmed_and_failed,
        limit=0.3,
    ),
    Check(
        id="quick_quizzes",
        name=said(
            "Quizzes passed in seconds", "몇 초 만의 퀴즈 통과", "数秒内通过测验", "Đạt bài kiểm tra trong vài giây"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Many quizzes are passed in under thirty seconds: answers are shared.",
            "30초 안에 통과한 퀴즈가 많습니다. 답이 공유됩니다.",
            "许多测验在三十秒内通过：答案被共享。",
            "Nhiều bài kiểm tra đạt trong chưa đầy ba mươi giây: đáp án được chia sẻ.",
        ),
        needs=QUIZ,
        measure=quick_quizzes,
        limit=0.1,
    ),
    Check(
        id="quizzes_in_step",
        name=said("Quizzes in step", "나란히 끝난 퀴즈", "同步完成的测验", "Bài kiểm tra cùng lúc"),
        severity=Severity.WARNING,
        sentence=said(
            "Many quizzes end within seconds of a colleague’s with the same score.",
            "동료와 몇 초 차이로 같은 점수로 끝난 퀴즈가 많습니다.",
            "许多测验与同事相差数秒且得分相同。",
            "Nhiều bài kiểm tra kết thúc cách đồng nghiệp vài giây với cùng điểm.",
        ),
        needs=QUIZ,
        measure=quizzes_in_step,
        limit=0.1,
    ),
    Check(
        id="retention_gap",
        name=said("Passed and forgotten", "통과 후 망각", "通过后遗忘", "Đạt rồi quên"),
        severity=Severity.WARNING,
        sentence=said(
            "Far fewer pass when asked again after a while: it was not understood, or not their own answer.",
            "나중에 다시 물으면 통과율이 크게 떨어집니다. 이해하지 못했거나 본인의 답이 아닙니다.",
            "过一段时间再测通过率大降：未理解，或非本人作答。",
            "Hỏi lại sau một thời gian thì ít người đạt hơn hẳn: không hiểu, hoặc không phải tự làm.",
        ),
        needs=QUIZ,
        measure=forgotten,
        limit=0.25,
        interval=IntervalMethod.NONE,
    ),
    Check(
        id="silent_procedures",
        name=said("Not one issue raised", "제기된 문제 없음", "无人提出问题", "Không ai nêu vấn đề"),
        severity=Severity.NOTE,
        sentence=said(
            "Hundreds of uses of procedures and not one issue: silence may be fear, or want of a way. Read it with the pulse.",
            "절차를 수백 번 쓰고도 문제 제기가 없습니다. 두려움이나 통로 부족일 수 있습니다. 펄스와 함께 보십시오.",
            "流程使用数百次却无一问题：沉默或出于恐惧，或没有渠道。请与脉搏调研同看。",
            "Hàng trăm lần dùng quy trình mà không có vấn đề nào: có thể vì sợ hoặc thiếu kênh. Hãy đọc cùng khảo sát nội bộ.",
        ),
        needs={"procedure_use": ("at",), "procedure_issue": ("raised_at",)},
        measure=silence,
        limit=0.5,
        interval=IntervalMethod.NONE,
    ),
    Check(
        id="adopted_not_implemented",
        name=said("Adopted, never done", "채택만 된 제안", "采纳未落实的建议", "Chấp nhận mà không làm"),
        severity=Severity.WARNING,
        sentence=said(
            "Many suggestions adopted ninety days ago are not done: adopted for the count.",
            "90일 전에 채택되고 실행되지 않은 제안이 많습니다. 건수를 위한 채택입니다.",
            "许多九十天前采纳的建议未落实：为数量而采纳。",
            "Nhiều góp ý được chấp nhận từ chín mươi ngày trước chưa làm: chấp nhận để đủ số.",
        ),
        needs={"suggestion": ("outcome", "answered_at", "implemented_at")},
        measure=adopted_only,
        limit=0.3,
        fewest=10,
    ),
    Check(
        id="training_without_time",
        name=said(
            "Courses completed in no time", "시간 없는 이수", "零时长的结业", "Hoàn thành khóa không cần thời gian"
        ),
        severity=Severity.WARNING,
        sentence=said(
            "Courses count as completed after less than a minute: signed, not learned.",
            "1분도 안 되어 이수 처리된 교육이 있습니다. 서명만 했습니다.",
            "有课程不足一分钟即算完成：签到而未学习。",
            "Có khóa được tính hoàn thành sau chưa đầy một phút: ký tên chứ không học.",
        ),
        needs={"training_record": ("completed_at", "delivered_s")},
        measure=attended_only,
        limit=0.05,
    ),
    Check(
        id="trained_and_failed",
        name=said("Trained, and failed", "교육 후 퀴즈 실패", "培训后测验不过", "Đã học mà vẫn trượt"),
        severity=Severity.NOTE,
        sentence=said(
            "Many fail the first quiz within thirty days of a course: the course taught little.",
            "교육 후 30일 안에 첫 퀴즈에 떨어지는 직원이 많습니다. 교육 효과가 적습니다.",
            "许多人在课程后三十天内首次测验不过：课程收效甚微。",
            "Nhiều người trượt bài kiểm tra đầu trong ba mươi ngày sau khóa học: khóa học ít tác dụng.",
        ),
        needs={"training_record": ("completed_at",), **QUIZ},
        measure=trained_and_failed,
        limit=0.4,
    ),
)
