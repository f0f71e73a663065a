"""What screens say of days that are not as usual: closes early today, closed tomorrow. No query."""

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from helpdesk import words
from reservations.calendar import Calendar
from reservations.rules.closing import hours_of

SOON = 7  # days ahead that a screen tells of
DAY = timedelta(days=1)


def notice_of(calendar: Calendar, now: datetime) -> str:
    """Return the sentence of the first day that is not as usual, from today to a week ahead; '' where none is."""
    today = calendar.branch_day(now)
    days = (today + ahead * DAY for ahead in range(SOON + 1))
    return next((said for on in days if (said := day_notice(calendar, on, today))), "")


def day_notice(calendar: Calendar, on: date, today: date) -> str:
    """Return what is not as usual on a day: "We close today at 15:00: Storm."; '' where all is."""
    if on in calendar.closed:
        usual = calendar.hours.get(on.weekday())
        return _with(_("Closed %(day)s"), on, today, calendar.closed[on]) if usual else ""
    if not calendar.special.get(on):
        return ""
    return _hours_notice(calendar, on, today)


def _hours_notice(calendar: Calendar, on: date, today: date) -> str:
    reason = calendar.said.get(on, "")
    hours, usual = hours_of(calendar, on), sorted(calendar.hours.get(on.weekday(), []))
    if not usual:
        said = {"opens": _time(hours[0][0]), "closes": _time(hours[-1][1])}
        return _with(_("Open %(day)s from %(opens)s to %(closes)s"), on, today, reason, **said)
    if hours == usual:
        return ""
    if hours[0][0] == usual[0][0] and len(hours) <= len(usual):
        said = {"time": _time(hours[-1][1])}
        earlier = _ends(hours[-1]) < _ends(usual[-1])
        sentence = _("We close %(day)s at %(time)s") if earlier else _("Open %(day)s until %(time)s")
        return _with(sentence, on, today, reason, **said)
    if hours[-1][1] == usual[-1][1] and len(hours) == len(usual):
        return _with(_("We open %(day)s at %(time)s"), on, today, reason, time=_time(hours[0][0]))
    spans = ", ".join(_("%(opens)s to %(closes)s") % {"opens": _time(o), "closes": _time(c)} for o, c in hours)
    return _with(_("Open %(day)s %(spans)s"), on, today, reason, spans=spans)


def _ends(span: tuple[time, time]) -> tuple[bool, time]:
    return span[1] <= span[0], span[1]


def _time(at: time) -> str:
    return at.strftime("%H:%M")


def _with(sentence: str, on: date, today: date, reason: str, **said: str) -> str:
    text = sentence % {"day": words.day(on, today), **said}
    return _("%(text)s: %(reason)s.") % {"text": text, "reason": reason} if reason else _("%(text)s.") % {"text": text}
