"""Book for somebody at the counter or on the phone: the form, its times, the answer, the refusal with ways out."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock, words
from helpdesk.htmx import render_page
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from reservations.booking.at_desk import LINE, Booked, Wish, book_for
from reservations.booking.override import REASON_NEEDED
from reservations.desk_offers import offer_wish, ways_out
from reservations.desk_times import Times, times_for
from reservations.forms_book_for import PHONE, BookForForm, asked_day, typed, wanted_of
from reservations.models import Branch
from reservations.models.cards import LookupWhy
from reservations.patrons.lookup import AtDesk, look_up
from reservations.rules.problem import Problem, Refused
from reservations.staff_ways import person
from reservations.staffing import branch_for
from reservations.undoable import undoable
from reservations.views.desk_answers import can_lift, cut, done, reason_apart, trigger_changed, undo_url, way_back

PAGE = "reservations/book_for.html"
LOOK, ANYWAY, BOOK = "look", "anyway", "book"
_OFFERED = {"start", "minutes", "place"}  # fields that a way out of a refusal answers itself
TIMES = "for-times"  # the part of the form that another day or seat replaces


@never_cache
@staff_view("GET", DESK_ROLES)
def book_for_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form; the address may name a seat or a kind of seat."""
    branch = branch_for(user_of(request), slug)
    now = clock.now()
    initial = _asked_place(request)
    times = times_for(branch, wanted_of(initial), None, now=now)
    form = BookForForm(times=times, longest=branch.policy.session_minutes * 2, initial=initial)
    return _page(request, branch, form, times, now)


def _asked_place(request: HttpRequest) -> dict[str, Any]:
    """Return the seat or the kind of seat that the address names, as the form holds it."""
    seat, kind = request.GET.get("seat", ""), request.GET.get("class", "")
    if seat.isascii() and seat.isdigit():
        return {"place": f"seat:{seat}"}
    return {"place": f"class:{kind}"} if kind else {}


@never_cache
@staff_view("POST", DESK_ROLES)
def book_for_somebody(request: HttpRequest, slug: str) -> HttpResponse:
    """Book, show other times, or show why not and what would work."""
    branch = branch_for(user_of(request), slug)
    now = clock.now()
    data = _sent(request)
    wanted = wanted_of({"place": data.get("place"), "needs": data.getlist("needs")})
    times = times_for(branch, wanted, asked_day(data.get("day", "")), now=now)
    longest = branch.policy.session_minutes * 2
    if data.get("do") == LOOK:
        form = BookForForm(times=times, longest=longest, initial=typed(data))
        part = "times" if request.htmx and request.htmx.target == TIMES else "dialog"  # type: ignore[attr-defined]
        return _page(request, branch, form, times, now, partial=part)
    form = BookForForm(data, times=times, longest=longest)
    taken = offer_wish(data.get("do", ""))
    if not form.is_valid() and not set(form.errors) <= ({"override"} | (_OFFERED if taken else set())):
        return _page(request, branch, form, times, now, status=422)
    wish = taken or form.wish(data.get("do") == LINE)
    found = None
    try:
        found = _looked_up(request, branch, form, now)
        booked = _book(request, branch, found, form, wish, now)
    except Refused as refused:
        return _refused(request, branch, form, times, wish, refused.problems, found, now)
    return _booked(request, branch, booked, wish, now)


def _sent(request: HttpRequest) -> QueryDict:
    """Return the form as it was sent; who chose the line as the way out of a refusal goes on with it."""
    data = request.POST.copy()
    if data.get("do") == LINE:
        data["when"] = LINE
    return data


def _looked_up(request: HttpRequest, branch: Branch, form: BookForForm, now: datetime) -> AtDesk | None:
    """Return whose number stands in the form, None for a new guest pass. Raises Refused."""
    if not form.card:
        return None
    return look_up(number=form.card, why=LookupWhy.BOOK, branch_id=branch.pk, by=actor_of(request), now=now)


def _book(
    request: HttpRequest, branch: Branch, found: AtDesk | None, form: BookForForm, wish: Wish, now: datetime
) -> Booked:
    return book_for(
        branch_id=branch.pk,
        found=found,
        wish=wish,
        request_key=form.cleaned_data["request_key"],
        by=actor_of(request),
        now=now,
        override="" if request.POST.get("do") == BOOK else form.cleaned_data.get("override", ""),
    )


def _page(
    request: HttpRequest,
    branch: Branch,
    form: BookForForm,
    times: Times,
    now: datetime,
    *,
    partial: str = "dialog",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Render the form as the dialog for htmx, as a page else; what was typed stays."""
    context = {"tab": "desk", "branch": branch, "form": form, "times": times, "now": now}
    context |= {"back": way_back(request), "chosen": form["start"].value(), **more}
    return render_page(request, PAGE, context, partial=partial, status=status)


def _refused(
    request: HttpRequest,
    branch: Branch,
    form: BookForForm,
    times: Times,
    wish: Wish,
    problems: list[Problem],
    found: AtDesk | None,
    now: datetime,
) -> HttpResponse:
    problems, unfit = reason_apart(problems)
    if request.POST.get("do") == ANYWAY and form.cleaned_data.get("override") == "":
        unfit.append(str(REASON_NEEDED.sentence))
    for sentence in unfit:
        form.add_error("override", sentence)
    codes = {problem.code for problem in problems}
    is_here = form.cleaned_data["present"] != PHONE
    ways = ways_out(user_of(request), branch, found.patron if found else None, wish, codes, now=now, is_here=is_here)
    more: dict[str, Any] = {
        "ways": ways,
        "may_lift": can_lift(request, problems),
        "person": person(problems, actor_of(request)),
    }
    more["is_unknown"] = bool(codes & {"unknown_number", "library_away"})
    return _page(request, branch, form, times, now, status=422, problems=problems, **more)


def _booked(request: HttpRequest, branch: Branch, booked: Booked, wish: Wish, now: datetime) -> HttpResponse:
    """Say what was booked; a new pass shows its code, once."""
    undo = undo_url(undoable(booked.booking)) if booked.booking else ""
    said = _said(booked, wish, now)
    if booked.issued is None or not booked.issued.code:
        return done(request, said, undo_url=undo)
    context = {"tab": "desk", "branch": branch, "issued": booked.issued, "said": said, "back": way_back(request)}
    response = render_page(request, "reservations/booked_for.html", context, partial="dialog")
    return trigger_changed(response)


def _said(booked: Booked, wish: Wish, now: datetime) -> str:
    if booked.turn:
        waits = _("%(number)s waits in line.") % {"number": booked.turn.number}
        return " ".join(filter(None, [waits, cut(booked.turn, wish.minutes)]))
    booking = booked.booking
    assert booking is not None
    said = {"who": booking.who, "seat": booking.device.said, "end": words.clock(booking.period.upper)}
    if booking.is_running:
        return _("%(who)s sits at %(seat)s until %(end)s.") % said
    said["start"] = words.moment(booking.start, now)
    return _("%(seat)s is booked for %(who)s, %(start)s to %(end)s.") % said
