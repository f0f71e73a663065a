"""Reads what a room board shows of the timeline, as columns: whole rows would cost half of the page's time."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, FloatField, Func, OuterRef, Q, Subquery

from reservations.calls import reasons_of
from reservations.models import Booking, Branch, Call, Device, Patron
from reservations.models.booking import Outcome, TimelineRow, holds
from reservations.models.calls import CallLine, CallWhy
from reservations.models.people import Source
from reservations.period import Period, period


class Person(NamedTuple):
    """What a board says of a patron."""

    alias: str
    is_guest: bool


@dataclass(frozen=True)
class Cause:
    """What took a booking away, or moved it: a repair or a class, and its seat; without one a reason alone."""

    note: str
    device: Device | None


@dataclass(slots=True)
class BoardRow(TimelineRow):
    """One row of a branch's timeline; moments are in UTC."""

    pk: int
    device_id: int
    kind: str
    note: str
    number: str
    patron: Person | None
    start: datetime
    end: datetime | None
    check_in_by: datetime | None
    checked_in_at: datetime | None
    ended_at: datetime | None
    help_at: datetime | None


@dataclass(slots=True)
class ToldRow(BoardRow):
    """A row whose person is still to be told what happened to it."""

    booked_period: Period
    due_end_at: datetime | None
    outcome: str
    patron_id: int | None
    displaced_by: Cause | None
    device: Device


@dataclass(frozen=True)
class ToTell(CallLine):
    """A line of the desk's call list beside its board."""

    pk: int
    why: str
    made_at: datetime
    handled_at: datetime | None
    booking: ToldRow


class Epoch(Func):
    """A moment as seconds: read ten times as fast as text is parsed, and a week has hundreds of rows."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::float8"
    output_field = FloatField()


SPAN = [Epoch(name) for name in ("period__startswith", "period__endswith", "check_in_by", "checked_in_at", "ended_at")]
# Each looked up by its key: a join would read all patrons where the planner expects more rows than there are.
PERSON = [Subquery(Patron.objects.filter(pk=OuterRef("patron_id")).values(name)) for name in ("source", "alias")]
ROW: tuple[Any, ...] = (
    "pk",
    "device_id",
    "kind",
    "note",
    "number",
    *PERSON,
    *SPAN,
    Epoch("help_at"),
)
CAUSE = ("displaced_by_id", "displaced_by__device_id", "displaced_by__note")
ASKED = [Epoch(name) for name in ("booked_period__startswith", "booked_period__endswith", "due_end_at")]
TOLD: tuple[Any, ...] = (*ASKED, "outcome", "patron_id", *CAUSE)
CALL = ("call__pk", "call__why", "call__made_at", "call__handled_at")


def moment(seconds: float | None) -> datetime | None:
    """Return the moment that `Epoch` read, None for none."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def near(start: datetime, end: datetime) -> Q:
    """Return the condition of rows that stand in [start, end), or ended within an hour before `start` (cleaning)."""
    since = start - timedelta(hours=1)
    return (Q(ended_at=None) & holds(since, end)) | Q(ended_at__gt=since)  # also what nobody has settled yet


def read_board(
    branch: Branch, devices: Iterable[Device], *, now: datetime, end: datetime
) -> tuple[dict[int, list[BoardRow]], list[ToTell]]:
    """Return what stands on each device from `now` to `end`, and whom somebody is to tell, the first of them first.

    Who sits at a seat that is broken comes before all others. One query; one more where a call is about a device that
    has left the room, and one where only a story says why.
    """
    found = Booking.objects.filter(near(now, end) | Q(_to_tell(branch.pk)), branch=branch).order_by("period")
    rows: dict[int, list[BoardRow]] = {}
    told = []
    for columns in found.values_list(*ROW, *TOLD, *CALL):
        row = _row(*columns[: len(ROW)])
        rows.setdefault(row.device_id, []).append(row)
        if columns[-len(CALL)] is not None:
            told.append(columns)
    return rows, _calls(told, {device.pk: device for device in devices}, now) if told else []


def _to_tell(branch_id: int) -> Func:
    """Return whether a row's person is still to be told; by an array, so that PostgreSQL keeps to indexes."""
    calls = Call.objects.open().filter(booking__branch=branch_id)
    found = ArraySubquery(calls.values("booking"))
    return Func(F("pk"), found, template="%(expressions)s)", arg_joiner=" = ANY (", output_field=BooleanField())


def _row(*columns: Any) -> BoardRow:
    pk, device_id, kind, note, number, source, alias, start, *rest = columns
    person = Person(alias, source == Source.GUEST) if source else None
    return BoardRow(
        pk, device_id, kind, note, number, person, datetime.fromtimestamp(start, UTC), *[moment(each) for each in rest]
    )


def _calls(told: list[tuple[Any, ...]], known: dict[int, Device], now: datetime) -> list[ToTell]:
    """Return the calls that still say something: who has to leave a seat now, then whose time comes first."""
    named = {pk for columns in told for pk in (columns[1], columns[-len(CALL) - 2]) if pk}
    known = known | (Device.objects.in_bulk(named - known.keys()) if named - known.keys() else {})
    calls = [_call(columns, known) for columns in told]
    calls = [call for call in calls if call.is_open(now)]
    _say_why(calls)
    return sorted(calls, key=lambda call: (_is_settled(call), max(call.booking.start, now), call.made_at, call.pk))


def _is_settled(call: ToTell) -> bool:
    """Return whether nobody sits at a seat that is broken."""
    return call.why != CallWhy.GOES_ON or call.booking.check_in_by is not None


def _say_why(calls: list[ToTell]) -> None:
    """Let what nothing on the timeline has caused say the reason that its story keeps. One query where there is one."""
    asked = {call.booking.pk: call.booking for call in calls if _has_a_reason(call)}
    for pk, reason in reasons_of(asked).items() if asked else ():
        asked[pk].displaced_by = Cause(reason, None) if reason else None


def _has_a_reason(call: ToTell) -> bool:
    moved = call.why in {CallWhy.MOVED, CallWhy.GOES_ON}
    return call.booking.displaced_by is None and (moved or call.booking.outcome == Outcome.CANCELLED)


def _call(columns: tuple[Any, ...], known: dict[int, Device]) -> ToTell:
    row = _row(*columns[: len(ROW)])
    start, end, due, *told, cause_id, cause_device, note = columns[len(ROW) : -len(CALL)]
    cause = Cause(note, known.get(cause_device)) if cause_id else None
    asked = period(datetime.fromtimestamp(start, UTC), moment(end))
    shown = [getattr(row, each.name) for each in fields(BoardRow)]
    booking = ToldRow(*[*shown, asked, moment(due), *told, cause, known[row.device_id]])
    return ToTell(*[*columns[-len(CALL) :], booking])
