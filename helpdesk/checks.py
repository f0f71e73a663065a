"""Deploy and naming checks: settings that would hurt a library, and names that would mislead its programmers."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import models

from helpdesk import embedded

OURS = frozenset({"helpdesk", "reservations", "troubleshooting"})
SHORTEST_SECRET = 50  # characters, Django's own measure for its key
SMTP = "django.core.mail.backends.smtp.EmailBackend"
HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})
# Django ends the names it invents with six digits of a hash: ticket_branch_0a1b2c_idx.
INVENTED = re.compile(r"_[0-9a-f]{6,8}(_\w+)?$")
MOMENT = re.compile(r"^at$|_(at|by|until)$")
DAY = re.compile(r"^on$|_(on|until)$")

Configs = Sequence[AppConfig] | None


def in_production() -> bool:
    """Return whether real patrons may be using this: neither the demo nor a programmer's machine."""
    return not (settings.DEBUG or settings.DEMO)


@register(Tags.security)
def secrets_are_long_and_different(app_configs: Configs = None, **_kwargs: Any) -> list[CheckMessage]:
    """E001: a secret is short. E002: one secret serves two purposes."""
    if not in_production():
        return []
    keys = {"SECRET_KEY": settings.SECRET_KEY, "PATRON_KEY": settings.PATRON_KEY}
    found: list[CheckMessage] = [
        Error(
            f"{name} has fewer than {SHORTEST_SECRET} characters.",
            hint='Make one: python3 -c "import secrets; print(secrets.token_hex(32))".',
            id="helpdesk.E001",
        )
        for name, value in keys.items()
        if len(value) < SHORTEST_SECRET
    ]
    if settings.SECRET_KEY == settings.PATRON_KEY:
        hint = "Change SECRET_KEY, not PATRON_KEY: cards are known by the latter."
        found.append(Error("SECRET_KEY and PATRON_KEY are the same.", hint=hint, id="helpdesk.E002"))
    return found


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs: Configs = None, **_kwargs: Any) -> list[CheckMessage]:
    """E003: any host name is accepted."""
    if "*" not in settings.ALLOWED_HOSTS or not in_production():
        return []
    hint = "Name the hosts that people type, separated by commas."
    return [Error("ALLOWED_HOSTS accepts every host name.", hint=hint, id="helpdesk.E003")]


@register(Tags.security, deploy=True)
def mail_links_lead_here(app_configs: Configs = None, **_kwargs: Any) -> list[CheckMessage]:
    """E004: mail is sent, but its links lead to the reader's own machine or nowhere."""
    address = urlsplit(settings.BASE_URL)
    leads_here = address.scheme in {"http", "https"} and (address.hostname or "") not in HERE
    if settings.EMAIL_BACKEND != SMTP or leads_here or not in_production():
        return []
    hint = "Set it to the address that staff type, for example https://helpdesk.example.org."
    return [Error(f"BASE_URL is {settings.BASE_URL!r}: links in mail lead nowhere.", hint=hint, id="helpdesk.E004")]


@register(Tags.compatibility)
def time_zone_is_known(app_configs: Configs = None, **_kwargs: Any) -> list[CheckMessage]:
    """E005: opening hours have no meaning without a time zone."""
    try:
        ZoneInfo(settings.TIME_ZONE)
    except (KeyError, OSError, ValueError):  # unknown, a folder, or no name at all
        hint = "Use a name of the time zone database, for example America/New_York."
        return [Error(f"TIME_ZONE {settings.TIME_ZONE!r} is not known.", hint=hint, id="helpdesk.E005")]
    return []


@register(Tags.security, deploy=True)
def both_servers_are_named(app_configs: Configs = None, **_kwargs: Any) -> list[CheckMessage]:
    """E006: an address is that of an embedded engine, which nobody starts in production."""
    default = embedded.default_urls()
    chosen = {
        "DATABASE_URL": (settings.DATABASE_URL, default.database),
        "REDIS_URL": (settings.REDIS_URL, default.redis),
    }
    hint = "Name a server of your own; the embedded ones live only as long as `make run` or a command."
    return [
        Error(f"{name} is not set.", hint=hint, id="helpdesk.E006")
        for name, (value, embedded_one) in chosen.items()
        if value == embedded_one and in_production()
    ]


@register(Tags.models)
def names_are_chosen(app_configs: Configs = None, **_kwargs: Any) -> list[CheckMessage]:
    """E007: an index or constraint carries an invented name, so a refusal could not be translated."""
    return [
        Error(f"The name {name!r} is invented.", hint="Say what it promises.", obj=model, id="helpdesk.E007")
        for model in our_models()
        for name in promised(model)
        if not name or INVENTED.search(name)
    ]


def promised(model: type[models.Model]) -> Iterator[str]:
    """Return the names of what the table promises; a `unique_together` has none."""
    yield from (index.name for index in model._meta.indexes)
    yield from (str(constraint.name) for constraint in model._meta.constraints)
    yield from ("" for _columns in model._meta.unique_together)


@register(Tags.models)
def times_say_what_they_are(app_configs: Configs = None, **_kwargs: Any) -> list[CheckMessage]:
    """E008: a moment is called _at, _by or _until; a day _on or _until."""
    inherited = {field.name for field in AbstractUser._meta.get_fields()}
    return [
        Error(f"The name of {field} hides its type.", hint=hint, obj=model, id="helpdesk.E008")
        for model in our_models()
        for field in model._meta.local_fields
        for pattern, hint in [_pattern_of(field)]
        if pattern and not pattern.search(field.name) and field.name not in inherited
    ]


def _pattern_of(field: "models.Field[Any, Any]") -> tuple[re.Pattern[str] | None, str]:
    """Return the rule for the field's name and its words; DateTimeField is a DateField to Django."""
    if isinstance(field, models.DateTimeField):
        return MOMENT, "Name a moment _at, _by or _until."
    if isinstance(field, models.DateField):
        return DAY, "Name a day _on or _until."
    return None, ""


def our_models() -> list[type[models.Model]]:
    """Return the models of the product's apps."""
    return [model for model in apps.get_models() if model._meta.app_label in OURS]
