"""Whether machines sort every class well, and know how sure they may be (C12)."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from careloop.insight.kpis.asking.columns import is_true, number, text
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.catalogue.resolution.triage import ASPECT, AUDITED, GAMING, NEEDS, audited
from careloop.insight.kpis.intervals import SEED
from careloop.insight.kpis.measures.kinds import Finished, Pooled
from careloop.insight.kpis.metric import Aggregation, Direction, IntervalMethod, Metric, Unit
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import said
from careloop.insight.stats.arrays import Floats

__all__ = ["TRIAGE_CALIBRATION_ERROR", "TRIAGE_MACRO_F1"]

BINS = 10
REPLICATES = 1_000


def triage_macro_f1(facts: Facts, options: Options) -> Pooled:
    """Mean over classes of F1, each class counting the same however rare it is."""
    rows, weight = audited(facts, options)

    def finish(values: Mapping[str, list[object]], counts: Floats) -> Finished:
        names = sorted({str(name) for role in ("predicted", "final") for name in values[role]})
        places = {name: place for place, name in enumerate(names)}
        predicted, final = ([places[str(name)] for name in values[role]] for role in ("predicted", "final"))
        weights = np.array([float(str(weight)) for weight in values["weight"]])

        def macro(drawn: Floats) -> Floats:
            """Work out macro-F1 of each line of counts: (m,) from (m, combinations)."""
            table = np.zeros((3, len(names), drawn.shape[0]))
            mass = (drawn * weights).T
            np.add.at(table[0], np.array(predicted), mass)
            np.add.at(table[1], np.array(final), mass)
            is_right = np.array(predicted) == np.array(final)
            np.add.at(table[2], np.array(final)[is_right], mass[is_right])
            both = table[0] + table[1]
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.asarray(np.nanmean(np.where(both > 0, 2 * table[2] / both, np.nan), axis=0))

        return _drawn(counts, macro)

    return Pooled(
        rows=rows,
        values={"predicted": rows.predicted, "final": rows.final, "weight": weight},
        at="at",
        finish=finish,
        where=(weight > 0) & rows.final.notnull(),
        method="B",
    )


def triage_calibration_error(facts: Facts, options: Options) -> Pooled:
    """How far the chance that the model named lies from the share that was right, over ten classes of chance."""
    rows, weight = audited(facts, options)

    def finish(values: Mapping[str, list[object]], counts: Floats) -> Finished:
        chance = np.array([float(str(value)) for value in values["probability"]])
        right = np.array([bool(value) for value in values["is_right"]], dtype=np.float64)
        weights = np.array([float(str(weight)) for weight in values["weight"]])
        bins = np.minimum((chance * BINS).astype(np.int64), BINS - 1)

        def error(drawn: Floats) -> Floats:
            """Work out the error of each line of counts: (m,) from (m, combinations)."""
            mass = drawn * weights
            gaps = np.zeros((BINS, drawn.shape[0]))
            np.add.at(gaps, bins, (mass * (right - chance)).T)
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.asarray(np.abs(gaps).sum(axis=0) / mass.sum(axis=1))

        return _drawn(counts, error)

    return Pooled(
        rows=rows,
        values={
            "probability": number(rows, "probability"),
            "is_right": is_true(text(rows, "predicted") == text(rows, "final")),
            "weight": weight,
        },
        at="at",
        finish=finish,
        where=(weight > 0) & rows.final.notnull() & rows.probability.notnull(),
        method="B",
    )


def _drawn(counts: Floats, figure: Callable[[npt.NDArray[np.float64]], Floats]) -> Finished:
    """Work out a figure of counted combinations, and its interval by drawing the rows again (percentile)."""
    many = int(counts.sum())
    if not many:
        return Finished(value=None)
    value = float(figure(counts[None, :])[0])
    if many < 2:
        return Finished(value=value, n=many)
    generator = np.random.default_rng(SEED)
    found = figure(generator.multinomial(many, counts / many, size=REPLICATES).astype(np.float64))
    low, high = np.nanquantile(found, [0.025, 0.975])
    return Finished(value=value, low=float(low), high=float(high), n=many)


TRIAGE_MACRO_F1 = Metric(
    id="triage_macro_f1",
    code="C12b",
    name=said("Triage macro-F1", "자동분류 매크로 F1", "自动分类宏平均F1", "Macro-F1 của phân loại tự động"),
    numerator=said(
        "F1 of each class, precision and recall alike, added up",
        "분류별 F1(정밀도와 재현율의 조화평균)의 합",
        "各类别 F1（精确率与召回率的调和平均）之和",
        "tổng F1 của từng loại (trung bình điều hòa của độ chính xác và độ phủ)",
    ),
    denominator=said(
        "classes seen in the audit", "감사에 나타난 분류 수", "抽查中出现的类别数", "số loại xuất hiện trong mẫu kiểm"
    ),
    symbols="(1/K) · Σ_k 2·TP_k ÷ (predicted_k + final_k)",
    unit=Unit.SHARE,
    direction=Direction.HIGHER,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.BOOTSTRAP,
    needs=NEEDS,
    measure=triage_macro_f1,
    options=(ASPECT,),
    gaming=GAMING,
    pairs=("triage_accuracy", "triage_recall"),
    checks=("audit_not_random", "verified_class_mix"),
    source="S0 item 9",
)
TRIAGE_CALIBRATION_ERROR = Metric(
    id="triage_calibration_error",
    code="C12d",
    name=said("Triage calibration error", "자동분류 보정 오차", "自动分类校准误差", "Sai số hiệu chuẩn của phân loại"),
    numerator=said(
        "distance between the chance named and the share that was right, over ten classes of chance, weighted",
        "예측 확률과 실제 적중률의 차이, 10개 확률 구간, 가중",
        "所报概率与正确比例之差，按十个概率区间，加权",
        "khoảng cách giữa xác suất đưa ra và tỷ lệ đúng, theo mười bậc xác suất, có trọng số",
    ),
    denominator=AUDITED,
    symbols="Σ_b |Σ w·(right − p)| ÷ Σ w",
    unit=Unit.SHARE,
    direction=Direction.LOWER,
    aggregation=Aggregation.INDEX,
    interval=IntervalMethod.BOOTSTRAP,
    needs={"triage_prediction": (*NEEDS["triage_prediction"], "probability")},
    measure=triage_calibration_error,
    options=(ASPECT,),
    gaming=GAMING,
    pairs=("triage_accuracy",),
    checks=("audit_not_random", "verified_class_mix"),
    source="S0 item 9; Guo et al. 2017",
)
