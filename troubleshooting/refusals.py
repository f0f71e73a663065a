"""What a refused verb becomes on a page: its status, and a guard for questions that went elsewhere."""

from collections.abc import Collection

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from helpdesk.models import User
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Ticket

# The words or choices of the form are at fault; every other refusal means that somebody was faster.
BAD_INPUT = frozenset(
    {"empty", "text_too_long", "unknown_choice", "unknown_category", "wrong_device", "no_reason", "too_late"}
)


def status_of(refused: TicketRefused) -> int:
    """Return 422 for a form to correct, 409 for a question that somebody else has moved."""
    return 422 if refused.code in BAD_INPUT else 409


def is_repeat(refused: TicketRefused, ticket_id: int, user: User) -> bool:
    """Return whether this is the second click of the person who has just finished the question."""
    mine = Ticket.objects.filter(pk=ticket_id, owner=user).exclude(done_at=None)
    return refused.code == "already_done" and mine.exists()


def check_here(ticket: Ticket, tiers: Collection[int]) -> None:
    """Raise TicketRefused "moved" for a question that is no longer at one of `tiers`: the page was old."""
    if ticket.tier not in tiers:
        raise TicketRefused("moved", _("This question is with %(level)s now.") % {"level": ticket.get_tier_display()})


def number_in(request: HttpRequest, name: str) -> int | None:
    """Return the number that the address carries under `name`, None without one; Http404 for anything else."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Http404
    return int(text)


def is_fragment(request: HttpRequest) -> bool:
    """Return whether htmx asks: then the view answers with its live part alone."""
    return bool(getattr(request, "htmx", False))
