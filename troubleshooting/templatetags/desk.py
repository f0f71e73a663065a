"""Filters of the desk pages: where a question is, one line of its words, where it went."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from troubleshooting.cards import place_of
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import State
from troubleshooting.text import short

register = template.Library()


@register.inclusion_tag("troubleshooting/desk_levels.html")
def level_tabs(current: int | None) -> dict[str, Any]:
    """Render the four levels as guide tabs; the current one stands out and names its level to readers."""
    return {"levels": [(level, "on" if level == current else "") for level in Tier.values]}


@register.simple_tag
def tier_word(tier: int) -> str:
    """Return a level in words: "Desk"."""
    return str(Tier(tier).label)


@register.filter
def place(ticket: Ticket) -> str:
    """Return "Seat 7", "Printer 1", or how the question came."""
    return place_of(ticket)


@register.filter
def one_line(text: str) -> str:
    """Return the words of a question on one line, cut with an ellipsis."""
    return short(text)


@register.filter
def where_to(ticket: Ticket) -> str:
    """Return where a question went: "Answered", "Reference", "IT, fault 118", "Desk"."""
    if ticket.state == State.DONE:
        return str(ticket.get_outcome_display())
    if ticket.tier == Tier.IT:
        return _("IT, fault %(number)s") % {"number": ticket.number}
    return str(ticket.get_tier_display())
