"""We close early: everybody who sits ends at one stop, later bookings are taken away, all of it with a way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from helpdesk.actor import Actor
from reservations.booking.change_day import (
    PlanChanged,
    day_frame,
    hit,
    plan_changed,
    plan_of,
    write,
    write_hours,
)
from reservations.booking.frame import Frame
from reservations.booking.override import reason_given
from reservations.booking.restore_day import Restored, lock_people, restore, restore_turns
from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.day_plan import DayPlan, Stored, preview_day, stored
from reservations.locks import lock_branch
from reservations.models import Branch, EarlyClosing, SpecialHours
from reservations.rules.closing import shorter_hours, with_hours

LONGEST_REASON = 80  # characters, as in EarlyClosing.reason


@dataclass(frozen=True)
class Undone:
    """An early closing that was taken back: what came back with it, and what did not."""

    closing: EarlyClosing
    restored: Restored


def standing_closing(branch_id: int, on: date) -> EarlyClosing | None:
    """Return the early closing of a branch day that holds. One query."""
    return EarlyClosing.objects.standing().filter(branch_id=branch_id, on=on).first()


def preview_closing(branch: Branch, closes_at: time, reason: str, *, now: datetime, on: date | None = None) -> DayPlan:
    """Return whom it would hit to close at `closes_at`. Where the day closes early already: against how it stands now.

    Raises Refused `closed_day`, `before_opening`, `not_earlier`, `past`.
    """
    calendar = calendar_of(branch.pk)
    day = on or calendar.branch_day(now)
    standing = standing_closing(branch.pk, day)
    usual = usual_calendar(calendar, standing)
    shorter = shorter_hours(usual, day, closes_at, now)
    return preview_day(branch, day, lambda _now: with_hours(usual, day, shorter, reason), now=now)


@transaction.atomic
def close_early(
    *,
    branch_id: int,
    closes_at: time,
    reason: str,
    by: Actor,
    now: datetime,
    on: date | None = None,
    seen: str | None = None,
) -> EarlyClosing:
    """Close the branch at `closes_at` (local time) on the branch day `on`, today without one; return what it changed.

    The same time again is the same closing; another time is planned anew from the day's own hours. `seen` is the
    plan that was shown: where others lose a booking by now, nothing is saved. Raises Refused `reason_needed`,
    `reason_personal`, `closed_day`, `before_opening`, `not_earlier`, `past`, and PlanChanged `plan_changed`.
    """
    said = reason_given(reason)[:LONGEST_REASON]
    lock_branch(branch_id)
    day = on or calendar_of(branch_id).branch_day(now)
    standing = standing_closing(branch_id, day)
    if standing and standing.closes_at == closes_at:
        return standing
    had: Mapping[str, str] = standing.changed["rows"] if standing else {}
    people = lock_people(map(int, had))
    frame = day_frame(branch_id, now, map(int, had))
    now_open = frame.calendar
    usual = usual_calendar(now_open, standing)
    after = with_hours(usual, day, shorter_hours(usual, day, closes_at, now), said)
    was = stored(frame.rows)
    shown = plan_of(frame, day, now_open, after)
    if standing:
        restore(frame.rows, had, people, now=now, gap=frame.branch.policy.gap_minutes)
    plan = plan_of(frame, day, usual, after)
    if seen is not None and seen != shown.seen:
        raise PlanChanged([shown], plan_changed())
    return _save(frame, plan, standing, closes_at, was, by=by, reason=said)


def _save(
    frame: Frame,
    plan: DayPlan,
    standing: EarlyClosing | None,
    closes_at: time,
    was: Stored,
    *,
    by: Actor,
    reason: str,
) -> EarlyClosing:
    """Write the closing in the place of the one that stands, the day's hours, and what becomes of the rows."""
    branch, on, now = frame.branch, plan.on, plan.now
    rows = hit(plan)
    kept = standing.kept if standing else _kept(branch.pk, on)
    if standing:
        _end(standing, by, now)
    closing = EarlyClosing.objects.create(
        branch=branch, on=on, closes_at=closes_at, reason=reason, kept=kept, by_id=by.user_id, at=now
    )
    write_hours(branch, on, plan.hours, reason)
    turns = list(standing.changed["turns"]) if standing else []
    closing.changed = {"rows": rows, "turns": [*turns, *write(frame, plan, was, by=by, reason=reason)]}
    closing.save(update_fields=["changed"])
    return closing


@transaction.atomic
def undo_closing(*, closing: EarlyClosing, by: Actor, now: datetime) -> Undone:
    """Open as usual again: give back what is still possible and say what is not. Undoing twice is undoing once."""
    branch = lock_branch(closing.branch_id)
    found = EarlyClosing.objects.get(pk=closing.pk)
    if found.undone_at:
        return Undone(found, Restored())
    had: Mapping[str, str] = found.changed["rows"]
    people = lock_people(map(int, had))
    frame = day_frame(branch.pk, now, map(int, had))
    before, after = frame.calendar, usual_calendar(frame.calendar, found)
    was = stored(frame.rows)
    done = restore(frame.rows, had, people, now=now, gap=frame.branch.policy.gap_minutes)
    _end(found, by, now)
    _write_kept(branch, found)
    restore_turns(frame, found.changed["turns"], done, by=by, reason=found.reason)
    write(frame, plan_of(frame, found.on, before, after), was, by=by, reason=found.reason)
    return Undone(found, done)


def usual_calendar(calendar: Calendar, closing: EarlyClosing | None) -> Calendar:
    """Return the calendar as it would be without the early closing."""
    if closing is None:
        return calendar
    kept = [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes, _reason in closing.kept]
    reason = next((why for _opens, _closes, why in closing.kept), "")
    return with_hours(calendar, closing.on, kept or None, reason)


def _kept(branch_id: int, on: date) -> list[list[str]]:
    """Return the special hours of a day as an early closing keeps them."""
    rows = SpecialHours.objects.filter(branch_id=branch_id, on=on).order_by("opens")
    return [[row.opens.isoformat(), row.closes.isoformat(), row.reason] for row in rows]


def _write_kept(branch: Branch, closing: EarlyClosing) -> None:
    write_hours(branch, closing.on, [], "")
    rows: list[dict[str, Any]] = [
        {"opens": time.fromisoformat(opens), "closes": time.fromisoformat(closes), "reason": reason}
        for opens, closes, reason in closing.kept
    ]
    SpecialHours.objects.bulk_create(SpecialHours(branch=branch, on=closing.on, **row) for row in rows)


def _end(closing: EarlyClosing, by: Actor, now: datetime) -> None:
    closing.undone_at, closing.undone_by_id = max(now, closing.at), by.user_id
    closing.save(update_fields=["undone_at", "undone_by"])
