"""What the patron is told of a question and all its halves: one story, in one breath."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from helpdesk import words
from troubleshooting.lifecycle.splitting import halves_of
from troubleshooting.lifecycle.steps import HELPED
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Outcome, State


def halves(ticket: Ticket) -> list[Ticket]:
    """Return a split question with all its halves, none where it is whole; one query."""
    found = list(halves_of(ticket).select_related("category", "device", "owner"))
    return found if len(found) > 1 else []


@dataclass(frozen=True)
class Story:
    """What a patron is told of a split question; `comes`: somebody still comes to them."""

    said: str
    comes: bool


def open_story(ticket: Ticket, now: datetime) -> Story | None:
    """Return the story of a split question while a half of it is open, else None; a query only where it is split."""
    family = halves(ticket) if ticket.part or ticket.split_from_id else []
    going_on = [half for half in family if half.state != State.DONE]
    return Story(told(family, now), any(half.tier in HELPED for half in going_on)) if going_on else None


def told(parts: Collection[Ticket], now: datetime) -> str:
    """Return one story: "The citation: a librarian comes by 14:20. The printer: IT looks at it by tomorrow 10:00."."""
    return " ".join(
        _("%(part)s: %(how)s.") % {"part": half.part or half.category.label, "how": stands(half, now)} for half in parts
    )


def stands(ticket: Ticket, now: datetime) -> str:
    """Return how one half stands, for the patron: "a librarian comes by 14:20"."""
    if ticket.state == State.DONE:
        return _("no longer needed") if ticket.outcome == Outcome.WITHDRAWN else _("done")
    if ticket.rests_until and ticket.rests(now):
        return _("we go on %(moment)s") % {"moment": words.when(ticket.rests_until, now)}
    by = ticket.promised_at
    if ticket.tier == Tier.IT:
        if ticket.state == State.CLAIMED or by is None:
            return _("IT works on it")
        return _("IT looks at it by %(moment)s") % {"moment": words.moment(by, now)}
    if ticket.state == State.CLAIMED:
        return _("a librarian works on it")
    if by is None or by < now:
        return _("a librarian comes as soon as one is free")
    return _("a librarian comes by %(moment)s") % {"moment": words.moment(by, now)}
