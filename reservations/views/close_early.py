"""We close early: the form, whom it would hit, saving it, opening as usual again."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.booking.change_day import PlanChanged
from reservations.booking.close_early import close_early, preview_closing, standing_closing, undo_closing
from reservations.calendars import calendar_of
from reservations.forms_days import ClosingForm
from reservations.models import Branch, EarlyClosing
from reservations.rules.closing import hours_of
from reservations.rules.problem import Refused
from reservations.staffing import branch_for

QUARTER = timedelta(minutes=15)


@never_cache
@staff_view("GET", DESK_ROLES)
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """Show when the branch closes today, and the form that makes it earlier."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    return _page(request, branch, ClosingForm(initial={"closes_at": _next_quarter(now)}), now)


@never_cache
@staff_view("POST", DESK_ROLES)
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Show whom the closing would hit; save it once that has been shown."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    sent = ClosingForm(request.POST)
    if not sent.is_valid():
        return _page(request, branch, sent, now, status=422)
    wanted = {"closes_at": sent.cleaned_data["closes_at"], "reason": sent.cleaned_data["reason"]}
    try:
        if request.POST.get("do") == "save":
            seen = request.POST.get("seen", "")
            closing = close_early(branch_id=branch.pk, by=actor_of(request), now=now, seen=seen, **wanted)
            say(request, _("We close at %(time)s. Everybody is told.") % {"time": closing.closes_at.strftime("%H:%M")})
            return redirect("close-early", branch.slug)
        found = preview_closing(branch, now=now, **wanted)
    except PlanChanged as changed:
        return _page(request, branch, sent, now, status=422, plan=changed.plans[0], problems=changed.problems)
    except Refused as refused:
        return _page(request, branch, sent, now, status=422, problems=refused.problems)
    return _page(request, branch, sent, now, plan=found)


@staff_view("POST", DESK_ROLES)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Open as usual again, and say what cannot come back."""
    branches = Branch.objects.visible_to(user_of(request))
    closing = EarlyClosing.objects.filter(pk=pk, branch__in=branches).select_related("branch").first()
    if closing is None:
        raise Http404
    now = clock.now()
    try:
        done = undo_closing(closing=closing, by=actor_of(request), now=now)
    except Refused as refused:
        return _page(request, closing.branch, ClosingForm(), now, status=422, problems=refused.problems)
    context = {"branch": closing.branch, "done": done, "now": now, "tab": "blocks"}
    return render(request, "reservations/close_early_undone.html", context)


def _page(
    request: HttpRequest, branch: Branch, sent: ClosingForm, now: datetime, *, status: int = 200, **shown: Any
) -> HttpResponse:
    calendar = calendar_of(branch.pk)
    on = calendar.branch_day(now)
    context = {
        "branch": branch,
        "form": sent,
        "closing": standing_closing(branch.pk, on),
        "hours": hours_of(calendar, on),
        "now": now,
        "tab": "blocks",
        **shown,
    }
    return render(request, "reservations/close_early.html", context, status=status)


def _next_quarter(now: datetime) -> time:
    """Return the quarter hour that begins within the next fifteen minutes, by the branch's clock."""
    local = timezone.localtime(now)
    past = timedelta(minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond)
    return (local - past + QUARTER).time()
