"""Tags of the kiosk: the little shelf of seats, the name of a day."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import template
from django.utils import timezone
from django.utils.text import capfirst

from helpdesk import words

register = template.Library()

STEP = 28  # from one seat on the shelf to the next, in units of the drawing


@register.inclusion_tag("reservations/kiosk_shelf.html")
def shelf(labels: Collection[str], free: Collection[str]) -> dict[str, Any]:
    """Draw the seats of a branch as spines on a shelf: free ones are full and stand higher."""
    seats = [{"x": 2 + place * STEP, "free": label in free} for place, label in enumerate(labels)]
    return {"seats": seats, "length": len(seats) * STEP}


@register.simple_tag(takes_context=True)
def day_name(context: template.Context, day: date) -> str:
    """Return "Today", "Tomorrow" or "Wed 25" for a branch day, seen from the context's `now`."""
    return capfirst(words.day(day, timezone.localtime(context["now"]).date()))
