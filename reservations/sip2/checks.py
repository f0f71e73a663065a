"""Deploy check of the way to the library system."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def library_system_is_encrypted(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[checks.CheckMessage]:
    """W001: card numbers and PINs travel in clear to another machine."""
    system = settings.LIBRARY_SYSTEM
    if settings.PATRON_SOURCE != "sip2" or system.tls or system.is_loopback:
        return []
    hint = "Set SIP2_TLS=1, or let a tunnel (stunnel, SSH) listen on 127.0.0.1 and name that as SIP2_HOST."
    message = "SIP2_TLS is off: card numbers and PINs travel in clear to the library system."
    return [checks.Warning(message, hint=hint, id="reservations.W001")]
