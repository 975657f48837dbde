"""Several charts in one picture, each under its title."""

from collections.abc import Sequence
from dataclasses import dataclass

from careloop.insight.charts.parts import SCHEMA, Spec

__all__ = ["Titled", "stacked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """A chart of this room with what must be known to read it. title: one line. lines: smaller ones beneath the title."""

    spec: Spec
    title: str
    lines: Sequence[str] = ()


def stacked(charts: Sequence[Titled], *, width: int) -> Spec:
    """Draw charts under each other. width: of each, in pixels, without what stands beside its axes."""
    parts = [
        {
            **{key: value for key, value in one.spec.items() if key not in {"$schema", "autosize"}},
            "width": width,
            "title": {"text": one.title, "subtitle": list(one.lines), "anchor": "start", "frame": "group"},
        }
        for one in charts
    ]
    return {"$schema": SCHEMA, "vconcat": parts, "spacing": 28, "resolve": {"scale": {"color": "independent"}}}
