"""Reads the product's timeline and line in the words of the model, and tells every difference."""

from django.db import connection

from tests.stateful.limits import day_of, used
from tests.stateful.worlds import BASE

ROWS = """
SELECT b.id, b.device_id, b.kind, b.patron_id, {moments}, b.outcome, b.number, b.walk_up, b.extensions, b.help_added,
       b.help_minutes, b.needs, b.continues_id, b.displaced_by_id, e.what, e.ids
FROM reservations_booking b
LEFT JOIN (SELECT booking_id, array_agg(what ORDER BY id) AS what, array_agg(id ORDER BY id) AS ids
           FROM reservations_bookingevent GROUP BY booking_id) e ON e.booking_id = b.id
WHERE b.branch_id = %s ORDER BY b.id
"""
MOMENTS = ["lower(b.period)", "upper(b.period)", "lower(b.booked_period)", "upper(b.booked_period)"]
MOMENTS += [f"b.{name}" for name in ("check_in_by", "checked_in_at", "ended_at", "help_at", "due_end_at")]
TURNS = """
SELECT t.id, t.patron_id, t.number, c.code, t.needs, t.minutes, t.offer_id, {ended}, t.outcome, t.place_at,
       t.promised_low_at, t.promised_high_at, t.expected_low_at, t.expected_high_at
FROM reservations_turn t LEFT JOIN reservations_deviceclass c ON c.id = t.device_class_id
WHERE t.branch_id = %s ORDER BY t.id
"""


def _minutes(column):
    return f"((EXTRACT(EPOCH FROM {column}) - {int(BASE.timestamp())}) / 60)::float8"


ROWS = ROWS.format(moments=", ".join(_minutes(column) for column in MOMENTS))
TURNS = TURNS.format(ended=_minutes("t.ended_at"))
ROW_NAMES = [
    "seat",
    "kind",
    "who",
    "start",
    "end",
    "asked_start",
    "asked_end",
    "by",
    "sat",
    "ended",
    "help_at",
    "due_end",
    "outcome",
    "number",
    "walk_up",
    "extensions",
    "help_added",
    "help_minutes",
    "needs",
    "continues",
    "displaced_by",
    "events",
    "over",
]
TURN_NAMES = ["who", "number", "express", "needs", "minutes", "offer", "ended", "outcome"]


def read(real, now):
    """Return the product's rows and places as dicts in the model's words, with the line's order and its promises."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [real.branch.pk])
        rows = cursor.fetchall()
        cursor.execute(TURNS, [real.branch.pk])
        turns = cursor.fetchall()
    at = {row[0]: n for n, row in enumerate(rows)}
    who = {patron.pk: n for n, patron in enumerate(real.patrons)}
    real.rows = [(row[0], row[1], row[3]) for row in rows]
    real.events = {row[0]: row[-1] for row in rows}
    real.places = [(turn[0], turn[1]) for turn in turns]
    express = {code: kind for kind, code in real.codes.items()}
    found = [_row(row, real, at, who, now) for row in rows]
    places = [_place(turn, at, who, express) for turn in turns]
    order = [n for n, t in sorted(enumerate(turns), key=lambda each: (each[1][9], each[1][0])) if not t[8]]
    return found, places, order, [turn[10:] for turn in turns]


def _place(turn, at, who, express):
    _pk, patron, number, code, needs, minutes, offer, ended, outcome, *_promise = turn
    values = (who[patron], number, express[code or ""], frozenset(needs), minutes, at.get(offer), ended, outcome)
    return dict(zip(TURN_NAMES, values, strict=True))


def _row(row, real, at, who, now):
    _pk, seat, kind, patron, start, end, *rest = row
    ended, by, sat = rest[4], rest[2], rest[3]
    if ended is not None:
        over = ended
    elif sat is None and by is not None and by <= now:
        over = by
    else:
        over = end if end is not None and end <= now and kind != "repair" else None
    *plain, needs, continues, displaced_by, what, _ids = rest
    values = (
        real.seats.index(seat), kind, who.get(patron), start, end, *plain, frozenset(needs), at.get(continues),
        at.get(displaced_by), tuple(what or ()), over,
    )  # fmt: skip
    return dict(zip(ROW_NAMES, values, strict=True))


def expected(w):
    """Return the model's state in the same form."""
    rows = []
    for row in w.rows:
        plain = {name: getattr(row, name) for name in ROW_NAMES if name not in ("events", "over")}
        rows.append(plain | {"events": tuple(event.what for event in row.events), "over": row.over(w.now)})
    turns = [{name: getattr(turn, name) for name in TURN_NAMES} for turn in w.turns]
    return rows, turns, [turn.at for turn in w.line()]


def differences(w, found):
    """Return where the product's state is not the model's: (what, number, field, product, model)."""
    rows, turns, order, _promises = found
    told = []
    for what, ours, theirs in (("row", rows, expected(w)[0]), ("place", turns, expected(w)[1])):
        if len(ours) != len(theirs):
            told.append((what, "how many", len(ours), len(theirs)))
        for n, (one, two) in enumerate(zip(ours, theirs, strict=False)):
            told += [(what, n, name, one[name], two[name]) for name in one if one[name] != two[name]]
    if order != expected(w)[2]:
        told.append(("order of the line", order, expected(w)[2]))
    return told


def broken_invariants(w, found, promised):
    """Return what must never be, said of the product's rows alone; `promised` are the promises seen before."""
    rows, turns, _order, promises = found
    told = []
    standing = [row for row in rows if row["ended"] is None]
    for n, one in enumerate(standing):
        for two in standing[n + 1 :]:
            apart = (one["end"] or 10**9) <= two["start"] or (two["end"] or 10**9) <= one["start"]
            if not apart and (one["seat"] == two["seat"] or (one["who"] is not None and one["who"] == two["who"])):
                told.append(("overlap", one, two))
    told += [("ended without a story", row) for row in rows if row["ended"] is not None and not row["events"]]
    held = [turn["offer"] for turn in turns if turn["ended"] is None and turn["offer"] is not None]
    offers = [n for n, row in enumerate(rows) if row["kind"] == "offer" and row["ended"] is None]
    if len(set(held)) != len(held) or not set(offers) <= set(held):
        told.append(("offers and places", offers, held))
    for n, (low, high, soon, late) in enumerate(promises):
        if (low is not None and low > high) or (soon is not None and late is not None and soon > late):
            told.append(("a range upside down", n))
        if promised.setdefault(n, (low, high)) != (low, high) and promised[n][1] is not None:
            told.append(("a promise that changed", n))
        promised[n] = (low, high)
    return told + _beyond(w)


EXCUSES = {"overridden", "soft_landing", "undone"}


def _beyond(w):
    """Return who has more minutes of a day than the limit, with nothing in their rows' stories that says why.

    Somebody who sat down before their time has those minutes beyond, also at a seat to which they moved at once. A
    clock that was set back excuses everything.
    """
    told = []
    for person in w.people:
        limit = day_of(w, person.at)
        mine = [r for r in w.rows if r.who == person.at]
        excused = w.went_back or any(event.what in EXCUSES for row in mine for event in row.events)
        early = sum(max(0, row.asked_start - row.start) for row in mine)
        for day in (0, 1):
            if not excused and used(w, person.at, day) > limit + early:
                told.append(("beyond the day's minutes", person.at, used(w, person.at, day), limit))
    return told
