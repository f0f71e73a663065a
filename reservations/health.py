"""Health figures of reservations: for how long the library system has been away, and how long its answer took."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from helpdesk.registry import HealthFigure
from reservations.patrons.library import is_asked
from reservations.sip2 import breaker


def library_system_away(now: datetime) -> float:
    """Return the seconds for which the library system has not answered; 0 where none is asked."""
    return breaker.seconds_away(now) if is_asked() else 0.0


def library_system_latency(now: datetime) -> float:
    """Return the seconds that the last answer of the library system took; 0 where none is asked."""
    return breaker.last_latency() if is_asked() else 0.0


FIGURES = (
    HealthFigure("library_system_away", _("Library system does not answer"), library_system_away, 60),
    HealthFigure("library_system_latency", _("Answer of the library system"), library_system_latency, 3),
)
