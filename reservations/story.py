"""Reads of one booking's whole life: what was asked, what it became, every event and why, what hangs together."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from helpdesk import words
from helpdesk.models import User
from reservations.models import Booking, Branch, Call
from reservations.models.booking import OUT, Kind, Outcome
from reservations.period import Period
from reservations.story_words import ACTORS, HAPPENED, details_of, what_happened, who_did

ENDED_ICONS = {"cancelled": "cross", "no_show": "hourglass", "displaced": "alert", "moved": "route"}
KINDS: dict[str, Promise] = {
    Kind.PATRON: gettext_lazy("Booking"),
    Kind.CLASS: gettext_lazy("Class"),
    Kind.OFFER: gettext_lazy("Offer to the line"),
    Kind.REPAIR: gettext_lazy("Repair"),
    Kind.UPKEEP: gettext_lazy("Planned maintenance"),
}


@dataclass(frozen=True)
class State:
    """How the row stands: an icon and its word."""

    icon: str
    word: str


@dataclass(frozen=True)
class Line:
    """One event: when, what happened, with which details, who did it and the reason given."""

    at: datetime
    when: str
    what: str
    details: str
    who: str
    reason: str


@dataclass(frozen=True)
class Link:
    """Another row that this one hangs together with, and how."""

    pk: int
    how: str
    text: str


@dataclass(frozen=True)
class Story:
    """All that is known of one row of the timeline. `who` is empty for a repair and where the link is cut."""

    booking: Booking
    kind: str
    state: State
    who: str
    forgotten: bool
    asked: str
    became: str
    lines: list[Line]
    links: list[Link]
    told: str


def story_for(user: User, pk: int, *, now: datetime) -> Story:
    """Return the story of a row of a branch where `user` works, else raise Http404. Four queries, however long."""
    booking = _row_for(user, pk)
    forgotten = booking.kind == Kind.PATRON and booking.patron_id is None
    somebody = booking.patron_id or booking.number or booking.kind == Kind.CLASS
    return Story(
        booking=booking,
        kind=_kind_words(booking),
        state=state_of(booking, now),
        who=booking.who if somebody else "",
        forgotten=forgotten,
        asked=span_words(booking.booked_period, now),
        became=_became(booking, now),
        lines=_lines(booking, now),
        links=_links(booking, now),
        told=_told(booking, now),
    )


def _row_for(user: User, pk: int) -> Booking:
    near = ("branch", "device", "patron", "continues__device", "displaced_by__device", "call__handled_by")
    rows = Booking.objects.filter(pk=pk, branch__in=Branch.objects.visible_to(user)).select_related(*near)
    booking = rows.first()
    if booking is None:
        raise Http404
    return booking


def _kind_words(booking: Booking) -> str:
    return _("Walk-up session") if booking.walk_up else str(KINDS[Kind(booking.kind)])


def outcome_of(booking: Booking, now: datetime) -> str:
    """Return how the row has ended at `now`, also where nobody has settled it yet; '' while it stands."""
    at = booking.effective_end(now)
    if booking.outcome or at is None:
        return booking.outcome
    missed = booking.checked_in_at is None and booking.check_in_by == at
    return str(Outcome.NO_SHOW if missed else Outcome.RAN_OUT)


def state_of(booking: Booking, now: datetime) -> State:
    """Return icon and word of how the row stands at `now`."""
    outcome = outcome_of(booking, now)
    if outcome == Outcome.DISPLACED and booking.displaced_by_id is None:
        return State(ENDED_ICONS[outcome], _("Taken away"))
    if outcome:
        return State(ENDED_ICONS.get(outcome, "check"), str(HAPPENED.get(outcome) or booking.get_outcome_display()))
    if booking.kind in OUT and booking.start <= now:
        return State("out", _("Out of service"))
    if booking.checked_in_at:
        return State("person", _("In use"))
    if booking.start > now:
        return State("clock", str(pgettext_lazy("story", "Booked")))
    return State("class", _("Class")) if booking.kind == Kind.CLASS else State("hourglass", _("Check-in due"))


def span_words(span: Period, now: datetime) -> str:
    """Return "today 15:00 to 16:00, 1 hour", or "since today 15:00" for an open end."""
    start, end = span.lower, span.upper
    assert start is not None
    said = {"start": _day_and_time(start, now)}
    if end is None:
        return _("since %(start)s") % said
    same_day = timezone.localtime(start).date() == timezone.localtime(end).date()
    said["end"] = words.clock(end) if same_day else _day_and_time(end, now)
    said["length"] = words.length((end - start).total_seconds() / 60)
    return _("%(start)s to %(end)s, %(length)s") % said


def _day_and_time(at: datetime, now: datetime) -> str:
    on, today = timezone.localtime(at).date(), timezone.localtime(now).date()
    return f"{words.day(on, today)} {words.clock(at)}"


def _became(booking: Booking, now: datetime) -> str:
    """Return what was made of the row: the period it held, or that nobody used it."""
    ended = booking.effective_end(now)
    if ended is None or booking.checked_in_at or booking.check_in_by is None:
        return span_words(booking.period, now)
    if ended <= booking.start:
        return _("not used, free again since %(moment)s") % {"moment": _day_and_time(ended, now)}
    return _("not used, kept until %(moment)s") % {"moment": _day_and_time(ended, now)}


def _lines(booking: Booking, now: datetime) -> list[Line]:
    """Return the events in order, and the end that a rule has made but nobody has written down yet."""
    lines = [
        Line(
            at=event.at,
            when=words.moment(event.at, now),
            what=what_happened(event),
            details=details_of(event, now),
            who=who_did(event),
            reason=event.reason,
        )
        for event in booking.events.select_related("by_user", "by_kiosk")
    ]
    ended = None if booking.ended_at else booking.effective_end(now)
    if ended:
        what = str(HAPPENED[outcome_of(booking, now)])
        lines.append(Line(ended, words.moment(ended, now), what, "", str(ACTORS["system"]), ""))
    return lines


def _links(booking: Booking, now: datetime) -> list[Link]:
    """Return the rows before and after this one, the fault that took it away and those it took away."""
    lost = booking.outcome == Outcome.DISPLACED
    cause = _("Taken away by") if lost else _("Moved because of")
    found = [(_("Goes on from"), booking.continues), (cause, booking.displaced_by)]
    after = booking.continued_by.select_related("device").order_by("pk")
    taken = booking.displaced.select_related("device").order_by("pk")
    found += [(_("Goes on as"), row) for row in after] + [
        (_("Took away") if row.outcome == Outcome.DISPLACED else _("Moved"), row) for row in taken
    ]
    return [Link(row.pk, how, _link_words(row, now)) for how, row in found if row]


def _link_words(row: Booking, now: datetime) -> str:
    said = {"seat": row.device.said, "kind": _kind_words(row), "span": span_words(row.booked_period, now)}
    return _("%(kind)s, %(seat)s, %(span)s") % said


def _told(booking: Booking, now: datetime) -> str:
    """Return whether the person has been told what the desk's list says; '' where nobody has to be."""
    call: Call | None = getattr(booking, "call", None)
    if call is None or (call.handled_at is None and not call.is_open(now)):
        return ""
    if call.handled_at is None:
        return _("Not told yet: on the desk's list since %(moment)s.") % {"moment": words.moment(call.made_at, now)}
    who = call.handled_by.username if call.handled_by else str(ACTORS["staff"])
    return _("Told by %(who)s: %(moment)s.") % {"who": who, "moment": words.moment(call.handled_at, now)}
