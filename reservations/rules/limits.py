"""Rules about how much: minutes and sessions by day, week and class, pauses between sessions. No ORM, no clock."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.rules.facts import Asked, Use
from reservations.rules.problem import Problem

MINUTE = timedelta(minutes=1)
ROW_PAUSE = timedelta(minutes=15)  # sessions closer to each other than this are "in a row"


def day_limit(asked: Asked) -> Problem | None:
    """Minutes a day, at all branches or at this one."""
    if not asked.device.counts_toward_day:
        return None
    sentence = _("%(length)s at %(time)s does not fit in that day's %(limit)s.")
    if asked.day == asked.today:
        sentence = _("%(length)s at %(time)s does not fit in today's %(limit)s.")
    used = asked.patron.minutes_on(asked.day)
    if asked.patron.is_guest and asked.day == asked.today and used >= asked.policy.day:
        sentence = _("This guest number has had its %(limit)s for today. Ask at the desk for a library card.")
    return _minutes(asked, "day_limit", sentence, _("Minutes a day"), asked.policy.day, used, _next_day)


def week_limit(asked: Asked) -> Problem | None:
    """Minutes a week, from Monday to Sunday by branch days."""
    if asked.policy.week is None or not asked.device.counts_toward_day:
        return None
    monday = asked.day - timedelta(days=asked.day.weekday())
    sentence = _("%(length)s at %(time)s does not fit in that week's %(limit)s.")
    if monday <= asked.today < monday + timedelta(days=7):
        sentence = _("%(length)s at %(time)s does not fit in this week's %(limit)s.")
    used = sum(asked.patron.minutes_on(monday + timedelta(days=day)) for day in range(7))
    return _minutes(asked, "week_limit", sentence, _("Minutes a week"), asked.policy.week, used, _next_week)


def class_day_limit(asked: Asked) -> Problem | None:
    """Minutes a day on this class of devices."""
    if asked.policy.class_day is None:
        return None
    sentence = _("%(length)s at %(time)s does not fit in the %(limit)s a day for seats like this.")
    used = asked.patron.minutes_on(asked.day, asked.device.kind)
    rule = _("Device class: minutes a day")
    return _minutes(asked, "class_day_limit", sentence, rule, asked.policy.class_day, used, _next_day)


def _minutes(
    asked: Asked,
    code: str,
    sentence: str,
    rule: str,
    most: int,
    used: int,
    after: Callable[[Asked], datetime | None],
) -> Problem | None:
    """Return the problem of a sum of minutes: what is left of `most`, else the next moment by `after`."""
    left = max(0, most - used)
    if asked.slot.minutes <= left:
        return None
    fits = left >= asked.policy.min_slot
    said = {
        "length": words.length(asked.slot.minutes),
        "time": words.clock(asked.slot.start),
        "limit": words.length(most),
    }
    return Problem(
        code,
        sentence % said,
        rule,
        words.length(most),
        next_at=asked.slot.start if fits else after(asked),
        next_minutes=left if fits else None,
        sums={"used": most - left, "left": left, "over": asked.slot.minutes - left, "limit": most},
    )


def day_sessions(asked: Asked) -> Problem | None:
    """Sessions a day."""
    most = asked.policy.sessions_a_day
    if most is None or not asked.device.counts_toward_day or asked.patron.sessions_on(asked.day) < most:
        return None
    sentence = ngettext(
        "You can sit down %(count)d time a day, and you have had or booked it.",
        "You can sit down %(count)d times a day, and you have had or booked them.",
        most,
    )
    return _sessions(asked, "day_sessions", sentence, _("Sessions a day"), most)


def class_sessions(asked: Asked) -> Problem | None:
    """Sessions a day on this class of devices."""
    most = asked.policy.class_sessions
    if most is None or asked.patron.sessions_on(asked.day, asked.device.kind) < most:
        return None
    sentence = ngettext(
        "Seats like this can be used %(count)d time a day, and you have had or booked it.",
        "Seats like this can be used %(count)d times a day, and you have had or booked them.",
        most,
    )
    return _sessions(asked, "class_sessions", sentence, _("Device class: sessions a day"), most)


def _sessions(asked: Asked, code: str, sentence: str, rule: str, most: int) -> Problem:
    """Return the problem of a number of sessions; it has no sums, because those are minutes."""
    return Problem(code, sentence % {"count": most}, rule, str(most), next_at=_next_day(asked))


def in_a_row(asked: Asked) -> Problem | None:
    """Sessions on this class that follow each other without a pause of 15 minutes."""
    most = asked.policy.in_a_row
    if most is None:
        return None
    before, after = _row_around(asked)
    if 1 + sum(use.sessions for use in before + after) <= most:
        return None
    sentence = ngettext(
        "Seats like this can be used %(count)d time in a row. Take a pause of %(pause)s first.",
        "Seats like this can be used %(count)d times in a row. Take a pause of %(pause)s first.",
        most,
    )
    last = max(end for use in before + after if (end := use.end))
    return Problem(
        "in_a_row",
        sentence % {"count": most, "pause": words.length(ROW_PAUSE // MINUTE)},
        _("Sessions in a row"),
        str(most),
        next_at=last + ROW_PAUSE,
    )


def _row_around(asked: Asked) -> tuple[list[Use], list[Use]]:
    """Return the sessions on this class that lead up to the slot, and those that follow from it."""
    spans = [(start, end, use) for start, end, use in _sat(asked) if use.kind == asked.device.kind]
    before: list[Use] = []
    edge = asked.slot.start
    for start, end, use in sorted(spans, key=lambda span: span[1], reverse=True):
        if end <= edge and edge - end < ROW_PAUSE:
            before.append(use)
            edge = start
    after: list[Use] = []
    edge = asked.slot.end
    for start, end, use in sorted(spans, key=lambda span: span[0]):
        if start >= edge and start - edge < ROW_PAUSE:
            after.append(use)
            edge = end
    return before, after


def pause(asked: Asked) -> Problem | None:
    """The break between two sessions, before and after."""
    wait = timedelta(minutes=asked.policy.pause)
    if not wait or not asked.device.counts_toward_day:
        return None
    spans = [(start, end) for start, end, use in _sat(asked) if use.counts]
    ends = [end for _start, end in spans if end <= asked.slot.start < end + wait]
    starts = [start for start, _end in spans if asked.slot.end <= start < asked.slot.end + wait]
    if not ends and not starts:
        return None
    left = (min(starts) - wait - asked.slot.start) // MINUTE if starts and not ends else 0
    fits = left >= asked.policy.min_slot
    later = max(end for start, end in spans if end in ends or start in starts) + wait
    return Problem(
        "break",
        _("There is a break of %(pause)s between two times at a seat.") % {"pause": words.length(asked.policy.pause)},
        _("Break between two sessions"),
        words.length(asked.policy.pause),
        next_at=asked.slot.start if fits else later,
        next_minutes=left if fits else None,
    )


def _sat(asked: Asked) -> list[tuple[datetime, datetime, Use]]:
    """Return the sessions with their times: held or booked, not the missed and the cancelled ones."""
    uses = [use for use in asked.patron.uses if use.minutes and not use.no_shows]
    return [(use.start, use.end, use) for use in uses if use.start and use.end]


def _next_day(asked: Asked) -> datetime | None:
    """Return the first opening after the asked day."""
    return _opening_on(asked, asked.day + timedelta(days=1))


def _next_week(asked: Asked) -> datetime | None:
    """Return the first opening of the weeks after the asked day's."""
    return _opening_on(asked, asked.day + timedelta(days=7 - asked.day.weekday()))


def _opening_on(asked: Asked, day: date) -> datetime | None:
    openings = asked.calendar.spans_from(asked.slot.start)
    return next((start for start, _end in openings if asked.calendar.branch_day(start) >= day), None)
