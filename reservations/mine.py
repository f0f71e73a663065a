"""Reads of one patron's bookings: what runs, what comes, what was missed and can still be sat down to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import Http404

from reservations.booking.seat import EARLY
from reservations.models import Booking, Branch, Patron
from reservations.models.booking import Kind, Outcome


@dataclass(frozen=True)
class Mine:
    """One booking as its patron sees it: `state` is running, due, coming or missed; `left` and `whole` are minutes."""

    booking: Booking
    state: str
    left: int = 0
    whole: int = 0

    def may_sit_down(self, branch: Branch) -> bool:
        """Return whether a check-in at a screen of `branch` makes sense now; the verb has the last word."""
        return self.state in {"due", "missed"} and self.booking.branch_id == branch.pk


def my_bookings(patron: Patron, now: datetime) -> list[Mine]:
    """Return the bookings that `patron` can still do something with, the soonest first. One query."""
    return _standing(Q(patron=patron), now)


def family_bookings(patron: Patron, now: datetime) -> list[Mine]:
    """Return the seats of people whom `patron` is responsible for, the soonest first. One query."""
    return _standing(Q(responsible=patron), now)


def _standing(whose: Q, now: datetime) -> list[Mine]:
    standing = Q(ended_at=None) | Q(outcome=Outcome.NO_SHOW, booked_period__contains=now)
    rows = Booking.objects.filter(standing, whose, kind=Kind.PATRON)
    near = ("device__area", "device__device_class", "branch__policy", "patron", "call", "displaced_by__device")
    rows = rows.select_related(*near).order_by("period", "pk")
    seen = (mine_of(row, now) for row in rows)
    return [mine for mine in seen if mine is not None]


def mine_of(row: Booking, now: datetime) -> Mine | None:
    """Return what `row` is to its patron at `now`, None once it is over for good."""
    over = row.effective_end(now)
    booked_end = row.booked_period.upper
    if over is None and row.checked_in_at:
        return Mine(row, "running", _minutes(row.end, now), max(1, row.minutes()))
    if over is None:
        by = row.check_in_by or row.start
        state = "due" if row.start - now <= EARLY else "coming"
        return Mine(row, state, _minutes(by, now), max(1, _minutes(by, row.start - EARLY)))
    missed = row.checked_in_at is None and row.outcome in {"", Outcome.NO_SHOW} and booked_end and booked_end > now
    return Mine(row, "missed", _minutes(booked_end, now), max(1, row.minutes())) if missed else None


def _minutes(end: datetime | None, start: datetime) -> int:
    return max(0, -((start - end) // timedelta(minutes=1))) if end else 0


def booking_of(patron: Patron, pk: int) -> Booking:
    """Return a booking of `patron`, or of somebody with them, with device, area and branch; others are Http404."""
    rows = Booking.objects.filter(Q(patron=patron) | Q(responsible=patron), pk=pk, kind=Kind.PATRON)
    row = rows.select_related("device__area", "device__device_class", "branch__policy", "patron").first()
    if row is None:
        raise Http404
    return row
