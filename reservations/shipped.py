"""What a policy says where nobody says otherwise, and the shape of a preset. The libraries are in published.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Columns = Mapping[str, Any]

SHIPPED: Columns = {
    "session_minutes": 60,
    "day_minutes": 120,
    "day_scope": "system",
    "sessions_a_day": None,
    "week_minutes": None,
    "break_minutes": 0,
    "missed_count": True,
    "guests_allowed": True,
    "guest_session_minutes": 60,
    "guest_day_minutes": 60,
    "guest_pass_days": 1,
    "guest_self_service": False,
    "guest_self_a_day": 20,
    "staff_below_age": 0,
    "family_seats": 1,
    "ahead": "always",
    "horizon_days": 7,
    "horizon_unit": "days",
    "open_bookings": 2,
    "start_every_minutes": 30,
    "grace_minutes": 10,
    "least_left_minutes": 0,
    "no_shows": None,
    "no_show_days": 14,
    "no_show_result": "walk_up",
    "no_show_penalty_days": 7,
    "min_slot_minutes": 10,
    "gap_minutes": 5,
    "stop_minutes": 15,
    "last_booking_minutes": 15,
    "extension": "automatic",
    "extension_minutes": 15,
    "extensions_most": None,
    "extension_counts": True,
    "soft_landing_minutes": 15,
    "help_minutes": 15,
    "resume_minutes": 10,
    "warning_minutes": (10, 5, 1),
    "when_away": "allowance",
    "away_minutes": 30,
    "claim_minutes": 5,
}

# What a policy says of the shipped classes, by their code, unless a preset says otherwise.
SHIPPED_CLASSES: Mapping[str, Columns] = {
    "express": {"walk_up_only": True, "session_minutes": 15, "counts_toward_day": False, "extendable": False},
    "easy-access": {"session_minutes": 120, "access": "first"},
    "kids": {"session_minutes": 30, "greatest_age": 12},
    "teen": {"least_age": 13, "greatest_age": 17},
}


@dataclass(frozen=True)
class Preset:
    """One library's rules: `code` names it in addresses, `library` is where they come from.

    `said` and `classes` are what it publishes; `beside` names what it publishes that is not a rule of booking.
    """

    code: str
    library: str
    said: Columns
    classes: Mapping[str, Columns]
    beside: tuple[str | Promise, ...] = ()

    def columns(self) -> dict[str, Any]:
        """Return the columns of a new Policy."""
        rules = {**SHIPPED, **self.said}
        for guest, holder in (("guest_session_minutes", "session_minutes"), ("guest_day_minutes", "day_minutes")):
            if guest not in self.said:
                rules[guest] = min(SHIPPED[guest], rules[holder])
        rules["guest_session_minutes"] = min(rules["guest_session_minutes"], rules["guest_day_minutes"])
        rules["warning_minutes"] = list(rules["warning_minutes"])
        return {"name": self.library, "source": f"Published rules of {self.library}", **rules}


def preset(
    code: str,
    library: str,
    said: Columns,
    classes: Mapping[str, Columns] | None = None,
    beside: tuple[str | Promise, ...] = (),
) -> Preset:
    """Return a preset whose classes are the shipped ones but for what `classes` says of them."""
    longest = {**SHIPPED, **said}["day_minutes"]
    shipped = {kind: dict(rule) for kind, rule in SHIPPED_CLASSES.items()}
    shipped["easy-access"]["session_minutes"] = min(120, longest)
    for kind, rule in (classes or {}).items():
        shipped[kind] = {**shipped.get(kind, {}), **rule}
    return Preset(code, library, said, shipped, beside)
