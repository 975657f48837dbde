"""Whether articles are used, and whether they help (H04, H05)."""

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts, cases
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Options
from careloop.insight.kpis.words import said

__all__ = ["ARTICLE_HELPFULNESS", "LINK_RATE", "VOTING_SHARE"]

READERS = Choice(
    name="readers",
    default="customer",
    choices=("customer", "agent"),
    meaning=said(
        "whose votes; customers and agents are never put together",
        "누구의 평가, 고객과 상담사를 합치지 않음",
        "谁的投票；客户与坐席不合并",
        "phiếu của ai; không gộp khách hàng với nhân viên",
    ),
)
SELF_VOTES = said("Vote for oneself.", "자기 글에 투표하기.", "给自己投票。", "Tự bỏ phiếu cho mình.")


def link_rate(facts: Facts, _options: Options) -> Ratio:
    """Closed cases with an article reused or created over closed cases."""
    rows, links = cases(facts), facts["article_link"]
    links = links.filter(links.kind.isin(["reused", "created"])).select(linked_id="case_id").distinct()
    rows = rows.left_join(links, rows.case_id == links.linked_id)
    closed = rows.closed_at.notnull()
    return Ratio(
        numerator=Sum(rows=rows, value=closed & rows.linked_id.notnull(), at="closed_at"),
        denominator=Sum(rows=rows, value=closed, at="closed_at"),
    )


def article_helpfulness(facts: Facts, options: Options) -> Ratio:
    """Helpful votes over votes; authors do not count."""
    rows = facts["article_vote"]
    counts = is_true(rows.user_kind == options.choice("readers")) & ~is_true(rows.is_author)
    return Ratio(
        numerator=Sum(rows=rows, value=counts & is_true(rows.is_helpful), at="at"),
        denominator=Sum(rows=rows, value=counts, at="at"),
    )


def voting_share(facts: Facts, options: Options) -> Ratio:
    """Votes over views."""
    votes, views = facts["article_vote"], facts["article_view"]
    readers = options.choice("readers")
    counts = is_true(votes.user_kind == readers) & ~is_true(votes.is_author)
    return Ratio(
        numerator=Sum(rows=votes, value=counts, at="at"),
        denominator=Sum(rows=views, value=is_true(views.user_kind == readers), at="at"),
    )


LINK_RATE = Metric(
    id="link_rate",
    code="H04",
    name=said("Knowledge link rate", "지식 연결률", "知识关联率", "Tỷ lệ liên kết tri thức"),
    numerator=said(
        "of them with an article linked, reused or created",
        "그중 문서가 연결(재사용·작성)된 사례",
        "其中关联了（复用或新建）文章的",
        "trong đó có liên kết bài viết, dùng lại hoặc tạo mới",
    ),
    denominator=said("closed cases", "종결된 사례", "已关闭的个案", "vụ việc đã đóng"),
    symbols="K_linked ÷ K_closed",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"case": ("closed_at",), "article_link": ("case_id", "kind")},
    measure=link_rate,
    gaming=said(
        "Link anything. An activity: it never gets a target.",
        "아무거나 연결하기. 활동 지표이므로 목표를 두지 않음.",
        "随便关联。这是活动指标，不设目标。",
        "Liên kết bừa. Đây là chỉ số hoạt động, không đặt mục tiêu.",
    ),
    pairs=("knowledge_findability",),
    checks=(
        "link_accuracy",
        "searched_after_contact",
    ),
    source="KCS (warns against goals on activities)",
)

ARTICLE_HELPFULNESS = Metric(
    id="article_helpfulness",
    code="H05",
    name=said("Article helpfulness", "지식문서 유용성", "知识有用率", "Mức hữu ích của bài viết"),
    numerator=said("of them helpful", "그중 유용함", "其中有用的", "trong đó hữu ích"),
    denominator=said(
        "votes, those of authors aside; articles are ranked by the lower end of the interval",
        "투표(작성자 제외), 문서 순위는 구간 하한으로",
        "投票（不含作者）；按区间下限为文章排名",
        "phiếu, không kể tác giả; bài viết được xếp theo cận dưới của khoảng",
    ),
    symbols="V₊ ÷ (V₊ + V₋)",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"article_vote": ("article_id", "user_kind", "is_helpful", "is_author")},
    measure=article_helpfulness,
    options=(READERS,),
    gaming=SELF_VOTES,
    pairs=("article_voting_share", "self_service_resolution"),
    checks=("author_votes",),
    source="KCS; S0",
)

VOTING_SHARE = Metric(
    id="article_voting_share",
    code="H05b",
    name=said("Readers who vote", "지식문서 투표 비율", "知识投票占比", "Tỷ lệ người đọc bỏ phiếu"),
    numerator=said("votes, those of authors aside", "투표(작성자 제외)", "投票（不含作者）", "phiếu, không kể tác giả"),
    denominator=said("views", "열람", "浏览", "lượt xem"),
    symbols="V ÷ views",
    unit=Unit.SHARE,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"article_vote": ("user_kind", "is_author"), "article_view": ("user_kind",)},
    measure=voting_share,
    options=(READERS,),
    gaming=SELF_VOTES,
    pairs=("article_helpfulness",),
    checks=("author_votes",),
    source="KCS",
)
