"""The shape of a shipped category."""

from dataclasses import dataclass

from troubleshooting.models.category import Kind, TallyGroup, Tier

DESK_PROMISE = 5  # minutes to reach someone
SEAT_PROMISE = 5  # minutes for the reference librarian to reach a seat
RESEARCH_PROMISE = 60  # minutes until a first answer
IT_PROMISE = 480  # eight open hours
URGENT_PROMISE = 60  # minutes for what must not wait for the next visit


@dataclass(frozen=True)
class Row:
    """A category as shipped; texts are marked for translation and translated when shown."""

    code: str
    name: str
    tier: Tier
    kind: Kind
    tally: TallyGroup
    read: int | None
    policy: str = ""
    reference: bool = False
    hardware: bool = False
    promise: int = DESK_PROMISE
