"""Reads of the desk's call list: people who must be told what happened to their booking."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from helpdesk.models import User
from reservations.models import Booking, BookingEvent, Branch, Call
from reservations.models.booking import Outcome


def open_calls(branch: Branch) -> QuerySet[Call]:
    """Return the branch's calls that nobody has made yet, oldest first. One query."""
    return (
        Call.objects.open()
        .filter(booking__branch=branch)
        .select_related("booking__device", "booking__patron", "booking__displaced_by__device")
        .order_by("made_at", "pk")
    )


def call_for(user: User, pk: int) -> Call | None:
    """Return a call of a branch that `user` works at."""
    branches = Branch.objects.visible_to(user)
    near = ("booking__branch__policy", "booking__device", "booking__patron", "booking__displaced_by__device")
    return Call.objects.select_related(*near).filter(pk=pk, booking__branch__in=branches).first()


def reasons_of(booking_ids: Collection[int]) -> dict[int, str]:
    """Return why bookings were moved or cancelled, by primary key, as their stories say it last. One query."""
    lines = BookingEvent.objects.filter(booking__in=booking_ids, what__in=["moved", "cancelled"]).order_by("at", "pk")
    return dict(lines.values_list("booking_id", "reason"))


def why_lost(booking: Booking) -> str:
    """Return why somebody lost a booking, without a full stop: a fault, a class, a reason of staff, or the hours."""
    if booking.displaced_by:
        said = booking.displaced_by.note
    elif booking.outcome == Outcome.CANCELLED:
        said = reasons_of([booking.pk]).get(booking.pk, "")
    else:
        said = _("The library is closed then.")
    return said.rstrip(".")
