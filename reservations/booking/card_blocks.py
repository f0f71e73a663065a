"""Taking a card or a guest pass out of booking: block, lift, take back; and what becomes of what it has booked.

Every branch is locked first, in the one order: bookings stand in several, and none may be made meanwhile. It is rare.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import live
from helpdesk.actor import Actor
from helpdesk.db import refused_by
from helpdesk.models import Role
from reservations.booking.ahead import cancel
from reservations.booking.line import remove
from reservations.booking.override import without_person
from reservations.booking.tell import put_on_list
from reservations.locks import lock_branch, lock_patron
from reservations.models import Booking, Branch, CardBlock, GuestPass, Patron, Turn
from reservations.models.booking import Kind
from reservations.models.calls import CallWhy
from reservations.models.cards import BlockReason
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope

LONGEST = timedelta(days=366)
NOTE_LENGTH = 120  # characters
NOT_SO_LONG = Problem(
    "block_until",
    gettext_lazy("A block ends on a day to come, within a year. Choose another day."),
    gettext_lazy("Card blocked until"),
    lift_by="",
)
BY_MANAGER = Problem(
    "lift_by_manager",
    gettext_lazy("A manager lifts this block, or whoever set it. Ask a manager."),
    gettext_lazy("Who lifts a block"),
    lift_by="manager",
)
REPEATED = Problem(
    "repeated", gettext_lazy("This block has just been set."), gettext_lazy("Double request"), lift_by=""
)


@transaction.atomic
def block_card(
    *,
    patron: Patron,
    branch_id: int,
    until: datetime,
    reason: str,
    cancels: bool,
    request_key: UUID,
    by: Actor,
    now: datetime,
    note: str = "",
) -> CardBlock:
    """Keep a card from booking until `until`; a block that stands already is replaced.

    From the commit on no booking, check-in, place in line or longer session is accepted. `cancels` cancels what is
    booked ahead and takes the patron out of the line, and lists the people on the call list; else both stay. A session
    that runs goes on to its end. The same `request_key` again returns the first block. Raises Refused `block_until`,
    and `reason_personal` for a note that tells who somebody is.
    """
    note = without_person(note)[:NOTE_LENGTH]
    branches = _lock_everywhere()
    locked = lock_patron(patron.pk)
    earlier = CardBlock.objects.filter(request_key=request_key).first()
    if earlier:
        return earlier
    if not now < until <= now + LONGEST:
        raise Refused(NOT_SO_LONG)
    _standing(locked, now).update(lifted_at=now, lifted_by=by.user_id)
    block = CardBlock(patron=locked, branch_id=branch_id, reason=BlockReason(reason), note=note, blocked_until=until)
    block.made_at, block.made_by_id, block.request_key = now, by.user_id, request_key
    with refused_by("reservations_cardblock_request_key_key", Refused(REPEATED)):
        block.save(force_insert=True)
    if cancels:  # before the block is read by the rules; all of it is one transaction
        call_off(locked, by=by, now=now, why=str(_("The card is blocked")))
    _keep(locked, now)
    live.touch(*(board_scope(pk) for pk in branches))
    return block


@transaction.atomic
def lift_block(*, block: CardBlock, by: Actor, now: datetime) -> CardBlock:
    """End a block now; lifting twice is lifting once. Raises Refused `lift_by_manager`."""
    locked = lock_patron(block.patron_id)
    row = CardBlock.objects.select_for_update(no_key=True).get(pk=block.pk)
    if by.role != Role.MANAGER and (by.user_id is None or row.made_by_id != by.user_id):
        raise Refused(BY_MANAGER)
    if row.lifted_at is None:
        row.lifted_at, row.lifted_by_id = max(now, row.made_at), by.user_id
        row.save(update_fields=["lifted_at", "lifted_by"])
        _keep(locked, now)
    return row


@transaction.atomic
def revoke_pass(*, guest_pass: GuestPass, by: Actor, now: datetime) -> GuestPass:
    """Take a guest pass back: it signs nobody in any more, and what it has booked ahead is cancelled.

    A session that runs goes on to its end. Taking back twice is taking back once.
    """
    branches = _lock_everywhere()
    holder = Patron.objects.filter(key=guest_pass.key).first()
    locked = lock_patron(holder.pk) if holder else None
    row = GuestPass.objects.select_for_update(no_key=True).get(pk=guest_pass.pk)
    if row.revoked_at or row.valid_until <= now:
        return row
    row.revoked_at, row.revoked_by_id = max(now, row.issued_at), by.user_id
    row.save(update_fields=["revoked_at", "revoked_by"])
    if locked:
        call_off(locked, by=by, now=now, why=str(_("The guest pass was taken back")))
        locked.valid_until = now  # who is signed in at a kiosk books nothing more
        locked.save(update_fields=["valid_until"])
    live.touch(*(board_scope(pk) for pk in branches))
    return row


def call_off(patron: Patron, *, by: Actor, now: datetime, why: str) -> list[Booking]:
    """Cancel what the locked patron has booked ahead, for them and for somebody with them, and list it for calls.

    Ends their place in line. Every branch is locked.
    """
    theirs = Booking.objects.filter(Q(patron=patron) | Q(responsible=patron), kind=Kind.PATRON, checked_in_at=None)
    rows = [row for row in theirs.open().order_by("branch_id", "pk") if row.effective_end(now) is None]
    called_off = [cancel(booking=row, by=by, now=now, reason=why) for row in rows]
    put_on_list(called_off, CallWhy.DISPLACED, now=now)
    turn = Turn.objects.open().filter(patron=patron).first()
    if turn:
        remove(turn=turn, reason=why, by=by, now=now)
    return called_off


def standing_block(patron: Patron, now: datetime) -> CardBlock | None:
    """Return the block that holds at `now`, with who set it."""
    return _standing(patron, now).select_related("made_by", "branch").first()


def _standing(patron: Patron, now: datetime) -> QuerySet[CardBlock]:
    return CardBlock.objects.filter(patron=patron, lifted_at=None, blocked_until__gt=now)


def _keep(patron: Patron, now: datetime) -> None:
    """Let the locked patron's row say until when it is blocked: it is what the rules read."""
    patron.blocked_until = _standing(patron, now).aggregate(last=Max("blocked_until"))["last"]
    patron.save(update_fields=["blocked_until"])


def _lock_everywhere() -> list[int]:
    found = Branch.objects.order_by("pk").values_list("pk", flat=True)
    return [lock_branch(pk).pk for pk in list(found)]
