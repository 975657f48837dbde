"""Commands that need packages which not every installation has."""

from importlib.util import find_spec

from django.utils.translation import gettext as _

from careloop.kernel.errors import Refusal

__all__ = ["LAKE_PACKAGES", "ExtraMissing", "has_packages", "require_extra"]

LAKE_PACKAGES = ("duckdb", "ibis", "pyarrow")


class ExtraMissing(Refusal):
    """Packages of an extra are not installed here."""


def has_packages(packages: tuple[str, ...]) -> bool:
    """Say whether all packages can be imported."""
    return all(find_spec(package) is not None for package in packages)


def require_extra(extra: str, *, packages: tuple[str, ...]) -> None:
    """Raise ExtraMissing, which says what to install, unless all packages can be imported."""
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise ExtraMissing(
            _(
                "This command needs %(packages)s, which is not installed here. "
                "Install the extra “%(extra)s” from the folder of Careloop: %(command)s"
            )
            % {
                "packages": ", ".join(missing),
                "extra": extra,
                "command": f"uv pip install --python .venv/bin/python '.[{extra}]'",
            }
        )
