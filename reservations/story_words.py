"""What a story, of a booking or a place in line, says of an event: sentence, details, who. No query, no clock."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from helpdesk import words
from reservations.models import BookingEvent
from reservations.models.story import StoryLine

HAPPENED: dict[str, Promise] = {
    "booked": pgettext_lazy("story", "Booked"),
    "sat_down": gettext_lazy("Sat down without a booking"),
    "checked_in": gettext_lazy("Checked in"),
    "checked_in_late": gettext_lazy("Checked in late, the seat was still free"),
    "finished": pgettext_lazy("story", "Finished"),
    "ran_out": gettext_lazy("The time was up"),
    "no_show": gettext_lazy("Nobody came in time"),
    "cancelled": pgettext_lazy("story", "Cancelled"),
    "displaced": gettext_lazy("Taken away by a fault"),
    "out_of_service": gettext_lazy("Taken out of service"),
    "retired": gettext_lazy("Taken out of the room for good"),
    "back_in_service": gettext_lazy("Back in service"),
    "expected": gettext_lazy("Expected back at another time"),
    "overdue": gettext_lazy("Not back in time, out of service for longer"),
    "taken_back": gettext_lazy("Has the seat again after the repair"),
    "stands_again": gettext_lazy("Stands again after the repair"),
    "extended": gettext_lazy("Made longer"),
    "extended_itself": gettext_lazy("Made longer by itself, nobody waited"),
    "soft_landing": gettext_lazy("Given time to finish a form or a call"),
    "moved": gettext_lazy("Moved to another seat"),
    "help_began": gettext_lazy("Asked for help, from here the minutes do not count"),
    "help_ended": gettext_lazy("Help ended, the minutes count again"),
    "resumed": gettext_lazy("Resumed after signing out"),
    "overridden": gettext_lazy("Staff lifted a rule"),
    "offered": gettext_lazy("Offered to the head of the line"),
    "claimed": gettext_lazy("The offer was taken"),
    "called": gettext_lazy("Called again"),
    "offer_withdrawn": gettext_lazy("The offer was taken back"),
    "offer_missed": gettext_lazy("The offer was not taken in time"),
    "undone": gettext_lazy("Undone"),
    "shortened": gettext_lazy("Made shorter"),
    "merged": gettext_lazy("Two cards turned out to be one person's"),
    "not_checked": gettext_lazy("The card was not checked, the library system did not answer"),
    "made_room": gettext_lazy("Ends sooner, somebody needs this seat"),
    "stays_on": gettext_lazy("The seat need not be left any more"),
    "closes_sooner": gettext_lazy("Ends sooner, the library is closed then"),
    "closed_day": gettext_lazy("Taken away, the library is closed then"),
    "planned": gettext_lazy("Planned"),
    "changed_block": gettext_lazy("Changed to other seats or times"),
    "left_out": gettext_lazy("Left out on this day"),
    "called_off": gettext_lazy("Called off"),
    "opens_again": gettext_lazy("Stands as it was, the library is open then"),
}
IN_LINE: dict[str, Promise] = {
    "joined": gettext_lazy("Took a place in line"),
    "called": pgettext_lazy("line", "Called"),
    "called_again": gettext_lazy("Called again"),
    "skipped": gettext_lazy("The next one went first"),
    "changed": gettext_lazy("Asks for something else"),
    "removed": gettext_lazy("Taken out of the line"),
    "left": gettext_lazy("Left the line"),
    "missed": gettext_lazy("Did not come when called"),
    "seat_lost": gettext_lazy("The seat that was held is gone, waits again"),
    "rejoined": gettext_lazy("Back in its place"),
    "seated": gettext_lazy("Sat down"),
    "closed": gettext_lazy("The computers stopped for the day"),
    "undone": gettext_lazy("Undone"),
    "overridden": gettext_lazy("Staff lifted a rule"),
}
RULES: dict[str, Promise] = {
    "age": gettext_lazy("Device class: ages"),
    "away_limit": gettext_lazy("For a card that cannot be checked"),
    "card_denied": gettext_lazy("The library system says no"),
    "library_away": gettext_lazy("While the library system is away"),
    "blocked": gettext_lazy("Card blocked until"),
    "closed": gettext_lazy("Opening hours"),
    "closing": gettext_lazy("Computers stop before closing"),
    "day_limit": gettext_lazy("Minutes a day"),
    "elsewhere": gettext_lazy("One seat at a time"),
    "gap": gettext_lazy("Cleaning gap"),
    "lacks": gettext_lazy("What the seat can do"),
    "pass_ended": gettext_lazy("Guest pass valid until"),
    "too_early": gettext_lazy("Early check-in"),
    "too_far": gettext_lazy("Days ahead"),
    "too_long": gettext_lazy("Session length"),
    "too_many": gettext_lazy("Open bookings"),
    "too_short": gettext_lazy("Shortest useful slot"),
    "walk_up_class": gettext_lazy("Device class: walk up only"),
    "walk_up_patron": gettext_lazy("Walk-up only after missed bookings"),
    "break": gettext_lazy("Break between two sessions"),
    "class_day_limit": gettext_lazy("Device class: minutes a day"),
    "class_sessions": gettext_lazy("Device class: sessions a day"),
    "day_sessions": gettext_lazy("Sessions a day"),
    "extension_by_staff": gettext_lazy("Who makes sessions longer"),
    "extensions_most": gettext_lazy("Extensions of one session"),
    "in_a_row": gettext_lazy("Sessions in a row"),
    "kept_for_need": gettext_lazy("Who sits there"),
    "line": gettext_lazy("People in line"),
    "no_ahead": gettext_lazy("Booking for later"),
    "no_extension": gettext_lazy("Who makes sessions longer"),
    "no_guests": gettext_lazy("Guest passes may book"),
    "seats_free": gettext_lazy("Booking for later"),
    "staff_book": gettext_lazy("Staff book for people younger than"),
    "supervised": gettext_lazy("With an adult below age"),
    "last_booking": gettext_lazy("Bookings end before closing"),
    "least_left": gettext_lazy("Time that must be left to sit down"),
    "missed": gettext_lazy("Missed bookings before a consequence"),
    "week_limit": gettext_lazy("Minutes a week"),
}
ACTORS: dict[str, Promise] = {
    "staff": gettext_lazy("a member of staff whose account is gone"),
    "patron": gettext_lazy("a patron"),
    "client": gettext_lazy("the computer"),
    "system": gettext_lazy("the system"),
}
LANDINGS: dict[str, Promise] = {"form": gettext_lazy("a timed form"), "video": gettext_lazy("a video visit")}


def what_happened(event: BookingEvent) -> str:
    """Return the sentence of an event; one that nobody has worded yet is shown by its code."""
    late = event.what == "checked_in" and event.detail.get("late")
    return str(HAPPENED.get("checked_in_late" if late else event.what, event.what))


def who_did(event: StoryLine) -> str:
    """Return who did it: the account of a post, a patron, the computer or the system, and at which kiosk."""
    who = event.by_user.username if event.by_user else str(ACTORS.get(event.by_kind, event.by_kind))
    return _("%(who)s at %(kiosk)s") % {"who": who, "kiosk": event.by_kiosk.name} if event.by_kiosk else who


def details_of(event: StoryLine, now: datetime) -> str:
    """Return what is worth saying of the detail: "15 min, until 16:30"; '' where there is nothing."""
    said = [say(event.detail[key], now) for key, say in DETAILS.items() if key in event.detail]
    return ", ".join(part for part in said if part)


def rule_name(code: str) -> str:
    """Return what staff call the rule behind a problem's code."""
    return str(RULES.get(code, code))


def _minutes(value: Any, now: datetime) -> str:
    return words.length(value) if isinstance(value, int) else ""


def _from_seat(value: Any, now: datetime) -> str:
    return _("from seat %(seat)s") % {"seat": value}


def _to_seat(value: Any, now: datetime) -> str:
    return _("to seat %(seat)s") % {"seat": value}


def _until(value: Any, now: datetime) -> str:
    moment = _moment(value)
    return _("until %(moment)s") % {"moment": words.moment(moment, now)} if moment else ""


def _moment(value: Any) -> datetime | None:
    """Return an aware moment from its ISO form, or None."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _rules(value: Any, now: datetime) -> str:
    return ", ".join(rule_name(str(code)) for code in (value if isinstance(value, list) else [value]))


def _number(value: Any, now: datetime) -> str:
    return _("number %(number)s") % {"number": value}


def _event(value: Any, now: datetime) -> str:
    return str(HAPPENED.get(str(value)) or IN_LINE.get(str(value), value))


def _why(value: Any, now: datetime) -> str:
    return str(LANDINGS.get(str(value), value))


# What an event's detail may hold, in the order in which it is said.
DETAILS: dict[str, Callable[[Any, datetime], str]] = {
    "undone": _event,
    "number": _number,
    "why": _why,
    "from_seat": _from_seat,
    "to_seat": _to_seat,
    "minutes": _minutes,
    "until": _until,
    "codes": _rules,
}
