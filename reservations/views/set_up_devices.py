"""The set-up pages of devices, for managers: the list of a branch, one device in its form, retired and brought back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.roles import MANAGER_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.forms_devices import BackForm, DeviceForm, MoveBranchForm
from reservations.models import Branch, Device
from reservations.reseating import preview_gone
from reservations.rules.problem import Problem, Refused
from reservations.set_up.devices import DeviceSaid, add_device, change_device
from reservations.set_up.listing import LONGEST_SEARCH, device_of, devices_found, devices_retired, label_is_taken
from reservations.set_up.retire import bring_back, retire_device, told_of
from reservations.set_up.seen import CHANGED
from reservations.staffing import branch_for

FIELDS = {"label_twice": "label", "area_elsewhere": "area", "class_gone": "device_class"}


@never_cache
@staff_view("GET", MANAGER_ROLES)
def devices(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """List the devices of a branch, or those of them that a search finds."""
    branches = list(Branch.objects.visible_to(user_of(request)).order_by("position", "pk"))
    context: dict[str, Any] = {"branches": branches, "tab": "set-up", "now": clock.now()}
    if branches or slug:
        branch, sought = branch_for(user_of(request), slug), request.GET.get("q", "")[:LONGEST_SEARCH]
        context |= {"branch": branch, "sought": sought, "devices": devices_found(branch, sought)}
        context |= {"retired": devices_retired(branch)}
    return render(request, "reservations/devices.html", context)


@never_cache
@staff_view("GET", MANAGER_ROLES)
def device_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form of a new device."""
    branch = branch_for(user_of(request), slug)
    form = DeviceForm(branch=branch, device_class=request.GET.get("class"), area=request.GET.get("area"))
    return _page(request, branch, None, form)


@never_cache
@staff_view("POST", MANAGER_ROLES)
def device_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a device to a branch."""
    branch = branch_for(user_of(request), slug)
    form = DeviceForm(request.POST, branch=branch)
    if form.is_valid():
        try:
            device = add_device(branch_id=branch.pk, said=form.said(), by=actor_of(request), now=clock.now())
        except Refused as refused:
            return _page(request, branch, None, form, problems=refused.problems)
        say(request, _("%(device)s is added.") % {"device": device.said})
        return _one_more(device) if request.POST.get("do") == "next" else redirect("devices-branch", slug)
    return _page(request, branch, None, form, status=422)


def _one_more(device: Device) -> HttpResponse:
    """Lead to the form of a new device that has the class and the area of this one."""
    kept = {"class": device.device_class_id, "area": device.area_id or ""}
    return redirect(f"{reverse('device-new', args=[device.branch.slug])}?{urlencode(kept)}")


@never_cache
@staff_view("GET", MANAGER_ROLES)
def device(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one device in its form."""
    found = device_of(pk)
    return _page(request, found.branch, found, DeviceForm(branch=found.branch, device=found))


@never_cache
@staff_view("POST", MANAGER_ROLES)
def device_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what the form says of a device."""
    found = device_of(pk)
    form = DeviceForm(request.POST, branch=found.branch, device=found)
    if not form.is_valid():
        return _page(request, found.branch, found, form, status=422)
    try:
        saved = _change(request, found, found.branch, form.said(), seen=form.cleaned_data["seen"])
    except Refused as refused:
        if refused.problems == [CHANGED]:
            fresh = device_of(pk)
            form.hold_against(DeviceForm(branch=fresh.branch, device=fresh))
            return _page(request, fresh.branch, fresh, form, status=422)
        return _page(request, found.branch, found, form, problems=refused.problems)
    say(request, _("%(device)s is saved.") % {"device": saved.said})
    return redirect("devices-branch", found.branch.slug)


@never_cache
@staff_view("POST", MANAGER_ROLES)
def device_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a device stand at another branch, in no area yet."""
    found = device_of(pk)
    move = MoveBranchForm(request.POST, device=found)
    form = DeviceForm(branch=found.branch, device=found)
    if not move.is_valid():
        return _page(request, found.branch, found, form, move=move, status=422)
    to: Branch = move.cleaned_data["branch"]
    said = DeviceSaid(found.label, found.device_class, None, found.place, frozenset(found.features))
    try:
        saved = _change(request, found, to, said)
    except Refused as refused:
        return _page(request, found.branch, found, form, move=move, problems=refused.problems)
    sentence = _("%(device)s stands in %(branch)s now, in no area yet. Choose its area there.")
    say(request, sentence % {"device": saved.said, "branch": to.name})
    return redirect("device", pk)


def _change(request: HttpRequest, found: Device, branch: Branch, said: DeviceSaid, *, seen: str = "") -> Device:
    by, now = actor_of(request), clock.now()
    return change_device(device_id=found.pk, branch_id=branch.pk, said=said, by=by, now=now, seen=seen)


@never_cache
@staff_view("GET", MANAGER_ROLES)
def device_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what stands on a device and what would become of it; nothing is changed."""
    return _retire_page(request, device_of(pk))


@never_cache
@staff_view("POST", MANAGER_ROLES)
def device_retired(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a device out of the room for good, as it was shown."""
    found = device_of(pk)
    seen = [int(each) for each in request.POST.get("seen", "").split() if each.isdecimal()]
    try:
        done = retire_device(device_id=pk, seen=seen, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return _retire_page(request, found, problems=refused.problems)
    moved, lost = (len(done.moved), len(done.displaced)) if done else (0, 0)
    said = _("%(device)s is retired.") % {"device": found.said}
    if moved:
        said += " " + ngettext("%(count)d moved.", "%(count)d moved.", moved) % {"count": moved}
    if lost:
        sentence = ngettext("%(count)d person is to be told.", "%(count)d people are to be told.", lost)
        said += " " + sentence % {"count": lost}
    say(request, said)
    return redirect("devices-branch", found.branch.slug)


@staff_view("POST", MANAGER_ROLES)
def device_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a retired device stand in the room again, under another number or name where its own is taken."""
    found = device_of(pk)
    back = BackForm(request.POST if "label" in request.POST else {"label": found.label}, device=found)
    form = DeviceForm(branch=found.branch, device=found)
    if not back.is_valid():
        return _page(request, found.branch, found, form, back=back, status=422)
    try:
        stands = bring_back(device_id=pk, label=back.cleaned_data["label"], by=actor_of(request), now=clock.now())
    except Refused as refused:
        return _page(request, found.branch, found, form, back=back, problems=refused.problems)
    say(request, _("%(device)s is back in the room.") % {"device": stands.said})
    return redirect("device", pk)


def _retire_page(request: HttpRequest, found: Device, *, problems: list[Problem] | None = None) -> HttpResponse:
    now = clock.now()
    preview = preview_gone(found, now=now)
    rows = [*(row for row, _seat in preview.moves), *preview.left]
    context = {
        "device": found,
        "branch": found.branch,
        "preview": preview,
        "seen": " ".join(map(str, sorted(told_of(rows)))),
        "problems": problems,
        "tab": "set-up",
        "now": now,
    }
    return render(request, "reservations/device_retire.html", context, status=422 if problems else 200)


def _page(
    request: HttpRequest,
    branch: Branch,
    found: Device | None,
    form: DeviceForm,
    *,
    move: MoveBranchForm | None = None,
    back: BackForm | None = None,
    problems: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form of a device; what a field can be blamed for stands at the field."""
    sent = back or form
    for problem in problems or []:
        if problem.code in FIELDS and sent.is_bound:
            sent.add_error(FIELDS[problem.code], str(problem.sentence))
    context = {
        "branch": branch,
        "device": found,
        "form": form,
        "move": move or (MoveBranchForm(device=found) if found else None),
        "back": back or (BackForm(device=found) if found and label_is_taken(found) else None),
        "problems": [each for each in problems or [] if each.code not in FIELDS or not sent.is_bound],
        "tab": "set-up",
        "now": clock.now(),
    }
    return render(request, "reservations/device.html", context, status=422 if problems else status)
