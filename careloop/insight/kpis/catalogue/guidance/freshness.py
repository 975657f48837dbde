"""Whether articles are in date (H06)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.measures.kinds import Level, LevelShare, Ratio, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import said

__all__ = ["ARTICLE_FRESHNESS", "FRESH_ARTICLE_SHARE"]

FOREVER = 2**62

NEEDS = {"article": ("article_id", "version", "state", "published_at", "review_due_at", "is_flagged_wrong")}
GAMING = said(
    "Touch dates without reading.",
    "내용은 두고 날짜만 바꾸기.",
    "只改日期不改内容。",
    "Chỉ sửa ngày mà không sửa nội dung.",
)


def editions(facts: Facts) -> ir.Table:
    """Return published versions: from `held_us` until `superseded_us` each was the one that readers saw; fresh until `stale_us`."""
    rows = facts["article"]
    rows = rows.filter(rows.published_at.notnull())
    in_order = ibis.window(group_by=rows.article_id, order_by=[rows.published_at_us, rows.version])
    rows = rows.mutate(superseded_us=rows.published_at_us.lead(1).over(in_order))
    rows = rows.filter(is_true(rows.state == "published"))
    never = whole(rows, "superseded_us").fill_null(FOREVER)
    fresh = ibis.least(never, whole(rows, "review_due_at_us").fill_null(FOREVER))
    wrong = is_true(rows.is_flagged_wrong).ifelse(whole(rows, "published_at_us"), fresh)
    return rows.mutate(stale_us=wrong.nullif(FOREVER))


def article_freshness(facts: Facts, _options: Options) -> Ratio:
    """Views that met an article in date and not flagged wrong over views of published articles: use is the weight."""
    views = facts["article_view"]
    known = editions(facts).select(
        edition_of="article_id", held_us="published_at_us", until_us="superseded_us", stale_us="stale_us"
    )
    seen = whole(views, "at_us")
    held = (known.held_us <= seen) & (known.until_us.isnull() | (known.until_us > seen))
    rows = views.inner_join(known, [views.article_id == known.edition_of, held])
    is_fresh = rows.stale_us.isnull() | is_true(whole(rows, "at_us") < whole(rows, "stale_us"))
    return Ratio(
        numerator=Sum(rows=rows, value=is_fresh, at="at"),
        denominator=Sum(rows=rows, value=rows.view_id.notnull(), at="at"),
    )


def fresh_article_share(facts: Facts, _options: Options) -> LevelShare:
    """Published articles in date and not flagged wrong over published articles, each counting once."""
    rows = editions(facts)
    return LevelShare(
        part=Level(rows=rows, starts="published_at", ends="stale", where=~is_true(rows.is_flagged_wrong)),
        whole=Level(rows=rows, starts="published_at", ends="superseded"),
    )


ARTICLE_FRESHNESS = Metric(
    id="article_freshness",
    code="H06",
    name=said("Article freshness", "지식문서 최신성", "知识时效率", "Độ cập nhật của bài viết"),
    numerator=said(
        "of them of an article not past its review date and not flagged wrong at that moment",
        "그중 당시 검토 기한이 지나지 않고 오류 표시가 없는 문서의 열람",
        "其中当时未过复核期且未被标错的",
        "trong đó bài viết lúc ấy chưa quá hạn rà soát và không bị báo sai",
    ),
    denominator=said(
        "views of published articles: each article weighs as it is used",
        "공개 문서의 열람, 사용량이 곧 가중치",
        "已发布文章的浏览：按使用量加权",
        "lượt xem bài viết đã công bố: mỗi bài có trọng số theo mức dùng",
    ),
    symbols="Σ views_fresh ÷ Σ views",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.NONE,
    needs={**NEEDS, "article_view": ("article_id", "at")},
    measure=article_freshness,
    gaming=GAMING,
    pairs=("article_helpfulness",),
    checks=("touch_edits",),
    source="KCS; S3",
)

FRESH_ARTICLE_SHARE = Metric(
    id="fresh_article_share",
    code="H06b",
    name=said("Fresh articles", "최신 지식문서 비율", "时效内知识占比", "Tỷ lệ bài viết còn cập nhật"),
    numerator=said(
        "of them not past their review date and not flagged wrong",
        "그중 검토 기한이 지나지 않고 오류 표시가 없는 문서",
        "其中未过复核期且未被标错的",
        "trong đó chưa quá hạn rà soát và không bị báo sai",
    ),
    denominator=said(
        "published articles at the end of the period",
        "기간 말의 공개 문서",
        "期末已发布文章",
        "bài viết đã công bố vào cuối kỳ",
    ),
    symbols="A_fresh(t) ÷ A(t)",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.NONE,
    needs=NEEDS,
    measure=fresh_article_share,
    gaming=GAMING,
    pairs=("article_freshness",),
    checks=("touch_edits",),
    source="KCS; S3",
)
