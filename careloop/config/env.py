"""Read settings from the environment, and fail loudly at start when one makes no sense."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def env_text(name: str, default: str = "") -> str:
    """Return the variable `name` without surrounding blanks, or `default` when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, *, default: bool) -> bool:
    """Return the variable `name` as yes or no. Raises ImproperlyConfigured for any other word."""
    text = env_text(name).lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is “{text}”; write yes or no.")


def env_int(name: str, default: int, *, least: int = 0) -> int:
    """Return the variable `name` as a whole number of at least `least`. Raises ImproperlyConfigured otherwise."""
    text = env_text(name)
    if not text:
        return default
    try:
        number = int(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is “{text}”; write a whole number.") from None
    if number < least:
        raise ImproperlyConfigured(f"{name} is {number}; it must be at least {least}.")
    return number


def env_list(name: str) -> list[str]:
    """Return the comma-separated parts of the variable `name`, blanks removed."""
    return [part.strip() for part in env_text(name).split(",") if part.strip()]


def env_secret(name: str) -> str:
    """Return a secret from `name`, or from the file that `name`_FILE points to; empty when neither is set.

    Raises ImproperlyConfigured when both are set, or when the file cannot be read.
    """
    value, path = env_text(name), env_text(f"{name}_FILE")
    if value and path:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    if not path:
        return value
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise ImproperlyConfigured(f"{name}_FILE points to {path}, which cannot be read: {problem.strerror}.") from None
