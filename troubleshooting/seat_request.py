"""What every help page of a seat starts with: the device whose address was opened, and the language of its reader."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils import translation

from helpdesk.htmx import render_page
from troubleshooting.help_address import device_at

if TYPE_CHECKING:
    from reservations.models import Device

LANGUAGE_COOKIE = "help_language"  # on the help pages of one seat only; it goes when the browser closes
P = ParamSpec("P")


class SeatRequest(HttpRequest):
    """A request to the help address of a device, as `seat_view` hands it to the view; `code` is as it was typed."""

    device: "Device"
    code: str


SeatView = Callable[Concatenate[SeatRequest, P], HttpResponse]


def seat_view(*methods: str) -> Callable[[SeatView[P]], Callable[..., HttpResponse]]:
    """Open a page to whoever has the address of a device, by `methods` (GET also answers HEAD).

    No session and no sign-in is involved. A wrong, renewed or retired address, and Http404, become a page with the way
    on; no answer is ever stored.
    """
    allowed = [*methods, "HEAD"] if "GET" in methods else [*methods]

    def decorate(view: SeatView[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            with translation.override(_language(request)):
                response = _answer(request, code, lambda seat_request: view(seat_request, *args, **kwargs))
            response.headers["Cache-Control"] = "no-store"
            return response

        return login_not_required(guarded)

    return decorate


def _language(request: HttpRequest) -> str:
    """Return the language that was chosen on these pages, else the one the browser asks for."""
    chosen = request.GET.get("language") or request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE


def _answer(request: HttpRequest, code: str, view: Callable[[SeatRequest], HttpResponse]) -> HttpResponse:
    device = device_at(code)
    if device is None:
        return _gone(request)
    seat_request = cast(SeatRequest, request)
    seat_request.device, seat_request.code = device, code
    start = reverse("seat-help", args=[code])
    try:
        response = view(seat_request)
    except Http404:
        return _gone(request, start)
    if "language" in request.GET:
        spoken: Any = translation.get_language()
        response.set_cookie(LANGUAGE_COOKIE, spoken, path=start, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response


def _gone(request: HttpRequest, start: str = "") -> HttpResponse:
    return render_page(request, "troubleshooting/seat_help_gone.html", {"start": start}, status=404)
