"""The end of the line: what whoever takes a place now would be told; one answer for kiosk, desk and wall."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reservations.linefacts import day_stop, paces_of, seat_lines
from reservations.room import Room
from reservations.rules.promise import Expected, SeatLine, Waiting, expect, rounded


@dataclass(frozen=True)
class LineEnd:
    """The seats of a branch as the line sees them, and those who wait; `until` when the computers stop."""

    room: Room
    seats: list[SeatLine]
    until: datetime | None

    def expected(self, newcomers: Iterable[Waiting] = ()) -> list[Expected]:
        """Return what each who waits can expect, then each of the `newcomers`; nothing where no seat is used today."""
        if self.until is None:
            return []
        policy = self.room.branch.policy
        return expect(
            self.seats,
            [*self.room.line, *newcomers],
            now=self.room.now,
            until=self.until,
            gap=policy.gap_minutes,
            claim=policy.claim_minutes,
        )

    def told(self, newcomer: Waiting) -> tuple[int, int] | None:
        """Return the minutes that somebody is told who takes a place now; None: no seat is in sight."""
        found = self.expected([newcomer])
        return rounded(found[-1], self.room.now) if found else None


def line_end(room: Room) -> LineEnd:
    """Return the end of the line of a room that was read with whole rows. One query."""
    policy = room.branch.policy
    seats = seat_lines(
        room.devices, room.rows, now=room.now, policy=policy, calendar=room.calendar, paces=paces_of(room.branch.pk)
    )
    return LineEnd(room, seats, day_stop(room.calendar, room.calendar.branch_day(room.now), policy))
