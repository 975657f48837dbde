"""Charts as pictures, for mails, printed pages and terminals. Needs the extra `charts`."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from careloop.insight.charts.parts import Spec

__all__ = ["FAMILIES", "FONT_FILE", "PicturesMissing", "font_path", "png_of", "svg_of"]

FAMILIES: Final = {"ko": "Noto Sans CJK KR", "zh-hans": "Noto Sans CJK SC"}
"""The family of the collection that has a language's own shapes of shared characters; any other language takes the Korean one,
whose Latin letters, Vietnamese ones included, are the same in all."""
FONT_FILE: Final = "NotoSansCJK-Regular.ttc"
INK, SOFT, FAINT, LINE, GROUND = "#211e1a", "#5a534a", "#6e665c", "#e5e0d9", "#ffffff"
BLUE, ORANGE, RED = "#1d63b0", "#a85200", "#b0271f"
HEAT: Final = ["#eef3f9", "#c3d7ee", "#86b0dc", "#3f7fc0", "#12457f"]


class PicturesMissing(Exception):
    """The libraries that draw and print are not installed."""


def png_of(spec: Spec, *, width: int, language: str, scale: float = 2.0) -> bytes:
    """Draw a specification as PNG, in the page's colors by day.

    width: in pixels, before `scale`. language: of the words in it, a code such as "ko". Raises PicturesMissing.
    """
    return bytes(_library().vegalite_to_png(_sized(spec, width), scale=scale, config=_config(language)))


def svg_of(spec: Spec, *, width: int, language: str) -> str:
    """Draw a specification as SVG, in the page's colors by day; see `png_of`. Its words stay words. Raises PicturesMissing."""
    return str(_library().vegalite_to_svg(_sized(spec, width), config=_config(language)))


def font_path() -> Path:
    """Return the font collection that knows Latin, Korean and Chinese. Raises PicturesMissing."""
    return Path(str(_module("noto_cjk_sans_otc").FONT_PATH))


def _library() -> Any:
    drawing = _module("vl_convert")
    _register(str(font_path().parent))
    return drawing


@cache
def _register(folder: str) -> None:
    _module("vl_convert").register_font_directory(folder)


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise PicturesMissing(name) from error


def _sized(spec: Spec, width: int) -> Spec:
    """Give a chart its width; charts that stand under each other have one each."""
    return spec if "vconcat" in spec else {**spec, "width": width}


VIETNAMESE: Final = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]}


def _config(language: str) -> dict[str, Any]:
    """Return what islands/chart-view.ts gives the page: a color for each style that specifications name."""
    font = FAMILIES.get(language, FAMILIES["ko"])
    quiet = {"labelColor": SOFT, "titleColor": SOFT, "labelFont": font, "titleFont": font}
    small = {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": 500}
    return {
        "background": GROUND,
        "font": font,
        **({"locale": {"number": VIETNAMESE}} if language == "vi" else {}),
        "view": {"stroke": None},
        "axis": {
            **quiet, **small, "gridColor": LINE, "domain": False, "ticks": False, "labelPadding": 6, "titlePadding": 8,
        },
        "axisX": {"grid": False, "domain": True, "domainColor": LINE},
        "legend": {**quiet, **small},
        "title": {
            "font": font, "fontSize": 15, "fontWeight": 500, "color": INK, "offset": 14,
            "subtitleFont": font, "subtitleFontSize": 11, "subtitleColor": SOFT, "subtitlePadding": 5,
        },
        "range": {"heatmap": HEAT, "ramp": HEAT},
        # `color` where Vega-Lite gives a mark one by itself; it passes over `fill` and `stroke` there.
        "style": {
            "line": {"color": BLUE, "strokeWidth": 2, "strokeJoin": "round"},
            "dot": {"color": BLUE, "stroke": BLUE, "strokeWidth": 1.5, "size": 28, "filled": True},
            "interval": {"color": BLUE, "fillOpacity": 0.14, "stroke": None},
            "center": {"color": FAINT, "strokeWidth": 1},
            "limit": {"color": FAINT, "strokeWidth": 1, "strokeDash": [4, 4], "interpolate": "step"},
            "goal": {"color": ORANGE, "strokeWidth": 1.5, "strokeDash": [8, 3]},
            "beyond": {
                "shape": "diamond", "color": RED, "stroke": GROUND, "strokeWidth": 1.5, "size": 110, "filled": True,
            },
            "column": {"color": BLUE, "cornerRadiusEnd": 2},
            "whisker": {"color": INK, "strokeWidth": 1.5},
            "cell": {"stroke": GROUND, "strokeWidth": 1},
            "note": {"color": SOFT, "font": font, "fontSize": 11},
        },
    }  # fmt: skip
