"""The plain model's line: joining, being called, claiming, stepping back, leaving."""

from tests.stateful.limits import before, closes_after, free_until, least, longest, personal, problems, serves
from tests.stateful.model import APART, DAY, INSTANTS, No, Place, lifted

REJOIN = 15


def withdraw(w, turn, by):
    """A seat that was held is free again; the place waits."""
    if turn.offer is not None:
        offer = w.rows[turn.offer]
        offer.close(max(w.now, offer.start), "cancelled")
        offer.tell("offer_withdrawn", by, w.now)
        turn.offer = None


def sit_down(w, turn, row):
    turn.offer, turn.ended, turn.outcome = row.at, w.now, "seated"


def join(w, by, *, who, express, needs, minutes, key):
    w.open(seats=w.every_seat(), who=who, turn=_keyed(w, key))
    if again := _keyed(w, key):
        return again
    if w.place_of(who):
        raise No("in_line")
    last = max((turn.rank for turn in w.line()), default=None)
    rank = w.now * INSTANTS if last is None else max(w.now * INSTANTS, last + APART)
    turn = Place(len(w.turns), who, "", express, needs, 0, rank, key=key)
    wish(w, turn, express, needs, minutes)
    _makes_sense(w, turn)
    turn.number = w.draw()
    w.turns.append(turn)
    return turn


def _keyed(w, key):
    return next((turn for turn in w.turns if turn.key == key), None)


def wish(w, turn, express, needs, minutes):
    """Set what a place asks for, between the shortest useful slot and the longest session."""
    guest = w.people[turn.who].guest
    session = w.rules.session_for(bool(express), guest)
    turn.express, turn.needs = express, needs
    turn.minutes = min(session, max(w.rules.least_for(bool(express), guest), minutes or session))
    if not any(serves(w, seat, turn) for seat in w.every_seat()):
        raise No("no_such_seat")


def _makes_sense(w, turn):
    serving = [seat for seat in w.every_seat() if serves(w, seat, turn)]
    guest = w.people[turn.who].guest
    shortest = max(w.rules.least_for(bool(turn.express), guest), w.rules.least_left)
    broken = personal(w, turn.who, serving[-1], w.now, w.now + shortest, walk_up=True, waiting=0)
    if broken:
        raise No(*(code for code, _level in broken))
    if any(_takes(w, turn, free) for free in free_seats(w) if not before(w, turn.who, free[0])):
        raise No("seat_free")
    if all(any(row.kind == "repair" and row.until(w.now) is None for row in w.on(seat)) for seat in serving):
        raise No("out")


def free_seats(w):
    """Seats that can be used now, (seat, start, until), in the order in which the line takes them."""
    found = []
    for seat in w.every_seat():
        start = w.start_on(seat)
        until = free_until(w, start, seat)
        if until is not None:
            found.append((seat, start, until))
    return sorted(found, key=lambda free: (len(w.seats[free[0]].features), free[1] - free[2], free[0]))


def _takes(w, turn, free):
    seat, start, until = free
    return serves(w, seat, turn) and until - start >= least(w, turn)


def _head(w, free, but=None):
    """Who gets a seat: the first who asks for what it has, else the first whom it serves."""
    fitting = [t for t in w.line() if t.offer is None and t is not but and _takes(w, t, free)]
    return next((t for t in fitting if t.needs), fitting[0] if fitting else None)


def _offer(w, turn, free, by):
    seat, start, until = free
    most = w.rules.session_for(w.seats[seat].express, w.people[turn.who].guest)
    end = min(until, start + min(turn.minutes, most))
    row = w.add(
        seat=seat, kind="offer", who=None, start=start, end=end, by=min(end, start + w.rules.claim), walk_up=True,
        number=turn.number, needs=turn.needs,
    )  # fmt: skip
    row.tell("offered", by, w.now)
    turn.offer = row.at


def serve(w, by):
    """End the line at the stop, give what is free to the heads; how many were called."""
    stop = closes_after(w.now, w.rules.stop)
    for turn in w.line() if w.now >= stop else ():
        withdraw(w, turn, by)
        turn.ended, turn.outcome = min(stop, w.now), "closed"
    made = 0
    for free in free_seats(w) if any(t.offer is None for t in w.line()) else ():
        turn = _head(w, free)
        if turn:
            _offer(w, turn, free, by)
            made += 1
    return made


def advance(w, by):
    w.open(seats=w.every_seat())
    return serve(w, by)


def _placed(w, turn):
    w.open(seats=w.every_seat(), who=turn.who, turn=turn)


def claim(w, by, *, turn):
    _placed(w, turn)
    if turn.outcome == "seated":
        return w.rows[turn.offer]
    if turn.ended is not None:
        raise No("offer_over")
    if turn.offer is None:
        raise No("not_called")
    row = w.rows[turn.offer]
    start, until = max(w.now, row.start, w.start_on(row.seat)), row.end
    if until <= start:
        raise No("offer_over")
    most = longest(w, turn.who, row.seat, start, waiting=0, but=row.at)
    end = min(until, start + most) if most else until
    broken = problems(w, turn.who, row.seat, start, end, walk_up=True, waiting=0, but=row.at)
    lifts = lifted(broken, by, by.reason)
    row.kind, row.who, row.by, row.start, row.end, row.sat = "patron", turn.who, None, start, end, start
    w.put(row)
    row.tell("claimed", by, w.now)
    if lifts:
        row.tell("overridden", by, w.now)
    sit_down(w, turn, row)
    serve(w, by)
    return row


def leave(w, by, *, turn):
    return _out(w, by, turn, "left")


def remove(w, by, *, turn):
    if len(by.reason.strip()) < 3:
        raise No("reason_needed")
    return _out(w, by, turn, "removed")


def _out(w, by, turn, outcome):
    _placed(w, turn)
    if turn.ended is None:
        withdraw(w, turn, by)
        turn.ended, turn.outcome = w.now, outcome
        serve(w, by)
    return turn


def call(w, by, *, turn):
    w.open(seats=w.every_seat(), turn=turn)
    if turn is None:
        if not any(t.offer is not None for t in w.line()):
            serve(w, by)
        turn = next((t for t in w.line() if t.offer is not None), None)
    if turn is None:
        raise No("no_seat" if w.line() else "nobody_waits")
    if turn.ended is not None:
        raise No("offer_over")
    if turn.offer is not None:
        w.rows[turn.offer].tell("called", by, w.now)
    else:
        free = next((free for free in free_seats(w) if _takes(w, turn, free)), None)
        if free is None:
            raise No("no_seat")
        _offer(w, turn, free, by)
    serve(w, by)
    return turn


def skip(w, by, *, turn):
    _placed(w, turn)
    if turn.ended is not None:
        raise No("offer_over")
    seat = w.rows[turn.offer].seat if turn.offer is not None else None
    withdraw(w, turn, by)
    free = next((free for free in free_seats(w) if free[0] == seat), None)
    behind = (t for t in w.line() if t.offer is None and (t.rank, t.at) > (turn.rank, turn.at))
    after = _head(w, free, but=turn) if free else next(behind, None)
    if after is None:
        raise No("nobody_else")
    turn.rank = max(turn.rank, after.rank + 1)
    if free:
        _offer(w, after, free, by)
    serve(w, by)
    return turn


def change(w, by, *, turn, express, needs, minutes):
    _placed(w, turn)
    if turn.ended is not None:
        raise No("offer_over")
    wish(w, turn, express, needs, minutes)
    if minutes < turn.minutes:
        raise No("too_short")
    if turn.offer is not None:
        w.rows[turn.offer].needs = needs
    if turn.offer is not None and not serves(w, w.rows[turn.offer].seat, turn):
        withdraw(w, turn, by)
    serve(w, by)
    return turn


def rejoin(w, by, *, turn):
    _placed(w, turn)
    if turn.ended is None:
        return turn
    back = ("missed", "left", "removed") if by.kind == "staff" else ("missed", "left")
    if turn.outcome not in back or w.now - turn.ended >= REJOIN or w.now >= DAY:
        raise No("offer_over")
    sits = [r for r in w.rows if r.kind == "patron" and r.who == turn.who and r.over(w.now) is None]
    if any(row.start <= w.now for row in sits):
        raise No("elsewhere")
    if w.place_of(turn.who):
        raise No("in_line")
    turn.ended, turn.outcome, turn.offer = None, "", None
    serve(w, by)
    return turn
