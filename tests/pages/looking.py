"""What a page is looked at for: faults that axe finds, words that nobody translated, and things that do not fit."""

from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

from careloop import ui

__all__ = ["COLOR_RULES", "SIZES", "faults", "misfits"]

AXE: Final = Path(ui.__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOR_RULES: Final = ["color-contrast", "link-in-text-block"]
SIZES: Final[dict[str, dict[str, Any]]] = {
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}

_MISFITS: Final = """async () => {
    const found = [], isWide = () => document.documentElement.scrollWidth > visualViewport.width + 1;
    // A phone settles its viewport a few frames after the page is there.
    for (let frame = 0; frame < 30 && isWide(); frame++) await new Promise(requestAnimationFrame);
    if (isWide()) {
        const reach = one => one.getBoundingClientRect().right;
        const widest = [...document.querySelectorAll('main *')].reduce((a, b) => reach(b) > reach(a) ? b : a);
        found.push(`the page scrolls sideways (${visualViewport.width}): ` + widest.outerHTML.slice(0, 160));
    }
    const named = 'button, .btn, .badge, .tab, .segment, .bottom-link span, .menu-item, .field-label';
    for (const one of document.querySelectorAll(named)) {
        // A square button holds an icon; what sticks out of it is the count at its corner.
        if (!one.checkVisibility() || one.closest('.visually-hidden') || one.matches('.btn-square')) continue;
        if (one.scrollWidth > one.clientWidth + 1 && one.clientWidth) found.push('cut: ' + one.outerHTML.slice(0, 160));
    }
    return found;
}"""


def faults(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds wrong on the page as it stands. rules: only these."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # A list of choices lies over what stands below it for as long as it is open; half a button is none then.
    is_covered = page.locator("[role=listbox]").locator("visible=true").count() > 0
    # Scrolled down, a field is half under the bar that stays at the top: that is where the page stands, not how large the field is.
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", rules or TAGS)
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found["violations"]
        if not (is_covered and rule["id"] == "target-size")
        for node in rule["nodes"]
    ]


def misfits(page: Page) -> list[str]:
    """Return what is wider than its place: the page itself, a button, a label."""
    return [str(fault) for fault in page.evaluate(_MISFITS)]
