"""Log a question: what a patron asks at the desk, at a seat, at the kiosk or by phone, becomes one ticket."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.public import lock_branch
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.answering import record_tried
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.lifecycle.words import check_choice, check_read_level, clean_text
from troubleshooting.models import Category, Ticket
from troubleshooting.models.category import Kind, Tier
from troubleshooting.models.ticket import Channel, Duration, Outcome, State

OTHER = "other"  # the category of a question that nobody has sorted yet
ONCE = "troubleshooting_ticket_request_key_key"


class _RepeatedError(Exception):
    """Another transaction logged the same request first."""


@transaction.atomic
def log(
    *,
    branch_id: int,
    text: str,
    request_key: UUID,
    by: Actor,
    now: datetime,
    category: str = "",
    tier: int | None = None,
    kind: str = "",
    channel: str = Channel.DESK,
    device_id: int | None = None,
    others_too: bool = False,
    read_level: int | None = None,
    counts_as_reference: bool | None = None,
    duration: str = "",
    solved: bool = False,
    answer: str = "",
    lacks: Collection[str] = (),
    until: datetime | None = None,
    what: str = "logged",
    tried: Mapping[int, str] | None = None,
) -> Ticket:
    """Log a question and return it; what is not given comes from the category.

    `category` is a code, empty for "other". A `solved` question is done at once (at the desk where no `tier`
    is given) and is its own tally. At tier 2 or 3 the handoff is written in the same transaction, and a
    hardware fault at tier 3 takes its device out of booking, to `until` where that is known; with `lacks` only
    something of the device does not work, and it stays in use for who does not need that. The same `request_key` with
    the same question again returns the first one and writes nothing. `what` names the first line of its story;
    `tried` are answers to steps of its guide, by step.
    Raises TicketRefused: already_used, empty, text_too_long, wrong_device, unknown_category, unknown_choice.
    """
    ticket = Ticket(
        branch_id=branch_id,
        request_key=request_key,
        channel=channel,
        others_too=others_too,
        duration=duration,
        state=State.DONE if solved else State.WAITING,
        lacks=sorted(lacks),
    )
    ticket.text, ticket.answer = clean_text(text), clean_text(answer)
    if not ticket.text and not category:
        raise TicketRefused("empty", _("Say in a few words what they need, or choose what it is about."))
    ticket.category = steps.category_of(category or OTHER)
    _defaults(ticket, tier, kind, read_level, counts_as_reference, solved=solved)
    _check(ticket)
    if Ticket.objects.filter(request_key=request_key).exists():
        return _first(ticket, device_id)
    if device_id is not None:
        ticket.branch = lock_branch(branch_id)
        steps.place_device(ticket, device_id)
    try:
        _write(ticket, by, now, solved=solved, what=what, until=until, tried=tried or {})
    except _RepeatedError:
        return _first(ticket, device_id)
    return ticket


def _first(again: Ticket, device_id: int | None) -> Ticket:
    """Return the question that was logged under the key of `again`, or raise TicketRefused "already_used".

    It must be the same question. What a later verb may change is compared while none has touched it.
    """
    first = Ticket.objects.get(request_key=again.request_key)
    asked = (again.branch_id, again.text, again.tier)
    same = (first.branch_id, first.text, first.events.earliest("pk").to_tier) == asked
    if same and first.version == 0:
        chosen = (again.state, again.category_id, device_id)
        same = (first.state, first.category_id, first.device_id) == chosen
    if not same:
        sentence = _("This form has already saved question %(number)s. Save again for a second question.")
        raise TicketRefused("already_used", sentence % {"number": first.number})
    return first


def _defaults(
    ticket: Ticket,
    tier: int | None,
    kind: str,
    read_level: int | None,
    counts: bool | None,
    *,
    solved: bool,
) -> None:
    category: Category = ticket.category
    usual = min(category.tier, Tier.DESK) if solved else category.tier
    ticket.tier = usual if tier is None else tier
    ticket.kind = kind or category.kind
    ticket.read_level = category.read_level if read_level is None else read_level
    ticket.counts_as_reference = category.counts_as_reference if counts is None else counts


def _check(ticket: Ticket) -> None:
    check_choice(ticket.tier, Tier.values, _("level"))
    check_choice(ticket.kind, Kind.values, _("kind"))
    check_choice(ticket.channel, Channel.values, _("how it came"))
    check_choice(ticket.duration, ["", *Duration.values], _("how long"))
    check_read_level(ticket.read_level)


def _write(
    ticket: Ticket,
    by: Actor,
    now: datetime,
    *,
    solved: bool,
    what: str,
    until: datetime | None,
    tried: Mapping[int, str],
) -> None:
    ticket.opened_at = now
    if solved:
        ticket.done_at, ticket.outcome = now, Outcome.ANSWERED
        ticket.owner_id = by.user_id
    else:
        steps.back_to_waiting(ticket, ticket.tier, now)
        ticket.step = 1 if ticket.tier in steps.BELLS else 0
    with refused_by(ONCE, _RepeatedError()):
        ticket.save()
    if not solved:
        steps.begin_wait(ticket, by, now)
        steps.hold_device(ticket, by, now, tier=ticket.tier, until=until)
        if ticket.holds_device:
            ticket.save(update_fields=["holds_device"])
        steps.write_handoff(ticket, now)
    steps.record(ticket, what, by, now)
    record_tried(ticket, tried, by, now)
