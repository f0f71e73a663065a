"""What the rule of one class of seats says against itself or its policy. No ORM, no clock."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from helpdesk import words
from reservations.rules.sense import Check, Columns, Contradiction, most, number


def of_class(rule: Columns, policy: Columns) -> list[Contradiction]:
    """Return what the rule of one class contradicts, itself or its policy."""
    return [problem for check in CLASS_CHECKS for problem in check({**_prefixed(policy), **rule})]


def _prefixed(policy: Columns) -> dict[str, Any]:
    """Return the policy's columns under names that no class rule has."""
    return {f"policy_{name}": value for name, value in policy.items()}


def _own_or_all(columns: Columns, name: str) -> int | None:
    """Return the figure of the class, where it says none that of all seats."""
    own = number(columns, name)
    return number(columns, f"policy_{name}") if own is None else own


def _session_of_the_day(columns: Columns) -> Iterator[Contradiction]:
    """A session at the class, its own or that of all seats, must fit in the class's day."""
    session, day = _own_or_all(columns, "session_minutes"), number(columns, "day_minutes")
    if session is not None and day is not None and session > day:
        said = {"one": words.length(session), "two": words.length(day)}
        sentence = _("A session of %(one)s does not fit in the class's %(two)s a day. Make it shorter.")
        yield Contradiction("session_minutes", sentence % said)


def _kept(columns: Columns) -> Iterator[Contradiction]:
    """A seat must not be kept as long as its session; where nobody books, the grace period of all seats is idle."""
    own, session = number(columns, "grace_minutes"), _own_or_all(columns, "session_minutes")
    idle = own is None and (columns.get("walk_up_only") or number(columns, "session_minutes") is None)
    grace = None if idle else _own_or_all(columns, "grace_minutes")
    if grace is not None and session is not None and grace >= session:
        said = {"one": words.length(grace), "two": words.length(session)}
        sentence = _("A seat is kept %(one)s for a session of %(two)s. Keep it for less.")
        yield Contradiction("grace_minutes", sentence % said)


def _counted_session(columns: Columns) -> Iterator[Contradiction]:
    """A session of a class that counts must fit in the day, and in the week, of all seats."""
    session, day = number(columns, "session_minutes"), number(columns, "policy_day_minutes")
    week = number(columns, "policy_week_minutes")
    if session is None or not columns.get("counts_toward_day", True):
        return
    if day is not None and session > day:
        said = {"one": words.length(session), "two": words.length(day)}
        sentence = _("A session of %(one)s does not fit in the %(two)s a day. Make it shorter, or do not count it.")
        yield Contradiction("session_minutes", sentence % said)
    elif week is not None and session > week:
        said = {"one": words.length(session), "two": words.length(week)}
        sentence = _("A session of %(one)s does not fit in the %(two)s a week. Make it shorter, or do not count it.")
        yield Contradiction("session_minutes", sentence % said)


def _counted(check: Check) -> Check:
    """Return `check` for a class that counts toward the limits of all seats; another keeps its own alone."""

    def counted(columns: Columns) -> Iterator[Contradiction]:
        return check(columns) if columns.get("counts_toward_day", True) else iter(())

    return counted


CLASS_CHECKS: tuple[Check, ...] = (
    _session_of_the_day,
    most(
        "in_a_row",
        "sessions_a_day",
        lambda: _("%(few)d sessions in a row are more than the %(many)d a day. Allow fewer in a row."),
    ),
    most(
        "least_age",
        "greatest_age",
        lambda: _("From age %(few)d to age %(many)d is nobody. Change one of them."),
    ),
    _kept,
    most(
        "policy_least_left_minutes",
        "session_minutes",
        lambda: _("Nobody could sit down: %(one)s must be left of a session of %(two)s. Make the session longer."),
        below=True,
        field="session_minutes",
    ),
    _counted(
        most(
            "in_a_row",
            "policy_sessions_a_day",
            lambda: _("%(few)d sessions in a row are more than the %(many)d a day. Allow fewer in a row."),
        )
    ),
    most(
        "supervised_below",
        "greatest_age",
        lambda: _("Everybody up to age %(many)d is younger than %(few)d. Ask for an adult below a lower age."),
    ),
    _counted_session,
    _counted(
        most(
            "day_minutes",
            "policy_day_minutes",
            lambda: _("%(one)s a day is more than the %(two)s a day of all seats. Allow less, or do not count it."),
        )
    ),
    _counted(
        most(
            "sessions_a_day",
            "policy_sessions_a_day",
            lambda: _("%(few)d sessions a day are more than the %(many)d of all seats. Allow fewer, or do not count."),
        )
    ),
)
