"""A span of time that someone asks for."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, order=True)
class Slot:
    """Half-open [start, end), both aware. A reversed or empty slot cannot be made: it raises ValueError."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a slot needs aware moments")
        if self.end <= self.start:
            raise ValueError("a slot ends after it starts")

    @classmethod
    def of(cls, start: datetime, minutes: int) -> "Slot":
        return cls(start, start + timedelta(minutes=minutes))

    @property
    def minutes(self) -> int:
        """Whole minutes, rounded up: a started minute is used."""
        return -(-(self.end - self.start) // timedelta(minutes=1))

    def meets(self, start: datetime, end: datetime | None) -> bool:
        """Return whether this slot and [start, end) share a moment; `end` None is open."""
        return self.start < (end or datetime.max.replace(tzinfo=self.start.tzinfo)) and start < self.end
