"""Whether people find what they look for (H01, H02, H03)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.measures.kinds import Ratio, Sum, Survival
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said

__all__ = ["KNOWLEDGE_FINDABILITY", "NO_CLICK_RATE", "TIME_TO_FIND", "ZERO_RESULT_RATE"]

USERS = Choice(
    name="users",
    default="agent",
    choices=("agent", "customer", "all"),
    meaning=said("whose searches", "누구의 검색", "谁的搜索", "lượt tìm của ai"),
)
REFORMULATIONS = Number(
    name="reformulations",
    default=1,
    meaning=said(
        "how often words may be changed before it counts as not found",
        "찾지 못한 것으로 보기 전 허용되는 재검색 횟수",
        "允许改写查询的次数，超过则视为未找到",
        "được đổi từ khóa bao nhiêu lần trước khi coi là không tìm thấy",
    ),
)
DWELL = Number(
    name="dwell_s",
    default=0,
    meaning=said(
        "seconds an article has to stay open to count",
        "문서가 열려 있어야 하는 최소 초",
        "文章须打开的最少秒数",
        "số giây tối thiểu bài viết phải mở",
    ),
)
WITHIN = Number(
    name="within_s",
    default=0,
    meaning=said(
        "seconds from the first query within which the right article has to be opened, such as 60 in audits; 0 does not look",
        "첫 검색부터 맞는 문서를 열어야 하는 초(점검 과제는 60), 0이면 보지 않음",
        "自首次查询起须打开正确文章的秒数（审核任务为 60）；0 为不看",
        "số giây từ truy vấn đầu đến khi phải mở đúng bài, như 60 khi kiểm tra; 0 là không xét",
    ),
)
NEEDS = {"knowledge_search": ("session_id", "at", "results_n", "reformulation_no")}
LINKS = ("opened_article_id", "linked_article_id", "linked_case_id")
GAMING = said(
    "Click anything; link afterwards only for the record.",
    "아무거나 클릭, 나중에 기록용으로만 연결.",
    "随便点开；事后仅为记录而关联。",
    "Bấm bừa; liên kết về sau chỉ để ghi sổ.",
)


def queries(facts: Facts, options: Options) -> ir.Table:
    """Return queries of the chosen readers."""
    rows = facts["knowledge_search"]
    users = options.choice("users")
    return rows if users == "all" else rows.filter(rows.user_kind == users)


def sessions(facts: Facts, options: Options, *, dwell: float = 0.0) -> ir.Table:
    """Return searches for an answer: when each began, how often words were changed, when the right article was opened."""
    rows = queries(facts, options)
    stayed = is_true(number(rows, "dwell_s") >= dwell) if dwell else ibis.literal(True)
    linked = is_true(rows.opened_article_id == rows.linked_article_id) & rows.linked_case_id.notnull()
    right = rows.opened_article_id.notnull() & stayed & (linked | is_true(rows.rated_useful))
    opened = whole(rows, "opened_at_us")
    return (
        rows.filter(is_true(rows.has_solving_intent))
        .group_by("session_id")
        .aggregate(
            agent_id=rows.agent_id.max(),
            case_id=rows.linked_case_id.max(),
            at_us=rows.at_us.min(),
            at_slot=rows.at_slot.min(),
            last_us=rows.at_us.max(),
            ended_us=rows.session_ended_at_us.max(),
            reformulations=rows.reformulation_no.max(),
            is_found=right.ifelse(1, 0).max() == 1,
            found_us=right.ifelse(opened, opened.nullif(opened)).min(),
            linked_us=(rows.opened_article_id.notnull() & linked).ifelse(opened, opened.nullif(opened)).min(),
        )
    )


def knowledge_findability(facts: Facts, options: Options) -> Ratio:
    """Searches that ended with an article that was linked or rated useful, without much rewording, over all searches."""
    rows = sessions(facts, options, dwell=options.number("dwell_s"))
    found = is_true(rows.is_found) & is_true(whole(rows, "reformulations") <= options.number("reformulations"))
    if limit := options.number("within_s"):
        found = found & is_true(whole(rows, "found_us") - whole(rows, "at_us") <= int(limit * 1_000_000))
    return Ratio(
        numerator=Sum(rows=rows, value=found, at="at"),
        denominator=Sum(rows=rows, value=rows.session_id.notnull(), at="at"),
    )


def _find_needs(options: Options) -> dict[str, tuple[str, ...]]:
    dwell = ("dwell_s",) if options.number("dwell_s") else ()
    opened = ("opened_at",) if options.number("within_s") else ()
    return {"knowledge_search": (*dwell, *opened)}


def time_to_find(facts: Facts, options: Options) -> Survival:
    """Seconds from the first query to opening the article that was linked; a search without one lasts until its end."""
    rows = sessions(facts, options)
    end = whole(rows, "linked_us").fill_null(whole(rows, "ended_us")).fill_null(whole(rows, "last_us"))
    seconds = (end - whole(rows, "at_us")).cast("float64") / 1_000_000
    return Survival(rows=rows, duration=seconds, happened=rows.linked_us.notnull(), at="at", where=seconds >= 0)


def zero_result_rate(facts: Facts, options: Options) -> Ratio:
    """Queries without a result over queries."""
    rows = queries(facts, options)
    return Ratio(
        numerator=Sum(rows=rows, value=is_true(rows.results_n == 0), at="at"),
        denominator=Sum(rows=rows, value=rows.session_id.notnull(), at="at"),
    )


def no_click_rate(facts: Facts, options: Options) -> Ratio:
    """Queries with results of which none was opened over queries with results."""
    rows = queries(facts, options)
    answered = is_true(rows.results_n > 0)
    return Ratio(
        numerator=Sum(rows=rows, value=answered & rows.opened_article_id.isnull(), at="at"),
        denominator=Sum(rows=rows, value=answered, at="at"),
    )


KNOWLEDGE_FINDABILITY = Metric(
    id="knowledge_findability",
    code="H01",
    name=said("Knowledge findability", "지식 검색 성공률", "知识可查找率", "Khả năng tìm thấy tri thức"),
    numerator=said(
        "of them ending with an article that was linked to the case or rated useful, with at most one rewording",
        "그중 재검색 1회 이내로, 사례에 연결되거나 유용하다고 평가된 문서를 연 검색",
        "其中改写不超过一次、并打开了被关联或被评为有用的文章的",
        "trong đó kết thúc với bài viết được liên kết với vụ việc hoặc được đánh giá hữu ích, đổi từ khóa tối đa một lần",
    ),
    denominator=said(
        "searches for an answer", "답을 찾는 검색 세션", "为解决问题而进行的搜索", "lượt tìm để giải quyết vấn đề"
    ),
    symbols="S_found ÷ S",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"knowledge_search": (*NEEDS["knowledge_search"], "opened_article_id", "linked_article_id or rated_useful")},
    also_needs=_find_needs,
    measure=knowledge_findability,
    options=(USERS, REFORMULATIONS, DWELL, WITHIN),
    gaming=GAMING,
    pairs=("time_to_find", "link_rate"),
    checks=(
        "link_accuracy",
        "short_dwell",
    ),
    source="S3 “find quickly what is needed”; KCS",
)

TIME_TO_FIND = Metric(
    id="time_to_find",
    code="H02",
    name=said("Time to find", "지식 검색 소요시간", "知识查找时长", "Thời gian tìm thấy"),
    numerator=said(
        "seconds from the first query until half have opened the article they linked, by Kaplan and Meier",
        "첫 검색부터 절반이 연결한 문서를 열 때까지의 초(카플란–마이어)",
        "自首次查询至一半打开所关联文章的秒数（Kaplan–Meier）",
        "số giây từ truy vấn đầu đến khi một nửa đã mở bài viết được liên kết, theo Kaplan–Meier",
    ),
    denominator=said(
        "searches for an answer", "답을 찾는 검색 세션", "为解决问题而进行的搜索", "lượt tìm để giải quyết vấn đề"
    ),
    symbols="inf{t: Ŝ(t) ≤ ½}",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    aggregation=Aggregation.SURVIVAL,
    interval=IntervalMethod.GREENWOOD,
    needs={"knowledge_search": (*NEEDS["knowledge_search"], *LINKS, "opened_at")},
    measure=time_to_find,
    options=(USERS,),
    gaming=GAMING,
    pairs=("knowledge_findability",),
    checks=("searched_after_contact",),
    source="S3; KCS",
)

ZERO_RESULT_RATE = Metric(
    id="zero_result_rate",
    code="H03",
    name=said("Zero-result rate", "검색 무결과율", "零结果率", "Tỷ lệ tìm không có kết quả"),
    numerator=said("of them without a result", "그중 결과 없음", "其中无结果的", "trong đó không có kết quả"),
    denominator=said("queries", "검색", "查询", "lượt truy vấn"),
    symbols="Q₀ ÷ Q",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs=NEEDS,
    measure=zero_result_rate,
    options=(USERS,),
    gaming=said("Always return junk.", "항상 쓸모없는 결과 주기.", "总返回无用结果。", "Luôn trả về kết quả vô ích."),
    pairs=("no_click_rate",),
    checks=("nothing_opened",),
    source="KCS",
)

NO_CLICK_RATE = Metric(
    id="no_click_rate",
    code="H03b",
    name=said("No-click rate", "검색 후 미열람률", "无点击率", "Tỷ lệ tìm mà không mở"),
    numerator=said(
        "of them with none opened", "그중 아무것도 열지 않음", "其中未打开任何结果的", "trong đó không mở kết quả nào"
    ),
    denominator=said("queries with results", "결과가 있는 검색", "有结果的查询", "lượt truy vấn có kết quả"),
    symbols="Q_unopened ÷ Q_answered",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.RATIO,
    interval=IntervalMethod.WILSON,
    needs={"knowledge_search": (*NEEDS["knowledge_search"], "opened_article_id")},
    measure=no_click_rate,
    options=(USERS,),
    gaming=GAMING,
    pairs=("zero_result_rate",),
    checks=("nothing_opened",),
    source="KCS",
)
