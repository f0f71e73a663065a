"""What a policy says against itself: each contradiction with its field, the reason, the next step. No ORM, no clock.

`columns` are those of Policy, a class rule those of ClassRule; a figure that is missing or empty is not judged.
What is merely useless, such as two open bookings where nobody books ahead, is not refused.
"""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from helpdesk import words
from reservations.rules.sanity_classes import of_class
from reservations.rules.sense import Check, Columns, Contradiction, most, number

DAY = 24 * 60  # minutes


def contradictions(columns: Columns, class_rules: Mapping[int, Columns] | None = None) -> list[Contradiction]:
    """Return everything that a policy, and its rules by class, contradict themselves in."""
    found = [problem for check in CHECKS for problem in check(columns)]
    for class_id, rule in (class_rules or {}).items():
        found += [Contradiction(each.field, each.sentence, class_id) for each in of_class(rule, columns)]
    return found


def _warnings(columns: Columns) -> Iterator[Contradiction]:
    warned = columns.get("warning_minutes")
    if not isinstance(warned, list | tuple) or not all(isinstance(each, int) for each in warned):
        return
    session = number(columns, "session_minutes")
    if len(set(warned)) < len(warned):
        yield Contradiction("warning_minutes", _("A warning is named twice. Name each minute once."))
    elif list(warned) != sorted(warned, reverse=True):
        yield Contradiction("warning_minutes", _("Warnings come one after the other. Name the longest first."))
    if any(each < 1 for each in warned):
        yield Contradiction("warning_minutes", _("A warning at the end is too late. Warn at least 1 minute before."))
    if session is not None and any(each > session for each in warned):
        said = {"session": words.length(session)}
        sentence = _("A warning comes before a session of %(session)s has begun. Warn later.") % said
        yield Contradiction("warning_minutes", sentence)


def _no_shows(columns: Columns) -> Iterator[Contradiction]:
    if number(columns, "no_shows") == 0:
        sentence = _("Nobody has missed 0 bookings too many. Allow at least 1, or leave it empty for no consequence.")
        yield Contradiction("no_shows", sentence)


def _extension(columns: Columns) -> Iterator[Contradiction]:
    who = columns.get("extension")
    if who in (None, "none"):
        return
    if number(columns, "extension_minutes") == 0:
        sentence = _("Sessions can be made longer, but by 0 minutes. Give the minutes, or let nobody do it.")
        yield Contradiction("extension_minutes", sentence)
    if number(columns, "extensions_most") == 0:
        sentence = _("Sessions can be made longer 0 times. Leave it empty for no limit, or let nobody do it.")
        yield Contradiction("extensions_most", sentence)


def _open_days(columns: Columns) -> Iterator[Contradiction]:
    if columns.get("horizon_unit") == "open_days" and number(columns, "horizon_days") == 0:
        sentence = _("0 open days ahead is today only. Count in days, or give at least 1 open day.")
        yield Contradiction("horizon_days", sentence)


def _on_trust(columns: Columns) -> Iterator[Contradiction]:
    """What is given while the library system is away must be enough to sit down, where anything is."""
    away, least, session = (number(columns, f"{name}_minutes") for name in ("away", "min_slot", "session"))
    if away is not None and least is not None and away < least <= (session or 0):
        said = {"one": words.length(least), "two": words.length(away)}
        sentence = _("The shortest useful slot of %(one)s is longer than the %(two)s on trust. Give more on trust.")
        yield Contradiction("away_minutes", sentence % said)


def _beyond_a_day(columns: Columns) -> Iterator[Contradiction]:
    step, session = number(columns, "start_every_minutes"), number(columns, "session_minutes")
    if step is not None and step > DAY:
        yield Contradiction("start_every_minutes", _("Bookings begin less than once a day. Choose a shorter step."))
    if session is not None and session > DAY:
        yield Contradiction("session_minutes", _("A session is longer than a day. Make it shorter."))


def _break(columns: Columns) -> Iterator[Contradiction]:
    wait = number(columns, "break_minutes")
    if wait is not None and wait >= DAY:
        sentence = _("With a break of a day nobody has a second session. Set 1 session a day instead.")
        yield Contradiction("break_minutes", sentence)


def _guests(check: Check) -> Check:
    """Return `check` for a policy that takes guests."""

    def of_guests(columns: Columns) -> Iterator[Contradiction]:
        return check(columns) if columns.get("guests_allowed", True) else iter(())

    return of_guests


def _sessions(columns: Columns) -> Iterator[Contradiction]:
    if number(columns, "sessions_a_day") == 0:
        sentence = _("0 sessions a day lets nobody sit down. Allow at least 1, or leave it empty for no limit.")
        yield Contradiction("sessions_a_day", sentence)


CHECKS: tuple[Check, ...] = (
    most(
        "session_minutes",
        "day_minutes",
        lambda: _("A session of %(one)s does not fit in the %(two)s a day. Make it shorter, or the day longer."),
    ),
    most(
        "guest_session_minutes",
        "guest_day_minutes",
        lambda: _("A guest's session of %(one)s does not fit in their %(two)s a day. Make it shorter."),
    ),
    most(
        "day_minutes",
        "week_minutes",
        lambda: _("A day of %(one)s is more than the week's %(two)s. Make the day shorter, or the week longer."),
    ),
    most(
        "session_minutes",
        "week_minutes",
        lambda: _("A session of %(one)s does not fit in the %(two)s a week. Make it shorter."),
    ),
    most(
        "min_slot_minutes",
        "session_minutes",
        lambda: _("The shortest useful slot of %(one)s is longer than a session of %(two)s. Make it shorter."),
    ),
    most(
        "min_slot_minutes",
        "guest_session_minutes",
        lambda: _("The shortest useful slot of %(one)s is longer than a guest's session of %(two)s. Make it shorter."),
    ),
    most(
        "least_left_minutes",
        "session_minutes",
        lambda: _("Nobody could sit down: %(one)s must be left of a session of %(two)s. Ask for less."),
        below=True,
    ),
    most(
        "grace_minutes",
        "session_minutes",
        lambda: _("A seat is kept %(one)s for a session of %(two)s. Keep it for less."),
        below=True,
    ),
    _guests(
        most(
            "least_left_minutes",
            "guest_session_minutes",
            lambda: _("No guest could sit down: %(one)s must be left of a session of %(two)s. Ask for less."),
            below=True,
        )
    ),
    _guests(
        most(
            "grace_minutes",
            "guest_session_minutes",
            lambda: _("A seat is kept %(one)s for a guest's session of %(two)s. Keep it for less."),
            below=True,
        )
    ),
    most(
        "stop_minutes",
        "last_booking_minutes",
        lambda: _("Bookings end %(two)s before closing, after the computers stop at %(one)s. Let them end earlier."),
    ),
    _on_trust,
    most(
        "away_minutes",
        "day_minutes",
        lambda: _("%(one)s on trust is more than the %(two)s a day of a card that was checked. Give less on trust."),
    ),
    _open_days,
    _no_shows,
    _extension,
    _break,
    _sessions,
    _warnings,
    _beyond_a_day,
)
