"""The plain model's rules: what a request breaks, how long somebody could sit, what serves whom in line."""

from tests.stateful.model import CLOSES, DAY, OPENS

NEVER = 10**9


def is_open(moment):
    return OPENS <= moment % DAY < CLOSES


def closes_after(moment, margin):
    """When the opening around a moment ends, less a margin."""
    return moment - moment % DAY + CLOSES - margin


def counted(w, row):
    """The minutes of a row that limits count: booked while it stands, used afterwards, kept where nobody came."""
    if row.kind != "patron":
        return 0
    over = row.over(w.now)
    if over is not None and row.sat is None and not _is_missed(w, row, counting=True):
        return 0
    end = row.end if over is None else over
    minutes = end - row.start - row.help_minutes
    if row.help_at is not None:
        minutes -= min(row.help_added, max(0, end - row.help_at))
    if not w.rules.extension_counts:
        minutes = min(minutes, row.asked_end - row.start)
    return max(0, minutes)


def _is_missed(w, row, counting=False):
    nobody = row.over(w.now) is not None and row.sat is None and row.outcome in ("", "no_show")
    return nobody and (w.rules.missed_count or not counting)


def rows_of(w, who, but=None):
    return [row for row in w.rows if row.kind == "patron" and row.who == who and row.at != but]


def used(w, who, day, but=None):
    """The minutes of a day that count; express seats leave them alone."""
    mine = rows_of(w, who, but)
    return sum(counted(w, row) for row in mine if row.start // DAY == day and not w.seats[row.seat].express)


def _sessions(w, mine, day, express):
    sat = [row for row in mine if row.start // DAY == day and w.seats[row.seat].express == express]
    return sum(1 for row in sat if row.continues is None and (row.sat is not None or row.over(w.now) is None))


def _pauses(w, mine, start, end):
    """Whether a session leaves the break before and after the other ones."""
    counting = [row for row in mine if counted(w, row) and not _is_missed(w, row) and not w.seats[row.seat].express]
    for row in counting:
        over = row.over(w.now)
        since = row.end if over is None else over
        if since <= start < since + w.rules.pause or end <= row.start < end + w.rules.pause:
            return False
    return True


def personal(w, who, seat, start, end, *, walk_up, waiting, but=None):
    """What would be broken on every seat of the class, in the order of telling, with who may lift it."""
    r, person, place = w.rules, w.people[who], w.seats[seat]
    mine, today, day = rows_of(w, who, but), w.now // DAY, start // DAY
    minutes, session = end - start, r.session_for(place.express, person.guest)
    standing = [row for row in mine if row.over(w.now) is None]
    stops = closes_after(start, r.stop)
    missed = sum(1 for row in mine if _is_missed(w, row))
    opened = is_open(start)
    counts = not place.express
    found = [
        ("past", "", start < w.now and not walk_up),
        ("missed", "desk", r.no_shows is not None and missed >= r.no_shows and not walk_up),
        ("no_guests", "desk", place.express and person.guest and not r.express_guests),
        ("pass_ended", "", person.valid_until is not None and end > person.valid_until),
        ("age", "desk", place.express and person.ages[0] < r.express_age),
        ("walk_up_class", "desk", place.express and not walk_up),
        ("line", "desk", waiting > 0 and (walk_up or start < w.now + session)),
        ("too_far", "desk", day > today + r.horizon),
        ("closed", "manager", not opened),
        ("closing", "manager", opened and end > stops),
        ("last_booking", "desk", opened and not walk_up and closes_after(start, r.last_booking) < end <= stops),
        ("too_short", "desk", minutes < r.least_for(place.express, person.guest)),
        ("too_long", "desk", minutes > session),
        ("least_left", "desk", walk_up and minutes < r.least_left),
        ("too_many", "desk", not walk_up and sum(row.sat is None for row in standing) >= r.open_bookings),
        ("day_limit", "desk", counts and minutes > max(0, day_of(w, who) - used(w, who, day, but))),
        (
            "day_sessions", "desk",
            counts and r.sessions_a_day is not None and _sessions(w, mine, day, False) >= r.sessions_a_day,
        ),
        (
            "class_sessions", "desk",
            place.express and r.express_sessions is not None and _sessions(w, mine, day, True) >= r.express_sessions,
        ),
        ("break", "desk", bool(r.pause) and counts and not _pauses(w, mine, start, end)),
        ("elsewhere", "", any(row.meets(start, end) for row in standing)),
    ]  # fmt: skip
    return [(code, level) for code, level, broken in found if broken]


LIMITS = ("day_limit", "day_sessions", "class_sessions", "break")


def limits_again(w, row, start, end, *, same_session):
    """What stands against going back to a row that has ended: limits, if its person has taken something else since."""
    others = [r for r in w.rows if r.who == row.who and r.at != row.at]
    if row.ended is None or not any(max(r.made, r.sat or 0) >= row.ended for r in others):
        return []
    but, codes = (None, LIMITS[:1]) if same_session else (row.at, LIMITS)
    found = personal(w, row.who, row.seat, start, end, walk_up=True, waiting=0, but=but)
    return [(code, level) for code, level in found if code in codes]


def left_of(w, who, day):
    """The minutes that somebody has left of a day."""
    return max(0, day_of(w, who) - used(w, who, day))


def day_of(w, who):
    return w.rules.guest_day if w.people[who].guest else w.rules.day


def held(w, seat, but=None):
    """The spans that take a seat: (start, end or None, is a repair, is over). What is over leaves its cleaning."""
    found = []
    for row in w.rows:
        over = row.over(w.now)
        if row.seat != seat or row.at == but or (over is not None and row.sat is None):
            continue
        until = row.until(w.now) if over is None else over
        found.append((row.start, until, row.kind == "repair", over is not None))
    return found


def of_seat(w, seat, start, end, but=None):
    """What the seat itself has against it."""
    spans, gap = held(w, seat, but), w.rules.gap
    for since, until, repair, over in spans:
        if not over and since < end and (until is None or start < until):
            return [("out" if repair else "taken", "")]
    for since, until, repair, over in spans:
        before = until is not None and until <= start < until + gap
        after = not over and end <= since < end + gap
        if not repair and (before or after):
            return [("gap", "desk")]
    return []


def problems(w, who, seat, start, end, *, walk_up, waiting=None, but=None):
    waiting = before(w, who, seat) if waiting is None else waiting
    mine = personal(w, who, seat, start, end, walk_up=walk_up, waiting=waiting, but=but)
    return mine + of_seat(w, seat, start, end, but)


def free_until(w, start, seat, but=None):
    """Until when nobody else can be there, with the cleaning; None if it is not free at `start`."""
    stop, gap = closes_after(start, w.rules.stop), w.rules.gap
    if not is_open(start) or start >= stop:
        return None
    for since, until, repair, over in held(w, seat, but):
        around = 0 if repair else gap
        begin = until if over else since - around
        finish = NEVER if until is None else until + around
        if begin <= start < finish:
            return None
        if begin > start and finish > begin:
            stop = min(stop, begin)
    return stop


def longest(w, who, seat, start, *, waiting=None, but=None):
    """The longest session from `start`: each length is tried, the longest that breaks nothing is cut to the seat."""
    person, express = w.people[who], w.seats[seat].express
    least, most = w.rules.least_for(express, person.guest), w.rules.session_for(express, person.guest)
    until = free_until(w, start, seat, but)
    if until is None:
        return 0
    waiting = before(w, who, seat) if waiting is None else waiting
    for minutes in range(most, least - 1, -1):
        if not personal(w, who, seat, start, start + minutes, walk_up=True, waiting=waiting, but=but):
            fits = min(minutes, until - start)
            return fits if fits >= least else 0
    return 0


def serves(w, seat, turn):
    """Whether a seat is one that a place in line asks for."""
    place, person = w.seats[seat], w.people[turn.who]
    if place.express != bool(turn.express) or not turn.needs <= place.features:
        return False
    return not place.express or (person.ages[0] >= w.rules.express_age and (w.rules.express_guests or not person.guest))


def least(w, turn):
    """Nobody is called to less than half of what they want."""
    guest = w.people[turn.who].guest
    return max(w.rules.least_for(bool(turn.express), guest), turn.minutes // 2)


def before(w, who, seat):
    """How many people in line come before this person at a seat."""
    until, count = free_until(w, w.now, seat), 0
    for turn in w.line():
        if turn.who == who:
            break
        brief = until is not None and until - w.now < least(w, turn)
        count += turn.offer is None and not brief and serves(w, seat, turn)
    return count
