"""Classes and planned maintenance of a branch: the list, one of them, a day left out, called off."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock, words
from helpdesk.models import Role
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.blocks_list import block_for, blocks_to_come, days_of_block, left_out_of
from reservations.booking.blocks import bring_back, call_off, leave_out
from reservations.calendars import calendar_of
from reservations.day_notice import notice_of
from reservations.forms_block import read_day
from reservations.forms_staff import GivenReasonForm
from reservations.rules.problem import Refused
from reservations.staffing import branch_for, branches_for
from reservations.views.desk_answers import form_problems, refuse


@never_cache
@staff_view("GET", DESK_ROLES)
def blocks(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """List what is planned at a branch, at the first one without `slug`."""
    now, user = clock.now(), user_of(request)
    branches = branches_for(user)
    branch = branch_for(user, slug)
    context = {
        "branch": branch,
        "branches": branches,
        "rows": blocks_to_come(branch, now=now),
        "notice": notice_of(calendar_of(branch.pk), now),
        "is_manager": user.role == Role.MANAGER,
        "now": now,
        "tab": "blocks",
    }
    return render(request, "reservations/blocks.html", context)


@never_cache
@staff_view("GET", DESK_ROLES)
def block(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one class or maintenance with its days."""
    now = clock.now()
    found = block_for(user_of(request), pk)
    context = {
        "branch": found.branch,
        "item": found,
        "days": days_of_block(found, now=now),
        "left_out": left_out_of(found, now=now),
        "now": now,
        "tab": "blocks",
    }
    return render(request, "reservations/block.html", context)


@staff_view("POST", DESK_ROLES)
def leave_day_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it not take place on one day."""
    found, now = block_for(user_of(request), pk), clock.now()
    on = read_day(request.POST.get("on"))
    if on is not None:
        leave_out(block=found, on=on, by=actor_of(request), now=now)
        today = calendar_of(found.branch_id).branch_day(now)
        say(request, _("%(title)s: not %(day)s.") % {"title": found.title, "day": words.day(on, today)})
    return redirect("block", found.pk)


@staff_view("POST", DESK_ROLES)
def bring_day_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it take place again on a day that was left out."""
    found, now = block_for(user_of(request), pk), clock.now()
    on = read_day(request.POST.get("on"))
    if on is not None:
        try:
            bring_back(block=found, on=on, by=actor_of(request), now=now)
        except Refused as refused:
            return refuse(request, refused.problems)
        today = calendar_of(found.branch_id).branch_day(now)
        say(request, _("%(title)s: again %(day)s.") % {"title": found.title, "day": words.day(on, today)})
    return redirect("block", found.pk)


@staff_view("POST", DESK_ROLES)
def call_block_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off: all that is to come."""
    found = block_for(user_of(request), pk)
    form = GivenReasonForm(request.POST)
    if not form.is_valid():
        return refuse(request, form_problems(form))
    try:
        call_off(block=found, by=actor_of(request), now=clock.now(), reason=form.cleaned_data["reason"])
    except Refused as refused:
        return refuse(request, refused.problems)
    say(request, _("%(title)s is called off. Its seats are free.") % {"title": found.title})
    return redirect("blocks-branch", found.branch.slug)
