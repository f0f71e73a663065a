"""What each level has done for a question: how long it lay there, who worked on it, what they noted. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpdesk.models import Role
from troubleshooting.models import TicketEvent
from troubleshooting.models.category import Tier

MINUTE = timedelta(minutes=1)
NOTED = frozenset({"noted", "handed_over", "escalated", "sent_back", "taken_over"})
LEVEL_OF = {Role.DESK: Tier.DESK, Role.REFERENCE: Tier.REFERENCE, Role.TECH: Tier.IT}


@dataclass
class Share:
    """One level's part: `minutes` it lay there, the posts that did something, and how many notes they left."""

    tier: int
    minutes: int = 0
    people: list[str] = field(default_factory=list)
    notes: int = 0


def shares(events: Sequence[TicketEvent], until: datetime) -> list[Share]:
    """Return each level's share of a story up to `until` (now, or when it was done), in the order of the levels.

    A question lies at a level from the line that brought it there to the one that took it away; who did something
    counts for their own level, wherever it lay.
    """
    found: dict[int, Share] = {}
    for event, later in zip(events, [*events[1:], None], strict=True):
        lay_at = _level(event.to_tier)
        share = found.setdefault(lay_at, Share(lay_at))
        share.minutes += max(0, ((later.at if later else until) - event.at) // MINUTE)
        if event.by_user:
            level = LEVEL_OF.get(Role(event.by_user.role), lay_at)
            theirs = found.setdefault(level, Share(level))
            if event.by_user.username not in theirs.people:
                theirs.people.append(event.by_user.username)
            theirs.notes += bool(event.text) and event.what in NOTED
    return [found[tier] for tier in sorted(found)]


def _level(tier: int | None) -> int:
    return max(tier or Tier.DESK, Tier.DESK)
