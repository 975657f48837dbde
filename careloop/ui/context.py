"""A context processor: how this reader wants pages to look."""

from django.http import HttpRequest

__all__ = ["appearance"]

THEMES = ("auto", "light", "dark")
DENSITIES = ("everyday", "expert")


def appearance(request: HttpRequest) -> dict[str, str]:
    """Read theme and density from the reader's cookies, which the pickers write.

    request: the page's request.

    Returns `theme` ("auto", "light" or "dark") and `density` ("everyday" or "expert"); anything unknown is the first.
    """
    theme = request.COOKIES.get("careloop_theme", "")
    density = request.COOKIES.get("careloop_density", "")
    return {
        "theme": theme if theme in THEMES else THEMES[0],
        "density": density if density in DENSITIES else DENSITIES[0],
    }
