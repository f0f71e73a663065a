"""Questions in words: what a card, a list line and a line of the story say. No query, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from helpdesk import words
from troubleshooting.models import Ticket, TicketEvent
from troubleshooting.models.ticket import Channel, Outcome, State
from troubleshooting.worklist import Card

CHANNEL_ICONS = {Channel.PHONE: "phone", Channel.SYSTEM: "device", Channel.CHAT: "mail"}
PLACES: dict[str, Promise] = {
    Channel.DESK: gettext_lazy("Desk"),
    Channel.SEAT: gettext_lazy("In the room"),
    Channel.KIOSK: gettext_lazy("At the kiosk"),
    Channel.PHONE: gettext_lazy("Phone"),
    Channel.CHAT: gettext_lazy("Chat"),
    Channel.SYSTEM: gettext_lazy("Library"),
}
LABELS: dict[str, Promise] = {Channel.SEAT: gettext_lazy("Room"), Channel.KIOSK: gettext_lazy("Kiosk")}
HAPPENED: dict[str, Promise] = {
    "logged": gettext_lazy("Asked"),
    "tallied": gettext_lazy("Counted"),
    "tallied_late": gettext_lazy("Counted later"),
    "rang_next": gettext_lazy("Nobody came in time, reference told"),
    "claimed": pgettext_lazy("question", "Taken"),
    "put_back": gettext_lazy("Put back in line"),
    "handed_over": gettext_lazy("Passed to reference"),
    "escalated": gettext_lazy("Sent to IT"),
    "one_to_one": gettext_lazy("One-to-one booked"),
    "one_to_one_off": gettext_lazy("One-to-one cancelled"),
    "one_to_one_held": gettext_lazy("One-to-one took place"),
    "sent_back": gettext_lazy("Sent back by IT"),
    "resolved": gettext_lazy("Finished"),
    "reopened": gettext_lazy("Opened again"),
    "withdrawn": gettext_lazy("Help no longer needed"),
    "kept_on": gettext_lazy("Keeps on"),
    "noted": gettext_lazy("Noted"),
    "settled": gettext_lazy("Stops moving, stays with"),
    "taken_over": gettext_lazy("Taken over"),
    "split": gettext_lazy("Split"),
    "split_off": gettext_lazy("Is a half of its own"),
    "kept": gettext_lazy("Kept"),
    "handed_on": gettext_lazy("Handed on to"),
    "parked": gettext_lazy("Parked"),
    "answers_again": gettext_lazy("The library system answers again"),
    "sorted": gettext_lazy("Sorted anew"),
    "away_again": gettext_lazy("The library system is away again"),
    "taken_back": gettext_lazy("Taken out of the count"),
}
ACTORS: dict[str, Promise] = {
    "patron": gettext_lazy("a patron"),
    "client": gettext_lazy("the computer"),
    "system": gettext_lazy("the system"),
}


@dataclass(frozen=True)
class Line:
    """One line of a question's story."""

    when: str
    at: datetime
    what: str
    who: str
    text: str


def place_of(ticket: Ticket) -> str:
    """Return where help is needed: "Seat 4", "Printer 1", or how the question came."""
    return ticket.device.said if ticket.device else str(PLACES[ticket.channel])


def back_words(device_id: int | None, back: Mapping[int, datetime], now: datetime) -> str:
    """Return when a device is expected back, "at 14:40"; '' where that is not known."""
    until = back.get(device_id or 0)
    return words.when(until, now) if until else ""


def label_of(ticket: Ticket) -> str:
    """Return what the label says below the branch: the seat's number, the machine, or a short word."""
    if ticket.device:
        return ticket.device.label
    return _("Branch") if ticket.is_fault else str(LABELS.get(Channel(ticket.channel), PLACES[ticket.channel]))


def wait_words(card: Card) -> str:
    """Return "2 min late", "6 min left", or nothing where nothing could be promised."""
    if card.rests:
        return _("kept") if card.is_claimed else _("parked")
    if card.minutes_late is not None:
        return _("%(time)s late") % {"time": _length(card.minutes_late)}
    if card.minutes_left is not None:
        return _("%(time)s left") % {"time": _length(card.minutes_left)}
    return ""


def promise_words(card: Card) -> str:
    """Return "by 14:05", "by tomorrow 09:30", or nothing without a promise."""
    if card.rests and card.ticket.rests_until:
        return _("until %(moment)s") % {"moment": words.moment(card.ticket.rests_until, card.now)}
    at = card.ticket.promised_at
    return _("by %(moment)s") % {"moment": words.moment(at, card.now)} if at else ""


def queue_card(card: Card, *, url: str, is_open: bool, ticked: bool = False) -> dict[str, Any]:
    """Return what parts/qcard.html shows of a question."""
    ticket = card.ticket
    taken = ticket.claimed_at if card.is_claimed and not card.rests else None  # the promise is to reach somebody
    return {
        "id": ticket.pk,
        "tier": ticket.tier,
        "title": title_of(ticket),
        "wait": _("taken") if taken else wait_words(card),
        "by": words.moment(taken, card.now) if taken else promise_words(card),
        "late": card.is_late and not card.is_claimed,
        "is_open": is_open,
        "place": place_of(ticket),
        "number": ticket.number,
        "channel": holder_words(card) if card.is_claimed else ticket.get_channel_display(),
        "icon": "person" if card.is_claimed else CHANNEL_ICONS.get(Channel(ticket.channel), "hand"),
        "url": url,
        "tick": f"{ticket.pk}:{ticket.version}",
        "ticked": ticked,
    }


def title_of(ticket: Ticket) -> str:
    """Return what a list says of a question; a half begins with what it is about."""
    return f"{ticket.part}: {ticket.title}" if ticket.part else ticket.title


def holder_words(card: Card) -> str:
    """Return who has the question: "you have it", that its owner is off today, or the label of the post."""
    if card.mine:
        return _("you have it")
    if card.owner_off:
        return _("its owner is off today")
    owner = card.ticket.owner
    return _("%(who)s has it") % {"who": owner.username if owner else _("someone")}


def state_words(card: Card) -> str:
    """Return how a question stands: waiting or parked, who has it since when, how it ended."""
    ticket, now = card.ticket, card.now
    who = _("You") if card.mine else ticket.owner.username if ticket.owner else ""
    if ticket.state == State.CLAIMED and ticket.claimed_at:
        taken = _("%(who)s: taken at %(time)s.") % {"who": who, "time": words.moment(ticket.claimed_at, now)}
        return " ".join([taken, *_more_of_owner(card)])
    if ticket.done_at:
        how = ticket.get_outcome_display()
        if ticket.referred_to:
            how = _("%(how)s (%(whom)s)") % {"how": how, "whom": ticket.referred_to}
        ended = {"who": who, "how": how, "time": words.moment(ticket.done_at, now)}
        return (_("%(who)s: %(how)s, %(time)s.") if who else _("%(how)s, %(time)s.")) % ended
    if card.rests and ticket.rests_until:
        return _("Parked until %(moment)s.") % {"moment": words.moment(ticket.rests_until, now)}
    return _("Waiting, nobody has it yet.")


def _more_of_owner(card: Card) -> list[str]:
    """Return what else there is to say of a question that somebody has."""
    said = []
    if card.rests and card.ticket.rests_until:
        said.append(_("Kept until %(moment)s.") % {"moment": words.moment(card.ticket.rests_until, card.now)})
    if card.ticket.is_settled:
        said.append(_("It has stopped moving."))
    if card.owner_off and not card.mine:
        said.append(_("Its owner is off today: it is free to take."))
    return said


def story_lines(events: list[TicketEvent], now: datetime) -> list[Line]:
    """Return the story of a question in words, oldest first."""
    return [
        Line(
            when=words.moment(event.at, now),
            at=event.at,
            what=str(HAPPENED.get(event.what, event.what)),
            who=event.by_user.username if event.by_user else str(ACTORS.get(event.by_kind, "")),
            text=event.text,
        )
        for event in events
    ]


def asked_words(card: Card) -> str:
    """Return how and when a question came: "at the seat at 14:03, waiting 4 min"."""
    ticket = card.ticket
    came = {"how": ticket.get_channel_display(), "time": words.moment(ticket.opened_at, card.now)}
    if ticket.state == State.DONE:
        return _("%(how)s, %(time)s") % came
    return _("%(how)s, %(time)s, open for %(length)s") % {**came, "length": age_words(card)}


def age_words(card: Card) -> str:
    """Return how long a question has been open: "4 min", "2 h 10", "5 days"."""
    return _length(card.waited_minutes)


def _length(minutes: int) -> str:
    """Return minutes in words, whole days from two days on."""
    days = minutes // (24 * 60)
    return _("%(days)d days") % {"days": days} if days >= 2 else words.length(minutes)


def was_withdrawn(ticket: Ticket) -> bool:
    """Return whether the patron no longer wanted help; such a question cannot be opened again."""
    return ticket.outcome == Outcome.WITHDRAWN
