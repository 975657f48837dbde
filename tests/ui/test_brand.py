"""A workspace's color is readable whatever it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.ui.brand import DAY_GROUND, NIGHT_GROUND, UnreadableColor, brand_css, contrast

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def told(css: str) -> dict[str, tuple[str, str]]:
    found = re.findall(r"--brand-([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", css)
    return {name: (day, night) for name, day, night in found}


class TestBrandCss:
    @given(COLORS)
    def test_is_readable_by_day_and_by_night(self, accent: str) -> None:
        colors = told(brand_css(accent))

        for when, ground in ((0, DAY_GROUND), (1, NIGHT_GROUND)):
            assert contrast(colors["accent"][when], ground) >= 3
            assert contrast(colors["on-accent"][when], colors["accent"][when]) >= 4.5
            assert contrast(colors["text"][when], ground) >= 4.5
            assert contrast(colors["text"][when], colors["soft"][when]) >= 4.5

    def test_leaves_a_good_color_alone(self) -> None:
        assert told(brand_css("#0F6470"))["accent"][0] == "#0f6470"

    def test_reads_the_short_form(self) -> None:
        assert brand_css("#06c") == brand_css("#0066cc")

    def test_sets_custom_properties_and_nothing_else(self) -> None:
        lines = brand_css("#e60012").strip().splitlines()

        assert lines[0] == ":root {"
        assert all(re.fullmatch(r"  --brand-[a-z-]+: light-dark\(#\w{6}, #\w{6}\);", line) for line in lines[1:-1])
        assert lines[-1] == "}"

    @pytest.mark.parametrize(
        "text", ["", "red", "#12", "#12345g", "#fff; } body { display: none", "url(x)", "#1234567"]
    )
    def test_refuses_what_is_not_a_color(self, text: str) -> None:
        with pytest.raises(UnreadableColor, match="not a color"):
            brand_css(text)


class TestContrast:
    def test_agrees_with_the_standard(self) -> None:
        assert contrast("#000", "#fff") == pytest.approx(21)
        assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
