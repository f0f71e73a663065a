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
    """Open the fault unless one is open, inside the transaction that counts the failure; its row lock lets one in."""
    if branch_id is None or _open_faults().exists():
        return
    with translation.override(settings.LANGUAGE_CODE):
        said = {"reason": reason, "time": words.clock(since)}
        log(
            branch_id=branch_id,
            text=_("Library system: no answer since %(time)s (%(reason)s). Cards cannot be checked.") % said,
            request_key=uuid4(),
            by=SYSTEM,
            now=now,
            category=CATEGORY if Category.objects.filter(code=CATEGORY).exists() else ELSE,
            tier=Tier.IT,
            channel=Channel.SYSTEM,
        )


def report_back(*, now: datetime, **_more: Any) -> None:
    """Note on the open fault that the library system answers again. IT closes it: they know why it was away."""
    for ticket in _open_faults():
        steps.record(ticket, "answers_again", SYSTEM, now)


def _open_faults() -> TicketQuerySet:
    return Ticket.objects.open().filter(channel=Channel.SYSTEM, category__code__in=[CATEGORY, ELSE])
