"""Seats on trust: while cards cannot be checked, a kiosk gives a few an hour, so that made-up numbers fill no room."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from reservations.booking.frame import Frame
from reservations.models import Patron, TrustSeat
from reservations.rules.problem import Problem

MOST = 10  # seats and places in line, by a kiosk in an hour
COUNTED = timedelta(hours=1)


def trust_problems(frame: Frame, patron: Patron | None, by: Actor) -> list[Problem]:
    """Return why this kiosk gives nothing more to a card that nobody could check; none for others and at the desk.

    The frame's branch is locked, and every kiosk belongs to one, so that no number of taps at once slips past.
    """
    kiosk_id = _kiosk(patron, by)
    if kiosk_id is None:
        return []
    recent = TrustSeat.objects.filter(kiosk=kiosk_id, at__gt=frame.now - COUNTED).order_by("-at")
    given = list(recent.values_list("at", flat=True)[:MOST])
    if len(given) < MOST:
        return []
    sentence = _(
        "The library system cannot be reached, and this screen has given all the seats it may give without"
        " checking a card. Ask at the desk: our staff find you a seat."
    )
    return [Problem("trust_used_up", sentence, _("Seats on trust in an hour"), str(MOST), next_at=given[-1] + COUNTED)]


def count_trust(patron: Patron | None, by: Actor, now: datetime) -> None:
    """Count a seat or a place in line that was given to a card nobody could check, where a kiosk gave it."""
    kiosk_id = _kiosk(patron, by)
    if kiosk_id is not None:
        TrustSeat.objects.create(kiosk_id=kiosk_id, at=now)


def _kiosk(patron: Patron | None, by: Actor) -> int | None:
    """Return the kiosk at which somebody whose card nobody could check acts, None for everybody else."""
    return by.kiosk_id if patron is not None and patron.is_unverified and by.kind == "patron" else None


def forget_trust(now: datetime, dry_run: bool) -> int:
    """Delete what is not counted any more; return how many."""
    old = TrustSeat.objects.filter(at__lte=now - COUNTED)
    return old.count() if dry_run else old.delete()[0]
