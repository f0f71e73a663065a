"""What limits need of past days: which figures, for how long, and how a branch day is summed up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from reservations.calendar import Calendar
from reservations.facts import use_of
from reservations.models import Booking, Branch, PatronDay, Policy

WEEK = 7  # days back to the Monday before any day, and one more for a purge that runs late

Key = tuple[int, int, date]  # patron, class, branch day


@dataclass(frozen=True)
class Kept:
    """For how many days minutes and sessions (`week_days`) and missed bookings (`no_show_days`) are kept; 0: not."""

    week_days: int
    no_show_days: int

    @classmethod
    def by(cls, policies: Iterable[Policy]) -> "Kept":
        """Return what the longest rule of `policies` needs."""
        rules = list(policies)
        missed = (p.no_show_days + p.no_show_penalty_days for p in rules if p.no_shows is not None)
        return cls(
            week_days=WEEK if any(p.week_minutes is not None for p in rules) else 0,
            no_show_days=max(missed, default=0),
        )

    @property
    def days(self) -> int:
        return max(self.week_days, self.no_show_days)

    @property
    def anything(self) -> bool:
        return self.days > 0


def active_policies() -> list[Policy]:
    """Return the policies that a branch keeps."""
    return list(Policy.objects.filter(branches__isnull=False).distinct())


def retention_words(policies: Iterable[Policy]) -> str:
    """Return what the rules of `policies` keep of a patron beyond the day, as a sentence for the policy page."""
    kept = Kept.by(policies)
    said = {"week": kept.week_days, "missed": kept.no_show_days}
    if not kept.anything:
        return _("Nothing is kept of a patron's past days.")
    if not kept.no_show_days:
        return _("A patron's minutes and sessions a day are kept %(week)d days, without seat and clock times.") % said
    if not kept.week_days:
        return _("A patron's missed bookings a day are kept %(missed)d days, without seat and clock times.") % said
    return (
        _(
            "A patron's minutes and sessions a day are kept %(week)d days, missed bookings a day %(missed)d days,"
            " without seat and clock times."
        )
        % said
    )


def sum_up(rows: Iterable[Booking], branch: Branch, calendar: Calendar, kept: Kept, *, now: datetime) -> None:
    """Add what `kept` needs of the ended `rows` of a locked branch to their patrons' days.

    The caller cuts the rows' links in the same transaction, so that no row is ever added twice.
    """
    sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        if row.patron_id is None:
            continue
        use = use_of(row, now, calendar, branch.policy)
        counted = (use.minutes, use.sessions) if kept.week_days else (0, 0)
        missed = use.no_shows if kept.no_show_days else 0
        key = (row.patron_id, use.kind, use.day)
        sums[key] = [old + new for old, new in zip(sums[key], (*counted, missed), strict=True)]
    _add({key: figures for key, figures in sums.items() if any(figures)}, branch)


def _add(sums: dict[Key, list[int]], branch: Branch) -> None:
    patrons, days = {key[0] for key in sums}, {key[2] for key in sums}
    there = PatronDay.objects.filter(branch=branch, patron__in=patrons, on__in=days)
    known = {(day.patron_id, day.device_class_id, day.on): day for day in there}
    for key, (minutes, sessions, no_shows) in sums.items():
        day = known.setdefault(key, PatronDay(branch=branch, patron_id=key[0], device_class_id=key[1], on=key[2]))
        day.minutes += minutes
        day.sessions += sessions
        day.no_shows += no_shows
    changed = [known[key] for key in sums]
    old, new = [day for day in changed if day.pk], [day for day in changed if not day.pk]
    PatronDay.objects.bulk_create(new)
    PatronDay.objects.bulk_update(old, ["minutes", "sessions", "no_shows"])
