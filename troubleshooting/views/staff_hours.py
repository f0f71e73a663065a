"""Staff hours: everybody's week for managers, one's own week and days away for everybody."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.models import Role, User
from helpdesk.roles import ALL_ROLES, MANAGER_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.public import branches_seen
from troubleshooting import staff_hours, staffing
from troubleshooting.forms_staffing import AbsenceForm, StaffWeekForm, monday_to_friday
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Absence, Shift
from troubleshooting.one_to_ones.hits import WouldHit

UNPROCESSABLE, CONFLICT = 422, 409


@never_cache
@staff_view("GET", ALL_ROLES)
def everybody(request: HttpRequest) -> HttpResponse:
    """Show managers the weeks of all staff; lead everybody else to their own."""
    if user_of(request).role != Role.MANAGER:
        return redirect("staff-person", user_of(request).pk)
    users = User.objects.filter(is_active=True).order_by("role", "username")
    context = {"people": staffing.people(users, clock.now()), "tab": "set-up"}
    return render(request, "troubleshooting/staff_hours.html", context)


@never_cache
@staff_view("GET", ALL_ROLES)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person's week and days away: their own, or for managers anybody's."""
    return _page(request, _person(request, pk))


@never_cache
@staff_view("POST", MANAGER_ROLES)
def save_week(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a person's week, or fill Tuesday to Friday as on Monday in the form."""
    found = _person(request, pk)
    form = _week_form(found, request)
    if form is None:
        raise Http404
    if request.POST.get("do") == "copy":
        return _page(request, found, week=form)
    if not form.is_valid():
        return _page(request, found, week=form, status=UNPROCESSABLE)
    seen = request.POST.get("seen", "")
    try:
        staff_hours.set_week(user_id=pk, lines=form.lines(), by=actor_of(request), now=clock.now(), seen=seen)
    except WouldHit as would:
        return _page(request, found, week=form, hits=would.hits, hits_form="week-form", status=CONFLICT)
    except TicketRefused as refused:
        return _page(request, found, week=form, refused=refused, status=UNPROCESSABLE)
    say(request, _("The week of %(who)s is saved.") % {"who": found.username})
    return redirect("staff-hours")


@never_cache
@staff_view("POST", ALL_ROLES)
def add_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Note days away of oneself, or for managers of anybody."""
    found = _person(request, pk)
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        return _page(request, found, absence=form, status=UNPROCESSABLE)
    days, seen = form.cleaned_data, request.POST.get("seen", "")
    try:
        staff_hours.add_absence(user_id=pk, by=actor_of(request), now=clock.now(), seen=seen, **days)
    except WouldHit as would:
        return _page(request, found, absence=form, hits=would.hits, hits_form="away-form", status=CONFLICT)
    except TicketRefused as refused:
        form.add_error("until_on", refused.sentence)
        return _page(request, found, absence=form, status=UNPROCESSABLE)
    say(request, _("Saved. Nothing is planned for %(who)s on these days.") % {"who": found.username})
    return redirect("staff-person", pk)


@never_cache
@staff_view("POST", ALL_ROLES)
def remove_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Take days away back."""
    absence = Absence.objects.filter(pk=pk).first()
    if absence is None:
        raise Http404
    _person(request, absence.user_id)
    staff_hours.remove_absence(absence_id=pk, by=actor_of(request), now=clock.now())
    say(request, _("Taken away. The week counts on these days again."))
    return redirect("staff-person", absence.user_id)


def _person(request: HttpRequest, pk: int) -> User:
    """Return the person if whoever asks may see their hours: managers everybody's, others their own."""
    user = user_of(request)
    found = User.objects.filter(pk=pk, is_active=True).first()
    if found is None or (user.role != Role.MANAGER and user.pk != pk):
        raise Http404
    return found


def _week_form(found: User, request: HttpRequest | None = None) -> StaffWeekForm | None:
    """Return the form of a person's week with what was sent; None for somebody who works at no branch yet."""
    branches = branches_seen(found)
    if not branches:
        return None
    shifts = list(Shift.objects.filter(user=found))
    sent = request.POST if request else None
    form = StaffWeekForm(sent, shifts=shifts, branches=branches)
    if sent is not None and sent.get("do") == "copy":
        return StaffWeekForm(monday_to_friday(sent, form.columns), shifts=shifts, branches=branches)
    return form


def _page(
    request: HttpRequest,
    found: User,
    *,
    week: StaffWeekForm | None = None,
    absence: AbsenceForm | None = None,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    is_manager = user_of(request).role == Role.MANAGER
    context = {
        "person": staffing.people([found], clock.now())[0],
        "form": (week or _week_form(found)) if is_manager else None,
        "absence_form": absence or AbsenceForm(),
        "is_manager": is_manager,
        "now": clock.now(),
        "tab": "set-up" if is_manager else "staff-hours",
        **shown,
    }
    return render(request, "troubleshooting/staff_person.html", context, status=status)
