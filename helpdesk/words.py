"""How times and lengths are said (design.md section 5 "Words"); templates use the same through parts.py."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def clock(moment: datetime) -> str:
    """Return the branch-local time: "14:20"."""
    return timezone.localtime(moment).strftime("%H:%M")


def length(minutes: int) -> str:
    """Return "34 min", "1 hour", "2 hours", "1 h 30"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    if not rest:
        return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}


def day(on: date, today: date) -> str:
    """Return "today", "tomorrow" or "Wed 25"."""
    if on == today:
        return _("today")
    if on == today + timedelta(days=1):
        return _("tomorrow")
    return date_format(on, "D j")


def moment(at: datetime, now: datetime) -> str:
    """Return "14:20" today, else "tomorrow 14:20" or "Wed 25 14:20"."""
    on, today = timezone.localtime(at).date(), timezone.localtime(now).date()
    return clock(at) if on == today else f"{day(on, today)} {clock(at)}"


def about(minutes: float) -> int:
    """Round an estimate up to the minute, above 10 to the next 5."""
    whole = -(-int(minutes * 60) // 60)
    return whole if whole <= 10 else -(-whole // 5) * 5
