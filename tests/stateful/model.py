"""The plain model's world: seats, people, what takes a seat, places in line. Whole minutes since the first midnight.

It knows nothing of the product: lists, integers and the words of the policies.
"""

from copy import copy
from dataclasses import dataclass, field

DAY, OPENS, CLOSES = 24 * 60, 9 * 60, 19 * 60
INSTANTS, APART = 60_000_000, 1000  # of a minute; between two places in line, so that a skipped one fits between
LIFTS = {"desk": {"desk", "reference", "manager"}, "manager": {"manager"}}


class No(Exception):
    """A refusal: its codes in the order of telling."""

    def __init__(self, *codes):
        super().__init__(", ".join(codes))
        self.codes = list(codes)


@dataclass(frozen=True)
class Rules:
    """One branch's policy; the express class has a few rules of its own."""

    session: int = 30
    day: int = 60
    guest_session: int = 30
    guest_day: int = 45
    sessions_a_day: int | None = None
    pause: int = 0
    missed_count: bool = True
    horizon: int = 1
    open_bookings: int = 2
    grace: int = 10
    least_left: int = 0
    no_shows: int | None = None
    min_slot: int = 10
    gap: int = 5
    stop: int = 15
    last_booking: int = 15
    extension: str = "asked"
    extension_minutes: int = 15
    extensions_most: int | None = None
    extension_counts: bool = True
    soft: int = 15
    help: int = 15
    resume: int = 10
    claim: int = 5
    express_sessions: int | None = None
    express_guests: bool = True
    express_age: int = 0

    def session_for(self, express, guest):
        return 15 if express else self.guest_session if guest else self.session

    def least_for(self, express, guest):
        return min(self.min_slot, self.session_for(express, guest))


@dataclass(frozen=True)
class Seat:
    at: int
    express: bool = False
    features: frozenset = frozenset()


@dataclass(frozen=True)
class Person:
    at: int
    guest: bool = False
    ages: tuple = (18, 130)
    valid_until: int | None = None


@dataclass(frozen=True)
class By:
    """Who acts, and the reason they bring."""

    kind: str
    role: str = ""
    user: int | None = None
    reason: str = ""

    @property
    def same(self):
        return self.kind, self.user


SYSTEM = By("system")


@dataclass(frozen=True)
class Event:
    what: str
    at: int
    by: By
    minutes: int = 0
    late: bool = False
    undone: int = -1
    seat: int | None = None  # where somebody moved from


@dataclass
class Row:
    at: int
    seat: int
    kind: str
    who: int | None
    start: int
    end: int | None
    asked_end: int | None
    asked_start: int
    by: int | None = None
    sat: int | None = None
    ended: int | None = None
    outcome: str = ""
    number: str = ""
    needs: frozenset = frozenset()
    walk_up: bool = False
    extensions: int = 0
    help_at: int | None = None
    help_added: int = 0
    help_minutes: int = 0
    due_end: int | None = None
    continues: int | None = None
    displaced_by: int | None = None
    key: int | None = None
    made: int = 0
    events: tuple = ()

    def over(self, now):
        """When it ended: as written down, when nobody had come, or at its end; None while it stands."""
        if self.ended is not None:
            return self.ended
        if self.sat is None and self.by is not None and self.by <= now:
            return self.by
        if self.kind == "repair":
            return None  # until somebody says that it is done
        return self.end if self.end is not None and self.end <= now else None

    def until(self, now):
        """Until when it holds its seat: a repair that was to be done holds it without an end."""
        return None if self.kind == "repair" and self.end is not None and self.end <= now else self.end

    def holds(self, now, start, end):
        until = self.until(now)
        return (end is None or self.start < end) and (until is None or start < until)

    @property
    def runs(self):
        return self.kind == "patron" and self.sat is not None and self.ended is None

    def meets(self, start, end):
        return (end is None or self.start < end) and (self.end is None or start < self.end)

    def tell(self, what, by, now, **more):
        self.events += (Event(what, now, by, **more),)

    def close(self, at, outcome):
        if at > self.start and (self.end is None or at < self.end):
            self.end = at
        self.ended, self.outcome = at, outcome


@dataclass
class Place:
    """A place in line."""

    at: int
    who: int
    number: str
    express: bool | None  # None: any class
    needs: frozenset
    minutes: int
    rank: int
    offer: int | None = None
    ended: int | None = None
    outcome: str = ""
    key: int | None = None


@dataclass
class World:
    rules: Rules
    seats: list
    people: list
    now: int
    rows: list = field(default_factory=list)
    turns: list = field(default_factory=list)
    drawn: int = 0
    went_back: bool = False  # whether the clock was ever set back

    def saved(self):
        return [copy(row) for row in self.rows], [copy(turn) for turn in self.turns], self.drawn

    def back_to(self, saved):
        self.rows, self.turns, self.drawn = saved

    def line(self):
        """The open places in order."""
        return sorted((t for t in self.turns if t.ended is None), key=lambda t: (t.rank, t.at))

    def place_of(self, who):
        return next((turn for turn in self.line() if turn.who == who), None)

    def on(self, seat, *, but=None):
        """Rows of a seat that nobody has ended."""
        return [r for r in self.rows if r.seat == seat and r.ended is None and r.at != but]

    def draw(self):
        self.drawn += 1
        return f"D{self.drawn:02d}"

    def open(self, *, seats=(), who=None, row=None, turn=None, key=None):
        """What every verb begins with: what time has ended is written down, where the verb looks."""
        line = self.line()
        looked = [*line, turn] if turn else line
        named = {t.offer for t in looked} | {row}
        for each in self.rows:
            mine = who is not None and each.who == who
            if each.seat in seats or mine or each.at in named or (key is not None and each.key == key):
                self.settle(each)
        for each in looked:
            self._settle_place(each)

    def settle(self, row):
        at = None if row.ended is not None else row.over(self.now)
        if at is not None:
            row.close(at, "no_show" if row.sat is None and row.by == at else "ran_out")
            row.tell("offer_missed" if row.kind == "offer" else row.outcome, SYSTEM, at)

    def _settle_place(self, turn):
        offer = self.rows[turn.offer] if turn.offer is not None else None
        if turn.ended is not None or offer is None or offer.ended is None:
            return
        if offer.kind == "offer" and offer.outcome in ("no_show", "ran_out"):
            turn.ended, turn.outcome = offer.ended, "missed"
        else:
            turn.offer = None

    def every_seat(self):
        return range(len(self.seats))

    def start_on(self, seat):
        """Now, or when the last one there got up by a clock that went ahead."""
        return max([self.now, *(r.ended for r in self.rows if r.seat == seat and r.ended is not None)])

    def put(self, row):
        """Two rows never hold one seat, nor one person two seats: the last word."""
        others = [r for r in self.rows if r.ended is None and r.at != row.at and r.meets(row.start, row.end)]
        if row.ended is None and any(r.seat == row.seat for r in others):
            raise No("taken")
        if row.ended is None and row.who is not None and any(r.who == row.who for r in others):
            raise No("elsewhere")

    def add(self, **fields):
        row = Row(at=len(self.rows), made=self.now, asked_start=fields["start"], asked_end=fields["end"], **fields)
        self.put(row)
        self.rows.append(row)
        return row


def lifted(problems, by, reason):
    """What staff may lift with a reason, all or nothing; `problems` are codes with who may lift them."""
    if not problems:
        return False
    if not reason or by.kind != "staff" or any(by.role not in LIFTS.get(level, ()) for _code, level in problems):
        raise No(*(code for code, _level in problems))
    if len(reason.strip()) < 3:
        raise No("reason_needed")
    return True
