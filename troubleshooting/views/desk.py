"""The desk: one view of the room, who asked for help, whom to tell, and the question form."""

from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from helpdesk import clock, registry
from helpdesk.htmx import render_page
from helpdesk.models import Role
from helpdesk.roles import ALL_ROLES, DESK_ROLES, actor_of, staff_view, user_of
from reservations.public import branch_for, devices_of, missing_at
from troubleshooting.desk import Desk, desk_page
from troubleshooting.forms import AskForm, refuse_form
from troubleshooting.lifecycle import TicketRefused, log
from troubleshooting.models import Category
from troubleshooting.outcome import said_of
from troubleshooting.refusals import is_fragment
from troubleshooting.views.suggest import shown_for

if TYPE_CHECKING:
    from reservations.models import Branch

PAGE = "troubleshooting/desk.html"


@never_cache
@staff_view("GET", DESK_ROLES)
def desk(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Show the desk page of a branch, `?about=` with that category chosen; a poll gets the board and what changes."""
    page = desk_page(user_of(request), slug, now=clock.now())
    context = _shown(page) if is_fragment(request) else _context(request, page, about=request.GET.get("about", ""))
    return render_page(request, PAGE, context, partial="live")


@never_cache
@staff_view("GET", ALL_ROLES)
def health(request: HttpRequest) -> HttpResponse:
    """Show what is late in the background: the ages of what waits, red above their limits."""
    now = clock.now()
    figures = [(figure, figure.read(now)) for figure in registry.health_figures()]
    late = [(figure.label, ceil(seconds / 60)) for figure, seconds in figures if seconds > figure.limit]
    return render_page(request, "troubleshooting/desk_health.html", {"late": late})


@staff_view("POST", DESK_ROLES)
def log_question(request: HttpRequest, slug: str) -> HttpResponse:
    """Log what a patron asks: saved as fixed, or passed on to reference or IT."""
    now = clock.now()
    branch = branch_for(user_of(request), slug)
    form = AskForm(request.POST, devices=devices_of(branch), categories=Category.objects.offered())
    if form.is_valid():
        try:
            ticket = log(branch_id=branch.pk, by=actor_of(request), now=now, **form.asked())
        except TicketRefused as refused:
            refuse_form(form, refused)
        else:
            messages.success(request, said_of(ticket))
            return answer(request, branch, now, partial="saved")
    page = desk_page(user_of(request), slug, now=now)
    return render_page(request, PAGE, _context(request, page, form), partial="ask", status=422)


def answer(request: HttpRequest, branch: "Branch", now: datetime, *, partial: str, tapped: str = "") -> HttpResponse:
    """Answer an action: the changed parts for htmx, else the way back to the branch's desk."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("desk-branch", branch.slug)
    page = desk_page(user_of(request), branch.slug, now=now)
    return render_page(request, PAGE, _context(request, page, tapped=tapped), partial=partial)


def refused(
    request: HttpRequest, branch: "Branch", now: datetime, sentence: str, *, partial: str = "live"
) -> HttpResponse:
    """Answer an action that did nothing: the sentence as a message, the page as it is now, status 422."""
    messages.error(request, sentence)
    page = desk_page(user_of(request), branch.slug, now=now)
    return render_page(request, PAGE, _context(request, page), partial=partial, status=422)


def _shown(page: Desk, *, tapped: str = "") -> dict[str, Any]:
    """Return what the live part shows: everything but the question form."""
    return {
        "desk": page,
        "branch": page.branch,
        "tab": "desk",
        "tap_key": uuid4(),
        "pass_key": uuid4(),
        "tapped": tapped,
        "undo_target": "#board",
        "now": page.now,
    }


def _context(
    request: HttpRequest, page: Desk, form: AskForm | None = None, *, tapped: str = "", about: str = ""
) -> dict[str, Any]:
    """Return what the whole page shows; one query more than its live part. `about`: the category to begin with."""
    categories = list(Category.objects.offered())
    begins = {"request_key": uuid4(), "category": about}
    form = form or AskForm(devices=page.devices, categories=categories, initial=begins)
    suggested = shown_for(form.data or begins, categories, user_of(request))
    return {**_shown(page, tapped=tapped), **suggested, "form": form, "missing": _missing(request, page)}


def _missing(request: HttpRequest, page: Desk) -> str:
    """Return what a manager sets up first where nobody can book yet, a branch without seats or hours; else ''."""
    is_ready = page.board.seats and any(page.board.calendar.hours.values())
    return "" if is_ready or user_of(request).role != Role.MANAGER else missing_at(page.branch)
