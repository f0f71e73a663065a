"""Reads of one patron's place in line: where it stands, how long it takes, which seat it was called to."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from helpdesk import words
from reservations.booking.line import REJOIN
from reservations.facts import busy_rows, facts_of
from reservations.lineup import row_of
from reservations.models import Device, Patron, Turn
from reservations.models.line import TurnOutcome
from reservations.room import load_room
from reservations.rules.fit import longest_minutes
from reservations.rules.slot import Slot
from reservations.wait_words import wait_words

BACK = {"missed", "left"}  # the place can be taken again


@dataclass(frozen=True)
class MyTurn:
    """A place in line as its patron sees it: `state` is waiting, called, missed, left or over.

    `place` counts from 1 among those who wait; `seat` is the one that is held, or the one it will probably be;
    `until` is the end of the hold, `left` and `whole` are its minutes.
    """

    turn: Turn
    state: str
    place: int = 0
    wait: str = ""
    seat: Device | None = None
    until: datetime | None = None
    left: int = 0
    whole: int = 1

    @property
    def is_called(self) -> bool:
        return self.state == "called"

    @property
    def is_open(self) -> bool:
        return self.state in {"waiting", "called"}


def turn_of(patron: Patron, pk: int) -> Turn:
    """Return a place in line of `patron`; another patron's does not exist: Http404."""
    turn = _turns().filter(pk=pk, patron=patron).first()
    if turn is None:
        raise Http404
    return turn


def open_turn(patron: Patron, now: datetime) -> MyTurn | None:
    """Return the place of `patron` that still waits, is called, or was just missed or left. At most two queries."""
    standing = Q(ended_at=None) | Q(outcome__in=[TurnOutcome.MISSED, TurnOutcome.LEFT], ended_at__gt=now - REJOIN)
    turn = _turns().filter(standing, patron=patron).order_by("ended_at", "-pk").last()
    return my_turn(turn, now) if turn else None


def _turns() -> QuerySet[Turn]:
    return Turn.objects.select_related(
        "branch__policy", "patron", "device_class", "offer__device__area", "expected_device__area"
    )


def my_turn(turn: Turn, now: datetime) -> MyTurn:
    """Return what `turn` is to its patron at `now`; one query while it waits."""
    if turn.ended_at and turn.outcome == TurnOutcome.LEFT and now - turn.ended_at < REJOIN:
        return MyTurn(turn, "left", wait=_("You have left the line"))
    if turn.ended_at and turn.outcome != TurnOutcome.MISSED:
        return MyTurn(turn, "over")
    row = row_of(turn, _place(turn) if turn.offer is None else 0, now)
    if row.state == "missed":
        missed_at = turn.ended_at or (turn.offer.check_in_by if turn.offer else None) or now
        state = "missed" if now - missed_at < REJOIN else "over"
        return MyTurn(turn, state, wait=_("Your number was called"), seat=row.seat)
    if row.claim_by and row.seat:
        said = {"seat": row.seat.label, "time": words.clock(row.claim_by)}
        wait = _("Seat %(seat)s is kept until %(time)s") % said
        whole = max(1, _minutes(row.claim_by - (turn.called_at or now)))
        return MyTurn(turn, "called", 0, wait, row.seat, row.claim_by, _minutes(row.claim_by - now), whole)
    minutes = None if row.low is None or row.high is None else (row.low, row.high)
    return MyTurn(turn, "waiting", row.place, wait_words(minutes), row.seat)


def _place(turn: Turn) -> int:
    before = Q(place_at__lt=turn.place_at) | Q(place_at=turn.place_at, pk__lt=turn.pk)
    return Turn.objects.open().filter(before, branch_id=turn.branch_id, offer=None).count() + 1


def _minutes(span: timedelta) -> int:
    return max(0, -(-span // timedelta(minutes=1)))


def claim_slot(turn: Turn, now: datetime) -> Slot | None:
    """Return from when until when the called seat would be its patron's, by the rules that the claim asks; else None.

    At most seven queries.
    """
    row, patron = turn.offer, turn.patron
    if row is None or row.end is None or patron is None:
        return None
    room = load_room(turn.branch, now=now, end=now + timedelta(days=1), patron=patron, needs=frozenset(turn.needs))
    device = next(device for device in room.devices if device.pk == row.device_id)
    others = [each for each in room.rows.get(device.pk, []) if each.pk != row.pk]
    start = max(now, row.start)
    asked = replace(
        room.asked(device, Slot(start, row.end), ahead=False),
        device=facts_of(device, busy_rows(device.pk, others, now), turn.branch.policy),
        waiting=0,
    )
    longest = longest_minutes(asked)
    return Slot(start, min(row.end, start + longest * timedelta(minutes=1))) if longest else None
