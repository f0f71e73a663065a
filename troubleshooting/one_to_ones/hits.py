"""Which one-to-ones other hours or days away would hit: shown before they are saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from reservations.public import calendars_of
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.models import Appointment
from troubleshooting.one_to_ones import rules
from troubleshooting.staffing_calendar import WorkWeek


@dataclass(frozen=True)
class Hits:
    """One-to-ones to come that would not fit any more; `seen` says on the way back what was shown."""

    appointments: list[Appointment]

    @property
    def seen(self) -> str:
        return sha256(",".join(str(row.pk) for row in self.appointments).encode()).hexdigest()[:16]


class WouldHit(TicketRefused):
    """Nothing is saved yet: `hits` have not been shown."""

    def __init__(self, hits: Hits, sentence: str) -> None:
        super().__init__("hits_one_to_ones", sentence)
        self.hits = hits


def hits(user_id: int, before: Mapping[int, WorkWeek], after: Mapping[int, WorkWeek], now: datetime) -> Hits:
    """Return which of a person's one-to-ones fit `before` and not `after`, weeks by branch id. At most four queries."""
    rows = Appointment.objects.open().filter(librarian_id=user_id, arrived_at=None, period__startswith__gt=now)
    found = list(rows.select_related("branch", "category", "seat__device").order_by("period"))
    calendars = calendars_of({row.branch_id for row in found}) if found else {}

    def fits(row: Appointment, weeks: Mapping[int, WorkWeek]) -> bool:
        return not rules.fits((row.start, row.end), calendars[row.branch_id], weeks.get(row.branch_id))

    return Hits([row for row in found if fits(row, before) and not fits(row, after)])
