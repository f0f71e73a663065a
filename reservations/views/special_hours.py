"""Special hours and closed days, for managers: the list, a new one, holidays from a calendar file, taken off again."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from helpdesk import clock, words
from helpdesk.roles import MANAGER_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.booking.change_day import PlanChanged
from reservations.booking.special import change_days, open_everywhere, preview_days, preview_opening, seen_of
from reservations.calendars import calendar_of, zone
from reservations.forms_block import read_day
from reservations.forms_days import DaysForm, FileForm, SpecialForm
from reservations.holidays import read_holidays
from reservations.models import Branch, Closure
from reservations.rules.problem import Refused
from reservations.rules.special import DayChange
from reservations.special_days import all_or, found_days, has_own_hours, special_days
from reservations.staffing import branch_for, branches_for


@never_cache
@staff_view("GET", MANAGER_ROLES)
def special(request: HttpRequest, slug: str) -> HttpResponse:
    """List the days to come that are not as usual, with the forms that add to them."""
    return _page(request, branch_for(user_of(request), slug), clock.now())


@never_cache
@staff_view("POST", MANAGER_ROLES)
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Show whom other hours of a day would hit; save them once that has been shown."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    form = SpecialForm(request.POST)
    if not form.is_valid():
        return _page(request, branch, now, status=422, form=form)
    return _change(request, branch, [form.change()], form.cleaned_data["everywhere"], now, form=form)


@staff_view("POST", MANAGER_ROLES)
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a day be as usual again; whom that hits, and who has something back, is shown first."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    on = read_day(request.POST.get("on"))
    if on is None:
        return redirect("special-hours", slug)
    if Closure.objects.filter(branch=None, on=on).exists() and request.POST.get("everywhere"):
        return _open(request, branch, on, now)
    if not has_own_hours(branch, on):
        say(request, _("There was nothing to take off that day."))
        return redirect("special-hours", slug)
    return _change(request, branch, [DayChange(on, None)], False, now, removing=on)


def _open(request: HttpRequest, branch: Branch, on: date, now: datetime) -> HttpResponse:
    """Show what it does to take a closed day of all branches off, or do it as it was shown."""
    shown = {"removing": on, "everywhere": True}
    found = preview_opening(on, now=now)
    at_once = all(each.changes_nothing for each in found)
    if request.POST.get("do") != "save" and not at_once:
        return _plans(request, branch, now, found, **shown)
    try:
        seen = seen_of(found) if at_once else request.POST.get("seen", "")
        open_everywhere(on=on, by=actor_of(request), now=now, seen=seen)
    except PlanChanged as changed:
        return _plans(request, branch, now, changed.plans, status=422, problems=changed.problems, **shown)
    except Refused as refused:
        return _page(request, branch, now, status=422, problems=refused.problems)
    say(request, _("That day is as usual again, at all branches."))
    return redirect("special-hours", branch.slug)


def _change(
    request: HttpRequest, branch: Branch, changes: list[DayChange], everywhere: bool, now: datetime, **shown: Any
) -> HttpResponse:
    """Show what the changes do, or save them as they were shown; what hurts nobody is taken off at once."""
    branches = all_or(branch, everywhere)
    shown["everywhere"] = everywhere
    try:
        closed = everywhere and all(change.hours == [] for change in changes)
        found = preview_days(branches, changes, now=now, everywhere=closed)
        at_once = "removing" in shown and all(each.changes_nothing for each in found)
        if request.POST.get("do") == "save" or at_once:
            seen = seen_of(found) if at_once else request.POST.get("seen", "")
            ids = [each.pk for each in branches]
            change_days(branch_ids=ids, changes=changes, by=actor_of(request), now=now, everywhere=closed, seen=seen)
            say(request, _taken_off(changes[0].on, now) if "removing" in shown else _saved(len(changes)))
            return redirect("special-hours", branch.slug)
    except PlanChanged as changed:
        return _plans(request, branch, now, changed.plans, status=422, problems=changed.problems, **shown)
    except Refused as refused:
        return _page(request, branch, now, status=422, problems=refused.problems, **shown)
    return _plans(request, branch, now, found, **shown)


def _taken_off(on: date, now: datetime) -> str:
    said = {"day": capfirst(words.day(on, timezone.localtime(now).date()))}
    return _("%(day)s is not special any more. Every screen tells it.") % said


def _saved(days: int) -> str:
    sentence = ngettext(
        "%(count)d day is saved. Every screen tells it.", "%(count)d days are saved. Every screen tells them.", days
    )
    return sentence % {"count": days}


def _plans(request: HttpRequest, branch: Branch, now: datetime, plans: Any, **shown: Any) -> HttpResponse:
    return _page(request, branch, now, plans=plans, seen=seen_of(plans), **shown)


@never_cache
@staff_view("POST", MANAGER_ROLES)
def read_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the days of a calendar file, to be chosen."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, branch, now, status=422, file_form=form)
    today = calendar_of(branch.pk).branch_day(now)
    try:
        read = read_holidays(form.content(), today=today, zone=zone())
    except Refused as refused:
        return _page(request, branch, now, status=422, problems=refused.problems)
    return _page(request, branch, now, read=read, found=found_days(read, branch))


@never_cache
@staff_view("POST", MANAGER_ROLES)
def save_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Show whom the chosen days of a file would hit; save them once that has been shown."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    form = DaysForm(request.POST)
    changes = form.changes() if form.is_valid() else []
    if not changes:
        return _page(request, branch, now, status=422, days_form=form)
    return _change(request, branch, changes, form.cleaned_data["everywhere"], now, chosen=changes)


def _page(request: HttpRequest, branch: Branch, now: datetime, *, status: int = 200, **shown: Any) -> HttpResponse:
    today = calendar_of(branch.pk).branch_day(now)
    context = {
        "branch": branch,
        "branches": branches_for(user_of(request)),
        "days": special_days(branch, today),
        "form": SpecialForm(),
        "file_form": FileForm(),
        "now": now,
        "tab": "blocks",
        **shown,
    }
    return render(request, "reservations/special_hours.html", context, status=status)
