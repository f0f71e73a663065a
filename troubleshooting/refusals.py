"""What a refused verb becomes on a page: its status, and a guard for questions that went elsewhere."""

from collections.abc import Collection

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from helpdesk.models import User
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Ticket, TicketEvent

INPUT, CONFLICT, TOO_MANY = 422, 409, 429
# The form comes back to be corrected, or to be saved again beside what changed; every other refusal means that somebody
# was faster.
BAD_INPUT = frozenset(
    {
        "already_used",
        "empty",
        "empty_note",
        "no_part",
        "no_reason",
        "no_whom",
        "not_ahead",
        "part_too_long",
        "stale",
        "text_too_long",
        "too_late",
        "unknown_category",
        "unknown_choice",
        "unknown_keeper",
        "wrong_device",
    }
)


def status_of(refused: TicketRefused) -> int:
    """Return 422 for a form to correct, 429 for too many calls, 409 for a question that somebody else has moved."""
    if refused.code == "too_many_calls":
        return TOO_MANY
    return INPUT if refused.code in BAD_INPUT else CONFLICT


def is_repeat(refused: TicketRefused, ticket_id: int, user: User, what: str) -> bool:
    """Return whether this is a second click: the last line of the story is `what`, by the same person."""
    if status_of(refused) != CONFLICT and refused.code != "stale":
        return False
    last = TicketEvent.objects.filter(ticket_id=ticket_id).order_by("-pk").values_list("what", "by_user_id").first()
    return last == (what, user.pk)


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
