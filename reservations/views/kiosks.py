"""The set-up pages of kiosks, for managers: the list, one kiosk, its name and place, taking its pairing back."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock, words
from helpdesk.roles import MANAGER_ROLES, actor_of, staff_view
from reservations.forms_branch import KioskForm
from reservations.kiosk_seen import last_seen
from reservations.kiosks import NAME_PAIRED, change_kiosk, kiosk_of, kiosks_listed, revoke_kiosk
from reservations.models import Kiosk
from reservations.rules.problem import Refused
from reservations.set_up.seen import CHANGED

JUST_NOW = timedelta(minutes=3)  # an idle kiosk shows its first page anew once a minute


@never_cache
@staff_view("GET", MANAGER_ROLES)
def kiosks(request: HttpRequest) -> HttpResponse:
    """List the kiosks with when each was last seen, and how a screen is paired."""
    now, rows = clock.now(), list(kiosks_listed())
    seen = last_seen(rows)
    context = {
        "pair_address": request.build_absolute_uri(reverse("kiosk-pair")),
        "rows": [(kiosk, _seen(kiosk, seen.get(kiosk.pk), now)) for kiosk in rows],
        "now": now,
        "tab": "set-up",
    }
    return render(request, "reservations/kiosk_list.html", context)


@never_cache
@staff_view("GET", MANAGER_ROLES)
def kiosk(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one kiosk in its form."""
    found = kiosk_of(pk)
    return _page(request, found, KioskForm(kiosk=found))


@never_cache
@staff_view("POST", MANAGER_ROLES)
def kiosk_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name and place of a kiosk."""
    found = kiosk_of(pk)
    form = KioskForm(request.POST, kiosk=found)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        saved = change_kiosk(kiosk=found, **form.cleaned_data, by=actor_of(request), now=clock.now())
    except Refused as refused:
        if refused.problems == [CHANGED]:
            fresh = kiosk_of(pk)
            form.hold_against(KioskForm(kiosk=fresh))
            return _page(request, fresh, form, status=422)
        problem = refused.problems[0]
        form.add_error("name" if problem == NAME_PAIRED else "beside", str(problem.sentence))
        return _page(request, found, form, status=422)
    messages.success(request, _("%(kiosk)s is saved.") % {"kiosk": saved.name})
    return redirect("kiosks")


@staff_view("POST", MANAGER_ROLES)
def kiosk_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the pairing of a kiosk back."""
    found = revoke_kiosk(kiosk=kiosk_of(pk), by=actor_of(request), now=clock.now())
    messages.success(request, _("%(kiosk)s is no kiosk any more until it is paired again.") % {"kiosk": found.name})
    return redirect("kiosks")


def _seen(kiosk: Kiosk, at: datetime | None, now: datetime) -> str:
    """Return when a paired screen was last here, in words."""
    if not kiosk.is_paired:
        return ""
    if at is None:
        return _("not known")
    return _("just now") if at > now - JUST_NOW else words.moment(at, now)


def _page(request: HttpRequest, found: Kiosk, form: KioskForm, **options: Any) -> HttpResponse:
    return render(request, "reservations/kiosk_form.html", {"screen": found, "form": form, "tab": "set-up"}, **options)
