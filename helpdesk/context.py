"""What every template knows: the product, the staff menu, the kiosk's doors and look, the moment."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from helpdesk import clock, registry

PRODUCT = "Northlight"


def product(request: HttpRequest) -> dict[str, Any]:
    """Return the shared context. Kiosk pages and visitors without a session cookie cost no user lookup."""
    return {
        "product": PRODUCT,
        "menu": _menu(request, registry.menu_for),
        "own_links": _menu(request, registry.own_links_for),
        "strips": registry.strips(),
        "kiosk_doors": registry.kiosk_doors(),
        "look": getattr(request, "look", None),
        "demo": settings.DEMO,
        "languages": settings.LANGUAGES,
        "time_zone": settings.TIME_ZONE,
        "idle_seconds": settings.KIOSK_IDLE_SECONDS,
        "warning_seconds": settings.KIOSK_WARNING_SECONDS,
        "now": clock.now(),
    }


def _menu(request: HttpRequest, entries_for: Callable[[str], list[registry.MenuEntry]]) -> list[registry.MenuEntry]:
    """Return the entries of the signed-in member of staff, or none."""
    if getattr(request, "kiosk", None) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return []
    user = getattr(request, "user", None)
    return entries_for(user.role) if user and user.is_authenticated else []
