"""Every pair of colors that stands together in the kit is readable, by day and by night."""

import re
from pathlib import Path

import pytest

from careloop.ui import brand
from careloop.ui.brand import contrast

STYLES = Path(brand.__file__).parent / "frontend" / "styles"
TOKENS = re.findall(
    r"--([a-z0-9-]+): (?:var\(--brand-[a-z-]+, )?light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)",
    (STYLES / "tokens.css").read_text(encoding="utf-8"),
)
COLORS = {name: (day, night) for name, day, night in TOKENS}
MEANINGS = ("new", "open", "waiting", "due-soon", "missed", "solved", "closed", "machine", "internal")
HUES = tuple(f"hue-{number}" for number in range(8))

WORDS = [
    *((ink, ground) for ink in ("ink", "ink-soft", "ink-faint") for ground in ("canvas", "surface", "raised", "sunken", "hover")),
    *((name, f"{name}-soft") for name in (*MEANINGS, *HUES)),
    *((name, ground) for name in MEANINGS for ground in ("canvas", "surface", "raised")),
    *(("ink", f"{name}-soft") for name in MEANINGS),
    *(("ink-soft", f"{name}-soft") for name in ("internal", "machine")),
    *(("accent-text", ground) for ground in ("canvas", "surface", "raised", "accent-soft", "internal-soft")),
    ("on-accent", "accent"),
    ("on-danger", "danger-fill"),
    ("danger", "surface"),
    ("danger", "canvas"),
]  # fmt: skip
SHAPES = [(shape, ground) for shape in ("line-strong", "focus", "accent") for ground in ("canvas", "surface")]


@pytest.mark.parametrize(("ink", "ground"), WORDS)
def test_words_are_readable(ink: str, ground: str) -> None:
    ratios = [contrast(a, b) for a, b in zip(COLORS[ink], COLORS[ground], strict=True)]

    assert min(ratios) >= 4.5, f"{ink} on {ground}: {ratios}"


@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_made_out(shape: str, ground: str) -> None:
    ratios = [contrast(a, b) for a, b in zip(COLORS[shape], COLORS[ground], strict=True)]

    assert min(ratios) >= 3, f"{shape} on {ground}: {ratios}"


def test_brand_is_measured_on_the_grounds_that_are_used() -> None:
    assert COLORS["sunken"][0] == brand.DAY_GROUND
    assert (COLORS["raised"][1], COLORS["surface"][1]) == (brand.NIGHT_GROUND, brand.NIGHT_SURFACE)


def test_meanings_are_not_told_again_outside_the_tokens() -> None:
    meanings = {color for name in MEANINGS for color in COLORS[name]}
    for path in STYLES.glob("*.css"):
        if path.name != "tokens.css":
            told = set(re.findall(r"#[0-9a-f]{6}\b", path.read_text(encoding="utf-8")))
            assert not told & meanings, path.name
