"""A workspace's color, made readable by day and by night."""

import re

from django.utils.translation import gettext_lazy as _

from careloop.kernel.errors import Refusal

__all__ = ["UnreadableColor", "brand_css", "contrast"]

Color = tuple[float, float, float]

WHITE: Color = (1.0, 1.0, 1.0)
BLACK: Color = (0.0, 0.0, 0.0)
# The grounds of tokens.css that an accent has to stand on: the darkest by day, the lightest by night.
DAY_GROUND, NIGHT_GROUND, NIGHT_SURFACE = "#f1eeea", "#25231f", "#1c1b18"
TEXT_CONTRAST, SHAPE_CONTRAST = 4.5, 3.0
STEP = 0.02


class UnreadableColor(Refusal):
    """What was given is not a color."""


def brand_css(accent: str) -> str:
    """Write the stylesheet of a workspace's color: custom properties for light and dark, and nothing else.

    accent: the brand's color as #rgb or #rrggbb.

    Returns CSS that sets --brand-accent (a fill, 3:1 to the page), --brand-on-accent (text on it, 4.5:1), --brand-text
    (links and words, 4.5:1 on the page and on the soft ground) and --brand-soft, each for day and night. A color that
    is too pale or too dark is moved toward black or white until it is readable.
    Raises UnreadableColor when the input is not a color.
    Source: WCAG 2.2, 1.4.3 and 1.4.11, relative luminance and contrast ratio.
    """
    color = _parsed(accent)
    day_fill = _toward(color, BLACK, grounds=(_parsed(DAY_GROUND),), ratio=SHAPE_CONTRAST)
    night_fill = _toward(color, WHITE, grounds=(_parsed(NIGHT_GROUND),), ratio=SHAPE_CONTRAST)
    day_soft, night_soft = _mixed(color, WHITE, 0.88), _mixed(color, _parsed(NIGHT_SURFACE), 0.78)
    day_text = _toward(color, BLACK, grounds=(_parsed(DAY_GROUND), day_soft), ratio=TEXT_CONTRAST)
    night_text = _toward(color, WHITE, grounds=(_parsed(NIGHT_GROUND), night_soft), ratio=TEXT_CONTRAST)
    pairs = {
        "accent": (day_fill, night_fill),
        "on-accent": (_ink_on(day_fill), _ink_on(night_fill)),
        "text": (day_text, night_text),
        "soft": (day_soft, night_soft),
    }
    lines = [f"  --brand-{name}: light-dark({_hex(day)}, {_hex(night)});" for name, (day, night) in pairs.items()]
    return "\n".join([":root {", *lines, "}", ""])


def contrast(one: str, other: str) -> float:
    """Measure how well two colors stand apart.

    one, other: colors as #rgb or #rrggbb.

    Returns the WCAG ratio, 1 (the same) to 21 (black on white). Raises UnreadableColor.
    """
    return _ratio(_parsed(one), _parsed(other))


def _parsed(text: str) -> Color:
    match = re.fullmatch(r"#([0-9a-f]{3}|[0-9a-f]{6})", text.strip().lower())
    if match is None:
        raise UnreadableColor(_("This is not a color. Write it like #0f6470."))
    digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
    red, green, blue = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return red, green, blue


def _hex(color: Color) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in color)


def _luminance(color: Color) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ratio(one: Color, other: Color) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _mixed(color: Color, other: Color, share: float) -> Color:
    """Mix and round to what a hex color can say, so that what is measured is what is written."""
    red, green, blue = (round((a * (1 - share) + b * share) * 255) / 255 for a, b in zip(color, other, strict=True))
    return red, green, blue


def _toward(color: Color, end: Color, *, grounds: tuple[Color, ...], ratio: float) -> Color:
    steps = (_mixed(color, end, min(step * STEP, 1.0)) for step in range(int(1 / STEP) + 1))
    return next((mixed for mixed in steps if all(_ratio(mixed, ground) >= ratio for ground in grounds)), end)


def _ink_on(fill: Color) -> Color:
    """White when it reads on the fill, as brands expect; black reads wherever white does not."""
    return WHITE if _ratio(WHITE, fill) >= TEXT_CONTRAST else BLACK
