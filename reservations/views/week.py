"""The weekly hours of a branch, for managers: the form of seven days, whom other hours would hit, saving them."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.roles import MANAGER_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.booking.change_day import PlanChanged
from reservations.booking.change_week import change_week
from reservations.calendars import calendar_of
from reservations.forms_week import WeekForm, columns_for, monday_to_friday
from reservations.models import Branch
from reservations.rules.problem import Refused
from reservations.rules.week import WeekRefused, week_of
from reservations.staffing import branch_for, branches_for
from reservations.week_plan import preview_week


@never_cache
@staff_view("GET", MANAGER_ROLES)
def week(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Show the hours of a branch, of the first one without `slug`, in their form."""
    branch = branch_for(user_of(request), slug)
    return _page(request, branch, _form(request, branch))


@never_cache
@staff_view("POST", MANAGER_ROLES)
def week_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Show whom the sent hours would hit; save them once that has been shown."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    form = _form(request, branch)
    if request.POST.get("do") == "copy":
        return _page(request, branch, form)
    if not form.is_valid():
        return _page(request, branch, form, status=422)
    try:
        return _change(request, branch, form, now)
    except PlanChanged as changed:
        plan = changed.plans[0]
        return _page(request, branch, form, status=422, problems=changed.problems, plan=plan, now=now)
    except WeekRefused as refused:
        form.refuse(refused.clashes)
        return _page(request, branch, form, status=422)
    except Refused as refused:
        return _page(request, branch, form, status=422, problems=refused.problems)


def _change(request: HttpRequest, branch: Branch, form: WeekForm, now: datetime) -> HttpResponse:
    if request.POST.get("do") != "save":
        return _page(request, branch, form, plan=preview_week(branch, form.week(), now=now), now=now)
    seen = request.POST.get("seen", "")
    change_week(branch_id=branch.pk, week=form.week(), by=actor_of(request), now=now, seen=seen)
    say(request, _("The hours of %(branch)s are saved. Every screen tells them.") % {"branch": branch.name})
    return redirect("set-up")


def _form(request: HttpRequest, branch: Branch) -> WeekForm:
    """Return the form with the branch's hours, or with what was sent."""
    stored = week_of(calendar_of(branch.pk))
    sent = request.POST if request.method == "POST" else None
    columns = columns_for(stored, (request.POST if sent is not None else request.GET).get("openings", ""))
    if sent is not None and sent.get("do") == "copy":
        return WeekForm(monday_to_friday(sent, columns), week=stored, columns=columns)
    return WeekForm(sent, week=stored, columns=columns)


def _page(
    request: HttpRequest,
    branch: Branch,
    form: WeekForm,
    *,
    status: int = 200,
    now: datetime | None = None,
    **shown: Any,
) -> HttpResponse:
    context = {
        "branch": branch,
        "branches": branches_for(user_of(request)),
        "form": form,
        "now": now or clock.now(),
        "tab": "set-up",
        **shown,
    }
    return render(request, "reservations/week.html", context, status=status)
