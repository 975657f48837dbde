"""Checks of judgments, of knowledge and of learning: how contacts were chosen, who judged alone, what was really read."""

from careloop.insight.kpis.asking.columns import is_true, number
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.checks.check import Check
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import said

__all__ = ["CHECKS"]

SHORT_READING_S = 10.0
SMALL_EDIT = 20


def hand_picked(facts: Facts, _options: Options) -> Ratio:
    """Evaluations by people that were not drawn by chance over evaluations by people."""
    rows = facts.counted("evaluation")
    by_people = ~is_true(rows.is_automatic)
    drawn = is_true(rows.sample_kind.isin(["random", "risk"]))
    return Ratio(
        numerator=Sum(rows=rows, value=by_people & ~drawn, at="evaluated_at"),
        denominator=Sum(rows=rows, value=by_people, at="evaluated_at"),
    )


def judged_together(facts: Facts, _options: Options) -> Ratio:
    """Evaluations for calibration that were not blind over those for calibration."""
    rows = facts.counted("evaluation")
    meant = is_true(rows.sample_kind == "calibration")
    return Ratio(
        numerator=Sum(rows=rows, value=meant & ~is_true(rows.blind), at="evaluated_at"),
        denominator=Sum(rows=rows, value=meant, at="evaluated_at"),
    )


def wrong_links(facts: Facts, _options: Options) -> Ratio:
    """Links that an audit found wrong over links that it looked at."""
    rows = facts["article_link"]
    looked_at = rows.correct.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=looked_at & is_true(~rows.correct), at="linked_at"),
        denominator=Sum(rows=rows, value=looked_at, at="linked_at"),
    )


def own_votes(facts: Facts, _options: Options) -> Ratio:
    """Votes of authors over votes."""
    rows = facts["article_vote"]
    return Ratio(
        numerator=Sum(rows=rows, value=is_true(rows.is_author), at="at"),
        denominator=Sum(rows=rows, value=rows.vote_id.notnull(), at="at"),
    )


def touched(facts: Facts, _options: Options) -> Ratio:
    """Later versions of articles that changed next to nothing over later versions."""
    rows = facts["article"]
    later = is_true(rows.version > 1) & rows.changed_characters.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=later & is_true(rows.changed_characters < SMALL_EDIT), at="published_at"),
        denominator=Sum(rows=rows, value=later, at="published_at"),
    )


def clicked_through(facts: Facts, _options: Options) -> Ratio:
    """Confirmations after less than ten seconds of reading over confirmations whose reading was timed."""
    rows = facts["procedure_ack"]
    timed = rows.acked_at.notnull() & rows.read_s.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=timed & is_true(number(rows, "read_s") < SHORT_READING_S), at="required_by"),
        denominator=Sum(rows=rows, value=timed, at="required_by"),
    )


CHECKS = (
    Check(
        id="sample_kind_share",
        name=said("Hand-picked evaluations", "골라 한 평가", "挑选的评估", "Đánh giá chọn tay"),
        severity=Severity.WARNING,
        sentence=said(
            "Most evaluations were hand-picked; they coach and do not enter rates.",
            "평가의 대부분이 임의로 골라졌습니다. 코칭용일 뿐 비율에 들어가지 않습니다.",
            "多数评估是人工挑选的；只用于辅导，不进入比率。",
            "Phần lớn đánh giá do chọn tay; chúng để kèm cặp, không vào tỷ lệ.",
        ),
        needs={"evaluation": ("sample_kind", "is_automatic")},
        measure=hand_picked,
        limit=0.5,
    ),
    Check(
        id="blind_share",
        name=said("Calibration not blind", "블라인드가 아닌 보정", "非盲校准", "Hiệu chuẩn không mù"),
        severity=Severity.SEVERE,
        sentence=said(
            "Contacts for calibration were judged with the scores of others in sight.",
            "보정용 접촉이 다른 점수를 보면서 평가되었습니다.",
            "校准联络是在看到他人评分的情况下评定的。",
            "Liên hệ để hiệu chuẩn được chấm khi thấy điểm của người khác.",
        ),
        needs={"evaluation": ("sample_kind", "blind")},
        measure=judged_together,
        limit=0.1,
    ),
    Check(
        id="link_accuracy",
        name=said("Wrong links", "잘못된 연결", "错误关联", "Liên kết sai"),
        severity=Severity.WARNING,
        sentence=said(
            "An audit found many links wrong.",
            "표본 점검에서 잘못된 연결이 많이 발견되었습니다.",
            "抽查发现许多关联有误。",
            "Kiểm tra mẫu cho thấy nhiều liên kết sai.",
        ),
        needs={"article_link": ("correct", "linked_at")},
        measure=wrong_links,
        limit=0.2,
    ),
    Check(
        id="author_votes",
        name=said("Votes of authors", "작성자 투표", "作者投票", "Phiếu của tác giả"),
        severity=Severity.NOTE,
        sentence=said(
            "Authors vote for their own articles; their votes are left out.",
            "작성자가 자기 문서에 투표합니다. 그 표는 제외됩니다.",
            "作者为自己的文章投票；这些票不计。",
            "Tác giả bỏ phiếu cho bài của mình; các phiếu ấy không được tính.",
        ),
        needs={"article_vote": ("is_author",)},
        measure=own_votes,
        limit=0.05,
    ),
    Check(
        id="touch_edits",
        name=said("Versions without change", "변경 없는 버전", "无改动的版本", "Phiên bản không đổi"),
        severity=Severity.WARNING,
        sentence=said(
            "Many new versions of articles change next to nothing.",
            "새 버전의 상당수가 거의 바뀐 것이 없습니다.",
            "许多新版文章几乎没有改动。",
            "Nhiều phiên bản mới hầu như không thay đổi gì.",
        ),
        needs={"article": ("version", "changed_characters", "published_at")},
        measure=touched,
        limit=0.3,
    ),
    Check(
        id="reading_time",
        name=said("Confirmed unread", "읽지 않은 확인", "未读确认", "Xác nhận không đọc"),
        severity=Severity.WARNING,
        sentence=said(
            "Many confirmed a procedure after less than ten seconds of reading.",
            "10초도 읽지 않고 절차를 확인한 직원이 많습니다.",
            "许多人阅读不到十秒就确认了流程。",
            "Nhiều người xác nhận quy trình sau chưa đầy mười giây đọc.",
        ),
        needs={"procedure_ack": ("acked_at", "read_s")},
        measure=clicked_through,
        limit=0.2,
    ),
)
