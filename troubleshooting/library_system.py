"""The library system does not answer: one fault for IT, and a line in its story when it is back."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk import words
from helpdesk.actor import SYSTEM
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.intake import log
from troubleshooting.models import Category, Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Channel, TicketQuerySet

CATEGORY, ELSE = "library_system", "network_outage"  # the second where a manager has removed the first


def report_away(*, reason: str, since: datetime, branch_id: int | None, now: datetime, **_more: Any) -> None:
    """Open the fault unless one is open, inside the transaction that counts the failure; its row lock lets one in.

    One that is still open from before says again that cards cannot be checked.
    """
    with translation.override(settings.LANGUAGE_CODE):
        said = {"reason": reason, "time": words.clock(since)}
        text = _("Library system: no answer since %(time)s (%(reason)s). Cards cannot be checked.") % said
        standing = list(_open_faults())
        for ticket in standing:
            _retitle(ticket, text, "away_again", now)
        if branch_id is None or standing:
            return
        log(
            branch_id=branch_id,
            text=text,
            request_key=uuid4(),
            by=SYSTEM,
            now=now,
            category=CATEGORY if Category.objects.filter(code=CATEGORY).exists() else ELSE,
            tier=Tier.IT,
            channel=Channel.SYSTEM,
        )


def report_back(*, since: datetime, now: datetime, **_more: Any) -> None:
    """Let the open fault say that the library system answers again. IT closes it: they know why it was away."""
    with translation.override(settings.LANGUAGE_CODE):
        said = {"since": words.moment(since, now), "time": words.clock(now)}
        text = (
            _("Library system: it answers again since %(time)s. It was away from %(since)s. Cards are checked.") % said
        )
    for ticket in _open_faults():
        _retitle(ticket, text, "answers_again", now)


def _retitle(ticket: Ticket, text: str, what: str, now: datetime) -> None:
    """Let a fault say `text` in every list, and its story that this happened; once, until the other happens."""
    turns = ticket.events.filter(what__in=["away_again", "answers_again"]).order_by("-pk")
    if (turns.values_list("what", flat=True).first() or "away_again") == what:
        return
    ticket.text = text
    ticket.save(update_fields=["text"])
    steps.record(ticket, what, SYSTEM, now)


def _open_faults() -> TicketQuerySet:
    return Ticket.objects.open().filter(channel=Channel.SYSTEM, category__code__in=[CATEGORY, ELSE])
