"""How times and lengths are said (design.md section 5 "Words"): by rules, verbs and, through parts.py, templates."""

import math
from datetime import date, datetime, time, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def clock(moment: datetime) -> str:
    """Return the branch-local time: "14:20"."""
    return timezone.localtime(moment).strftime("%H:%M")


def length(minutes: float) -> str:
    """Return whole minutes in words: 34 min, 1 hour, 2 hours, 1 h 30. Part minutes are cut off."""
    hours, rest = divmod(max(0, int(minutes)), 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}


def day(on: date, today: date) -> str:
    """Return today, tomorrow, "Wed 25" within six days, else "Wed 25 Nov"; of another year "Mon 25 Jan 2027"."""
    ahead = (on - today).days
    if ahead in (0, 1):
        return _("today") if ahead == 0 else _("tomorrow")
    return formats.date_format(on, "D j") if 1 < ahead < 7 else _dated(on, today)


def date_in_full(on: date) -> str:
    """Return the day with its year: "Wed 25 Nov 2026"."""
    return formats.date_format(on, "D j M Y")


def _dated(on: date, today: date) -> str:
    return formats.date_format(on, "D j M") if on.year == today.year else date_in_full(on)


def moment(at: datetime, now: datetime) -> str:
    """Return "14:20" today, else "tomorrow 14:20" or "Wed 25 14:20"."""
    on, today = timezone.localtime(at).date(), timezone.localtime(now).date()
    return clock(at) if on == today else f"{day(on, today)} {clock(at)}"


def last_day(until: datetime, now: datetime) -> str:
    """Return what holds until the midnight `until` by its last day, "Tue 1 Dec"; of another time, its moment."""
    local = timezone.localtime(until)
    if local.time() != time.min:
        return moment(until, now)
    on = local.date() - timedelta(days=1)
    today = timezone.localtime(now).date()
    return day(on, today) if (on - today).days in (0, 1) else _dated(on, today)


def when(at: datetime, now: datetime) -> str:
    """Return the moment as it stands in a sentence: "at 14:20", "tomorrow at 14:20", "on Wed 25 at 14:20"."""
    on, today = timezone.localtime(at).date(), timezone.localtime(now).date()
    said = {"time": clock(at), "day": day(on, today)}
    if on == today:
        return _("at %(time)s") % said
    if (on - today).days == 1:
        return _("tomorrow at %(time)s") % said
    return _("on %(day)s at %(time)s") % said


def round_up(minutes: float) -> int:
    """Round an estimate up: to the minute, above 10 to the next 5."""
    whole = max(0, math.ceil(minutes))
    return whole if whole <= 10 else math.ceil(whole / 5) * 5
