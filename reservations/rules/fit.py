"""How long someone could sit: the longest slot from a moment that breaks no rule. No ORM, no clock.

What a device allows comes from its free spans, what a person may from the rules themselves, so that nothing is
offered which booking then refuses.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from reservations.calendar import Calendar, Span
from reservations.rules.booking import personal_problems
from reservations.rules.facts import Asked, Busy, DeviceFacts, PolicyFacts
from reservations.rules.slot import Slot

MINUTE = timedelta(minutes=1)


def longest_minutes(asked: Asked) -> int:
    """Return the whole minutes of the longest session from the start of `asked`, 0 if none; its end is not read."""
    start, policy = asked.slot.start, asked.policy
    end = free_until(start, asked.device, policy, asked.calendar, ahead=not asked.walk_up)
    if end is None:
        return 0
    return shortened((end - start) // MINUTE, personal_minutes(asked), policy)


def shortened(free: int, allowed: int, policy: PolicyFacts) -> int:
    """Return the minutes that both a seat and a person allow, 0 where they are less than the shortest useful slot."""
    minutes = min(free, allowed, policy.session)
    return minutes if minutes >= policy.min_slot else 0


def personal_minutes(asked: Asked) -> int:
    """Return how long this person may sit from the start of `asked` on any free seat of the class, 0 if not at all.

    A full session is asked for and cut by what the rules answer, until none is broken or nothing useful is left.
    """
    minutes = asked.policy.session
    while minutes >= asked.policy.min_slot:
        problems = personal_problems(replace(asked, slot=Slot.of(asked.slot.start, minutes)))
        if not problems:
            return minutes
        shorter = [problem.next_minutes for problem in problems if problem.next_at == asked.slot.start]
        allowed = min((each for each in shorter if each is not None), default=minutes)
        if len(shorter) < len(problems) or allowed >= minutes:
            return 0
        minutes = allowed
    return 0


def free_until(
    start: datetime, device: DeviceFacts, policy: PolicyFacts, calendar: Calendar, *, ahead: bool = False
) -> datetime | None:
    """Return until when the device is free from `start`, gap and closing kept; None if it is not free then.

    `ahead`: for a booking for later, which may have to end earlier before closing.
    """
    usable = calendar.usable_span(start, policy.booked_stop if ahead else policy.stop)
    if usable is None or usable[1] <= start or not device.bookable:
        return None
    return end_at(gaps([usable], device.busy, policy.gap), start)


def gaps(spans: Iterable[Span], busy: Iterable[Busy], gap: int) -> list[Span]:
    """Return the parts of `spans` (ordered, apart) in which a device is free, with `gap` minutes of cleaning kept."""
    held = (_held(each, timedelta(minutes=gap)) for each in busy)
    taken = sorted(((since, until) for since, until in held if since != until), key=lambda span: span[0])
    free: list[Span] = []
    for start, end in spans:
        for since, until in taken:
            if since >= end or start >= end:
                break
            if start < since:
                free.append((start, since))
            start = max(start, until or end)
        if start < end:
            free.append((start, end))
    return free


def _held(busy: Busy, gap: timedelta) -> tuple[datetime, datetime | None]:
    """Return when nobody else can be there: a repair needs no cleaning, of what is over only the cleaning is left."""
    around = timedelta() if busy.repair else gap
    since = busy.end if busy.over and busy.end else busy.start - around
    return since, busy.end + around if busy.end else None


def end_at(free: Sequence[Span], moment: datetime) -> datetime | None:
    """Return when the gap around `moment` ends, None where there is none; `free` is in order."""
    place = bisect_right(free, moment, key=lambda span: span[0]) - 1
    return free[place][1] if place >= 0 and moment < free[place][1] else None
