"""By what a number can be split: columns of the rows, of what the rows belong to, and local time.

A dimension names a column. Where the rows of a metric have it, it is taken from there; else it is looked up through a key that
they have: the channel of a segment through its contact, the region of a contact through its customer, the team of an agent as it
was at the event.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.asking.teams import of_moments, of_spans
from careloop.insight.kpis.asking.zones import LocalTime
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.words import Words
from careloop.kernel.sentences import gettext_noop

__all__ = ["DIMENSIONS", "TIMES", "Dimension", "Lookup", "Time", "at_local", "with_dimensions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Where to find a column that the rows lack: in `table`, by its key column that the rows have or can look up themselves."""

    table: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One way to split a number. column: of the rows. lookups: where else, in the order in which they are tried."""

    name: str
    column: str
    words: Words
    lookups: tuple[Lookup, ...] = ()


CONTACT = Lookup(table="contact", key="contact_id")
SEGMENT = Lookup(table="contact_segment", key="segment_id")
CUSTOMER = Lookup(table="customer", key="customer_id")
CASE = Lookup(table="case", key="case_id")
TEAM = Lookup(table="agent_team", key="agent_id")
# A whole contact belongs to the queue and the agent that handled it last.
LAST_LEG = Lookup(table="contact_segment", key="contact_id")

# Columns that are looked up on the way to others.
KEYS: Final[Mapping[str, tuple[Lookup, ...]]] = {
    "customer_id": (CONTACT, CASE),
    "case_id": (CONTACT,),
    "contact_id": (SEGMENT,),
}


def _dimension(name: str, column: str, *lookups: Lookup, en: str, ko: str, zh: str, vi: str) -> Dimension:
    return Dimension(name=name, column=column, lookups=lookups, words=Words(en=en, ko=ko, zh_hans=zh, vi=vi))


DIMENSIONS: Final[Mapping[str, Dimension]] = {
    dimension.name: dimension
    for dimension in (
        _dimension("queue", "queue_id", SEGMENT, LAST_LEG, en="queue", ko="큐", zh="队列", vi="hàng chờ"),
        _dimension("agent", "agent_id", SEGMENT, LAST_LEG, en="agent", ko="상담사", zh="坐席", vi="nhân viên"),
        _dimension("team", "team_id", TEAM, en="team", ko="팀", zh="班组", vi="nhóm"),
        _dimension("supervisor", "supervisor_id", TEAM, en="supervisor", ko="관리자", zh="主管", vi="quản lý nhóm"),
        _dimension("site", "site_id", CONTACT, TEAM, en="site", ko="센터", zh="站点", vi="địa điểm"),
        _dimension("channel", "channel", CONTACT, CASE, en="channel", ko="채널", zh="渠道", vi="kênh"),
        _dimension("direction", "direction", CONTACT, en="direction", ko="방향", zh="方向", vi="chiều"),
        _dimension("entry_point", "entry_point", CONTACT, en="entry point", ko="유입 경로", zh="接入点", vi="điểm vào"),
        _dimension("language", "language", CONTACT, en="language", ko="언어", zh="语言", vi="ngôn ngữ"),
        _dimension("reason", "reason_code", CONTACT, CASE, en="reason", ko="문의 사유", zh="来访原因", vi="lý do"),
        _dimension(
            "reason_group",
            "reason_group",
            CONTACT,
            CASE,
            en="reason group",
            ko="사유 그룹",
            zh="原因类别",
            vi="nhóm lý do",
        ),
        _dimension(
            "disposition", "disposition", CONTACT, en="disposition", ko="처리 결과", zh="处理结果", vi="kết quả xử lý"
        ),
        _dimension("outcome", "outcome", CONTACT, en="outcome", ko="종료 유형", zh="结束方式", vi="cách kết thúc"),
        _dimension(
            "segment", "segment", CUSTOMER, en="customer segment", ko="고객군", zh="客户群", vi="nhóm khách hàng"
        ),
        _dimension("region", "region", CUSTOMER, en="region", ko="지역", zh="地区", vi="khu vực"),
        _dimension("product", "product", CASE, en="product", ko="상품", zh="产品", vi="sản phẩm"),
        _dimension("priority", "priority", CASE, en="priority", ko="우선순위", zh="优先级", vi="mức ưu tiên"),
        _dimension(
            "owner_team", "owner_team", CASE, en="owning team", ko="담당 팀", zh="负责班组", vi="nhóm phụ trách"
        ),
        _dimension(
            "policy", "policy_id", en="commitment policy", ko="서비스 약속", zh="服务承诺", vi="chính sách cam kết"
        ),
        _dimension("category", "category", en="category", ko="분류", zh="类别", vi="loại"),
        _dimension("severity", "severity", en="severity", ko="심각도", zh="严重程度", vi="mức nghiêm trọng"),
        _dimension("programme", "programme", en="survey", ko="설문", zh="调研项目", vi="khảo sát"),
        _dimension("evaluator", "evaluator_id", en="evaluator", ko="평가자", zh="质检员", vi="người đánh giá"),
        _dimension("form", "form_id", en="form", ko="평가표", zh="评分表", vi="biểu mẫu"),
        _dimension("procedure", "procedure_id", en="procedure", ko="업무 절차", zh="流程", vi="quy trình"),
        _dimension("goal", "target_id", en="goal", ko="목표", zh="目标", vi="mục tiêu"),
        _dimension("source", "source", en="source", ko="출처", zh="数据源", vi="nguồn"),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """A bucket of local time. is_recurring: it comes again every day or week, so that it gathers many stretches of time."""

    name: str
    words: Words
    is_recurring: bool = False


def _time(name: str, *, en: str, ko: str, zh: str, vi: str, is_recurring: bool = False) -> Time:
    return Time(name=name, words=Words(en=en, ko=ko, zh_hans=zh, vi=vi), is_recurring=is_recurring)


TIMES: Final[Mapping[str, Time]] = {
    time.name: time
    for time in (
        _time("half_hour", en="half hour", ko="30분 구간", zh="半小时", vi="nửa giờ"),
        _time("quarter_hour", en="quarter of an hour", ko="15분 구간", zh="一刻钟", vi="mười lăm phút"),
        _time("hour", en="hour", ko="시간", zh="小时", vi="giờ"),
        _time("day", en="day", ko="일", zh="日", vi="ngày"),
        _time("week", en="week", ko="주", zh="周", vi="tuần"),
        _time("month", en="month", ko="월", zh="月", vi="tháng"),
        _time("weekday", en="weekday", ko="요일", zh="星期", vi="thứ", is_recurring=True),
        _time("time_of_day", en="time of day", ko="시간대", zh="时段", vi="khung giờ", is_recurring=True),
    )
}


def at_local(name: str, *, seconds: ir.IntegerValue, clock: LocalTime, first: int, last: int) -> ir.IntegerValue:
    """Return the bucket of local time as the engine groups it: whole seconds, see `zones`.

    name: of TIMES. seconds: UTC seconds. first, last: between which all of them lie.
    """
    match name:
        case "half_hour":
            return clock.half_hour(seconds)
        case "quarter_hour":
            return clock.quarter_hour(seconds)
        case "hour":
            return clock.hour(seconds)
        case "day":
            return clock.day(seconds)
        case "week":
            return clock.week(seconds)
        case "month":
            return clock.month(seconds, first=first, last=last)
        case "weekday":
            return clock.weekday(seconds)
        case "time_of_day":
            return clock.time_of_day(seconds)
    raise AssertionError(name)


def with_dimensions(
    rows: ir.Table,
    columns: Iterable[str],
    *,
    facts: Facts,
    at: str,
    lookups: Mapping[str, Sequence[Lookup]],
    ends: str | None = None,
) -> ir.Table:
    """Add columns that rows lack, looked up through their keys; each row stays one row, but for spans whose agent changed teams.

    columns: needed. at: the instant that says which team an agent was in. lookups: column to where it may be found.
    ends: where rows are spans from `at` on, the instant of their end; each belongs to every team it was spent in, see `of_spans`.

    Raises BadQuestion for a column that no key of these rows leads to.
    """
    for column in columns:
        rows = _added(rows, column, facts=facts, at=at, ends=ends, lookups=lookups, trail=())
    return rows


def _added(
    rows: ir.Table,
    column: str,
    *,
    facts: Facts,
    at: str,
    ends: str | None,
    lookups: Mapping[str, Sequence[Lookup]],
    trail: tuple[str, ...],
) -> ir.Table:
    if column in rows.columns:
        return rows
    for lookup in (*lookups.get(column, ()), *(KEYS.get(column, ()) if column not in lookups else ())):
        if lookup.table in trail or not facts.has(lookup.table) or column not in facts[lookup.table].columns:
            continue
        try:
            keyed = _added(
                rows, lookup.key, facts=facts, at=at, ends=ends, lookups=lookups, trail=(*trail, lookup.table)
            )
        except BadQuestion:
            continue
        return _joined(keyed, column, lookup, facts=facts, at=at, ends=ends)
    raise BadQuestion(
        gettext_noop(
            "These numbers cannot be split or narrowed by “%(name)s”: nothing leads from what they count to it."
        ),
        name=next((known.name for known in DIMENSIONS.values() if known.column == column), column),
    )


def _joined(rows: ir.Table, column: str, lookup: Lookup, *, facts: Facts, at: str, ends: str | None) -> ir.Table:
    found = facts[lookup.table]
    if lookup is LAST_LEG:
        found = found.filter(is_true(found["exit"] == "answered"))
        order = ibis.window(group_by=found.contact_id, order_by=[ibis.desc(found.seq), found.segment_id])
        found = found.mutate(leg_place=ibis.row_number().over(order))
        found = found.filter(found.leg_place == 0)
    if lookup is TEAM:
        if ends is not None:
            return of_spans(rows, column, facts=facts, starts=at, ends=ends)
        return of_moments(rows, column, facts=facts, at=at)
    right = found.select(**{f"{column}_key": found[lookup.key], column: found[column]})
    return rows.left_join(right, rows[lookup.key] == right[f"{column}_key"]).drop(f"{column}_key")
