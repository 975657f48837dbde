"""The lowest or highest share that any agent has, where all should have about the same (metrics.md D06, G05)."""

from collections.abc import Mapping

import numpy as np

from careloop.insight.kpis.measures.kinds import Finished, Inner, Layer, Layered, Ratio, Sum
from careloop.insight.kpis.options import Choice, Number
from careloop.insight.kpis.words import said

__all__ = ["FEWEST", "OF_WHOM", "of_agents"]

OF_WHOM = Choice(
    name="of",
    default="all",
    choices=("all", "lowest_agent", "highest_agent"),
    meaning=said(
        "of all together, or of the agent who has least or most of it",
        "전체, 또는 가장 낮거나 높은 상담사",
        "全体，或最低、最高的坐席",
        "của tất cả, hay của nhân viên thấp nhất hoặc cao nhất",
    ),
)
FEWEST = Number(
    name="fewest",
    default=10,
    least=1,
    meaning=said(
        "how many contacts an agent needs to be looked at as lowest or highest",
        "최저·최고를 볼 때 상담사별 최소 접촉 수",
        "计算最低或最高时，坐席所需的最少联络数",
        "số liên hệ tối thiểu của nhân viên để xét thấp nhất hay cao nhất",
    ),
)


def of_agents(share: Ratio, *, of: str, fewest: float) -> Layered:
    """Take the share of each agent, and return the lowest or the highest of them.

    share: of two sums. of: lowest_agent or highest_agent. fewest: how much an agent needs in the denominator.
    """
    if not (isinstance(share.numerator, Sum) and isinstance(share.denominator, Sum)):
        raise TypeError(share)
    sums = {"x": share.numerator, "n": share.denominator}

    def finish(inner: Mapping[str, Inner]) -> Finished:
        cells = inner["agents"]
        is_known = np.array([agent is not None for agent in cells.keys["agent"]], dtype=np.bool_)
        counted = is_known & (cells.sums["n"] >= fewest)
        shares = cells.sums["x"][counted] / cells.sums["n"][counted]
        n = int(cells.sums["n"][counted].sum())
        if not len(shares):
            return Finished(value=None, n=n)
        return Finished(value=float(shares.min() if of == "lowest_agent" else shares.max()), n=n)

    return Layered(layers={"agents": Layer(sums=sums, per=("agent",))}, finish=finish)
