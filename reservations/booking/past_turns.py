"""Forgets who stood in line once the branch day is over."""

from datetime import datetime

from reservations.booking.dispatch import advance
from reservations.calendars import calendars_of
from reservations.models import Branch, Turn


def forget_past_turns(now: datetime, dry_run: bool) -> int:
    """Cut the link from a place in line to its patron once its branch day is over; return how many links."""
    forgotten = 0
    for branch_id, calendar in calendars_of(list(Branch.objects.values_list("pk", flat=True))).items():
        past = Turn.objects.filter(branch_id=branch_id, patron__isnull=False, on__lt=calendar.branch_day(now))
        if not dry_run and past.open().exists():
            advance(branch_id=branch_id, now=now)
        ended = past.filter(ended_at__isnull=False)
        forgotten += past.count() if dry_run else ended.update(patron=None)
    return forgotten
