"""One step of a game: which verb, by whom, on what, and how far the clock moves; a few bytes decide."""

from tests.stateful import bending, moving, timeline, waiting
from tests.stateful.model import CLOSES, DAY, OPENS, SYSTEM, By

VERBS = {
    name: getattr(module, name)
    for module, names in {
        timeline: "book start_now check_in finish cancel settle_all undo",
        moving: "move take_out bring_back overdue",
        waiting: "join claim leave remove call skip change rejoin advance",
        bending: "extend extend_due land begin_help end_help resume",
    }.items()
    for name in names.split()
}
OFTEN = {"book": 3, "start_now": 2, "check_in": 3, "finish": 2, "cancel": 1, "join": 2, "advance": 3, "claim": 4}
OFTEN |= {
    "move": 4,
    "take_out": 1,
    "skip": 1,
    "change": 1,
    "rejoin": 1,
    "undo": 2,
    "extend": 3,
    "land": 2,
    "end_help": 1,
    "resume": 3,
}
REST = "rest"  # a step without anything: what a game shrinks to
DECK = (REST, *VERBS, *(name for name, times in OFTEN.items() for _ in range(times)))
JUMPS = (0, 0, 0, 1, 2, 3, 5, 10, 15, 20, -1, -2)
BEGINNINGS = (14 * 60 + 7, OPENS, OPENS - 10, 10 * 60, CLOSES - 75, CLOSES - 40, 17 * 60 + 20, CLOSES - 16)
ACTORS = (
    By("patron"), By("patron"), By("staff", "desk", 0), By("staff", "desk", 0, "She asked"), By("patron"),
    By("staff", "manager", 2, "A visit"), By("staff", "tech", 3, "A test"), By("staff", "reference", 1, "  "),
)  # fmt: skip
DESK, HERSELF = By("staff", "desk", 0, "As it was"), By("patron")
STAFF = ("take_out", "bring_back", "remove", "call", "skip", "undo")  # what patrons are never offered
LINE = ("claim", "leave", "remove", "call", "skip", "change", "rejoin")
ITSELF = ("settle_all", "advance", "extend_due", "overdue")


class Picks:
    """Takes choices from the bytes of a step."""

    def __init__(self, step):
        self.left = list(step)

    def of(self, options):
        return options[(self.left.pop(0) if self.left else 0) % len(options)]


def due(w, name):
    """The moments at which something becomes due, those that matter to the verb if there are any."""
    running = [row for row in w.rows if row.runs]
    own = {
        "rejoin": [turn.ended + 15 for turn in w.turns if turn.outcome == "missed"],
        "extend_due": [row.end - 5 for row in running],
        "end_help": [row.end - row.help_added - 1 for row in running if row.help_at is not None],
        "resume": [row.ended + m for row in w.rows if row.outcome == "finished" for m in (2, w.rules.resume)],
        "overdue": [row.end for row in w.rows if row.kind == "repair" and row.ended is None and row.end is not None],
        "check_in": [row.start - 15 for row in w.rows if row.sat is None and row.ended is None],
    }  # fmt: skip
    if own.get(name):
        return own[name]
    moments = [m for row in w.rows for m in (row.start, row.by, row.end) if m is not None]
    return [*moments, w.now // DAY * DAY + CLOSES - 15]


def later(w, picks, name):
    """Move the clock: some minutes on or back, or to a moment at which something becomes due, give or take one."""
    before = w.now
    jump = picks.of((*JUMPS, "due", "due", "due", "due"))
    if jump == "due":
        near = sorted({m + d for m in due(w, name) for d in (-1, 0, 1) if w.now - 2 <= m + d <= w.now + 65})
        w.now = picks.of(near) if near else w.now + 5
    else:
        picks.of((0,))
        w.now += jump
    w.went_back = w.went_back or w.now < before


def chosen(w, step):
    """Move the clock and return the verb's name, who acts and what on; None for a rest."""
    picks = Picks(step)
    name = picks.of(DECK)
    if name == REST:
        return None
    later(w, picks, name)
    by = SYSTEM if name in ITSELF else picks.of(ACTORS)
    if name in STAFF and by.kind != "staff":
        by = ACTORS[2] if name != "remove" else ACTORS[3]
    args = ARGUMENTS.get(name, _nothing)(w, picks, name)
    if args is None:  # there is nothing that it could be done to
        name, args = ("advance", {}) if name in LINE else ("book", _book(w, picks, "book"))
        by = SYSTEM if name == "advance" else by
    if name == "undo" and picks.of((True,) * 4 + (False,)):
        by = w.rows[args["row"]].events[args["event"]].by
    return name, by, args


def _nothing(w, picks, name):
    return {}


def _seat(w, picks, name):
    return {"seat": picks.of(range(len(w.seats)))}


def _out(w, picks, name):
    """A seat, and when it is expected back: mostly nobody knows."""
    known = [w.now + ahead for ahead in (20, 5, 45, 90, 1, 0)] + [DAY + OPENS]
    return {"seat": picks.of(range(len(w.seats))), "until": picks.of((None, None, None, *known))}


def _elsewhere(w, picks, name):
    """A row that stands, now and then any other, and a seat, mostly another one of its class."""
    found = _row(w, picks, name)
    if found is None:
        return None
    row = w.rows[found["row"]]
    equal = [s.at for s in w.seats if s.express == w.seats[row.seat].express and s.at != row.seat]
    return found | {"seat": picks.of((*equal, *equal, *range(len(w.seats))))}


def _key(w, picks, rows):
    """A new request key, or now and then one that has been seen."""
    seen = [row.key for row in rows if row.key is not None]
    again = picks.of((False,) * 9 + (True,))
    return seen[-1] if again and seen else 1 + max((key for key in _keys(w)), default=0)


def _keys(w):
    return [each.key for each in (*w.rows, *w.turns) if each.key is not None]


def _book(w, picks, name):
    who, seat = picks.of(range(len(w.people))), picks.of((0, 1, 0, 2, 1, 3))
    rules, open_rows = w.rules, w.on(seat)
    starts = [w.now + wait for wait in (15, 30, 5, 60, 1, 10, 20, 45, 0, -1)]
    starts += [CLOSES - rules.session - rules.last_booking, CLOSES - 20, DAY + OPENS]
    starts += [DAY + CLOSES, 2 * DAY + OPENS] if picks.of((False,) * 4 + (True,)) else []
    for row in open_rows:
        if row.end is not None:
            starts += [row.end, row.end + rules.gap, row.end + rules.gap - 1]
    start = picks.of(starts)
    lengths = [20, rules.session, 15, rules.guest_session, 25, rules.min_slot, 10, 30]
    lengths += [rules.session + 1, rules.min_slot - 1, 0] if picks.of((False,) * 5 + (True,)) else []
    for row in open_rows:
        if row.start > start:
            lengths += [row.start - rules.gap - start, row.start - rules.gap - start + 1]
    return {"who": who, "seat": seat, "start": start, "end": start + picks.of(lengths), "key": _key(w, picks, w.rows)}


def _start_now(w, picks, name):
    who, seat = picks.of(range(len(w.people))), picks.of((None, 0, 1, 2, 3, None))
    express = picks.of((None, None, None, True)) if seat is None else None
    needs = picks.of((frozenset(), frozenset(), frozenset({"scanner"}))) if seat is None else frozenset()
    minutes = picks.of((None, None, w.rules.session, 10, w.rules.session + 5, 1))
    return {
        "who": who, "seat": seat, "express": express, "needs": needs, "minutes": minutes, "key": _key(w, picks, w.rows)
    }  # fmt: skip


FITS = {
    "check_in": lambda w, row: row.sat is None and (row.ended is None or row.outcome == "no_show"),
    "cancel": lambda w, row: row.sat is None and row.ended is None,
    "finish": lambda w, row: row.runs,
    "extend": lambda w, row: row.runs,
    "land": lambda w, row: row.runs,
    "move": lambda w, row: row.ended is None,
    "resume": lambda w, row: row.outcome == "finished",
}


def _row(w, picks, name):
    """A row that the verb is for, now and then any other of somebody's."""
    theirs = [row.at for row in w.rows if row.kind == "patron"]
    fitting = [at for at in theirs if FITS[name](w, w.rows[at])]
    rows = theirs if picks.of((False,) * 7 + (True,)) else fitting
    if not rows:
        return None
    args = {"row": picks.of(rows[::-1])}
    if name == "extend":
        args["minutes"] = picks.of((None, None, 5, None, 10, w.rules.extension_minutes + 1, 4, 30, 1, 0))
    return args


def _undo(w, picks, name):
    """The latest of what staff have done, now and then anything."""
    rows = [row for row in w.rows if row.events and row.kind == "patron"]
    if not rows:
        return None
    fresh = [
        (row.at, n) for row in rows[::-1] for n, event in enumerate(row.events)
        if event.by.kind == "staff" and event.at >= w.now and event.what != "overridden"
    ]  # fmt: skip
    if fresh and picks.of((True,) * 5 + (False,)):
        row, event = picks.of(fresh[::-1])
        return {"row": row, "event": event}
    row = picks.of(rows)
    return {"row": row.at, "event": picks.of([n for n, e in enumerate(row.events) if e.what != "overridden"][::-1])}


WISHES = (frozenset(), frozenset(), frozenset({"scanner"}), frozenset({"headset"}))


def _join(w, picks, name):
    return {
        "who": picks.of(range(len(w.people))), "express": picks.of((None, False, None, True)),
        "needs": picks.of(WISHES), "minutes": picks.of((None, 20, 15, 1, 100)), "key": _key(w, picks, w.turns),
    }  # fmt: skip


def _turn(w, picks, name):
    if not w.turns:
        return None
    called = [turn.at for turn in w.turns if turn.offer is not None and turn.ended is None]
    missed = [turn.at for turn in w.turns if turn.outcome == "missed"]
    opened = [turn.at for turn in w.line()]
    wanted = {"claim": called, "rejoin": missed}.get(name, opened)
    if picks.of((False,) * 7 + (True,)):
        return {"turn": picks.of(range(len(w.turns)))}
    return {"turn": picks.of(wanted)} if wanted else None


def _call(w, picks, name):
    found = _turn(w, picks, name)
    return {"turn": None} if found is None or picks.of((True, True, False)) else found


def _change(w, picks, name):
    found = _turn(w, picks, name)
    if found is None:
        return None
    wishes = {"express": picks.of((None, True, False)), "needs": picks.of(WISHES), "minutes": picks.of((20, 1, 60))}
    return found | wishes


ARGUMENTS = {
    "book": _book, "start_now": _start_now, "undo": _undo, "join": _join, "call": _call, "change": _change,
    **dict.fromkeys(("check_in", "finish", "cancel", "extend", "land", "resume"), _row),
    "take_out": _out, "move": _elsewhere,
    **dict.fromkeys(("bring_back", "begin_help", "end_help"), _seat),
    **dict.fromkeys(("claim", "leave", "remove", "skip", "rejoin"), _turn),
}  # fmt: skip


def _seated(who, seat, minutes=None):
    return "start_now", DESK, {
        "who": who, "seat": seat, "express": None, "needs": frozenset(), "minutes": minutes, "key": 1000 + who
    }  # fmt: skip


def _joined(who, needs=frozenset(), express=None):
    wish = {"express": express, "needs": needs, "minutes": None, "key": 1000 + who}
    return "join", HERSELF, {"who": who, **wish}


def _broken(seat):
    return "take_out", DESK, {"seat": seat, "until": None}


SCENES = (
    (),
    (_broken(1), _seated(4, 0), _broken(2), _joined(0), _joined(1)),
    (_seated(4, 0), _seated(5, 1), _broken(2), _joined(2)),
    (_seated(0, 0), _seated(4, 1), _seated(5, 2), _joined(1, frozenset({"scanner"})), _joined(2), _joined(3)),
    (_seated(0, 0), _seated(1, 1)),
    (_broken(0), _broken(1), _seated(1, 2), _seated(4, 3), _joined(0), _joined(5, express=True)),
)  # fmt: skip
