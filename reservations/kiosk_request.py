"""What every kiosk page starts with: the paired screen, who is signed in there, how the page looks."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.actor import Actor, patron
from helpdesk.htmx import render_page
from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.kiosk_look import LOOK_COOKIE, Look
from reservations.kiosks import kiosk_with
from reservations.models import Kiosk, Patron
from reservations.patrons.scan import forget_scan
from reservations.patrons.visit import VisitStoreAway, life, patron_of_visit

KIOSK_COOKIE = "kiosk"  # the screen's long random token, signed
VISIT_COOKIE = "visit"  # the patron's sign-in, which lives in Redis
SCAN_COOKIE = "scan"  # a card number on its way to the sign-in step, which lives in Redis
KIOSK_COOKIE_AGE = 10 * 365 * 24 * 3600  # seconds; browsers shorten it, the start page renews it
CHOSEN = ("day", "start", "needs")  # what a patron had chosen before signing in; it travels in the query
LONGEST_CHOSEN = 200  # characters of each


P = ParamSpec("P")


class KioskRequest(HttpRequest):
    """A request of a paired screen, as `kiosk_view` hands it to the view."""

    kiosk: Kiosk
    patron: Patron | None
    look: Look
    htmx: Any


KioskView = Callable[Concatenate[KioskRequest, P], HttpResponseBase]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def kiosk_view(*methods: str, needs_patron: bool = False) -> Callable[[KioskView[P]], PlainView[P]]:
    """Open a page to paired screens only, by `methods` (GET also answers HEAD).

    The view finds `request.kiosk` (with branch and policy), `request.patron` and `request.look`. A forged, missing or
    revoked token is 403, another method a page with status 405. With `needs_patron` a visitor who has not signed in
    goes to the sign-in step, and while the store of visits is away the answer is 503. No answer is ever stored;
    Http404 becomes a page with a way on.
    """
    allowed = [*methods, "HEAD"] if "GET" in methods else [*methods]

    def decorate(view: KioskView[P]) -> PlainView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            kiosk_request = cast(KioskRequest, request)
            is_paired = _identify(kiosk_request)
            if request.method not in allowed:
                response: HttpResponseBase = _not_allowed(kiosk_request, allowed, is_paired=is_paired)
            elif not is_paired:
                response = _not_paired(kiosk_request)
            else:
                response = _answer(kiosk_request, lambda: view(kiosk_request, *args, **kwargs), needs_patron)
            response.headers["Cache-Control"] = "no-store"
            return response

        return cast(PlainView[P], login_not_required(guarded))

    return decorate


def _identify(request: KioskRequest) -> bool:
    """Set kiosk and look; return whether the screen is paired."""
    request.look = Look.read(request.COOKIES.get(LOOK_COOKIE, ""))
    if request.look.language:
        translation.activate(request.look.language)
    kiosk = paired_kiosk(request)
    if kiosk:
        request.kiosk = kiosk
    return kiosk is not None


def kiosk_token(request: HttpRequest) -> str:
    """Return the token of this browser, '' where it has none or a forged one."""
    return str(request.get_signed_cookie(KIOSK_COOKIE, default="", salt=KIOSK_COOKIE))


def paired_kiosk(request: HttpRequest) -> Kiosk | None:
    """Return the screen that this browser is paired as, with branch and policy. One query."""
    token = kiosk_token(request)
    return kiosk_with(token) if token else None


def _answer(request: KioskRequest, view: Callable[[], HttpResponseBase], needs_patron: bool) -> HttpResponseBase:
    request.patron = None
    try:
        request.patron = _visitor(request)
    except VisitStoreAway:
        if needs_patron:
            return _away(request)
    if needs_patron and request.patron is None:
        return _start_again() if is_poll(request) else see_other("kiosk-sign-in", **_heading(request))
    try:
        response = view()
    except VisitStoreAway:
        return _away(request)
    except Http404:
        return kiosk_stop(request, "gone", _("This is not here any more."), status=404)
    if LOOK_COOKIE in request.COOKIES and LOOK_COOKIE not in response.cookies and not is_poll(request):
        set_cookie(response, LOOK_COOKIE, str(request.look), max_age=life())
    return response


def _start_again() -> HttpResponse:
    """Answer a page that asks by itself and finds nobody signed in any more."""
    return HttpResponse(status=204, headers={"HX-Redirect": reverse("kiosk")})


def _visitor(request: KioskRequest) -> Patron | None:
    token = request.COOKIES.get(VISIT_COOKIE, "")
    return patron_of_visit(kiosk=request.kiosk, token=token, extend=not is_poll(request))


def is_poll(request: HttpRequest) -> bool:
    """Return whether the page asks by itself; that is no touch, so no visit lives longer by it."""
    return "live" in request.GET


def _heading(request: KioskRequest) -> dict[str, str]:
    """Return where the patron was going, as the query of the sign-in step."""
    sent = request.POST if request.method == "POST" else request.GET
    name = request.resolver_match.url_name if request.resolver_match else ""
    kind = "times" if sent.get("kind") == "later" else "now"
    known = {"kiosk-now": "now", "kiosk-times": "times", "kiosk-book": kind, "kiosk-line": "now"}
    then = known.get(name or "", "mine")
    chosen = {key: sent.get(key, "")[:LONGEST_CHOSEN] for key in CHOSEN if then != "mine"}
    return {"then": then, **{key: value for key, value in chosen.items() if value}}


def patron_of(request: KioskRequest) -> Patron:
    """Return who is signed in; for views with `needs_patron`."""
    assert request.patron is not None
    return request.patron


def actor_at(request: KioskRequest) -> Actor:
    """Return `by=` for the verbs of a kiosk page."""
    return patron(request.kiosk.pk)


def render_step(
    request: KioskRequest,
    template: str,
    context: dict[str, Any],
    *,
    now: datetime,
    calendar: Calendar | None = None,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a kiosk page with what its head shows. One query unless the branch's `calendar` is given."""
    span = (calendar or calendar_of(request.kiosk.branch_id)).span_at(now)
    frame = {"branch": request.kiosk.branch, "open_until": span[1] if span else None, "now": now}
    return render_page(request, template, {**frame, **context}, partial=partial, status=status)


def kiosk_stop(request: KioskRequest, code: str, sentence: str, *, status: int) -> HttpResponse:
    """Answer with one sentence, its stable `code` and the ways on: the start page, or a person."""
    context = {"refused_code": code, "sentence": sentence}
    return render_step(request, "reservations/kiosk_stop.html", context, now=clock.now(), status=status)


def _not_allowed(request: KioskRequest, allowed: list[str], *, is_paired: bool) -> HttpResponse:
    """Answer an address that takes other methods: at a paired screen with a page and its ways on."""
    if not is_paired:
        return HttpResponseNotAllowed(allowed)
    request.patron = None
    response = kiosk_stop(request, "too_old", _("There is nothing to see here any more. Start again."), status=405)
    response.headers["Allow"] = ", ".join(allowed)
    return response


def _away(request: KioskRequest) -> HttpResponse:
    """Say that nobody can sign in at the screens for the moment."""
    sentence = _("This screen cannot sign anybody in right now. Ask at the desk, they can book for you.")
    return kiosk_stop(request, "away", sentence, status=503)


def _not_paired(request: KioskRequest) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=403, headers={"HX-Redirect": reverse("kiosk")})
    return render(request, "reservations/kiosk_not_paired.html", status=403)


def see_other(url_name: str, *args: int, **query: str) -> HttpResponse:
    """Redirect after a form (303), with `query` in the address."""
    address = reverse(url_name, args=args)
    return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address, status=303)


def set_cookie(response: HttpResponseBase, name: str, value: str, *, max_age: int | None = None) -> None:
    """Set one of the kiosk's cookies: never readable by scripts, only sent to kiosk pages."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path=reverse("kiosk"),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def remember_kiosk(response: HttpResponseBase, token: str) -> None:
    """Keep the token of a paired screen in its browser."""
    response.set_signed_cookie(
        KIOSK_COOKIE,
        token,
        salt=KIOSK_COOKIE,
        max_age=KIOSK_COOKIE_AGE,
        path=reverse("kiosk"),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def forget_person(request: KioskRequest, response: HttpResponseBase) -> None:
    """Take the sign-in and a scanned number out of the browser."""
    forget_scan(kiosk=request.kiosk, token=request.COOKIES.get(SCAN_COOKIE, ""))
    for name in (VISIT_COOKIE, SCAN_COOKIE):
        if name in request.COOKIES:
            forget_cookie(response, name)


def forget_cookie(response: HttpResponseBase, name: str) -> None:
    response.delete_cookie(name, path=reverse("kiosk"), samesite="Lax")
