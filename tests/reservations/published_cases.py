"""The policy table read a second time: for each library and rule what is just allowed and what is just not.

Moments are minutes from `base` of a world (test_policies.py), so that every case runs in each of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

ADULT, TEEN_16, TEEN_13, CHILD_8, CHILD_7, KID = (18, 130), (16, 17), (13, 15), (8, 12), (0, 7), (0, 12)


@dataclass(frozen=True)
class Case:
    """`code` is the problem that must be told, "" when nothing may stand in the way.

    `start` minutes after base; None: at `before_close` minutes before closing. `day` or `open_day` move it to the
    same moment so many (open) days later. `used` are minutes of the day, `sessions` its sessions, both on `kind`;
    `week` minutes of that week's Monday, `sunday` of the day before it; `sat` and `busy` are spans in
    minutes from base, of the person and of the seat.
    """

    row: str
    rule: str
    at: str
    code: str = ""
    kind: str = "internet"
    minutes: int = 30
    start: int = 0
    before_close: int | None = None
    day: int = 0
    open_day: int = 0
    used: int = 0
    sessions: int = 0
    week: int = 0
    sunday: int = 0
    sat: tuple[tuple[int, int], ...] = ()
    busy: tuple[tuple[int, int], ...] = ()
    no_shows: tuple[int, ...] = ()  # days ago
    open_bookings: int = 0
    walk_up: bool = False
    guest: bool = False
    ages: tuple[int, int] = ADULT
    needs: frozenset[str] = frozenset()
    by_staff: bool = False
    waiting: int = 0
    full: bool = False

    @property
    def id(self) -> str:
        return f"{self.row}-{self.rule}-{self.at}"


@dataclass
class Row:
    """Collects the cases of one library."""

    name: str
    cases: list[Case] = field(default_factory=list)

    def at(self, rule: str, at: object, code: str = "", **fields: Any) -> "Row":
        self.cases.append(Case(self.name, rule, str(at), code, **fields))
        return self

    def session(self, most: int, kind: str = "internet", **more: Any) -> "Row":
        rule = "guest-session" if more.get("guest") else "session" if kind == "internet" else f"{kind}-session"
        self.at(rule, most, kind=kind, minutes=most, **more)
        return self.at(rule, most + 1, "too_long", kind=kind, minutes=most + 1, **more)

    def day(self, most: int, least: int = 30, **more: Any) -> "Row":
        rule = "guest-day" if more.get("guest") else "day"
        self.at(rule, most, used=most - least, minutes=least, **more)
        return self.at(rule, most + 1, "day_limit", used=most - least + 1, minutes=least, **more)

    def horizon(self, days: int) -> "Row":
        return self.at("horizon", days, day=days).at("horizon", days + 1, "too_far", day=days + 1)

    def open_horizon(self, days: int) -> "Row":
        return self.at("open-days", days, open_day=days).at("open-days", days + 1, "too_far", open_day=days + 1)

    def open_bookings(self, most: int) -> "Row":
        self.at("open-bookings", most, open_bookings=most - 1)
        return self.at("open-bookings", most + 1, "too_many", open_bookings=most)

    def stop(self, minutes: int) -> "Row":
        self.at("stop", minutes, walk_up=True, before_close=minutes + 30)
        return self.at("stop", minutes - 1, "closing", walk_up=True, before_close=minutes + 29)

    def members(self) -> "Row":
        return self.at("guests", "none", "no_guests", guest=True).at("guests", "card")

    def guests(self) -> "Row":
        return self.at("guests", "welcome", guest=True)

    def express(self, most: int = 15) -> "Row":
        walks = {"kind": "express", "walk_up": True}
        self.at("express", "ahead", "walk_up_class", kind="express", minutes=most)
        return self.at("express", most, minutes=most, **walks).at(
            "express", most + 1, "too_long", minutes=most + 1, **walks
        )

    def sessions(self, most: int, kind: str = "") -> "Row":
        rule, code = (f"{kind}-sessions", "class_sessions") if kind else ("sessions", "day_sessions")
        more = {"kind": kind or "internet", "minutes": 15}
        self.at(rule, most, sessions=most - 1, **more)
        return self.at(rule, most + 1, code, sessions=most, **more)


def rows() -> Iterator[Row]:
    """Yield the libraries in the order of the table."""
    yield (
        Row("seattle")
        .day(90)
        .horizon(7)
        .open_bookings(2)
        .express()
        .guests()
        .session(30, guest=True)
        .day(30, guest=True)
    )
    need = frozenset({"screen-reader"})
    for name, longest in (("san-jose", 60), ("san-jose-branches", 45)):
        row = Row(name).session(longest).day(120).open_horizon(4).open_bookings(2).members()
        row.at("easy-access", "need", kind="easy-access", needs=need, minutes=120)
        row.at("easy-access", "no-need", "kept_for_need", kind="easy-access", walk_up=True)
        row.at("easy-access", "121", "too_long", kind="easy-access", needs=need, minutes=121)
        row.at("youth", "child", kind="kids", ages=KID).at("youth", "adult", "age", kind="kids")
        yield row
    row = Row("new-york").session(45).sessions(1).horizon(1).open_bookings(1).members().stop(15).express()
    row.at("express-counts", "first", kind="express", minutes=15, walk_up=True)
    yield row.at("express-counts", "second", "day_sessions", kind="express", minutes=15, walk_up=True, sessions=1)
    row = Row("toronto").session(30).day(60).sessions(2).open_horizon(3).guests().express()
    row.session(60, "mac").sessions(2, "mac").at(
        "express-guest", "no-card", kind="express", minutes=15, walk_up=True, guest=True
    )
    row.at("drop-in", 30, kind="drop-in", walk_up=True, guest=True)
    row.at("drop-in", 31, "too_long", kind="drop-in", walk_up=True, guest=True, minutes=31)
    row.at("card-type", "child", "age", ages=KID).at("card-type", "child-seat", kind="kids", ages=KID)
    yield row.at("card-type", "adult", "age", kind="kids").at("card-type", "adult-seat")
    row = Row("santa-barbara").day(180).day(60, guest=True).horizon(1)
    row.at("gap", 15, busy=((-45, -15),)).at("gap", 14, "gap", busy=((-45, -14),))
    yield row
    row = Row("mhpl").session(30).session(60, "mac").day(180).sessions(6).horizon(6).open_bookings(45).members()
    row.at("in-a-row", 2, sat=((-40, -10),)).at("in-a-row", 3, "in_a_row", sat=((-75, -45), (-40, -10)))
    row.at("in-a-row", "pause-15", sat=((-80, -50), (-45, -15)))
    row.at("mac-in-a-row", 3, kind="mac", sat=((-75, -45), (-40, -10)))
    row.at("mac-in-a-row", 4, "in_a_row", kind="mac", sat=((-110, -80), (-75, -45), (-40, -10)))
    row.at("last-booking", 15, before_close=45).at("last-booking", 14, "closing", before_close=44)
    row.at("no-shows", 4, no_shows=(1, 2, 3, 13)).at("no-shows", 5, "missed", no_shows=(1, 2, 3, 4, 13))
    row.at("no-shows", "14-days-apart", no_shows=(1, 2, 3, 4, 15)).at(
        "no-shows", "walk-up", "missed", no_shows=(1,) * 5, walk_up=True
    )
    row.at("express", "today", kind="express").at("express", "tomorrow", "too_far", kind="express", day=1)
    yield row.session(30, "express").sessions(1, "express")
    row = Row("westchester").session(60, walk_up=True).stop(20).at("guests", "welcome", guest=True, walk_up=True)
    yield row.at("ahead", "now", walk_up=True).at("ahead", "later", "no_ahead")
    row = Row("forbes").day(180, full=True).at("guests", "none", "no_guests", guest=True, walk_up=True)
    row.at("express-guest", "no-id", kind="express", minutes=15, walk_up=True, guest=True).express()
    yield row.at("ahead", "full", full=True).at("ahead", "free", "seats_free")
    yield Row("ellsworth").session(30)
    yield Row("ellsworth-lab").session(60)
    row = Row("stanislaus-children").session(30).day(180)
    row.at("ages", "7", "supervised", kind="kids", ages=CHILD_7).at("ages", "8", kind="kids", ages=CHILD_8)
    row.at("ages", "15", kind="kids", ages=TEEN_13).at("ages", "16", "age", kind="kids", ages=TEEN_16)
    yield row.at("adult-seats", "16", ages=TEEN_16).at("adult-seats", "15", "age", ages=TEEN_13)
    row = Row("mississauga").session(15, "express").session(30).session(60, "mac").horizon(2).open_bookings(3).guests()
    yield row.sessions(1, "express").sessions(1, "internet").sessions(1, "mac")
    row = Row("ottawa").express().at("least-left", 10, walk_up=True, minutes=10)
    yield row.at("least-left", 9, "least_left", walk_up=True, minutes=9)
    row = Row("birmingham").day(180).horizon(7).members().stop(15)
    row.at("week", 540, week=510).at("week", 541, "week_limit", week=511).at("week", "sunday-before", sunday=540)
    row.at("break", 30, sat=((-60, -30),)).at("break", 29, "break", sat=((-60, -29),))
    yield row.at("break", "30-before-the-next", sat=((60, 90),)).at(
        "break", "29-before-the-next", "break", sat=((59, 90),)
    )
    row = Row("kingston-upon-thames").session(120).horizon(7).open_bookings(3)
    row.at("shortest", 30).at("shortest", 29, "too_short", minutes=29)
    row.at("staff-book", "18").at("staff-book", "17", "staff_book", ages=TEEN_16)
    yield row.at("staff-book", "17-at-the-desk", ages=TEEN_16, by_staff=True)
    yield Row("devon").day(120).horizon(7).day(120, guest=True)
    row = Row("kingston").session(60).day(240).horizon(7).open_bookings(1).members().stop(5)
    yield row.session(60, "easy-access", needs=need)
    row = Row("libki").session(45).day(45).open_bookings(1).session(45, guest=True).day(45, guest=True)
    yield row.at("shortest", 5, minutes=5).at("shortest", 4, "too_short", minutes=4)
    row = Row("shipped").session(60).day(120).session(60, guest=True).day(60, guest=True).horizon(7).open_bookings(2)
    row.at("shortest", 10, minutes=10).at("shortest", 9, "too_short", minutes=9).stop(15).express()
    row.at("gap", 5, busy=((-45, -5),)).at("gap", 4, "gap", busy=((-45, -4),))
    row.at("easy-access", "need", kind="easy-access", needs=need, minutes=120)
    row.at("easy-access", "no-need-ahead", "kept_for_need", kind="easy-access")
    row.at("easy-access", "no-need-now", kind="easy-access", walk_up=True)
    row.at("easy-access", "by-staff", kind="easy-access", by_staff=True)
    row.at("no-shows", "off", no_shows=(1,) * 50)
    yield row.at("line", "nobody", walk_up=True).at("line", 1, "line", walk_up=True, waiting=1)


CASES = [case for row in rows() for case in row.cases]

# Figures that no booking asks for: under the names of PolicyFacts and of Policy, by row and rule.
FIGURES: dict[str, dict[str, tuple[str, Any]]] = {
    "seattle": {"missed-deducted": ("missed_count", True), "resume": ("resume", 10)},
    "san-jose": {"extension": ("extension", "automatic")},
    "san-jose-branches": {"extension": ("extension", "automatic")},
    "new-york": {"extension": ("extension", "automatic"), "extensions": ("extensions_most", 1)},
    "toronto": {"extension": ("extension", "automatic"), "scope": ("day_scope", "branch")},
    "santa-barbara": {"missed-deducted": ("missed_count", True), "grid": ("start_every_minutes", 15)},
    "mhpl": {"warnings": ("warning_minutes", [6, 2])},
    "westchester": {"extension": ("extension", "automatic"), "extension-length": ("extension_minutes", 15)},
    "forbes": {"extension": ("extension", "staff")},
    "ellsworth": {"extension-length": ("extension_minutes", 30), "extensions": ("extensions_most", 1)},
    "ellsworth-lab": {"extension-length": ("extension_minutes", 60), "extensions": ("extensions_most", 1)},
    "stanislaus-children": {"extension": ("extension", "automatic")},
    "birmingham": {"missed-deducted": ("missed_count", True)},
    "kingston-upon-thames": {"extension": ("extension", "asked"), "missed-deducted": ("missed_count", True)},
    "kingston": {"extension": ("extension", "automatic")},
    "libki": {"extension": ("extension", "none"), "warnings": ("warning_minutes", [5, 4, 3, 2, 1])},
    "shipped": {"warnings": ("warning_minutes", [10, 5, 1]), "extension-length": ("extension_minutes", 15)},
}

# Grace in minutes, by row and class.
GRACE: dict[str, dict[str, int]] = {
    "seattle": {"internet": 5},
    "san-jose": {"internet": 10},
    "san-jose-branches": {"internet": 5},
    "new-york": {"internet": 5},
    "santa-barbara": {"internet": 5},
    "mississauga": {"internet": 10, "mac": 10, "express": 5},
    "birmingham": {"internet": 10},
    "kingston-upon-thames": {"internet": 5},
    "kingston": {"internet": 15},
    "libki": {"internet": 15},
    "shipped": {"internet": 10},
}
