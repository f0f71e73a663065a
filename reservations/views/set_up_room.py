"""The set-up page of a room, for managers: its areas and devices in their real order, moved by buttons."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import MANAGER_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.forms_devices import AreaForm
from reservations.models import Area, Branch
from reservations.plan import plan_of
from reservations.rules.problem import Problem, Refused
from reservations.set_up.order import parts_of
from reservations.set_up.room import WAYS, Stands, add_area, change_area, move_area, move_device, remove_area
from reservations.set_up.seen import CHANGED
from reservations.staffing import branch_for, branches_for

LARGEST = 2**31  # of a number in a button
Step = Callable[..., Stands]


@never_cache
@staff_view("GET", MANAGER_ROLES)
def rooms(request: HttpRequest) -> HttpResponse:
    """Lead to the room of the first branch; where there is no branch yet, to the list of devices, which says so."""
    first = Branch.objects.visible_to(user_of(request)).order_by("position", "pk").first()
    return redirect("room", first.slug) if first else redirect("devices")


@never_cache
@staff_view("GET", MANAGER_ROLES)
def room(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the areas and devices in their order; the button that was pressed last keeps the focus."""
    return _page(request, branch_for(user_of(request), slug), pressed=_pressed(request.GET.get("pressed", "")))


@never_cache
@staff_view("POST", MANAGER_ROLES)
def room_move(request: HttpRequest, slug: str) -> HttpResponse:
    """Move a device or an area one place, and say where it stands now."""
    branch = branch_for(user_of(request), slug)
    for name, pk in request.POST.items():
        kind, _dash, way = name.partition("-")
        verb = {"device": _device_step, "area": _area_step}.get(kind)
        if verb and way in WAYS and str(pk).isdecimal() and int(str(pk)) < LARGEST:
            return _moved(request, branch, verb, f"{name}-{pk}", int(str(pk)), way)
    return redirect("room", slug)


def _pressed(sent: str) -> tuple[str, str]:
    """Return which button was pressed last: its name, and of what."""
    name, _dash, pk = sent.rpartition("-")
    return name, pk


def _device_step(pk: int, **said: Any) -> Stands:
    return move_device(device_id=pk, **said)


def _area_step(pk: int, **said: Any) -> Stands:
    return move_area(area_id=pk, **said)


def _moved(request: HttpRequest, branch: Branch, verb: Step, button: str, pk: int, way: str) -> HttpResponse:
    try:
        stands = verb(pk, way=way, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return _page(request, branch, problems=refused.problems)
    if request.htmx:  # type: ignore[attr-defined]
        return _page(request, branch, said=stands.said, lit=pk if button.startswith("device") else None)
    say(request, stands.said)
    return redirect(f"{reverse('room', args=[branch.slug])}?{urlencode({'pressed': button})}")


@never_cache
@staff_view("POST", MANAGER_ROLES)
def area_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add an area behind the others."""
    branch = branch_for(user_of(request), slug)
    form = AreaForm(request.POST)
    if not form.is_valid():
        return _page(request, branch, form=form, status=422)
    try:
        area = add_area(branch_id=branch.pk, by=actor_of(request), now=clock.now(), **form.values)
    except Refused as refused:
        form.add_error("name", str(refused.problems[0].sentence))
        return _page(request, branch, form=form, status=422)
    say(request, _("%(area)s is added. Move devices into it.") % {"area": area.name})
    return redirect("room", slug)


@never_cache
@staff_view("POST", MANAGER_ROLES)
def area_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an area another name or hint."""
    area = _area(pk)
    form = AreaForm(request.POST, auto_id=f"area-{pk}-%s")
    if form.is_valid():
        try:
            saved = change_area(area_id=pk, by=actor_of(request), now=clock.now(), **form.cleaned_data)
        except Refused as refused:
            if refused.problems == [CHANGED]:
                form.hold_against(AreaForm.of(_area(pk)))
            else:
                form.add_error("name", str(refused.problems[0].sentence))
        else:
            say(request, _("%(area)s is saved.") % {"area": saved.name})
            return redirect("room", area.branch.slug)
    return _page(request, area.branch, changed=(pk, form), status=422)


@never_cache
@staff_view("POST", MANAGER_ROLES)
def area_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an area in which nothing stands."""
    area = _area(pk)
    try:
        remove_area(area_id=pk, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return _page(request, area.branch, problems=refused.problems)
    say(request, _("%(area)s is removed.") % {"area": area.name})
    return redirect("room", area.branch.slug)


def _area(pk: int) -> Area:
    area = Area.objects.select_related("branch").filter(pk=pk).first()
    if area is None:
        raise Http404
    return area


def _page(
    request: HttpRequest,
    branch: Branch,
    *,
    problems: list[Problem] | None = None,
    form: AreaForm | None = None,
    changed: tuple[int, AreaForm] | None = None,
    lit: int | None = None,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    parts = parts_of(branch.pk)
    devices = [device for part in parts for device in part.devices]
    forms = {part.area.pk: AreaForm.of(part.area) for part in parts if part.area}
    if changed:
        forms[changed[0]] = changed[1]
    context = {
        "branch": branch,
        "branches": branches_for(user_of(request)),
        "parts": [(part, forms[part.area.pk] if part.area else None) for part in parts],
        "edges": (devices[0].pk, devices[-1].pk) if devices else (),
        "areas": sum(1 for part in parts if part.area),
        "plan": plan_of(next((device for device in devices if device.pk == lit), None), devices),
        "form": form or AreaForm(),
        "problems": problems,
        "tab": "set-up",
        "now": clock.now(),
        **shown,
    }
    status = 422 if problems else status
    return render_page(request, "reservations/room.html", context, partial="room", status=status)
