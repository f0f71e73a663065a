"""The set-up page of devices from a file, for managers: what it would do line by line, saving it, the file as it is."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.carry.cells import guard
from helpdesk.roles import MANAGER_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.forms_devices import DeviceFileForm
from reservations.models import Branch
from reservations.rules.problem import Problem, Refused
from reservations.set_up.device_file import COLUMNS, MOST_BYTES, text_of
from reservations.set_up.device_import import import_devices, preview_file
from reservations.set_up.listing import devices_found
from reservations.staffing import branch_for


@never_cache
@staff_view("GET", MANAGER_ROLES)
def device_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form that reads a file."""
    return _page(request, branch_for(user_of(request), slug))


@never_cache
@staff_view("POST", MANAGER_ROLES)
def device_file_read(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what every line of a file would do; nothing is changed."""
    branch = branch_for(user_of(request), slug)
    form = DeviceFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, branch, form=form, status=422)
    try:
        text = text_of(form.cleaned_data["file"].read(MOST_BYTES + 1))
        plan = preview_file(branch, text, now=clock.now())
    except Refused as refused:
        form.add_error("file", str(refused.problems[0].sentence))
        return _page(request, branch, form=form, status=422)
    return _page(request, branch, plan=plan, text=text)


@never_cache
@staff_view("POST", MANAGER_ROLES)
def device_file_save(request: HttpRequest, slug: str) -> HttpResponse:
    """Save a file as it was shown; where it would do something else by now, show that."""
    branch, now = branch_for(user_of(request), slug), clock.now()
    text, seen = _sent_text(request), request.POST.get("seen", "")
    try:
        plan = import_devices(branch_id=branch.pk, text=text, seen=seen, by=actor_of(request), now=now)
    except Refused as refused:
        return _again(request, branch, text, refused.problems)
    sentence = ngettext("%(count)d device is saved.", "%(count)d devices are saved.", plan.saves)
    say(request, sentence % {"count": plan.saves} if plan.saves else _("Everything in this file is saved."))
    return redirect("devices-branch", slug)


def _sent_text(request: HttpRequest) -> str:
    """Return the file as it was read; a form sends its lines with other ends."""
    return request.POST.get("text", "").replace("\r\n", "\n").replace("\x00", "\ufffd")


def _again(request: HttpRequest, branch: Branch, text: str, problems: list[Problem]) -> HttpResponse:
    """Show what the file would do now, or that it cannot be read."""
    try:
        plan = preview_file(branch, text, now=clock.now())
    except Refused as refused:
        return _page(request, branch, problems=refused.problems, status=422)
    return _page(request, branch, plan=plan, text=text, problems=problems, status=422)


@never_cache
@staff_view("GET", MANAGER_ROLES)
def device_file_template(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the devices of the branch as a file with the columns that are read; two examples where there are none."""
    branch = branch_for(user_of(request), slug)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="devices-{branch.slug}.csv"'
    response.write("\ufeff")  # so that a spreadsheet reads the letters as they are
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for each in devices_found(branch, ""):
        cells = (each.label, each.device_class.code, each.area.name if each.area else "", each.place)
        writer.writerow(map(guard, (*cells, " ".join(each.features))))
    if not devices_found(branch, ""):
        writer.writerow(("1", "internet", _("Window row"), _("by the window"), "headset large-screen"))
    return response


def _page(request: HttpRequest, branch: Branch, *, status: int = 200, **shown: Any) -> HttpResponse:
    context = {"branch": branch, "form": DeviceFileForm(), "tab": "set-up", "now": clock.now(), **shown}
    return render(request, "reservations/device_file.html", context, status=status)
