"""Personal data of reservations and its end: what is kept, why, how long, and how it is forgotten.

Forgetting deletes the link or the row, it never hashes (library-practice.md section 4.2). Each function runs in
short transactions, catches up after downtime, and changes nothing when run twice.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.registry import PurgeEntry
from reservations.booking.past_turns import forget_past_turns
from reservations.booking.settle import settle_branch
from reservations.calendars import calendars_of
from reservations.models import Booking, Branch, GuestPass, Patron, SignInTry
from reservations.patrons.door import WINDOW

UNUSED_PATRON = timedelta(days=30)  # a patron row without bookings; the hard cap of library-practice.md 4.2


def forget_past_bookings(now: datetime, dry_run: bool) -> int:
    """Cut the link from a booking to its patron once its branch day is over; return how many links."""
    forgotten = 0
    for branch_id, calendar in calendars_of(list(Branch.objects.values_list("pk", flat=True))).items():
        day_began = calendar.day_bounds(calendar.branch_day(now))[0]
        if not dry_run:
            settle_branch(branch_id=branch_id, now=now)
        linked = Booking.objects.filter(branch_id=branch_id, patron__isnull=False, ended_at__lte=day_began)
        forgotten += linked.count() if dry_run else linked.update(patron=None)
    return forgotten


@transaction.atomic
def forget_unused_patrons(now: datetime, dry_run: bool) -> int:
    """Delete patrons who have not signed in for 30 days and hold no booking; return how many."""
    unused = Patron.objects.filter(
        seen_at__lt=now - UNUSED_PATRON, bookings=None, blocked_until=None, walk_up_only_until=None
    )
    return unused.count() if dry_run else unused.delete()[0]


@transaction.atomic
def forget_guest_passes(now: datetime, dry_run: bool) -> int:
    """Delete guest passes that have ended; return how many."""
    ended = GuestPass.objects.filter(valid_until__lte=now)
    return ended.count() if dry_run else ended.delete()[0]


@transaction.atomic
def forget_tries(now: datetime, dry_run: bool) -> int:
    """Delete wrong sign-ins that the throttle no longer counts; return how many."""
    old = SignInTry.objects.filter(at__lt=now - WINDOW)
    return old.count() if dry_run else old.delete()[0]


ENTRIES = (
    PurgeEntry(
        "booking-link",
        _("which patron a booking belongs to"),
        _("daily limits, and finding one's own booking"),
        _("until the branch day ends"),
        forget_past_bookings,
    ),
    PurgeEntry(
        "turn-link",
        _("which patron a place in line belongs to"),
        _("calling people, and one place for each"),
        _("until the branch day ends"),
        forget_past_turns,
    ),
    PurgeEntry(
        "patron",
        _("opaque key, alias (last digits) and age band of a card"),
        _("recognising a card at the next visit"),
        _("30 days after the last sign-in"),
        forget_unused_patrons,
    ),
    PurgeEntry(
        "guest-pass",
        _("key of a guest pass"),
        _("signing in without a card"),
        _("until the branch day ends"),
        forget_guest_passes,
    ),
    PurgeEntry(
        "sign-in-try",
        _("key of a number typed with a wrong PIN"),
        _("stopping people who guess PINs"),
        _("10 minutes"),
        forget_tries,
    ),
)
