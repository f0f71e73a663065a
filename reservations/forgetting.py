"""Personal data of reservations and its end: what is kept, why, how long, and how it is forgotten.

Forgetting deletes the link or the row, it never hashes (library-practice.md section 4.2). Each function runs in
short transactions, catches up after downtime, and changes nothing when run twice.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.registry import PurgeEntry
from reservations.booking.past_turns import forget_past_turns
from reservations.booking.settle import settle_branch
from reservations.booking.trust import forget_trust
from reservations.calendar import Calendar
from reservations.calendars import calendars_of
from reservations.forgetting_cards import ENTRIES as CARD_ENTRIES
from reservations.locks import lock_branch
from reservations.models import Booking, Branch, Patron, PatronDay, SignInTry
from reservations.models.people import Source
from reservations.patron_days import Kept, active_policies, sum_up
from reservations.patrons.door import WINDOW

UNCHECKED = timedelta(days=1)  # a card number that nobody could check
UNUSED_PATRON = timedelta(days=30)  # a patron row without bookings; the hard cap of library-practice.md 4.2


def forget_past_bookings(now: datetime, dry_run: bool) -> int:
    """Cut the link from a booking to its patron once its branch day is over; return how many links.

    What limits need of the day is summed up first, in the same transaction.
    """
    forgotten = 0
    kept = Kept.by(active_policies())
    for branch_id, calendar in calendars_of(list(Branch.objects.values_list("pk", flat=True))).items():
        began = calendar.day_bounds(calendar.branch_day(now))[0]
        if dry_run:
            forgotten += _past(branch_id, began).count()
        else:
            forgotten += _forget(branch_id, calendar, kept, began=began, now=now)
    return forgotten


def _past(branch_id: int, began: datetime) -> QuerySet[Booking]:
    linked = Q(patron__isnull=False) | Q(responsible__isnull=False)
    return Booking.objects.filter(linked, branch_id=branch_id, ended_at__lte=began)


@transaction.atomic
def _forget(branch_id: int, calendar: Calendar, kept: Kept, *, began: datetime, now: datetime) -> int:
    settle_branch(branch_id=branch_id, now=now)
    branch = lock_branch(branch_id)
    if kept.anything:
        known = _past(branch_id, began).exclude(patron__source__in=[Source.GUEST, Source.FAMILY])
        rows = known.select_related("device__device_class")
        sum_up(rows, branch, calendar, kept, now=now)
    return _past(branch_id, began).update(patron=None, responsible=None, needs=[])


@transaction.atomic
def forget_patron_days(now: datetime, dry_run: bool) -> int:
    """Delete what is kept of past days once no rule needs it; return how many days are gone or have lost a figure."""
    kept = Kept.by(active_policies())
    today = timezone.localtime(now).date()
    useless = PatronDay.objects.filter(on__lt=today - timedelta(days=kept.days))
    trimmed = PatronDay.objects.filter(on__lt=today - timedelta(days=kept.week_days)).exclude(minutes=0, sessions=0)
    if dry_run:
        return (useless | trimmed).count()
    gone = useless.delete()[0]
    gone += trimmed.update(minutes=0, sessions=0)
    PatronDay.objects.filter(minutes=0, sessions=0, no_shows=0).delete()
    return gone


@transaction.atomic
def forget_unused_patrons(now: datetime, dry_run: bool) -> int:
    """Delete patrons who have not signed in for 30 days, hold no booking and whom no rule looks back on.

    A number that was taken on trust goes as soon as no booking of the day names it any more, and so does who sat
    beside an adult.
    """
    free = Q(blocked_until=None) | Q(blocked_until__lte=now)
    free &= Q(walk_up_only_until=None) | Q(walk_up_only_until__lte=now)
    idle = Patron.objects.filter(free, bookings=None, supervised=None, days=None)
    unused = idle.filter(Q(source=Source.FAMILY) | Q(seen_at__lt=now - UNUSED_PATRON))
    untold = Patron.objects.filter(source=Source.AWAY, seen_at__lt=now - UNCHECKED, bookings=None, turns=None)
    pks = {*unused.values_list("pk", flat=True), *untold.values_list("pk", flat=True)}
    if not dry_run:
        Patron.objects.filter(pk__in=pks).delete()  # with their other keys
    return len(pks)


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
        "patron-day",
        _("minutes, sessions and missed bookings of a past day, without seat and clock times"),
        _("weekly limits, and the consequence of missed bookings, where the rules have them"),
        _("as long as the longest rule in use looks back; nothing where none does"),
        forget_patron_days,
    ),
    PurgeEntry(
        "patron",
        _("opaque keys, alias (last digits) and age band of a card"),
        _("recognising a card at the next visit"),
        _("30 days after the last sign-in, or as long as a rule or a block needs it"),
        forget_unused_patrons,
    ),
    PurgeEntry(
        "sign-in-try",
        _("key of a number typed with a wrong PIN"),
        _("stopping people who guess PINs"),
        _("10 minutes"),
        forget_tries,
    ),
    PurgeEntry(
        "trust-seat",
        _("when a kiosk gave a seat to a card that could not be checked, but not whose card"),
        _("stopping made-up numbers while the library system is away"),
        _("one hour"),
        forget_trust,
    ),
    *CARD_ENTRIES,
)
