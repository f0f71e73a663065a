"""The plain model's verbs on the timeline: book, sit down, get up, cancel, and taking an act back."""

from tests.stateful.limits import free_until, limits_again, longest, personal, problems
from tests.stateful.model import No, lifted
from tests.stateful.waiting import sit_down, withdraw

EARLY = 15


def book(w, by, *, who, seat, start, end, key):
    if end <= start:
        raise No("reversed")
    w.open(seats=[seat], who=who, key=key)
    if again := _keyed(w, key):
        return again
    lifts = lifted(problems(w, who, seat, start, end, walk_up=False), by, by.reason)
    until = min(end, start + w.rules.grace)
    row = w.add(seat=seat, kind="patron", who=who, start=start, end=end, by=until, key=key)
    return _told(w, row, "booked", by, lifts)


def _keyed(w, key):
    return next((row for row in w.rows if row.key == key), None)


def _told(w, row, what, by, lifts, **more):
    row.tell(what, by, w.now, **more)
    if lifts:
        row.tell("overridden", by, w.now)
    return row


def start_now(w, by, *, who, seat, express, needs, minutes, key):
    seats = [seat] if seat is not None else [s.at for s in w.seats if s.express == bool(express)]
    w.open(seats=seats, who=who, key=key)
    if again := _keyed(w, key):
        return again
    turn = w.place_of(who)
    if turn:
        withdraw(w, turn, by)
    if seat is None:
        seat = _best(w, by, who, seats, needs)
    start = w.start_on(seat)
    length = minutes or _longest(w, by, who, seat, start)
    lifts = lifted(problems(w, who, seat, start, start + length, walk_up=True), by, by.reason)
    number = turn.number if turn else w.draw()
    row = w.add(
        seat=seat, kind="patron", who=who, start=start, end=start + length, sat=start, walk_up=True, number=number,
        needs=needs, key=key,
    )  # fmt: skip
    _told(w, row, "sat_down", by, lifts)
    if turn:
        sit_down(w, turn, row)
    return row


def _longest(w, by, who, seat, start):
    """The longest session; where none fits the shortest one, or what the seat has free for staff with a reason."""
    found = longest(w, who, seat, start)
    if found or not by.reason:
        return found or _shortest(w, who, seat)
    session = w.rules.session_for(w.seats[seat].express, w.people[who].guest)
    until = free_until(w, start, seat)
    return max(_shortest(w, who, seat), session if until is None else min(until - start, session))


def _shortest(w, who, seat):
    return max(w.rules.least_for(w.seats[seat].express, w.people[who].guest), w.rules.least_left)


def _best(w, by, who, seats, needs):
    """The free seat with the fewest rules against it, then the one that stays free longest; the room's order."""
    found, fitting = [], [seat for seat in seats if needs <= w.seats[seat].features]
    for seat in fitting:
        start = w.start_on(seat)
        until = free_until(w, start, seat)
        if until is not None:
            length = _longest(w, by, who, seat, start)
            found.append((len(problems(w, who, seat, start, start + length, walk_up=True)), -until, seat))
    if not found:
        raise No(*_everywhere(w, who, fitting), "no_seat")
    return min(found)[2]


def _everywhere(w, who, seats):
    """What keeps somebody from the shortest session on every seat."""
    told = []
    for seat in seats:
        start = w.start_on(seat)
        end = start + _shortest(w, who, seat)
        told.append([code for code, _level in personal(w, who, seat, start, end, walk_up=True, waiting=0)])
    return [code for code in told[0] if all(code in codes for codes in told)] if told else []


def check_in(w, by, *, row):
    w.open(seats=[row.seat], who=row.who, row=row.at)
    if row.sat is not None and row.ended is None:
        return row
    late = row.outcome == "no_show"
    lifts = lifted(_not_yet(w, row), by, by.reason)
    start = max(w.start_on(row.seat), w.now) if late else min(row.start, w.now)
    row.start, row.end, row.sat, row.ended, row.outcome = start, row.asked_end, w.now, None, ""
    w.put(row)
    _told(w, row, "checked_in", by, lifts, late=late)
    turn = w.place_of(row.who)
    if turn:
        withdraw(w, turn, by)
        sit_down(w, turn, row)
    return row


def _not_yet(w, row):
    missed = row.outcome == "no_show" and row.asked_end > w.now
    if row.kind != "patron" or (row.ended is not None and not missed):
        return [("over", "")]
    others = w.on(row.seat, but=row.at)
    if row.start > w.now:
        early = row.start - w.now > EARLY or any(o.holds(w.now, w.now, row.start) for o in others)
        return [("too_early", "desk")] if early else []
    there = [o for o in others if o.holds(w.now, w.now, row.asked_end)]
    if there:
        return [("out" if there[0].kind == "repair" else "taken", "")]
    brief = [("least_left", "desk")] if row.asked_end - w.now < w.rules.least_left else []
    return brief + limits_again(w, row, w.now, row.asked_end, same_session=False)


def finish(w, by, *, row):
    w.open(seats=[row.seat], who=row.who, row=row.at)
    if row.outcome in ("finished", "ran_out"):
        return row
    if row.ended is not None:
        raise No("over")
    if row.sat is None:
        raise No("not_begun")
    row.due_end = row.end
    row.close(w.now, "finished")
    row.tell("finished", by, w.now)
    return row


def cancel(w, by, *, row):
    w.open(seats=[row.seat], who=row.who, row=row.at)
    if row.outcome == "cancelled":
        return row
    if row.ended is not None or row.kind != "patron":
        raise No("over")
    if row.sat is not None:
        raise No("running")
    row.close(w.now, "cancelled")
    row.tell("cancelled", by, w.now)
    return row


def settle_all(w, by):
    """Housekeeping: what time has ended is written down everywhere. Places in line wait for their own verbs."""
    for row in w.rows:
        w.settle(row)


def undo(w, by, *, row, event):
    done = row.events[event]
    w.open(seats={row.seat, row.seat if done.seat is None else done.seat}, who=row.who, row=row.at)
    latest = max(n for n, each in enumerate(row.events) if each.what != "overridden")
    if row.events[latest].what == "undone" and row.events[latest].undone == event:
        return row
    if done.by.kind != "staff" or by.user is None or done.by.user != by.user:
        raise No("undo_not_yours")
    if w.now > done.at:
        raise No("undo_too_late")
    if latest != event:
        raise No("undo_moved_on")
    if done.what not in TAKES_BACK:
        raise No("undo_cannot")
    TAKES_BACK[done.what](w, row, done)
    w.put(row)
    row.tell("undone", by, w.now, undone=event)
    return row


def _stands_again(w, row, end):
    if end <= w.now:
        raise No("over")
    row.end, row.ended, row.outcome = end, None, ""


def _finished(w, row, done):
    if any(other.continues == row.at for other in w.rows):
        raise No("undo_moved_on")
    _stands_again(w, row, row.due_end)
    row.due_end = None


def _cancelled(w, row, done):
    _stands_again(w, row, row.asked_end)


def _booked(w, row, done):
    row.close(w.now, "cancelled")


def _sat_down(w, row, done):
    row.close(w.now, "cancelled")
    row.by, row.sat = row.start, None


def _checked_in(w, row, done):
    row.start, row.end, row.sat = row.asked_start, row.asked_end, None
    if done.late:
        row.close(row.by, "no_show")


def _extended(w, row, done):
    row.end = min(row.end, max(row.end - done.minutes, w.now + 1))
    row.extensions -= 1


def _moved(w, row, done):
    if done.seat is None:
        raise No("undo_cannot")
    if row.continues is None or row.sat is None:
        row.seat = done.seat
        return
    before, end = w.rows[row.continues], row.end
    if before.outcome != "moved":
        raise No("undo_moved_on")
    before.help_at, before.help_added = row.help_at, row.help_added
    _sat_down(w, row, done)
    row.continues, row.help_at, row.help_added = None, None, 0
    _stands_again(w, before, end)
    w.put(before)


TAKES_BACK = {
    "finished": _finished, "cancelled": _cancelled, "booked": _booked, "sat_down": _sat_down,
    "checked_in": _checked_in, "extended": _extended,
    "moved": _moved,
}  # fmt: skip
