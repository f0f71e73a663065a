"""Strict readers of environment variables: a wrong value stops the start with one sentence."""

import os

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """Return the variable `name`, or `default` where it is unset or empty."""
    return os.environ.get(name) or default


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no variable; raise ImproperlyConfigured for anything else."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE | FALSE:
        return value.lower() in TRUE
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    """Return a whole number; raise ImproperlyConfigured for anything else."""
    value = os.environ.get(name) or str(default)
    if value.isdigit():
        return int(value)
    raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")


def choice(name: str, known: tuple[str, ...], default: str) -> str:
    """Return one of the `known` values; raise ImproperlyConfigured for anything else."""
    value = text(name, default)
    if value in known:
        return value
    raise ImproperlyConfigured(f"{name} must be one of {', '.join(known)}, not {value!r}.")


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
