"""One branch's seats and what stands on their timelines: what availability and the board are read from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.facts import busy_rows, device_facts, patron_facts, policy_facts
from reservations.models import Booking, Branch, Device, Patron, PatronDay
from reservations.models.policy import DayScope
from reservations.period import period
from reservations.rules.facts import DeviceFacts, PatronFacts, PolicyFacts
from reservations.rules.fit import longest_minutes


@dataclass
class Room:
    """The devices of a branch with their rows of a window, and optionally the patron who asks."""

    branch: Branch
    calendar: Calendar
    devices: list[Device]
    rows: dict[int, list[Booking]]
    now: datetime
    patron: Patron | None = None
    mine: PatronFacts | None = None

    def facts(self, device: Device) -> DeviceFacts:
        return device_facts(device, self.rows.get(device.pk, []), self.now, self.branch.policy)

    def policy(self, device: Device | None) -> PolicyFacts:
        guest = self.patron is not None and self.patron.is_guest
        return policy_facts(self.branch.policy, device.device_class_id if device else None, guest=guest)

    def minutes(self, device: Device, start: datetime) -> int:
        """Return the longest session on `device` from `start`, 0 if it fits nobody or not this patron."""
        if not self.fits_age(device):
            return 0
        return longest_minutes(start, self.facts(device), self.mine, self.policy(device), self.calendar)

    def fits_age(self, device: Device) -> bool:
        """Return whether the patron's age band may use `device`; anybody may where no patron asks."""
        rule = self.branch.policy.rule_for(device.device_class_id)
        return self.mine is None or (self.mine.ages[0] >= rule.least_age and self.mine.ages[1] <= rule.greatest_age)

    def is_walk_up_only(self, device: Device) -> bool:
        """Return whether the policy lets nobody book this seat ahead."""
        return self.branch.policy.rule_for(device.device_class_id).walk_up_only

    def free_from(self, device: Device) -> datetime:
        """Return now, or the end of the cleaning after the last person if that is later."""
        gap = timedelta(minutes=self.branch.policy.gap_minutes)
        rows = busy_rows(device.pk, self.rows.get(device.pk, []), self.now)
        ends = [b.end + gap for b in rows if b.over and b.end and not b.repair]
        return max([self.now, *ends])


def rows_between(device_ids: QuerySet[Device] | Iterable[int], start: datetime, end: datetime) -> QuerySet[Booking]:
    """Return open rows that meet [start, end), and rows that ended within an hour before `start` (cleaning)."""
    since = start - timedelta(hours=1)
    standing = Q(ended_at=None, period__overlap=period(since, end))  # also what nobody has settled yet
    recent = Q(ended_at__gt=since)
    return Booking.objects.filter(standing | recent, device__in=device_ids).select_related("patron").order_by("period")


def load_room(
    branch: Branch,
    *,
    now: datetime,
    end: datetime,
    patron: Patron | None = None,
    all_devices: bool = False,
    calendar: Calendar | None = None,
) -> Room:
    """Read the seats of `branch` (with `all_devices` its machines too) and their rows from now to `end`.

    Two queries, one more without a `calendar`, one where the policy does not know its rules, up to two for `patron`.
    """
    devices = Device.objects.filter(branch=branch, retired_on=None)
    if not all_devices:
        devices = devices.bookable()
    devices = devices.select_related("device_class", "area")
    found = list(devices.order_by("area__position", "position", "pk"))
    rows: dict[int, list[Booking]] = {}
    for row in rows_between([device.pk for device in found], now, end):
        rows.setdefault(row.device_id, []).append(row)
    calendar = calendar or calendar_of(branch.pk)
    room = Room(branch, calendar, found, rows, now, patron)
    if patron:
        mine = Booking.objects.filter(patron=patron).select_related("device__device_class")
        narrowed = branch.pk if branch.policy.day_scope == DayScope.BRANCH else None
        days = list(PatronDay.objects.filter(patron=patron)) if branch.policy.looks_back else []
        room.mine = patron_facts(patron, mine, now, calendar, branch.policy, days=days, branch_id=narrowed)
    return room
