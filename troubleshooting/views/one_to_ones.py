"""One-to-ones for staff: book one, its slip, move and cancel it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.public import branch_for, devices_of
from troubleshooting.forms_one_to_one import OneToOneForm, TimeForm
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Appointment, Ticket
from troubleshooting.one_to_ones import reads
from troubleshooting.one_to_ones.booking import SlotTaken, book_appointment, cancel_appointment, move_appointment
from troubleshooting.one_to_ones.rules import LENGTH
from troubleshooting.refusals import number_in
from troubleshooting.worklist import ticket_for

if TYPE_CHECKING:
    from reservations.models import Branch, Device

UNPROCESSABLE, CONFLICT = 422, 409


@never_cache
@staff_view("GET", DESK_ROLES)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the free times of a day; `?ticket=` names an open question that it is for, `?seat=` where they sit."""
    branch = branch_for(user_of(request), slug)
    ticket, seat = _named(request, branch)
    topics = reads.topics(ticket.category if ticket else None)
    form = OneToOneForm(topics=topics, seat=seat, initial={"topic": ticket.category.code if ticket else ""})
    return _new_page(request, branch, form, ticket)


@never_cache
@staff_view("POST", DESK_ROLES)
def book(request: HttpRequest, slug: str) -> HttpResponse:
    """Book what was chosen, or say why not and what else is free."""
    branch = branch_for(user_of(request), slug)
    ticket, seat = _named(request, branch)
    form = OneToOneForm(request.POST, topics=reads.topics(ticket.category if ticket else None), seat=seat)
    if not form.is_valid():
        return _new_page(request, branch, form, ticket, status=UNPROCESSABLE)
    try:
        made = book_appointment(
            branch_id=branch.pk,
            start=form.cleaned_data["start"],
            category=form.cleaned_data["topic"],
            place=form.place(),
            ticket_id=ticket.pk if ticket else None,
            request_key=form.cleaned_data["request_key"],
            by=actor_of(request),
            now=clock.now(),
        )
    except TicketRefused as refused:
        return _new_page(request, branch, form, ticket, refused=refused, status=_status(refused))
    return redirect("appointment", made.pk)


@never_cache
@staff_view("GET", DESK_ROLES)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one, with its slip to print."""
    return _one_page(request, reads.appointment_for(user_of(request), pk))


@never_cache
@staff_view("GET", DESK_ROLES)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the times that one can be moved to."""
    return _move_page(request, reads.appointment_for(user_of(request), pk), TimeForm())


@never_cache
@staff_view("POST", DESK_ROLES)
def moved(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one to the chosen time."""
    old = reads.appointment_for(user_of(request), pk)
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _move_page(request, old, form, status=UNPROCESSABLE)
    try:
        new_one = move_appointment(appointment_id=pk, by=actor_of(request), now=clock.now(), **form.cleaned_data)
    except TicketRefused as refused:
        return _move_page(request, old, form, refused=refused, status=_status(refused))
    say(request, _("Moved. The slip has a new number: print it again."))
    return redirect("appointment", new_one.pk)


@never_cache
@staff_view("POST", DESK_ROLES)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel one; its time and its computer are free again."""
    appointment = reads.appointment_for(user_of(request), pk)
    try:
        cancel_appointment(appointment_id=pk, by=actor_of(request), now=clock.now())
    except TicketRefused as refused:
        return _one_page(request, appointment, refused=refused, status=_status(refused))
    say(request, _("One-to-one %(number)s is cancelled.") % {"number": appointment.number})
    return redirect("appointment", pk)


def _named(request: HttpRequest, branch: "Branch") -> "tuple[Ticket | None, Device | None]":
    """Return the question and the seat that the address names; Http404 for those of another branch."""
    ticket_id, seat_id = number_in(request, "ticket"), number_in(request, "seat")
    ticket = ticket_for(user_of(request), ticket_id) if ticket_id is not None else None
    if ticket is not None and ticket.branch_id != branch.pk:
        raise Http404
    if seat_id is None:
        return ticket, None
    seats = [device for device in devices_of(branch) if device.device_class.bookable]
    seat = next((device for device in seats if device.pk == seat_id), None)
    if seat is None:
        raise Http404
    return ticket, seat


def _status(refused: TicketRefused) -> int:
    return UNPROCESSABLE if refused.code in {"seat", "unknown_category", "unknown_choice"} else CONFLICT


def _new_page(
    request: HttpRequest,
    branch: "Branch",
    form: OneToOneForm,
    ticket: Ticket | None,
    *,
    refused: TicketRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    kept = "".join(f"&{name}={value}" for name in ("ticket", "seat") if (value := number_in(request, name)) is not None)
    context = {"ticket": ticket, "kept": kept, **_times(request, branch, form, refused)}
    return render(request, "troubleshooting/one_to_one_new.html", context, status=status)


def _move_page(
    request: HttpRequest,
    old: Appointment,
    form: TimeForm,
    *,
    refused: TicketRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"one": old, **_times(request, old.branch, form, refused, without=old.pk)}
    return render(request, "troubleshooting/one_to_one_move.html", context, status=status)


def _times(
    request: HttpRequest,
    branch: "Branch",
    form: TimeForm,
    refused: TicketRefused | None,
    *,
    without: int | None = None,
) -> dict[str, Any]:
    """Return what the list of days and times shows; the day is that of the address, of the typed time, or the first."""
    now = clock.now()
    days = reads.by_day(reads.free_slots(branch.pk, now=now, notice=False, without=without))
    typed = form.data.get("start", "") if form.is_bound else ""
    asked = _day(request.GET.get("day", "")) or _day(typed[:10])
    day = asked if asked in days else next(iter(days), None)
    return {
        "branch": branch,
        "form": form,
        "days": list(days),
        "day": day,
        "slots": days[day] if day else [],
        "typed": typed,
        "refused": refused,
        "nearest": refused.nearest if isinstance(refused, SlotTaken) else [],
        "minutes": int(LENGTH.total_seconds() // 60),
        "now": now,
        "tab": "desk",
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _one_page(
    request: HttpRequest, one: Appointment, *, refused: TicketRefused | None = None, status: int = 200
) -> HttpResponse:
    now: datetime = clock.now()
    context = {
        "one": one,
        "branch": one.branch,
        "is_open": one.ended_at is None and one.arrived_at is None,
        "refused": refused,
        "now": now,
        "tab": "desk",
    }
    return render(request, "troubleshooting/one_to_one.html", context, status=status)
