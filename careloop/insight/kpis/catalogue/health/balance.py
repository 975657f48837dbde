"""Whether quality and efficiency help or hinder each other (J06)."""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np

from careloop.insight.kpis.asking.columns import is_true, number
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.episode_options import OPTIONS as FCR_OPTIONS
from careloop.insight.kpis.catalogue.episodes import NEEDS, episodes
from careloop.insight.kpis.catalogue.quality.evaluations import JUDGE, drawn
from careloop.insight.kpis.intervals import bootstrap_ratio
from careloop.insight.kpis.measures.kinds import Finished, Inner, Layer, Layered, Sum
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Choice, Number, Options, chosen
from careloop.insight.kpis.results import Row
from careloop.insight.kpis.words import said
from careloop.insight.stats.comparison import shrunken_shares
from careloop.insight.stats.panel import within_moves

__all__ = ["BALANCE_INDEX", "Balance", "balance_of"]

FEWEST_UNITS = 5


class Balance(StrEnum):
    """SYNERGY: where a team becomes faster it becomes better. TRADE_OFF: it becomes worse. NO_EVIDENCE: neither can be told."""

    SYNERGY = "synergy"
    TRADE_OFF = "trade_off"
    NO_EVIDENCE = "no_evidence"


def balance_of(row: Row) -> Balance | None:
    """Say what the slope tells, from its interval and never from its value alone; None where there is no slope."""
    if row.value is None:
        return None
    if row.low is not None and row.low > 0:
        return Balance.SYNERGY
    return Balance.TRADE_OFF if row.high is not None and row.high < 0 else Balance.NO_EVIDENCE


def balance_index(facts: Facts, options: Options) -> Layered:
    """By how much the quality of a team rises in weeks in which it resolves one issue more per paid hour than it usually does."""
    issues = episodes(facts, chosen(FCR_OPTIONS, {}))
    days = facts["paid_time"]
    counted = issues.is_anchor & issues.is_matured
    per = ("team", "week")
    if options.choice("quality") == "fcr":
        quality = {
            "good": Sum(rows=issues, value=counted & ~issues.is_followed, at="arrived_at"),
            "judged": Sum(rows=issues, value=counted, at="arrived_at"),
        }
    else:
        found = drawn(facts, chosen((JUDGE,), {}))
        has_error = (
            is_true(found.rows.critical_customer)
            | is_true(found.rows.critical_business)
            | is_true(found.rows.critical_compliance)
        )
        quality = {
            "good": Sum(rows=found.rows, value=found.counts & ~has_error, at="evaluated_at"),
            "judged": Sum(rows=found.rows, value=found.counts, at="evaluated_at"),
        }

    def finish(inner: Mapping[str, Inner]) -> Finished:
        return _finished(inner, fewest=int(options.number("fewest")))

    return Layered(
        layers={
            "paid": Layer(sums={"paid_s": Sum(rows=days, value=number(days, "paid_s"), at="local_date")}, per=per),
            "solved": Layer(
                sums={"solved": Sum(rows=issues, value=counted & ~issues.is_followed, at="arrived_at")}, per=per
            ),
            "quality": Layer(sums=quality, per=per),
        },
        finish=finish,
        method="B",
    )


def _finished(inner: Mapping[str, Inner], *, fewest: int) -> Finished:
    figures: dict[tuple[object, object], dict[str, float]] = {}
    for layer in inner.values():
        places = zip(layer.keys["team"], layer.keys["week"], strict=True)
        for row, (team, week) in enumerate(places):
            if team is not None:
                figures.setdefault((team, week), {}).update({name: float(v[row]) for name, v in layer.sums.items()})
    whole = {
        place: found
        for place, found in sorted(figures.items(), key=lambda one: (str(one[0][0]), one[0][1]))
        if found.get("paid_s", 0) > 0 and found.get("judged", 0) > 0
    }
    teams = {team: number for number, team in enumerate(sorted({team for team, _week in whole}, key=str))}
    weeks = {week: number for number, week in enumerate(sorted({week for _team, week in whole}, key=str))}
    if len(teams) < FEWEST_UNITS or len(whole) < fewest:
        return Finished(value=None, n=len(whole))
    rows = list(whole.values())
    moves = within_moves(
        units=[teams[team] for team, _week in whole],
        periods=[weeks[week] for _team, week in whole],
        x=[row.get("solved", 0.0) * 3600 / row["paid_s"] for row in rows],
        y=shrunken_shares(successes=[row["good"] for row in rows], trials=[row["judged"] for row in rows]),
    )
    if moves.slope is None:
        return Finished(value=None, n=len(whole))
    bounds = bootstrap_ratio(
        codes=np.zeros(len(teams), dtype=np.int64), cells=1, numerators=moves.products, denominators=moves.squares
    )
    low, high = (None if np.isnan(end[0]) else float(end[0]) for end in (bounds.low, bounds.high))
    return Finished(value=moves.slope, low=low, high=high, n=len(whole))


BALANCE_INDEX = Metric(
    id="balance_index",
    code="J06",
    name=said("Quality–efficiency balance", "품질·효율 균형", "质量效率平衡", "Cân bằng chất lượng – hiệu suất"),
    numerator=said(
        "change of a team’s shrunken quality with one issue more resolved per paid hour, team and week effects taken off: "
        "above 0 synergy, below 0 a trade-off, no evidence where the interval holds 0",
        "유급시간당 해결 문의가 1건 늘 때 팀의 (축소추정) 품질 변화, 팀·주 효과 제거: 0 초과 동반상승, 0 미만 상충, "
        "구간에 0이 있으면 증거 없음",
        "每计薪小时多解决一个问题时班组（收缩后）质量的变化，剔除班组与周效应：大于 0 为协同，小于 0 为此消彼长，区间含 0 为无证据",
        "chất lượng (đã co) của nhóm thay đổi bao nhiêu khi giải quyết thêm một vấn đề mỗi giờ trả lương, đã bỏ hiệu ứng nhóm và "
        "tuần: trên 0 là cộng hưởng, dưới 0 là đánh đổi, khoảng chứa 0 là không có bằng chứng",
    ),
    denominator=said("teams and weeks", "팀·주", "班组·周", "nhóm và tuần"),
    symbols="q_it = α_i + γ_t + β·e_it",
    unit=Unit.INDEX,
    direction=Direction.HIGHER,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.BOOTSTRAP,
    needs={**NEEDS, "paid_time": ("agent_id", "local_date", "paid_s"), "agent_team": ("agent_id", "team_id")},
    also_needs=lambda options: (
        {}
        if options.choice("quality") == "fcr"
        else {"evaluation": ("agent_id", "evaluated_at", "sample_kind", "inclusion_prob", "critical_customer")}
    ),
    measure=balance_index,
    maturity_seconds=lambda _options: 7 * 86_400.0,
    options=(
        Choice(
            name="quality",
            default="fcr",
            choices=("fcr", "no_critical_error"),
            meaning=said(
                "what quality is: resolved at first contact, or judged without a critical error",
                "품질 기준: 최초 해결 또는 치명적 오류 없음",
                "质量指一次解决，或无致命差错",
                "chất lượng là giải quyết ngay lần đầu, hay không có lỗi nghiêm trọng",
            ),
        ),
        Number(
            name="fewest",
            default=30,
            least=6,
            meaning=said(
                "below so many teams × weeks there is no number, nor with fewer than five teams",
                "팀×주가 이보다 적거나 팀이 5개 미만이면 수치를 내지 않음",
                "班组×周少于此数或班组不足五个时不给出数值",
                "dưới số nhóm × tuần này, hoặc ít hơn năm nhóm, thì không có số",
            ),
        ),
    ),
    gaming=said(
        "Put both into one score, where one hides the other.",
        "둘을 한 점수로 합쳐 서로를 가리기.",
        "把两者并成一个分数，互相掩盖。",
        "Gộp cả hai thành một điểm để cái này che cái kia.",
    ),
    pairs=("fcr_issue", "contacts_per_8h", "critical_error_rate"),
    source="S3 此消彼长; S1; metrics.md §3.5",
)
