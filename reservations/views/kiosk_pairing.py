"""Pairing a screen: the one kiosk page that a member of staff opens, on the screen's own browser."""

from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from helpdesk import clock
from helpdesk.roles import DESK_ROLES, actor_of, user_of
from reservations.forms import PairForm
from reservations.kiosk_request import paired_kiosk, remember_kiosk, see_other
from reservations.kiosks import pair_kiosk, unpaired_kiosk
from reservations.models import Kiosk
from reservations.rules.problem import Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest) -> HttpResponse:
    """Name the screen and choose its branch; then it is a kiosk, and the member of staff is signed out here."""
    if user_of(request).role not in DESK_ROLES:
        raise PermissionDenied
    again = unpaired_kiosk(request.GET.get("kiosk", ""))
    form = PairForm(request.POST if request.method == "POST" else None, user=user_of(request), again=again)
    before = paired_kiosk(request)
    if request.method != "POST":
        return _page(request, form, before)
    if not form.is_valid():
        return _page(request, form, before, status=422)
    try:
        _kiosk, token = pair_kiosk(**form.cleaned_data, before=before, by=actor_of(request), now=clock.now())
    except Refused as refused:
        form.add_error("name", str(refused.problems[0].sentence))
        return _page(request, form, before, status=422)
    logout(request)
    response = see_other("kiosk")
    remember_kiosk(response, token)
    return response


def _page(request: HttpRequest, form: PairForm, before: Kiosk | None, *, status: int = 200) -> HttpResponse:
    return render(request, "reservations/kiosk_pair.html", {"form": form, "before": before}, status=status)
