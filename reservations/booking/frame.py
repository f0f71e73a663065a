"""What every write verb starts with: locks in the one order, settled rows, facts for the rules."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk import bell, live
from helpdesk.actor import Actor
from reservations.booking import override as overriding
from reservations.booking.settle import ADVANCE, settle_rows
from reservations.booking.turns import is_waiting, settle_turns, turns_of
from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.facts import device_facts, patron_facts, policy_facts
from reservations.linefacts import seat_line, waiting_of
from reservations.locks import lock_branch, lock_devices, lock_patron
from reservations.models import Booking, Branch, Device, Patron, PatronDay, Turn
from reservations.models.choices import Ahead, DayScope
from reservations.models.people import Source
from reservations.period import period
from reservations.room import load_room
from reservations.rules.booking import booking_problems
from reservations.rules.facts import Asked, DeviceFacts, PatronFacts, PolicyFacts
from reservations.rules.fit import free_until
from reservations.rules.problem import Problem, Refused
from reservations.rules.promise import Waiting, serves
from reservations.rules.slot import Slot
from reservations.scopes import board_scope

UNKNOWN_DEVICE = Problem(
    "unknown_device",
    _("This seat is not here any more. Choose another one."),
    _("Device of this branch"),
    lift_by="",
)
CLEANED = timedelta(hours=2)  # how far back a device's ended rows can matter: longer than any cleaning gap
REACH = timedelta(days=2)  # today and tomorrow: farther reaches no session that begins now, no promise of the line
NO_NEEDS: frozenset[str] = frozenset()


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
    turns: Sequence[Turn] = ()  # the open places in line, in order
    turn: Turn | None = None  # the place that was asked for by id or request key, open or not

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
        return self.facts_of(device, [row for row in self.rows if row.pk != without])

    def facts_of(self, device: Device, rows: Sequence[Booking]) -> DeviceFacts:
        """Return what the rules need of a device that `rows` take."""
        return device_facts(device, rows, self.now, self.branch.policy)

    def start_on(self, device: Device, *, without: int | None = None) -> datetime:
        """Return max(now, last end on this device): `now` was read before waiting for the lock."""
        rows = [row for row in self.rows if row.device_id == device.pk and row.pk != without]
        ends = [row.ended_at for row in rows if row.ended_at]
        return max([self.now, *ends])

    def asked(
        self,
        device: Device,
        slot: Slot,
        *,
        walk_up: bool = False,
        without: int | None = None,
        by: Actor | None = None,
        needs: frozenset[str] = NO_NEEDS,
    ) -> Asked:
        return Asked(
            slot=slot,
            now=self.now,
            device=self.device_facts(device, without=without),
            patron=self.patron_facts(without=without),
            policy=self.policy_facts(device),
            calendar=self.calendar,
            walk_up=walk_up,
            by_staff=by is not None and by.kind == "staff",
            needs=needs,
            waiting=self.waiting_for(device),
            with_adult=self.patron is not None and self.patron.source == Source.FAMILY,
            full=not walk_up and self.branch.policy.ahead == Ahead.WHEN_FULL and self._is_full(),
        )

    def problems(
        self,
        device: Device,
        slot: Slot,
        *,
        walk_up: bool = False,
        by: Actor | None = None,
        needs: frozenset[str] = NO_NEEDS,
    ) -> list[Problem]:
        return booking_problems(self.asked(device, slot, walk_up=walk_up, by=by, needs=needs))

    def check(self, problems: Sequence[Problem], *, by: Actor, override: str = "") -> list[str]:
        """Return the codes that staff lift with the reason `override`; raise Refused for what they may not."""
        return overriding.check(problems, by=by, override=override)

    def my_turn(self) -> Turn | None:
        """Return the patron's own open place in this line."""
        mine = (turn for turn in self.turns if self.patron and turn.patron_id == self.patron.pk)
        return next(mine, None)

    def waiting_for(self, device: Device) -> int:
        """Return how many people in line come before the patron at `device`.

        The line is read as it was when the verb began. Those to whom a seat is held, and those behind the patron's own
        place, do not count; nor do those for whom a seat that is free now is free too briefly.
        """
        end = free_until(self.now, self.device_facts(device), self.policy_facts(device), self.calendar)
        seat = seat_line(device, self.rows, now=self.now, policy=self.branch.policy)
        count = 0
        for turn, asks in self._wishes:
            if self.patron and turn.patron_id == self.patron.pk:
                break
            brief = end is not None and end - self.now < timedelta(minutes=asks.least)
            count += is_waiting(turn) and not brief and serves(seat, asks)
        return count

    @cached_property
    def _wishes(self) -> list[tuple[Turn, Waiting]]:
        """The line as it was when the verb began, with what each asks for."""
        today = self.calendar.branch_day(self.now)
        return [(turn, waiting_of(turn, self.branch.policy, today)) for turn in self.turns]

    def _is_full(self) -> bool:
        """Return whether no seat that the patron's age may use is free now."""
        end = self.now + timedelta(days=1)
        room = load_room(self.branch, now=self.now, end=end, calendar=self.calendar, whole_rows=False)
        return replace(room, patron=self.patron, mine=self.patron_facts()).is_full

    def ring(self) -> None:
        """Wake the line after the commit, where people wait: a seat may be theirs."""
        if self.turns:
            bell.ring(ADVANCE, self.branch.pk)


def frame_of(booking: Booking, now: datetime, *other_ids: int) -> Frame:
    """Return the frame around an existing booking: its branch, patron, device and itself, and `other_ids` of devices.

    Whoever read `booking` read it before the lock: one that has moved meanwhile has the frame of its new seat.
    """
    frame = _around(booking, now, {booking.device_id, *other_ids})
    seat_id = frame.row(booking).device_id
    return frame if seat_id == booking.device_id else _around(booking, now, {seat_id, *other_ids})


def _around(booking: Booking, now: datetime, device_ids: Collection[int]) -> Frame:
    return open_frame(
        branch_id=booking.branch_id,
        now=now,
        patron_id=booking.patron_id,
        device_ids=device_ids,
        booking_id=booking.pk,
    )


def seats_of(branch_id: int) -> list[int]:
    """Return the seats of a branch that people use by the minute."""
    return list(Device.objects.bookable().filter(branch_id=branch_id).values_list("pk", flat=True))


def open_frame(
    *,
    branch_id: int,
    now: datetime,
    patron_id: int | None = None,
    device_ids: Collection[int] = (),
    request_key: UUID | None = None,
    booking_id: int | None = None,
    row_ids: Collection[int] = (),
    turn_id: int | None = None,
    turn_key: UUID | None = None,
    reach: timedelta | None = None,
) -> Frame:
    """Lock branch, patron, devices and their rows in this order, settle them and the line, and return them.

    `reach` leaves out the devices' rows that begin later than so long from now, such as classes of weeks to come.
    Raises DoesNotExist for an unknown branch, Refused for an unknown patron; unknown devices are simply missing from
    the frame.
    """
    branch = lock_branch(branch_id)
    patron = lock_patron(patron_id) if patron_id else None
    devices = lock_devices(device_ids, branch_id) if device_ids else []
    asks_line = turn_id or turn_key or not devices or devices[0].has_line  # type: ignore[attr-defined]
    turns = turns_of(branch_id, turn_id, turn_key) if asks_line else []
    asked = Q(request_key=request_key) | Q(pk__in=[booking_id, *row_ids, *(turn.offer_id for turn in turns)])
    rows = _locked_rows(now, device_ids, patron_id, asked, now + reach if reach else None)
    freed = settle_rows(rows, now)
    settle_turns(turns, rows)
    frame = Frame(
        branch=branch,
        calendar=calendar_of(branch_id),
        devices=devices,
        rows=rows,
        now=now,
        patron=patron,
        days=_days_of(patron, branch),
        repeated=next((row for row in rows if request_key and row.request_key == request_key), None),
        turns=[turn for turn in turns if turn.ended_at is None and turn.branch_id == branch_id],
        turn=next((turn for turn in turns if turn.pk == turn_id or (turn_key and turn.request_key == turn_key)), None),
    )
    if freed:
        frame.ring()
        live.touch(board_scope(branch_id))
    return frame


def _days_of(patron: Patron | None, branch: Branch) -> list[PatronDay]:
    """Return what is kept of the patron's past days, where a rule of the branch looks back."""
    return list(PatronDay.objects.filter(patron=patron)) if patron and branch.policy.looks_back else []


def _locked_rows(
    now: datetime, device_ids: Collection[int], patron_id: int | None, asked: Q, until: datetime | None
) -> list[Booking]:
    """Return the locked rows that can matter: of the devices until `until`, of the patron, and `asked` for."""
    standing = Q(ended_at=None, period__overlap=period(None, until)) if until else Q(ended_at=None)
    cleaned = Q(device_id__in=device_ids) & (standing | Q(ended_at__gt=now - CLEANED))
    mine = Q(patron_id=patron_id) if patron_id else Q(pk__in=[])  # what the purge has not cut off yet still counts
    return list(
        Booking.objects.select_related("device__device_class")
        .select_for_update(no_key=True, of=("self",))
        .filter(cleaned | mine | asked)
        .order_by("pk")
    )
