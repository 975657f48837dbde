"""Whether complaints are concentrated in few places (F08). What stands, not what changed: for that see hotspots."""

from collections.abc import Callable, Mapping

import numpy as np

from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.complaints.received import complaints
from careloop.insight.kpis.intervals import SEED
from careloop.insight.kpis.measures.kinds import Finished, Pooled
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit, Variant
from careloop.insight.kpis.options import Choice, Number, Options
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.bootstrap import REPLICATES

__all__ = ["PARETO_CELLS", "PARETO_SHARE", "cells_covering", "gini"]

COVER = Number(
    name="cover",
    default=0.8,
    least=0.01,
    most=1,
    meaning=said(
        "the share of complaints that the cells have to cover",
        "칸들이 포함해야 하는 불만 비율",
        "各单元须覆盖的投诉比例",
        "tỷ lệ khiếu nại mà các ô phải bao gồm",
    ),
)
STATISTIC = Choice(
    name="statistic",
    default="share",
    choices=("share", "gini"),
    meaning=said(
        "complaints in the smallest set of cells that covers enough, as a share of all; or the Gini coefficient over cells",
        "충분히 포함하는 최소 칸 집합의 불만 비율, 또는 칸별 지니 계수",
        "达到覆盖的最小单元集中的投诉占比；或各单元的基尼系数",
        "tỷ lệ khiếu nại trong tập ô nhỏ nhất đủ bao gồm; hoặc hệ số Gini theo ô",
    ),
)
GAMING = said("Vague codes.", "모호한 코드.", "含糊的编码。", "Mã phân loại mơ hồ.")
NEEDS = {"complaint": ("received_at", "reason_group", "product")}


def cells_covering(counts: Floats, cover: float) -> tuple[int, float]:
    """Return how many of the fullest cells cover a share of all, and how much is in them."""
    ordered = np.sort(counts)[::-1]
    filled = np.cumsum(ordered)
    place = int(np.searchsorted(filled, cover * filled[-1] - 1e-9, side="left"))
    return place + 1, float(filled[place])


def gini(counts: Floats) -> float:
    """Return 0 where all cells hold the same, towards 1 where one holds all."""
    ordered = np.sort(counts)
    n = len(ordered)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered) / (n * float(ordered.sum()))


def _finish(statistic: Callable[[Floats], float]) -> Callable[[Mapping[str, list[object]], Floats], Finished]:
    """Bound a statistic of counts by drawing complaints again."""

    def finish(_values: Mapping[str, list[object]], counts: Floats) -> Finished:
        n = int(counts.sum())
        if n == 0:
            return Finished(value=None)
        drawn = np.random.default_rng(SEED).multinomial(n, counts / counts.sum(), size=REPLICATES).astype(np.float64)
        low, high = np.quantile([statistic(each) for each in drawn], [0.025, 0.975]) if n > 1 else (np.nan, np.nan)
        return Finished(value=statistic(counts), low=float(low), high=float(high), denominator=n, n=n)

    return finish


def _pooled(facts: Facts, statistic: Callable[[Floats], float]) -> Pooled:
    rows = complaints(facts)
    return Pooled(
        rows=rows,
        values={"reason": rows.reason_group, "product": rows["product"]},
        at="received_at",
        finish=_finish(statistic),
        method="B",
    )


def pareto_share(facts: Facts, options: Options) -> Pooled:
    """How much the smallest set of reason × product cells holds, or how unequal they are."""
    cover = options.number("cover")
    if options.choice("statistic") == "gini":
        return _pooled(facts, gini)
    return _pooled(facts, lambda counts: cells_covering(counts, cover)[1] / float(counts.sum()))


def pareto_cells(facts: Facts, options: Options) -> Pooled:
    """How many reason × product cells it takes to cover a share of complaints."""
    cover = options.number("cover")
    return _pooled(facts, lambda counts: float(cells_covering(counts, cover)[0]))


PARETO_SHARE = Metric(
    id="pareto_share",
    code="F08",
    name=said(
        "Hotspot concentration", "불만 집중도(파레토)", "投诉热点集中度", "Mức tập trung điểm nóng khiếu nại (Pareto)"
    ),
    numerator=said(
        "complaints in the smallest set of reason × product cells covering 80 %",
        "80 %를 포함하는 최소 사유 × 상품 칸의 불만",
        "覆盖 80 % 的最小“原因 × 产品”单元集中的投诉",
        "khiếu nại trong tập ô lý do × sản phẩm nhỏ nhất bao gồm 80 %",
    ),
    denominator=said("complaints", "불만", "投诉", "khiếu nại"),
    symbols="Σ_{top} k ÷ K",
    unit=Unit.SHARE,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    measure=pareto_share,
    options=(COVER, STATISTIC),
    variants=(
        Variant(
            option="statistic",
            setting="gini",
            numerator=said(
                "how unequally complaints are spread over reason × product cells: 0 alike, towards 1 all in one",
                "사유 × 상품 칸에 불만이 쏠린 정도: 0은 고름, 1에 가까우면 한 칸에 집중",
                "投诉在“原因 × 产品”单元间的不均程度：0 为均匀，趋近 1 为集中于一处",
                "mức phân bố khiếu nại không đều giữa các ô lý do × sản phẩm: 0 là đều, gần 1 là dồn vào một ô",
            ),
            symbols="Σ (2i − m − 1)·kᵢ ÷ (m·K)",
            unit=Unit.INDEX,
        ),
    ),
    gaming=GAMING,
    pairs=("pareto_cells", "reason_other_share"),
    checks=("other_share",),
    source="S3 “worst-hit areas”",
)

PARETO_CELLS = Metric(
    id="pareto_cells",
    code="F08b",
    name=said(
        "Cells that hold most complaints",
        "불만 대부분이 모인 칸 수",
        "集中多数投诉的单元数",
        "Số ô chứa phần lớn khiếu nại",
    ),
    numerator=said(
        "how many reason × product cells it takes to cover 80 % of complaints",
        "불만의 80 %를 포함하는 데 필요한 사유 × 상품 칸 수",
        "覆盖 80 % 投诉所需的“原因 × 产品”单元数",
        "cần bao nhiêu ô lý do × sản phẩm để bao gồm 80 % khiếu nại",
    ),
    symbols="min{m: Σ_{top m} k ≥ 0.8·K}",
    unit=Unit.COUNT,
    direction=Direction.CONTEXT,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    measure=pareto_cells,
    options=(COVER,),
    gaming=GAMING,
    pairs=("pareto_share", "reason_other_share"),
    checks=("other_share",),
    source="S3 “worst-hit areas”",
)
