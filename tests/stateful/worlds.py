"""The policies that are played and the product's side of a game: a branch in the database, and its verbs by name."""

from datetime import timedelta
from uuid import uuid4

from helpdesk.actor import SYSTEM, Actor, patron, staff
from reservations.booking import ahead, by_itself, dispatch, landing, line, resume, service, settle, time, undo
from reservations.booking import help as helping
from reservations.booking import move as moving
from reservations.booking import overdue as late
from reservations.booking import seat as seating
from reservations.models import Booking, Turn
from tests import factories as make
from tests.factories import at
from tests.stateful.model import By, Person, Rules, Seat

BASE, MINUTE = at(0), timedelta(minutes=1)
SEATS = [Seat(0), Seat(1), Seat(2, features=frozenset({"scanner"})), Seat(3, express=True)]
PEOPLE = [
    Person(0),
    Person(1),
    Person(2, guest=True, valid_until=18 * 60),
    Person(3, ages=(0, 12)),
    Person(4),
    Person(5),
]
POLICIES = [
    Rules(),
    Rules(
        session=60, day=90, guest_session=30, guest_day=60, gap=0, grace=5, extension="automatic", extensions_most=2,
        extension_counts=False, pause=15, sessions_a_day=2, no_shows=2, missed_count=False, least_left=12, min_slot=5,
        express_sessions=1, express_guests=False, express_age=13, help=10, resume=5, last_booking=30,
    ),
    Rules(
        session=45, day=60, guest_session=45, guest_day=60, gap=10, grace=15, extension="automatic", claim=10,
        open_bookings=1, extension_minutes=10, soft=10, help=5, horizon=0,
    ),
    Rules(session=40, day=80, guest_session=20, guest_day=20, gap=5, extension="staff", soft=0, help=0, resume=0),
]  # fmt: skip


class Real:
    """The same world in the database."""

    def __init__(self, rules):
        self.branch = make.make_branch(policy=_policy(rules))
        ordinary = make.make_class(code=f"ordinary-{self.branch.pk}")
        express = make.make_class(
            code=f"express-{self.branch.pk}", walk_up_only=True, session_minutes=15, counts_toward_day=False,
            extendable=False, sessions_a_day=rules.express_sessions, guests_allowed=rules.express_guests,
            least_age=rules.express_age,
        )  # fmt: skip
        self.codes = {None: "", False: ordinary.code, True: express.code}
        self.seats = [
            make.make_device(self.branch, kind=express if each.express else ordinary, features=sorted(each.features)).pk
            for each in SEATS
        ]
        self.patrons = [_patron(person) for person in PEOPLE]
        self.desks = [make.make_user(role).pk for role in ("desk", "reference", "manager", "tech")]
        self.begin()

    def begin(self):
        """A new game: no row, no place, new request keys."""
        self.rows, self.places, self.keys = [], [], {}

    def actor(self, by: By) -> Actor:
        if by.kind == "staff":
            return staff(self.desks[by.user], by.role)
        return SYSTEM if by.kind == "system" else patron()

    def _key(self, key):
        return self.keys.setdefault(key, uuid4())

    def _row(self, at):
        pk, seat, who = self.rows[at]
        return Booking(pk=pk, branch=self.branch, device_id=seat, patron_id=who)

    def _turn(self, at):
        pk, who = self.places[at]
        return Turn(pk=pk, branch=self.branch, patron_id=who)

    def _known(self, by, now):
        return {"by": self.actor(by), "now": BASE + now * MINUTE}

    def book(self, by, now, *, who, seat, start, end, key):
        return ahead.book(
            branch_id=self.branch.pk, device_id=self.seats[seat], patron=self.patrons[who], override=by.reason,
            start=BASE + start * MINUTE, end=BASE + end * MINUTE, request_key=self._key(key), **self._known(by, now),
        )  # fmt: skip

    def start_now(self, by, now, *, who, seat, express, needs, minutes, key):
        return seating.start_now(
            branch_id=self.branch.pk, patron=self.patrons[who], class_code="" if not express else self.codes[True],
            device_id=None if seat is None else self.seats[seat], needs=needs, minutes=minutes, override=by.reason,
            request_key=self._key(key), **self._known(by, now),
        )  # fmt: skip

    def check_in(self, by, now, *, row):
        return seating.check_in(booking=self._row(row), override=by.reason, **self._known(by, now))

    def finish(self, by, now, *, row):
        return seating.finish(booking=self._row(row), **self._known(by, now))

    def cancel(self, by, now, *, row):
        return ahead.cancel(booking=self._row(row), **self._known(by, now))

    def take_out(self, by, now, *, seat, until):
        back = None if until is None else BASE + until * MINUTE
        known = self._known(by, now)
        return service.take_out_of_service(device_id=self.seats[seat], note="No picture", until=back, **known).repair

    def move(self, by, now, *, row, seat):
        known = self._known(by, now)
        return moving.move(booking=self._row(row), device_id=self.seats[seat], override=by.reason, **known)

    def overdue(self, by, now):
        for device_id in late.overdue_devices(BASE + now * MINUTE):
            late.grow_overdue(device_id=device_id, now=BASE + now * MINUTE)

    def bring_back(self, by, now, *, seat):
        return service.return_to_service(device_id=self.seats[seat], **self._known(by, now))

    def settle_all(self, by, now):
        settle.settle_branch(branch_id=self.branch.pk, now=BASE + now * MINUTE)

    def undo(self, by, now, *, row, event):
        pk = self.events[self.rows[row][0]][event]
        return undo.undo(event_id=pk, **self._known(by, now))

    def extend(self, by, now, *, row, minutes):
        return time.extend(booking=self._row(row), minutes=minutes, **_why(by, minutes), **self._known(by, now))

    def extend_due(self, by, now):
        return by_itself.extend_due(branch_id=self.branch.pk, now=BASE + now * MINUTE)

    def land(self, by, now, *, row):
        return landing.land_softly(booking=self._row(row), why="form", **self._known(by, now))

    def begin_help(self, by, now, *, seat):
        return helping.begin_help(device_id=self.seats[seat], **self._known(by, now))

    def end_help(self, by, now, *, seat):
        return helping.end_help(device_id=self.seats[seat], **self._known(by, now))

    def resume(self, by, now, *, row):
        return resume.resume(booking=self._row(row), **self._known(by, now))

    def join(self, by, now, *, who, express, needs, minutes, key):
        return line.join(
            branch_id=self.branch.pk, patron=self.patrons[who], class_code=self.codes[express], needs=needs,
            minutes=minutes, request_key=self._key(key), **self._known(by, now),
        )  # fmt: skip

    def advance(self, by, now):
        return dispatch.advance(branch_id=self.branch.pk, now=BASE + now * MINUTE)

    def claim(self, by, now, *, turn):
        return line.claim(turn=self._turn(turn), override=by.reason, **self._known(by, now))

    def leave(self, by, now, *, turn):
        return line.leave(turn=self._turn(turn), **self._known(by, now))

    def remove(self, by, now, *, turn):
        return line.remove(turn=self._turn(turn), reason=by.reason, **self._known(by, now))

    def call(self, by, now, *, turn):
        place = None if turn is None else self._turn(turn)
        return line.call(branch_id=self.branch.pk, turn=place, **self._known(by, now))

    def skip(self, by, now, *, turn):
        return line.skip(turn=self._turn(turn), **self._known(by, now))

    def change(self, by, now, *, turn, express, needs, minutes):
        return line.change(
            turn=self._turn(turn), class_code=self.codes[express], needs=needs, minutes=minutes, **self._known(by, now)
        )

    def rejoin(self, by, now, *, turn):
        return line.rejoin(turn=self._turn(turn), **self._known(by, now))


def _why(by, minutes):
    """Staff give the reason of an extension, or the one for which they lift rules."""
    return {"reason": by.reason} if minutes is not None else {"override": by.reason}


def _patron(person):
    until = None if person.valid_until is None else BASE + person.valid_until * MINUTE
    return make.make_patron(
        source="guest" if person.guest else "local", valid_until=until, age_band="adult" if person.ages[0] else "child"
    )


def _policy(rules):
    same = ["sessions_a_day", "extension", "extensions_most", "extension_counts", "missed_count", "open_bookings"]
    spelled = {
        "break": "pause", "soft_landing": "soft", "session": "session", "day": "day", "guest_session": "guest_session",
        "guest_day": "guest_day", "grace": "grace", "least_left": "least_left", "min_slot": "min_slot", "gap": "gap",
        "stop": "stop", "last_booking": "last_booking", "extension": "extension_minutes", "help": "help",
        "resume": "resume", "claim": "claim",
    }  # fmt: skip
    fields = {name: getattr(rules, name) for name in (*same, "no_shows")}
    fields |= {f"{name}_minutes": getattr(rules, ours) for name, ours in spelled.items()}
    return fields | {"horizon_days": rules.horizon}
