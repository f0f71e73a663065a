"""Due times on a branch's opening hours, as pure arithmetic: no query, no clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol

from troubleshooting.models.category import Category, Tier

DESK_MINUTES = 5  # to reach someone at a seat or the counter
REFERENCE_MINUTES = 5  # to reach someone at a seat
IT_MINUTES = 8 * 60  # to fix: eight open hours
DEFAULT_MINUTES: dict[int, int] = {
    Tier.SELF_HELP: DESK_MINUTES,
    Tier.DESK: DESK_MINUTES,
    Tier.REFERENCE: REFERENCE_MINUTES,
    Tier.IT: IT_MINUTES,
}


class Openings(Protocol):
    """What is needed of a calendar: its openings that end after a moment, soonest first, up to a horizon."""

    def spans_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]: ...


def due(calendar: Openings, start: datetime, minutes: int) -> datetime | None:
    """Return the moment `minutes` opening minutes after `start`; closed time does not count.

    None where the branch is not open that long within the calendar's horizon: then nothing can be promised.
    """
    left = timedelta(minutes=minutes)
    for opens, closes in calendar.spans_from(start):
        begin = max(opens, start)
        if closes - begin >= left:
            return begin + left
        left -= closes - begin
    return None


def promised_minutes(category: Category, tier: int) -> int:
    """Return the opening minutes promised for a question of `category` at `tier`.

    The category's own promise is about its usual level; at another level that level's default holds.
    """
    usual = max(category.tier, Tier.DESK)
    return category.promise_minutes if usual == max(tier, Tier.DESK) else DEFAULT_MINUTES[tier]
