"""The table of moves: from which state and level a verb may move a question, and the one domain error."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from helpdesk.models import Role
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Outcome, State


class TicketRefused(Exception):
    """Why a verb did nothing: `code` is stable, `sentence` is for the person who asked."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


class Move(NamedTuple):
    """A verb is allowed in `states` at `tiers`; `owned` asks that nobody else has claimed the question."""

    states: frozenset[State]
    tiers: frozenset[Tier]
    owned: bool = True


OPEN = frozenset({State.WAITING, State.CLAIMED})
DONE = frozenset({State.DONE})
ANY_TIER = frozenset(Tier)
DESK_TIERS = frozenset({Tier.SELF_HELP, Tier.DESK})

MOVES: dict[str, Move] = {
    "claim": Move(frozenset({State.WAITING}), ANY_TIER),
    "put_back": Move(frozenset({State.CLAIMED}), ANY_TIER),
    "hand_over": Move(OPEN, DESK_TIERS),
    "escalate": Move(OPEN, DESK_TIERS | {Tier.REFERENCE}),
    "send_back": Move(OPEN, frozenset({Tier.IT})),
    "resolve": Move(OPEN, ANY_TIER),
    "promise": Move(OPEN, DESK_TIERS | {Tier.REFERENCE}, owned=False),  # for the time of a one-to-one
    "withdraw": Move(OPEN, ANY_TIER, owned=False),
    "reopen": Move(DONE, ANY_TIER, owned=False),
    "sort": Move(OPEN | DONE, ANY_TIER),
    "take_back": Move(DONE, ANY_TIER, owned=False),
    "keep_on": Move(frozenset({State.CLAIMED}), DESK_TIERS),
    "add_note": Move(OPEN, ANY_TIER, owned=False),
    "take_over": Move(OPEN, ANY_TIER, owned=False),
    "split": Move(OPEN, ANY_TIER),
    "keep": Move(frozenset({State.CLAIMED}), ANY_TIER),
    "hand_on": Move(frozenset({State.CLAIMED}), ANY_TIER),
    "park": Move(frozenset({State.CLAIMED}), ANY_TIER),
    "answer_step": Move(OPEN, ANY_TIER, owned=False),
}
NEEDS_AN_OWNER = frozenset({"put_back", "keep_on", "keep", "hand_on", "park"})  # the state is wrong for want of one
MOVING = frozenset({"hand_over", "escalate", "send_back", "put_back", "park"})  # refused once a question has stopped


def allowed(verb: str, state: str, tier: int) -> bool:
    """Return whether the table lets `verb` move a question in `state` at `tier` (for buttons)."""
    move = MOVES[verb]
    return state in move.states and tier in move.tiers


def check(verb: str, ticket: Ticket, by: Actor) -> None:
    """Raise TicketRefused if `verb` may not move `ticket`, or if it is someone else's."""
    move = MOVES[verb]
    if ticket.state not in move.states:
        raise _wrong_state(verb, ticket)
    if ticket.is_settled and verb in MOVING:
        raise _stopped(ticket)
    if ticket.tier not in move.tiers:
        raise _wrong_tier(verb, ticket)
    if move.owned and not _may_touch(ticket, by):
        raise TicketRefused(
            "not_yours", _("%(who)s has this question. Ask them to put it back.") % {"who": holder(ticket)}
        )
    if verb == "reopen" and ticket.outcome == Outcome.WITHDRAWN:
        raise TicketRefused("withdrawn", _("This question was withdrawn. Log a new one."))


def _stopped(ticket: Ticket) -> TicketRefused:
    sentence = _("This question was passed on too often. It stays with %(who)s: note what you know on its page.")
    return TicketRefused("stopped", sentence % {"who": holder(ticket)})


def stale() -> TicketRefused:
    """Return the refusal for a page that shows an older state of the question."""
    return TicketRefused("stale", _("Someone changed this question meanwhile. Look at it again."))


def holder(ticket: Ticket) -> str:
    """Return the label of the post that has `ticket`: never a person's name."""
    return ticket.owner.username if ticket.owner else _("nobody")


def _may_touch(ticket: Ticket, by: Actor) -> bool:
    free = ticket.owner_id is None or ticket.state != State.CLAIMED
    return free or ticket.owner_id == by.user_id or by.role == Role.MANAGER or by.kind == "system"


def _wrong_state(verb: str, ticket: Ticket) -> TicketRefused:
    if ticket.state == State.DONE:
        done = _("Question %(number)s is already done.") % {"number": ticket.number}
        by = _("It was finished by %(who)s.") % {"who": ticket.owner.username} if ticket.owner else ""
        return TicketRefused("already_done", f"{done} {by}".strip())
    if verb in NEEDS_AN_OWNER:
        return TicketRefused("not_claimed", _("Nobody has this question. Take it first."))
    if verb == "claim":
        return TicketRefused("already_claimed", _("%(who)s has it already.") % {"who": holder(ticket)})
    return TicketRefused("not_done", _("This question is still open."))


def _wrong_tier(verb: str, ticket: Ticket) -> TicketRefused:
    if verb == "send_back":
        return TicketRefused("not_with_it", _("This question is not with IT."))
    return TicketRefused(
        "already_there", _("This question is already with %(level)s.") % {"level": ticket.get_tier_display()}
    )
