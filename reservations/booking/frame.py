"""What every write verb starts with: locks in the one order, settled rows, facts for the rules."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reservations.booking.settle import settle_rows
from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.facts import device_facts, patron_facts, policy_facts
from reservations.locks import lock_branch, lock_devices, lock_patron
from reservations.models import Booking, Branch, Device, Patron, PatronDay
from reservations.models.policy import DayScope
from reservations.rules.booking import booking_problems
from reservations.rules.facts import Asked, DeviceFacts, PatronFacts, PolicyFacts
from reservations.rules.problem import Problem, Refused
from reservations.rules.slot import Slot

UNKNOWN_DEVICE = Problem(
    "unknown_device",
    _("This seat is not here any more. Choose another one."),
    _("Device of this branch"),
    lift_by="",
)
KEEP = timedelta(days=1, hours=6)  # how far back ended rows can matter: the branch day, also past midnight


@dataclass
class Frame:
    """The locked and settled part of the world that one verb may change."""

    branch: Branch
    calendar: Calendar
    devices: list[Device]
    rows: list[Booking]
    now: datetime
    patron: Patron | None = None
    days: Sequence[PatronDay] = ()
    repeated: Booking | None = None

    def patron_facts(self, *, without: int | None = None) -> PatronFacts:
        assert self.patron is not None
        narrowed = self.branch.pk if self.branch.policy.day_scope == DayScope.BRANCH else None
        return patron_facts(
            self.patron,
            self.rows,
            self.now,
            self.calendar,
            self.branch.policy,
            days=self.days,
            branch_id=narrowed,
            without=without,
        )

    def policy_facts(self, device: Device) -> PolicyFacts:
        guest = self.patron is not None and self.patron.is_guest
        return policy_facts(self.branch.policy, device.device_class_id, guest=guest)

    def device(self, device_id: int) -> Device:
        """Return the locked device, or raise Refused `unknown_device`: another branch's, retired or never there."""
        for device in self.devices:
            if device.pk == device_id and device.branch_id == self.branch.pk and device.retired_on is None:
                return device
        raise Refused(UNKNOWN_DEVICE)

    def row(self, booking: Booking) -> Booking:
        """Return the locked and settled state of `booking`."""
        return next(row for row in self.rows if row.pk == booking.pk)

    def device_facts(self, device: Device, *, without: int | None = None) -> DeviceFacts:
        rows = [row for row in self.rows if row.pk != without]
        return device_facts(device, rows, self.now, self.branch.policy)

    def start_on(self, device: Device) -> datetime:
        """Return max(now, last end on this device): `now` was read before waiting for the lock."""
        ends = [row.ended_at for row in self.rows if row.device_id == device.pk and row.ended_at]
        return max([self.now, *ends])

    def asked(self, device: Device, slot: Slot, *, walk_up: bool = False, without: int | None = None) -> Asked:
        return Asked(
            slot=slot,
            now=self.now,
            device=self.device_facts(device, without=without),
            patron=self.patron_facts(without=without),
            policy=self.policy_facts(device),
            calendar=self.calendar,
            walk_up=walk_up,
        )

    def problems(self, device: Device, slot: Slot, *, walk_up: bool = False) -> list[Problem]:
        return booking_problems(self.asked(device, slot, walk_up=walk_up))


def frame_of(booking: Booking, now: datetime) -> Frame:
    """Return the frame around an existing booking: its branch, patron, device and itself."""
    return open_frame(
        branch_id=booking.branch_id,
        now=now,
        patron_id=booking.patron_id,
        device_ids=[booking.device_id],
        booking_id=booking.pk,
    )


def open_frame(
    *,
    branch_id: int,
    now: datetime,
    patron_id: int | None = None,
    device_ids: Collection[int] = (),
    request_key: UUID | None = None,
    booking_id: int | None = None,
) -> Frame:
    """Lock branch, patron, devices and their rows in this order, settle them, and return them.

    Raises DoesNotExist for an unknown branch or patron; unknown devices are simply missing from the frame.
    """
    branch = lock_branch(branch_id)
    patron = lock_patron(patron_id) if patron_id else None
    devices = lock_devices(device_ids) if device_ids else []
    near = Q(ended_at=None) | Q(ended_at__gt=now - KEEP)
    mine = Q(patron_id=patron_id) if patron_id else Q(pk__in=[])
    rows = list(
        Booking.objects.select_related("device__device_class")
        .select_for_update(no_key=True, of=("self",))
        .filter((near & (Q(device_id__in=device_ids) | mine)) | Q(request_key=request_key) | Q(pk=booking_id))
        .order_by("pk")
    )
    settle_rows(rows, now)
    return Frame(
        branch=branch,
        calendar=calendar_of(branch_id),
        devices=devices,
        rows=rows,
        now=now,
        patron=patron,
        days=list(PatronDay.objects.filter(patron_id=patron_id)) if patron_id and branch.policy.looks_back else [],
        repeated=next((row for row in rows if request_key and row.request_key == request_key), None),
    )
