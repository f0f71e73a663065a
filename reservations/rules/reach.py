"""How far ahead anything can be planned: days unlike others, classes, a device that comes back. No ORM, no clock."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import words
from reservations.rules.problem import Problem

YEARS_AHEAD = 2  # as far as a series reaches; a day beyond is a slip in the year


def last_day(today: date) -> date:
    """Return the last day that can be planned."""
    return today.replace(year=today.year + YEARS_AHEAD, day=min(today.day, 28))


def first_day_problem(first_on: date, now: datetime) -> Problem | None:
    """Return why a class cannot begin on the day `first_on`: it is out of reach."""
    last = last_day(timezone.localtime(now).date())
    if first_on <= last:
        return None
    sentence = _("That is more than two years ahead. Choose a day until %(day)s.")
    said = words.date_in_full(last)
    return Problem("too_far", sentence % {"day": said}, _("Planned ahead"), said, lift_by="")


def back_problem(until: datetime, now: datetime) -> Problem | None:
    """Return why a device cannot be expected back at `until`: that is over, or out of reach."""
    if until <= now:
        sentence = _("It cannot be back before now. Choose a later time, or none.")
        return Problem("back_in_past", sentence, _("Expected back"), lift_by="")
    last = last_day(timezone.localtime(now).date())
    if until < timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min)):
        return None
    sentence = _("That is more than two years ahead. Choose a time until %(day)s, or none.")
    said = words.date_in_full(last)
    return Problem("back_too_far", sentence % {"day": said}, _("Expected back"), said, lift_by="")
