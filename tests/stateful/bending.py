"""The plain model's verbs on time: longer by request or by itself, soft landing, help, back to a seat."""

from tests.stateful.limits import (
    NEVER,
    before,
    closes_after,
    day_of,
    held,
    is_open,
    least,
    left_of,
    limits_again,
    serves,
    used,
)
from tests.stateful.model import DAY, SYSTEM, No, lifted

SOON, WORTH, AT_ONCE = 5, 5, 2
MAY = {"none": (), "staff": ("staff",), "asked": ("staff", "patron"), "automatic": ("staff", "patron", "system")}


def _running(w, row):
    w.open(seats=[row.seat], who=row.who, row=row.at)
    if not row.runs:
        raise No("over")


def _again(row, what, by, now):
    return any(each.what == what and each.by.same == by.same and each.at >= now for each in row.events)


def _next(w, row, but=None):
    """What comes next on the seat: (start, is a repair), None if nothing does."""
    later = [span for span in held(w, row.seat, but) if not span[3] and span[0] >= row.end]
    return min(((span[0], span[2]) for span in later), default=None)


def _walls(w, row, but=None):
    """Where seat, person, pass and closing end a session at the latest, by the code that says so."""
    person = w.people[row.who]
    mine = [r.start for r in w.rows if r.kind == "patron" and r.who == row.who and r.over(w.now) is None]
    following = _next(w, row, but)
    moment = min(w.now, row.end)
    clean = stand = NEVER
    if following:
        stand = following[0]
        clean = stand if following[1] else stand - w.rules.gap
    return {
        "out" if following and following[1] else "taken": stand,
        "gap": clean,
        "elsewhere": min((start for start in mine if start >= row.end), default=NEVER),
        "pass_ended": NEVER if person.valid_until is None else person.valid_until,
        "closing": _stop(w, moment, row.end),
    }


def _stop(w, moment, end):
    stop = closes_after(moment, w.rules.stop)
    return stop if is_open(moment) else end


def _against(w, row, minutes, by, freely):
    """What a longer session breaks: (code, who may lift it, the minutes it would still allow or None)."""
    r, seat, new_end = w.rules, w.seats[row.seat], row.end + minutes
    extension = "none" if seat.express else r.extension
    day = row.start // DAY
    left, beyond = left_of(w, row.who, day), used(w, row.who, day) + minutes > day_of(w, row.who)
    counts = r.extension_counts and not seat.express
    found = []
    if by.kind not in MAY[extension]:
        found.append(("no_extension" if extension == "none" else "extension_by_staff", "desk", None))
    if r.extensions_most is not None and row.extensions >= r.extensions_most:
        found.append(("extensions_most", "desk", None))
    if before(w, row.who, row.seat):
        found.append(("line", "desk", None))
    if minutes < (1 if freely else min(WORTH, r.extension_minutes)):
        found.append(("too_short", "", min(WORTH, r.extension_minutes)))
    elif minutes > r.extension_minutes and not freely:
        found.append(("too_long", "desk", r.extension_minutes))
    if counts and beyond:
        found.append(("day_limit", "desk", left))
    return found + _at_walls(w, row, new_end)


def _at_walls(w, row, new_end):
    walls, found = _walls(w, row), []
    until = walls["gap"] - row.end
    for code in ("out", "taken"):
        if new_end > walls.get(code, NEVER):
            found.append((code, "", until))
    if not found and new_end > walls["gap"] and "out" not in walls:
        found.append(("gap", "desk", until))
    for code, level in (("elsewhere", ""), ("pass_ended", ""), ("closing", "manager")):
        if new_end > walls[code]:
            found.append((code, level, walls[code] - row.end))
    return found


def extend(w, by, *, row, minutes):
    _running(w, row)
    if _again(row, "extended", by, w.now):
        return row
    freely = by.kind == "staff" and minutes is not None
    if freely and len(by.reason.strip()) < 3:
        raise No("reason_needed")
    minutes = w.rules.extension_minutes if minutes is None else minutes
    broken = _against(w, row, minutes, by, freely)
    if lifted([(code, level) for code, level, _left in broken], by, by.reason):
        row.tell("overridden", by, w.now)
    _longer(w, row, minutes, "extended", by)
    return row


def _longer(w, row, minutes, what, by):
    row.end += minutes
    row.extensions += 1
    w.put(row)
    row.tell(what, by, w.now, minutes=minutes)


def extend_due(w, by):
    due = [r for r in w.rows if r.runs and r.start <= w.now < r.end <= w.now + SOON]
    return sum(_by_itself(w, row) for row in due)


def _by_itself(w, row):
    w.open(seats=[row.seat], who=row.who, row=row.at)
    if not row.runs or row.end > w.now + SOON or _again(row, "extended_itself", SYSTEM, w.now):
        return False
    lefts = [left for _code, _level, left in _against(w, row, w.rules.extension_minutes, SYSTEM, False)]
    if any(left is None or left < WORTH for left in lefts):
        return False
    _longer(w, row, min(lefts, default=w.rules.extension_minutes), "extended_itself", SYSTEM)
    return True


def _room(w, row, but=None):
    """How many minutes the session could grow."""
    return max(0, min(_walls(w, row, but).values()) - row.end)


def _chain(w, row):
    rows = [row]
    while rows[-1].continues is not None:
        rows.append(w.rows[rows[-1].continues])
    return rows


def land(w, by, *, row):
    w.open(seats=w.every_seat(), who=row.who, row=row.at)
    if not row.runs:
        raise No("over")
    landed = [e.at for each in _chain(w, row) for e in each.events if e.what == "soft_landing"]
    if landed and landed[-1] >= w.now:
        return row
    soft = 0 if w.seats[row.seat].express else w.rules.soft
    if landed or not soft:
        raise No("landed" if soft else "no_landing")
    head = next((t for t in w.line() if t.offer is None and serves(w, row.seat, t)), None)
    if head:
        others = [s for s in w.every_seat() if s != row.seat and serves(w, s, head)]
        short = least(w, head)
        latest = min(row.end + soft, closes_after(w.now, w.rules.stop) - short)
        if not any(_frees(w, seat, latest, short) for seat in others):
            raise No("line")
    return _land(w, by, row, soft)


def _frees(w, seat, until, short):
    """Whether somebody could sit down at a seat by a moment, for the minutes they would be called for."""
    gap, spans = w.rules.gap, held(w, seat)
    ends = [end + (0 if repair else gap) for _start, end, repair, _over in spans if end is not None]
    for moment in sorted([w.now, *(end for end in ends if w.now < end)]):
        if moment > until:
            break
        if all(apart(span, moment, moment + short, gap) for span in spans):
            return True
    return False


def apart(span, start, end, gap):
    since, until, repair, over = span
    around = 0 if repair else gap
    return (until is not None and until + around <= start) or (not over and end + around <= since)


def _land(w, by, row, soft):
    minutes = min(soft, _room(w, row))
    later = [r for r in w.on(row.seat) if r.start >= row.end]
    follower = min(later, key=lambda r: r.start, default=None)
    if minutes < soft and follower and follower.kind != "repair" and follower.sat is None:
        gained = min(soft, _room(w, row, but=follower.at))
        seat = _other_seat(w, follower) if gained >= max(minutes + 1, WORTH) else None
        if seat is not None:
            minutes, follower.seat = gained, seat
            follower.tell("moved", by, w.now)
    if minutes < WORTH:
        raise No("limit_holds")
    row.end += minutes
    w.put(row)
    row.tell("soft_landing", by, w.now, minutes=minutes)
    return row


def _other_seat(w, follower):
    present = w.seats[follower.seat]
    needs = follower.needs & present.features
    fitting = [
        seat for seat in w.seats
        if seat is not present and seat.express == present.express and needs <= seat.features
        and all(apart(span, max(follower.start, w.now), follower.end, w.rules.gap) for span in held(w, seat.at))
    ]  # fmt: skip
    return min(fitting, key=lambda seat: (len(seat.features), seat.at)).at if fitting else None


def _here(w, seat):
    return next((r for r in w.rows if r.seat == seat and r.sat is not None and r.over(w.now) is None), None)


def _gone_from(w, seat):
    """Who was helped at a seat and goes on at another one, where they are still helped."""
    for row in w.rows:
        last = w.rows[row.continues] if row.continues is not None else None
        if (
            last is None
            or last.outcome != "moved"
            or row.sat is None
            or row.help_at is None
            or row.over(w.now) is not None
        ):
            continue
        first = w.rows[last.continues] if last.continues is not None else None
        if seat in (last.seat, first.seat if first else None):
            return row
    return None


def begin_help(w, by, *, seat):
    row = _here(w, seat)
    if row is None:
        return None
    w.open(seats=[seat], who=row.who, row=row.at)
    if row.help_at is not None:
        return row
    given = sum(each.help_minutes for each in _chain(w, row))
    row.help_added = max(0, min(w.rules.help - given, _room(w, row)))
    row.help_at = w.now
    row.end += row.help_added
    w.put(row)
    row.tell("help_began", by, w.now)
    return row


def end_help(w, by, *, seat):
    row = _here(w, seat)
    if row is None or row.help_at is None:
        row = _gone_from(w, seat) or row
    if row is None:
        return None
    w.open(seats=[row.seat], who=row.who, row=row.at)
    if row.help_at is None:
        return row
    took = min(row.help_added, max(0, w.now - row.help_at))
    row.end = min(row.end, max(row.end - (row.help_added - took), w.now + 1))
    row.help_minutes += took
    row.help_at, row.help_added = None, 0
    row.tell("help_ended", by, w.now)
    return row


def resume(w, by, *, row):
    w.open(seats=[row.seat], who=row.who, row=row.at)
    again = next((r for r in w.rows if r.continues == row.at and r.seat == row.seat), None)
    if again:
        return again
    start = w.start_on(row.seat)
    if row.outcome != "finished" or row.due_end <= start:
        raise No("over")
    if w.now - row.ended > w.rules.resume:
        raise No("too_late")
    end = _resumed_end(w, row, start)
    twice = any(e.what == "resumed" for each in _chain(w, row) for e in each.events)
    if before(w, row.who, row.seat) and (twice or w.now - row.ended > AT_ONCE):
        raise No("line_waits")
    left = left_of(w, row.who, start // DAY)
    if broken := limits_again(w, row, start, end, same_session=True):
        if left < max(WORTH, w.rules.least_for(w.seats[row.seat].express, w.people[row.who].guest)):
            raise No(*(code for code, _level in broken))
        end = start + left
    new = w.add(
        seat=row.seat, kind="patron", who=row.who, start=start, end=end, sat=start, walk_up=row.walk_up,
        continues=row.at, number=row.number, needs=row.needs, extensions=row.extensions,
    )  # fmt: skip
    if start < row.asked_end < end:
        new.asked_end = row.asked_end
    new.tell("resumed", by, w.now)
    return new


def _resumed_end(w, row, start):
    for other in sorted(w.on(row.seat), key=lambda r: r.start):
        if not other.holds(w.now, start, row.due_end):
            continue
        end = other.start - (0 if other.kind == "repair" else w.rules.gap)
        if end < start + WORTH:
            raise No({"offer": "offered", "repair": "out"}.get(other.kind, "taken"))
        return end
    return row.due_end
