"""Book a librarian at the kiosk: about what, when, and a slip. Nobody needs to sign in for it."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk import clock
from reservations.public import KioskRequest, actor_at, kiosk_view, render_step
from troubleshooting.forms_one_to_one import TimeForm
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Appointment, Category
from troubleshooting.models.appointment import Where
from troubleshooting.one_to_ones import reads
from troubleshooting.one_to_ones.booking import Place, SlotTaken, book_appointment, cancel_appointment
from troubleshooting.one_to_ones.rules import LENGTH, Slot

TOPICS_SHOWN = 8  # two lines of four pictures
DAYS_SHOWN = 3
SLOTS_SHOWN = 12  # three lines of four: more would push the foot off the screen
SLOTS_UNDER_PLACE = 8  # a line less where the choice of the place stands above
UNPROCESSABLE, CONFLICT = 422, 409
ICONS = {  # what people book a librarian for most often, in this order
    "job_resume": "bag",
    "online_forms": "form",
    "email_account": "mail",
    "patron_device": "phone",
    "ebooks_apps": "book",
    "instruction": "keyboard",
    "language": "globe",
    "research": "search",
}


@kiosk_view("GET")
def topics(request: KioskRequest) -> HttpResponse:
    """First step: what it is about."""
    often = list(ICONS)
    ordered = sorted(reads.kiosk_topics(), key=lambda topic: [*often, topic.code].index(topic.code))
    rows = [(topic, ICONS.get(topic.code, "ask")) for topic in ordered[:TOPICS_SHOWN]]
    return render_step(request, "troubleshooting/librarian_topics.html", {"rows": rows}, now=clock.now())


@kiosk_view("GET")
def times(request: KioskRequest, slug: str) -> HttpResponse:
    """Second step: when. Who has signed in may choose a library computer too."""
    return _times_page(request, _topic(slug))


@kiosk_view("POST")
def book(request: KioskRequest, slug: str) -> HttpResponse:
    """Book the tapped time; of two who tap the same one the second is offered the next three."""
    topic = _topic(slug)
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _times_page(request, topic, sentence=_("This page was old. Tap a time again."), status=UNPROCESSABLE)
    try:
        made = book_appointment(
            branch_id=request.kiosk.branch_id,
            start=form.cleaned_data["start"],
            category=topic.code,
            place=_place(request),
            request_key=form.cleaned_data["request_key"],
            by=actor_at(request),
            now=clock.now(),
        )
    except SlotTaken as taken:
        shown = {"sentence": taken.sentence, "nearest": taken.nearest}
        return _times_page(request, topic, status=CONFLICT, **shown)
    except TicketRefused as refused:
        return _times_page(request, topic, sentence=refused.sentence, status=UNPROCESSABLE)
    return _see(made.request_key)


@kiosk_view("GET")
def booked(request: KioskRequest, key: UUID) -> HttpResponse:
    """Show what was booked, with the slip; the address holds the key that only this screen was given."""
    return _booked_page(request, reads.made_at_kiosk(request.kiosk.branch, key))


@kiosk_view("POST")
def cancel(request: KioskRequest, key: UUID) -> HttpResponse:
    """Cancel what was just booked."""
    made = reads.made_at_kiosk(request.kiosk.branch, key)
    try:
        cancel_appointment(appointment_id=made.pk, by=actor_at(request), now=clock.now())
    except TicketRefused as refused:
        return _booked_page(request, made, sentence=refused.sentence, status=CONFLICT)
    return _see(key)


def _topic(slug: str) -> Category:
    topic = next((topic for topic in reads.kiosk_topics() if topic.code == slug), None)
    if topic is None:
        raise Http404
    return topic


def _place(request: KioskRequest) -> Place:
    """Return where they meet: a computer only for somebody who has signed in."""
    sent = request.POST if request.method == "POST" else request.GET
    if sent.get("place") == Where.SEAT and request.patron is not None:
        return Place(Where.SEAT, patron=request.patron)
    return Place(Where.OWN)


def _see(key: UUID) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": reverse("kiosk-librarian-booked", args=[key])})


def _times_page(request: KioskRequest, topic: Category, *, status: int = 200, **shown: Any) -> HttpResponse:
    now = clock.now()
    days = reads.by_day(reads.free_slots(request.kiosk.branch_id, now=now, notice=True))
    day = _chosen(request, list(days))
    part, parts = _part(request, days[day] if day else [])
    context = {
        "topic": topic,
        "place": _place(request).where,
        "day": day,
        "slots": parts[part] if parts else [],
        "part": part,
        "later": part + 1 if part + 1 < len(parts) else None,
        "earlier": part - 1 if part else None,
        "minutes": int(LENGTH.total_seconds() // 60),
        "request_key": uuid4(),
        "here": reverse("kiosk-librarian-times", args=[topic.code]),
        **_days(list(days), day),
        **shown,
    }
    return render_step(request, "troubleshooting/librarian_times.html", context, now=now, status=status)


def _chosen(request: KioskRequest, days: list[date]) -> date | None:
    """Return the day of the address where it has times, else the first that has."""
    asked = next((day for day in days if day.isoformat() == request.GET.get("day")), None)
    return asked or next(iter(days), None)


def _days(days: list[date], day: date | None) -> dict[str, Any]:
    """Return the days around the chosen one, and the first that is not shown."""
    first = days.index(day) // DAYS_SHOWN * DAYS_SHOWN if day else 0
    after = days[first + DAYS_SHOWN :] or (days if first else [])
    return {"days": days[first : first + DAYS_SHOWN], "more": next(iter(after), None)}


def _part(request: KioskRequest, slots: list[Slot]) -> tuple[int, list[list[Slot]]]:
    """Return which page of the day's times is shown, and the pages."""
    most = SLOTS_UNDER_PLACE if request.patron else SLOTS_SHOWN
    parts = [slots[first : first + most] for first in range(0, len(slots), most)]
    asked = request.GET.get("part", "")
    part = int(asked) if asked in {"1", "2", "3"} else 0
    return max(0, min(part, len(parts) - 1)), parts


def _booked_page(request: KioskRequest, made: Appointment, *, status: int = 200, **shown: Any) -> HttpResponse:
    context = {"one": made, "here": reverse("kiosk-librarian-booked", args=[made.request_key]), **shown}
    return render_step(request, "troubleshooting/librarian_booked.html", context, now=clock.now(), status=status)
