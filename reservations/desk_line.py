"""Read of the waiting line as the desk shows it: what each number wants, which seat it may expect, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helpdesk import words
from reservations.booking.line import REJOIN
from reservations.lineup import LineRow, next_call, row_of
from reservations.models import Branch, Turn
from reservations.models.line import TurnOutcome
from reservations.needs import need_word
from reservations.pace import KEPT, KeptPromises, kept_promises, promises

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class DeskRow:
    """One number: `wants`, `seat` and `about` in words."""

    row: LineRow
    now: datetime

    @property
    def turn(self) -> Turn:
        return self.row.turn

    @property
    def is_called(self) -> bool:
        """Whether a seat is held for the number."""
        return self.row.state == "called"

    @property
    def can_be_called(self) -> bool:
        return self.row.state in {"called", "ready"}

    @property
    def wants(self) -> str:
        """What it asks for: "1 hour, any", "Scanner, 1 hour"."""
        length = words.length(self.turn.minutes)
        if self.turn.needs:
            return capfirst(", ".join([*map(need_word, self.turn.needs), length]))
        kind = self.turn.device_class.name if self.turn.device_class else _("any")
        return f"{length}, {kind}"

    @property
    def seat(self) -> str:
        return self.row.seat.said if self.row.seat else ""

    @property
    def seat_id(self) -> int | None:
        return self.row.seat.pk if self.row.seat else None

    @property
    def about(self) -> str:
        """When it will be called: "now", "until 14:12" while a seat is held, "14:10", "14:10 to 14:25", "later"."""
        if self.row.claim_by:
            return _("until {time}").format(time=words.clock(self.row.claim_by))
        low, high = self.row.low, self.row.high
        if low is None:
            return _("not in sight")
        if high == 0 or self.row.state == "ready":
            return _("now")
        first = words.clock(self.now + low * MINUTE)
        if high in (None, low):
            return first
        return _("{first} to {last}").format(first=first, last=words.clock(self.now + (high or low) * MINUTE))

    @property
    def held_until(self) -> str:
        return words.clock(self.row.claim_by) if self.row.claim_by else ""


@dataclass(frozen=True)
class DeskLine:
    """The line in its order, the share of promises kept, whom to call next, and who has just missed a call."""

    rows: list[DeskRow]
    missed: list[Turn]
    kept: KeptPromises | None
    next: DeskRow | None

    @property
    def longest(self) -> int:
        """The minutes of whoever has waited longest."""
        return max((row.row.waited for row in self.rows), default=0)

    @property
    def kept_of_100(self) -> int:
        return round(100 * self.kept.share) if self.kept else 0

    @property
    def next_change_at(self) -> datetime | None:
        """The moment at which a held seat is given on."""
        return min((row.row.claim_by for row in self.rows if row.row.claim_by), default=None)


def desk_line(branch: Branch, now: datetime) -> DeskLine:
    """Return the line of a branch that `with_rules` has read. One query."""
    found: list[LineRow] = []
    place = 0
    for turn in _turns(branch, now) if getattr(branch, "has_line", True) else ():
        found.append(row_of(turn, place + 1, now))
        place = max(place, found[-1].place)
    standing = [row for row in found if row.state != "missed"]
    kept = _kept(found[0].turn) if found else kept_promises(branch.pk, now)
    first = next_call(standing)
    rows = [DeskRow(row, now) for row in standing]
    missed = [row.turn for row in found if row.state == "missed"]
    return DeskLine(rows, missed, kept, next((row for row in rows if first and row.row is first.row), None))


def _turns(branch: Branch, now: datetime) -> QuerySet[Turn]:
    """Return the open places and those that just missed a call, each with the branch's promises of four weeks."""
    columns = {"samples": _count(branch.pk, now), "promises_kept": _count(branch.pk, now, kept=True)}
    shown = Q(ended_at=None) | Q(outcome=TurnOutcome.MISSED, ended_at__gt=now - REJOIN)
    turns = Turn.objects.filter(shown, branch=branch).annotate(**columns).in_order()
    return turns.select_related("offer__device", "expected_device", "device_class")


def _count(branch_id: int, now: datetime, *, kept: bool = False) -> Subquery:
    """Return how many promises have come due, or how many of them were kept."""
    due = promises(branch_id, now)
    if kept:
        due = due.filter(KEPT)
    return Subquery(
        due.order_by().values("branch").annotate(many=Count("pk")).values("many"), output_field=IntegerField()
    )


def _kept(turn: Any) -> KeptPromises | None:
    samples = turn.samples or 0
    return KeptPromises((turn.promises_kept or 0) / samples, samples) if samples else None
