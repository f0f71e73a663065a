"""Planning a class or a maintenance in two steps: the form, then what it would do; saved as it was shown."""

from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.models import Role
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.block_draft import BlockPlan
from reservations.block_plan import plan_block, scene_of
from reservations.blocks_list import block_for, plan_rows
from reservations.booking.blocks import BlockChanged, Saved, change_block, own_rows, save_block
from reservations.calendars import calendar_of
from reservations.forms_block import BlockForm, has_own_rule, initial_of, read_day
from reservations.models import Block, Branch
from reservations.rules.problem import Problem, Refused
from reservations.rules.series import Series, occurrences
from reservations.staffing import branch_for, devices_of


@never_cache
@staff_view("GET", DESK_ROLES)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the empty form; `?seat=` ticks a seat."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    hour = timezone.localtime(now).hour
    first = {
        "first_on": timezone.localtime(now).date(),
        "starts": time(min(hour + 1, 22)),
        "ends": time(min(hour + 2, 23)),
    }
    form = _form(request, branch, initial={**first, "seats": request.GET.getlist("seat")[:1]})
    return _page(request, branch, form, now)


@never_cache
@staff_view("POST", DESK_ROLES)
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the sent form would do; save it once that has been shown."""
    return _answer(request, branch_for(user_of(request), slug), None, None)


@never_cache
@staff_view("GET", DESK_ROLES)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a block, to be changed from the day `?since=` on; from now on without one."""
    found, now = block_for(user_of(request), pk), clock.now()
    since = read_day(request.GET.get("since")) or _next_day(found, now)
    form = _form(request, found.branch, found, initial=initial_of(found, since))
    return _page(request, found.branch, form, now, changed_block=found, since=since)


@never_cache
@staff_view("POST", DESK_ROLES)
def change_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the change would do; save it once that has been shown."""
    found = block_for(user_of(request), pk)
    since = read_day(request.POST.get("since")) or _next_day(found, clock.now())
    return _answer(request, found.branch, found, since)


def _next_day(block: Block, now: datetime) -> date:
    """Return the day of the next time a block takes place, today without one."""
    row = block.bookings.filter(ended_at=None, period__startswith__gt=now).order_by("period").first()
    return timezone.localtime(row.start if row else now).date()


def _form(request: HttpRequest, branch: Branch, block: Block | None = None, **options: Any) -> BlockForm:
    own_rule = user_of(request).role == Role.MANAGER or (block is not None and has_own_rule(block))
    nights = calendar_of(branch.pk).is_ever_open_over_midnight
    return BlockForm(devices=devices_of(branch), own_rule=own_rule, nights=nights, **options)


def _answer(request: HttpRequest, branch: Branch, block: Block | None, since: date | None) -> HttpResponse:
    now = clock.now()
    form = _form(request, branch, block, data=request.POST)
    shown: dict[str, Any] = {"changed_block": block, "since": since}
    if not form.is_valid():
        return _page(request, branch, form, now, status=422, **shown)
    try:
        if request.POST.get("do") == "save":
            return _saved(request, _save(request, branch, form, block, since, now))
        own = own_rows(block, since, now) if block and since else ()
        found = plan_block(form.draft(), scene_of(branch, form.draft(), now=now, own=own))
    except BlockChanged as changed:
        return _page(request, branch, form, now, status=422, problems=changed.problems, plan=changed.plan, **shown)
    except Refused as refused:
        return _page(request, branch, form, now, status=422, problems=refused.problems, **shown)
    return _page(request, branch, form, now, plan=found, **shown)


def _save(
    request: HttpRequest, branch: Branch, form: BlockForm, block: Block | None, since: date | None, now: datetime
) -> Saved:
    words: dict[str, Any] = {"draft": form.draft(), "request_key": form.cleaned_data["request_key"], "now": now}
    words |= {"by": actor_of(request), "seen": request.POST.get("seen", "")}
    if block and since:
        return change_block(block=block, since=since, **words)
    return save_block(branch_id=branch.pk, **words)


def _saved(request: HttpRequest, saved: Saved) -> HttpResponse:
    told = saved.moved + saved.displaced
    said = _("%(title)s is saved.") % {"title": saved.block.title}
    if told:
        more = ngettext("%(count)d person is to be told.", "%(count)d people are to be told.", told)
        said = f"{said} {more % {'count': told}}"
    say(request, said)
    return redirect("block", saved.block.pk)


def _page(
    request: HttpRequest,
    branch: Branch,
    form: BlockForm,
    now: datetime,
    *,
    status: int = 200,
    plan: BlockPlan | None = None,
    problems: list[Problem] | None = None,
    **shown: Any,
) -> HttpResponse:
    days = _all_days(plan) if plan else []
    rows = plan_rows(plan, days) if plan else []
    context = {"branch": branch, "form": form, "plan": plan, "plan_rows": rows, "problems": problems, "now": now}
    out = set(form.left_out) & {each.on for each in days} if plan else set(form.left_out)
    context["out"] = sorted(out - {row.on for row in rows})  # the others have their box in the plan
    return render(request, "reservations/block_form.html", {**context, "tab": "blocks", **shown}, status=status)


def _all_days(plan: BlockPlan) -> Any:
    """Return every day of the series, with those that are left out."""
    series = plan.draft.series
    whole = Series(series.first_on, series.starts, series.ends, series.rule)
    return occurrences(whole, plan.scene.calendar.zone)
