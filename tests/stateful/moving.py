"""The plain model's verbs that move people: sit elsewhere, out of service and back, a repair that takes longer."""

from tests.stateful.bending import apart
from tests.stateful.limits import before, held, of_seat, personal
from tests.stateful.model import DAY, SYSTEM, No, lifted

OTHER_CLASS = ("no_guests", "age", "walk_up_class", "too_long", "day_limit", "day_sessions", "class_sessions")


def move(w, by, *, row, seat):
    w.open(seats={row.seat, seat}, who=row.who, row=row.at)
    if row.outcome == "moved":
        after = (r for r in w.rows if r.continues == row.at and r.seat == seat and r.ended is None)
        if found := next(after, None):
            return found
    if row.ended is not None or row.kind != "patron":
        raise No("over")
    if row.seat == seat:
        return row
    start = max(w.start_on(seat), row.start)
    if row.end <= start:
        raise No("over")
    lifts = lifted(_against(w, row, seat, start), by, by.reason)
    was, stands = row.seat, _go(w, row, seat, start)
    if stands is not row:
        row.tell("moved", by, w.now)
    stands.tell("moved", by, w.now, seat=was)
    if lifts:
        stands.tell("overridden", by, w.now)
    return stands


def _against(w, row, seat, start):
    """What the other seat has against it, and its class where that is another one."""
    waiting = before(w, row.who, seat)
    told = personal(w, row.who, seat, start, row.end, walk_up=row.runs, waiting=waiting, but=row.at)
    wanted = OTHER_CLASS if w.seats[seat].express != w.seats[row.seat].express else ()
    found = [each for each in told if each[0] in wanted] + [each for each in told if each[0] == "line"]
    found += of_seat(w, seat, start, row.end)
    return found + ([("lacks", "desk")] if not row.needs <= w.seats[seat].features else [])


def _go(w, row, seat, start):
    if not row.runs:
        row.seat = seat
        w.put(row)
        return row
    return _go_on(w, row, seat, start, row.end)


def _go_on(w, row, seat, start, end, **more):
    """Close a session; it goes on at another seat, with what its help has left."""
    leaves(w, row, start, end)
    helped = {"help_at": start, "help_added": row.help_added} if row.help_at is not None else {}
    row.help_at, row.help_added = None, 0
    return _after(w, row, seat, start, end, **helped, **more)


def leaves(w, row, start, end):
    if row.help_at is not None:
        took = min(row.help_added, max(0, start - row.help_at))
        row.help_minutes += took
        row.help_added -= took
    row.close(start, "moved")


def _after(w, row, seat, start, end, **more):
    after = w.add(
        seat=seat, kind="patron", who=row.who, start=start, end=end, sat=start, walk_up=row.walk_up, continues=row.at,
        number=row.number, needs=row.needs, extensions=row.extensions, **more,
    )  # fmt: skip
    if start < row.asked_end < end:
        after.asked_end = row.asked_end
    return after


def take_out(w, by, *, seat, until):
    if until is not None and until <= w.now:
        raise No("back_in_past")
    w.open(seats=w.every_seat())
    repair = _repair(w, seat)
    if repair:
        return repair
    start = w.start_on(seat)
    end = until if until is None or until > start else None
    hit = _hit(w, seat, until)
    plan = _plan(w, hit)
    _vacate(w, by, hit, plan)
    repair = w.add(seat=seat, kind="repair", who=None, start=start, end=end)
    _seat(w, by, hit, plan, repair)
    repair.tell("out_of_service", by, w.now)
    return repair


def _repair(w, seat):
    return next((row for row in w.on(seat) if row.kind == "repair"), None)


def _hit(w, seat, until):
    return [r for r in w.on(seat) if r.kind != "repair" and (until is None or r.start < until)]


def _plan(w, hit):
    """Who goes where: who sits there first, then who booked first; the plainest equal seat, the first of the room."""
    taken, found = {seat: held(w, seat) for seat in w.every_seat()}, {}
    people = [row for row in hit if row.kind == "patron"]
    for row in sorted(people, key=lambda row: (row.sat is None, row.made, row.at)):
        here, start = w.seats[row.seat], max(row.start, w.now)
        needs = row.needs & here.features
        fitting = [
            s for s in w.seats
            if s is not here and s.express == here.express and needs <= s.features
            and all(apart(span, start, row.end, w.rules.gap) for span in taken[s.at])
        ]  # fmt: skip
        if fitting:
            found[row.at] = min(fitting, key=lambda s: (len(s.features), s.at)).at
            taken[found[row.at]].append((start, row.end, False, False))
    return found


def _vacate(w, by, hit, plan):
    for row in hit:
        if row.at not in plan:
            row.due_end = row.end if row.runs else None
            row.close(w.now, "displaced")
            row.tell("displaced", by, w.now)
        elif not row.runs:
            row.seat = plan[row.at]
            row.tell("moved", by, w.now)


def _seat(w, by, hit, plan, repair):
    """Let sessions go on where the plan says, and everybody know what moved them."""
    for row in hit:
        stands = row
        if row.runs and row.at in plan:
            stands = _go_on(w, row, plan[row.at], max(row.start, w.now), row.end)
            row.tell("moved", by, w.now)
            stands.tell("moved", by, w.now)
        stands.displaced_by = repair.at


def bring_back(w, by, *, seat):
    w.open(seats=[seat])
    repair = _repair(w, seat)
    if repair:
        repair.close(max(w.now, repair.start), "returned")
        repair.tell("back_in_service", by, w.now)


def overdue(w, by):
    """Housekeeping: what was to be back by now and is not stays out to the end of the day."""
    for seat in w.every_seat():
        repair = _repair(w, seat)
        if repair is None or repair.end is None or repair.end > w.now:
            continue
        w.open(seats=w.every_seat())
        until = (w.now // DAY + 1) * DAY
        hit = _hit(w, seat, until)
        plan = _plan(w, hit)
        _vacate(w, SYSTEM, hit, plan)
        repair.end = until
        w.put(repair)
        _seat(w, SYSTEM, hit, plan, repair)
        repair.tell("overdue", SYSTEM, w.now)
