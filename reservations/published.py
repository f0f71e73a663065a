"""Published policies of named libraries as data: what each says under the column names of Policy and ClassRule.

The figures are those of library-practice.md section 5, which gives the pages they come from.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from reservations.shipped import Columns, Preset, preset

PRICES = _("prices of further time")
PRINTS = _("how long print jobs are kept")
PHOTO = _("photo ID at the desk")
FILTER = _("content filter by age")
FINES = _("fines do not block")
WIPED = _("computers forget everything at the end")

SAN_JOSE: Columns = {
    "day_minutes": 120,
    "grace_minutes": 10,
    "horizon_days": 4,
    "horizon_unit": "open_days",
    "open_bookings": 2,
    "guests_allowed": False,
    "extension": "automatic",
}
SAN_JOSE_CLASSES: Mapping[str, Columns] = {"easy-access": {"session_minutes": 120, "access": "only"}}
ELLSWORTH: Columns = {"session_minutes": 30, "extension": "automatic", "extension_minutes": 30, "extensions_most": 1}

PRESETS: tuple[Preset, ...] = (
    preset(
        "seattle",
        "Seattle Public Library",
        {
            "day_minutes": 90,
            "day_scope": "system",
            "grace_minutes": 5,
            "missed_count": True,
            "horizon_days": 7,
            "open_bookings": 2,
            "guest_session_minutes": 30,
            "guest_day_minutes": 30,
            "resume_minutes": 10,
        },
        {"express": {"session_minutes": 15, "walk_up_only": True}},
        (FINES, _("records are purged daily")),
    ),
    preset("san-jose", "San José Public Library", SAN_JOSE, SAN_JOSE_CLASSES),
    preset(
        "san-jose-branches",
        "San José Public Library, branches",
        {**SAN_JOSE, "session_minutes": 45, "grace_minutes": 5},
        SAN_JOSE_CLASSES,
    ),
    preset(
        "new-york",
        "New York Public Library",
        {
            "session_minutes": 45,
            "day_minutes": 45,
            "sessions_a_day": 1,
            "extension": "automatic",
            "extensions_most": 1,
            "extension_counts": False,
            "grace_minutes": 5,
            "horizon_days": 1,
            "open_bookings": 1,
            "guests_allowed": False,
            "stop_minutes": 15,
            "last_booking_minutes": 15,
        },
        {"express": {"session_minutes": 15, "counts_toward_day": True}, "laptop": {"session_minutes": 45}},
        (PRINTS,),
    ),
    preset(
        "toronto",
        "Toronto Public Library",
        {
            "session_minutes": 30,
            "day_minutes": 60,
            "sessions_a_day": 2,
            "day_scope": "branch",
            "extension": "automatic",
            "extension_counts": False,
            "horizon_days": 3,
            "horizon_unit": "open_days",
            "guests_allowed": True,
        },
        {
            "mac": {"session_minutes": 60, "day_minutes": 120, "sessions_a_day": 2, "counts_toward_day": False},
            "express": {"session_minutes": 15, "guests_allowed": True},
            "drop-in": {
                "session_minutes": 30,
                "walk_up_only": True,
                "counts_toward_day": False,
                "guests_allowed": True,
            },
            "internet": {"least_age": 13},
        },
    ),
    preset(
        "santa-barbara",
        "Santa Barbara Public Library",
        {
            "day_minutes": 180,
            "guest_day_minutes": 60,
            "grace_minutes": 5,
            "missed_count": True,
            "horizon_days": 1,
            "start_every_minutes": 15,
            "gap_minutes": 15,
        },
        beside=(PHOTO, _("a screen can be locked")),
    ),
    preset(
        "mhpl",
        "mhpl.org",
        {
            "session_minutes": 30,
            "day_minutes": 180,
            "sessions_a_day": 6,
            "horizon_days": 6,
            "open_bookings": 45,
            "guests_allowed": False,
            "extension": "none",
            "warning_minutes": (6, 2),
            "last_booking_minutes": 15,
            "no_shows": 5,
            "no_show_days": 14,
            "no_show_result": "block",
            "no_show_penalty_days": 14,
        },
        {
            "internet": {"session_minutes": 30, "in_a_row": 2},
            "mac": {"session_minutes": 60, "in_a_row": 3},
            "express": {
                "session_minutes": 30,
                "walk_up_only": False,
                "horizon_days": 0,
                "sessions_a_day": 1,
                "counts_toward_day": True,
            },
        },
    ),
    preset(
        "westchester",
        "Westchester Library System",
        {
            "session_minutes": 60,
            "ahead": "never",
            "extension": "automatic",
            "extension_minutes": 15,
            "guests_allowed": True,
            "stop_minutes": 20,
            "last_booking_minutes": 20,
        },
        beside=(_("a guest pass has a first name"),),
    ),
    preset(
        "forbes",
        "Forbes Library",
        {"day_minutes": 180, "extension": "staff", "ahead": "when_full", "guests_allowed": False},
        {"express": {"session_minutes": 15, "guests_allowed": True}},
        (PHOTO, WIPED, _("more time is asked for 5 minutes before the end")),
    ),
    preset("ellsworth", "Ellsworth Public Library", ELLSWORTH),
    preset(
        "ellsworth-lab",
        "Ellsworth Public Library, lab",
        {**ELLSWORTH, "session_minutes": 60, "extension_minutes": 60},
    ),
    preset(
        "stanislaus-children",
        "Stanislaus County Library, children",
        {"session_minutes": 30, "day_minutes": 180, "extension": "automatic"},
        {
            "kids": {"session_minutes": 30, "greatest_age": 15, "supervised_below": 8},
            "internet": {"least_age": 16},
        },
        (_("one user and two observers"), _("bookings are made in person")),
    ),
    preset(
        "mississauga",
        "Mississauga Library",
        {"grace_minutes": 10, "horizon_days": 2, "open_bookings": 3, "guests_allowed": True},
        {
            "express": {
                "session_minutes": 15,
                "sessions_a_day": 1,
                "grace_minutes": 5,
                "walk_up_only": False,
                "counts_toward_day": True,
            },
            "internet": {"session_minutes": 30, "sessions_a_day": 1},
            "mac": {"session_minutes": 60, "sessions_a_day": 1},
        },
    ),
    preset(
        "ottawa",
        "Ottawa Public Library",
        {"least_left_minutes": 10},
        {"express": {"session_minutes": 15}},
        (FILTER,),
    ),
    preset(
        "birmingham",
        "Library of Birmingham",
        {
            "day_minutes": 180,
            "week_minutes": 540,
            "break_minutes": 30,
            "grace_minutes": 10,
            "missed_count": True,
            "horizon_days": 7,
            "guests_allowed": False,
            "stop_minutes": 15,
        },
    ),
    preset(
        "kingston-upon-thames",
        "Kingston upon Thames libraries",
        {
            "session_minutes": 120,
            "extension": "asked",
            "grace_minutes": 5,
            "missed_count": True,
            "horizon_days": 7,
            "open_bookings": 3,
            "min_slot_minutes": 30,
            "staff_below_age": 18,
        },
        beside=(PRICES, _("an extra hour for people who look for work, given by staff")),
    ),
    preset(
        "devon",
        "Devon libraries",
        {"day_minutes": 120, "guest_day_minutes": 120, "horizon_days": 7},
        beside=(PRICES, _("wrong sign-ins block for some minutes"), _("seats with a scanner are marked")),
    ),
    preset(
        "kingston",
        "Kingston libraries, Victoria",
        {
            "session_minutes": 60,
            "day_minutes": 240,
            "extension": "automatic",
            "grace_minutes": 15,
            "horizon_days": 7,
            "open_bookings": 1,
            "guests_allowed": False,
            "stop_minutes": 5,
            "last_booking_minutes": 5,
        },
        {"easy-access": {"session_minutes": 60, "extendable": False}},
    ),
    preset(
        "libki",
        "Libki, as it is shipped",
        {
            "session_minutes": 45,
            "day_minutes": 45,
            "guest_session_minutes": 45,
            "guest_day_minutes": 45,
            "extension": "none",
            "grace_minutes": 15,
            "min_slot_minutes": 5,
            "open_bookings": 1,
            "guests_allowed": True,
            "warning_minutes": (5, 4, 3, 2, 1),
        },
        beside=(_("guest passes in batches of 40"),),
    ),
)
