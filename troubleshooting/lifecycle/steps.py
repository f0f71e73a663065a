"""The steps that verbs are made of: lock, record, promise, pass on, hold or return a device."""

from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from helpdesk.bell import ring
from helpdesk.live import touch
from reservations.public import (
    begin_help,
    calendars_of,
    degrade,
    devices_of,
    end_help,
    lock_branch,
    mend,
    return_to_service,
    take_out_of_service,
)
from troubleshooting import sla
from troubleshooting.lifecycle.moves import TicketRefused, check, stale
from troubleshooting.models import Category, Handoff, Promise, Ticket, TicketEvent
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import State

HELPED = frozenset({Tier.DESK, Tier.REFERENCE})  # who asks them waits for a person to come
BELLS = {Tier.REFERENCE: "troubleshooting.deliver_reference", Tier.IT: "troubleshooting.deliver_it"}


def lock_ticket(verb: str, ticket_id: int, by: Actor, *, version: int | None = None, room: bool = False) -> Ticket:
    """Lock and return the question if `verb` may move it.

    `room`: the verb may touch a device, so the branch is locked first (the one lock order). `version` is the
    one the page showed; another one means that somebody moved the question meanwhile: TicketRefused "stale".
    """
    if room:
        lock_branch(Ticket.objects.values_list("branch_id", flat=True).get(pk=ticket_id))
    ticket = (
        Ticket.objects.select_related("category", "owner")
        .select_for_update(no_key=True, of=("self",))
        .get(pk=ticket_id)
    )
    check(verb, ticket, by)
    if version is not None and version != ticket.version:
        raise stale()
    return ticket


def record(
    ticket: Ticket, what: str, by: Actor, now: datetime, *, text: str = "", from_tier: int | None = None
) -> None:
    """Append a line to the question's story and wake the screens that show it."""
    TicketEvent.objects.create(
        ticket=ticket, at=now, what=what, text=text, from_tier=from_tier, to_tier=ticket.tier, **by.columns()
    )
    wake(ticket, from_tier)


def wake(ticket: Ticket, from_tier: int | None = None) -> None:
    """Give the screens of the branch, and IT's where it is concerned, new tokens on commit."""
    it = ["it"] if Tier.IT in (ticket.tier, from_tier) else []
    touch(f"desk:{ticket.branch_id}", f"reference:{ticket.branch_id}", *it)


def save(ticket: Ticket) -> None:
    """Write the row under a new version."""
    ticket.version += 1
    ticket.save()


def back_to_waiting(ticket: Ticket, tier: int, now: datetime, *, start: datetime | None = None) -> None:
    """Put the question in line at `tier` with a new promise, which counts from `start` (now); nobody has it.

    The promise before it is written down, never overwritten.
    """
    end_promise(ticket, now)
    ticket.tier = tier
    ticket.state = State.WAITING
    ticket.owner = None
    ticket.claimed_at = ticket.done_at = ticket.reached_at = ticket.rests_until = ticket.box_answered_at = None
    ticket.outcome = ""
    ticket.came_at = start or now
    calendar = calendars_of([ticket.branch_id])[ticket.branch_id]
    ticket.promised_at = sla.due(calendar, ticket.came_at, sla.promised_minutes(ticket.category, tier))


def end_promise(ticket: Ticket, now: datetime) -> None:
    """Write down the promise that a new one follows, if there was one."""
    if ticket.pk is None or ticket.promised_at is None:
        return
    made = ticket.came_at or ticket.opened_at
    Promise.objects.create(
        ticket=ticket,
        step=ticket.step,
        tier=ticket.tier,
        made_at=made,
        promised_at=ticket.promised_at,
        reached_at=ticket.reached_at or ticket.claimed_at or ticket.done_at,
        ended_at=max(now, made),
    )


def give_to(ticket: Ticket, user_id: int | None, now: datetime) -> None:
    """Make the question that of `user_id`, from now on; saved by the verb.

    Who took it up before has reached the patron; naming an owner for one that stops moving has not.
    """
    if not ticket.is_settled:
        ticket.reached_at = ticket.reached_at or ticket.claimed_at
    ticket.state, ticket.owner_id, ticket.claimed_at = State.CLAIMED, user_id, now
    ticket.rests_until = ticket.box_answered_at = None


def write_handoff(ticket: Ticket, now: datetime) -> None:
    """Write the outbox row of a question now at tier 2 or 3 and ring its bell on commit; the desk needs none.

    The row is the queue: if the bell is lost, the sweep finds it.
    """
    if ticket.tier not in BELLS:
        return
    handoff = Handoff.objects.create(ticket=ticket, step=ticket.step, to_tier=ticket.tier, created_at=now)
    ring(BELLS[Tier(ticket.tier)], handoff.pk)


def was_fault(ticket: Ticket) -> bool:
    """Return whether the question has been with IT at some time."""
    return ticket.events.filter(to_tier=Tier.IT).exists()


def hold_device(ticket: Ticket, by: Actor, now: datetime, *, tier: int, until: datetime | None = None) -> None:
    """Take the device of a question out of booking: of a hardware category, and a fault, which is what `tier` 3 says.

    Where only something of it does not work, it stays in use for who does not need that; one that has left the room
    for good is held by nothing. Needs the branch lock. It
    stays so, at whatever level the fault is, until the fault ends; `until` is when it is expected back. The repair
    carries the first words of the category's name, which fit on a seat, and not the question's: those are forgotten
    sooner.
    """
    if tier != Tier.IT or ticket.device is None or ticket.device.retired_on:
        return
    note = str(ticket.category.label).partition(":")[0].partition(",")[0]
    if ticket.lacks:
        degrade(device_id=ticket.device.pk, lacks=ticket.lacks, by=by, now=now, note=note)
    elif ticket.category.hardware:
        take_out_of_service(device_id=ticket.device.pk, by=by, now=now, note=note, until=until)
        ticket.holds_device = True


def release_device(ticket: Ticket, by: Actor, now: datetime) -> None:
    """Return the device, or what of it was broken, unless another open fault still holds it. Needs the branch lock."""
    if ticket.device_id is None or not (ticket.holds_device or ticket.lacks):
        return
    others = Ticket.objects.open().filter(device_id=ticket.device_id).exclude(pk=ticket.pk)
    if ticket.lacks:
        still = {lack for lacks in others.filter(tier=Tier.IT).values_list("lacks", flat=True) for lack in lacks}
        mend(device_id=ticket.device_id, lacks=frozenset(ticket.lacks) - still, by=by, now=now)
    if not ticket.holds_device:
        return
    ticket.holds_device = False
    if not others.filter(holds_device=True).exists():
        return_to_service(device_id=ticket.device_id, by=by, now=now)


def begin_wait(ticket: Ticket, by: Actor, now: datetime) -> None:
    """Begin the help clock of whoever sits at the question's seat and waits for a person. Needs the branch lock."""
    if ticket.device_id is not None and ticket.tier in HELPED:
        begin_help(device_id=ticket.device_id, by=by, now=now)


def end_wait(ticket: Ticket, by: Actor, now: datetime) -> None:
    """End that clock unless another open question of the seat still waits for a person. Needs the branch lock."""
    if ticket.device_id is None or ticket.tier not in HELPED:
        return
    others = Ticket.objects.open().filter(device_id=ticket.device_id, tier__in=HELPED).exclude(pk=ticket.pk)
    if not others.exists():
        end_help(device_id=ticket.device_id, by=by, now=now)


def place_device(ticket: Ticket, device_id: int) -> None:
    """Set the question's device. Needs the branch lock.

    Raises TicketRefused "wrong_device" for a device of another branch, a retired one, or an unknown id.
    """
    if device_id not in {device.pk for device in devices_of(ticket.branch)}:
        raise TicketRefused("wrong_device", _("This branch has no such seat or machine. Choose another."))
    ticket.device_id = device_id


def category_of(code: str) -> Category:
    """Return the category with `code`, or raise TicketRefused "unknown_category"."""
    category = Category.objects.filter(code=code).first()
    if category is None:
        raise TicketRefused("unknown_category", _("There is no such kind of question. Choose another."))
    return category


def claim_free(ticket_id: int, user_id: int | None, now: datetime) -> bool:
    """Compare and set: claim the question if it still waits, in one UPDATE; return whether it was free."""
    return bool(
        Ticket.objects.filter(pk=ticket_id, state=State.WAITING).update(
            state=State.CLAIMED,
            owner_id=user_id,
            claimed_at=now,
            reached_at=Coalesce("reached_at", Value(now)),
            rests_until=None,
            version=F("version") + 1,
        )
    )
