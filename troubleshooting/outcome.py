"""What the desk is told after an action: one or two short sentences (design.md section 5 "Words")."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troubleshooting.desk import open_at, people_to_tell
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import State


def said_of(ticket: Ticket) -> str:
    """Return what happened to a question: "Fault 118 is with IT. Seat 8 is out of service. 2 people to tell."."""
    number = {"number": ticket.number}
    if ticket.state == State.DONE:
        return " ".join([_("Question %(number)s is saved.") % number, *still_out(ticket)])
    if ticket.tier == Tier.REFERENCE:
        return _("Question %(number)s is with reference.") % number
    if ticket.tier == Tier.IT:
        return " ".join([_("Fault %(number)s is with IT.") % number, *_device(ticket)])
    return _("Question %(number)s waits at the desk.") % number


def _device(ticket: Ticket) -> list[str]:
    """Return what became of the device of a fault, and of the people who had booked it."""
    if ticket.device is None:
        return [_("No seat was chosen, so nothing went out of service.")] if ticket.category.hardware else []
    if not ticket.holds_device:
        return []
    since = ticket.events.latest("pk").at  # whom an earlier fault sent away is on the list already
    said = [_("%(device)s is out of service.") % {"device": ticket.device.said}]
    many = people_to_tell(ticket.branch, ticket.device_id, since)
    if many:
        said.append(ngettext("%(many)d person to tell.", "%(many)d people to tell.", many) % {"many": many})
    return said


def still_out(ticket: Ticket) -> list[str]:
    """Return why the device of a finished question stays out of booking: another open fault holds it."""
    if ticket.device is None:
        return []
    other = open_at(ticket.device, holding=True)
    if not other:
        return []
    said = {"device": ticket.device.said, "number": other[0].number}
    return [_("%(device)s stays out of service: fault %(number)s is still open.") % said]
