"""The desk's call list: whom somebody has to tell what happened to their booking."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reservations.models.booking import Booking, Outcome

if TYPE_CHECKING:
    from reservations.models.devices import Device


class CallWhy(models.TextChoices):
    """What the person is to be told."""

    DISPLACED = "displaced", _("their booking was taken away")
    MOVED = "moved", _("their booking is at another seat now")
    GOES_ON = "goes_on", _("their session goes on at another seat")
    LACKS = "lacks", _("their seat lacks something they asked for")
    BACK = "back", _("their first choice is free again")
    ROOM = "room", _("somebody needs the seat they sit at")
    SOONER = "sooner", _("their booking ends sooner")
    AGAIN = "again", _("their booking stands as it was")


# Known as soon as the person has checked in; AGAIN also tells who sits there that they need not leave.
COMING = frozenset({CallWhy.MOVED, CallWhy.LACKS, CallWhy.SOONER, CallWhy.AGAIN})
STANDING = frozenset({CallWhy.ROOM, CallWhy.GOES_ON})


class CallQuerySet(models.QuerySet["Call"]):
    def open(self) -> "CallQuerySet":
        """Return the calls that nobody has made yet and that still say something (unsettled rows included)."""
        coming = Q(why__in=COMING | {CallWhy.BACK}, booking__ended_at=None, booking__checked_in_at=None)
        sits = Q(why=CallWhy.AGAIN, booking__ended_at=None, booking__checked_in_at__lt=F("made_at"))
        standing = Q(why__in=STANDING, booking__ended_at=None)
        lost = Q(why=CallWhy.DISPLACED) | Q(why=CallWhy.BACK, booking__outcome=Outcome.DISPLACED)
        return self.filter(lost | coming | sits | standing, handled_at=None)


class CallLine:
    """What a line of the call list says of itself, whether it was read whole or as the columns a board shows."""

    if TYPE_CHECKING:
        booking: Any
        why: Any
        made_at: Any
        handled_at: Any

    @property
    def back_at(self) -> "Device | None":
        """The seat that is free again for them: the one that was taken away from the booking."""
        cause = self.booking.displaced_by
        return cause.device if cause else None

    def is_open(self, now: datetime) -> bool:
        """Return whether somebody is still to be told at `now`; `booking` is read."""
        if self.handled_at is not None:
            return False
        if self.why == CallWhy.DISPLACED or (self.why == CallWhy.BACK and self.booking.outcome == Outcome.DISPLACED):
            until = self.booking.due_end_at or self.booking.booked_period.upper
            return until is not None and until > now
        return not self._is_known and self.booking.effective_end(now) is None

    @property
    def _is_known(self) -> bool:
        """Whether the person has seen for themselves what they were to be told."""
        sat_at = self.booking.checked_in_at
        if self.why == CallWhy.AGAIN:
            return sat_at is not None and sat_at >= self.made_at
        if self.why == CallWhy.GOES_ON:  # who was to go later has come and checked in there
            return sat_at is not None and self.booking.check_in_by is not None
        return self.why not in STANDING and sat_at is not None


class Call(CallLine, models.Model):
    """A line of the desk's call list: what happened to someone's booking, which they must be told.

    What was taken away, and that the first choice is free again, is worth saying until its time is over. A booking at
    another seat, or at one that lacks something, is known once the person has checked in, also where a session goes on
    later; where it went on at once, and that it makes room, once they have left.
    """

    Why = CallWhy

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="call")
    why = models.CharField(max_length=9, choices=CallWhy, default=CallWhy.DISPLACED)
    made_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.CheckConstraint(
                name="call_handled_after_made", condition=Q(handled_at=None) | Q(handled_at__gte=F("made_at"))
            ),
            models.CheckConstraint(name="call_why_known", condition=Q(why__in=CallWhy.values)),
        ]

    def __str__(self) -> str:
        return str(self.booking)
