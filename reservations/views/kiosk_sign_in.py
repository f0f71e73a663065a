"""The sign-in step: a card number with its PIN, or the number of a guest pass."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import clock, words
from reservations.forms import THEN, SignInForm
from reservations.kiosk_request import (
    CHOSEN,
    LONGEST_CHOSEN,
    SCAN_COOKIE,
    VISIT_COOKIE,
    KioskRequest,
    forget_cookie,
    kiosk_view,
    render_step,
    see_other,
    set_cookie,
)
from reservations.library_away import way_left
from reservations.patrons.door import sign_in
from reservations.patrons.keys import normalise
from reservations.patrons.passes import CODE_DIGITS, gives_passes
from reservations.patrons.scan import forget_scan, keep_scan, scanned_number
from reservations.patrons.scanner import scanned
from reservations.patrons.visit import begin_visit, life
from reservations.rules.problem import Problem, Refused

GUEST_HINT = gettext_lazy("A guest number has 10 digits and needs no PIN.")


@kiosk_view("GET", "POST")
def sign_in_step(request: KioskRequest) -> HttpResponse:
    """Ask who it is, then lead on to where the patron was going (`then` in the address)."""
    now, token = clock.now(), request.COOKIES.get(SCAN_COOKIE, "")
    if request.method != "POST":
        number = scanned_number(kiosk=request.kiosk, token=token)
        return _page(request, SignInForm(initial={"number": number}), now, scanned=bool(number))
    forget_scan(kiosk=request.kiosk, token=token)
    if "pin" not in request.POST:  # a scan on the start page brings the number alone
        return _scanned(request, request.POST.get("number", "")[:40])
    form = SignInForm(request.POST)
    if form.is_valid() and _needs_pin(form.cleaned_data):
        form.add_error("pin", _("Now type the PIN of this card."))
        if _looks_like_a_pass(form.cleaned_data):
            form.add_error(None, GUEST_HINT)
    if not form.is_valid():
        return _page(request, form, now, status=422, scanned="number" not in form.errors)
    try:
        found = sign_in(**form.cleaned_data, kiosk=request.kiosk, now=now)
    except Refused as refused:
        return _refused(request, form, refused.problems[0], now)
    return _welcomed(request, begin_visit(kiosk=request.kiosk, patron=found))


def _scanned(request: KioskRequest, number: str) -> HttpResponse:
    """Lead on to the sign-in step by GET, so that Back and Reload never send the number again."""
    chosen = {key: request.GET[key][:LONGEST_CHOSEN] for key in CHOSEN if key in request.GET}
    response = see_other("kiosk-sign-in", then=_then(request), **chosen)
    number = scanned(number)
    token = keep_scan(kiosk=request.kiosk, number=number) if number else ""
    if token:
        set_cookie(response, SCAN_COOKIE, token, max_age=life())
    return response


def _needs_pin(sent: dict[str, Any]) -> bool:
    """Return whether the number is no guest pass, so that a scanner's Enter is not counted as a wrong try."""
    return not sent["pin"] and len(normalise(sent["number"])) != CODE_DIGITS


def _looks_like_a_pass(sent: dict[str, Any]) -> bool:
    """Return whether this may be a guest number: with a PIN, or typed with a digit too few or too many."""
    digits = len(normalise(sent["number"]))
    return digits == CODE_DIGITS if sent.get("pin") else 0 < abs(digits - CODE_DIGITS) <= 2


def _refused(request: KioskRequest, form: SignInForm, problem: Problem, now: datetime) -> HttpResponse:
    if problem.code == "library_away":
        return _away(request, problem, now)
    form.add_error(None, str(problem.sentence))
    if problem.code != "throttled":
        if _looks_like_a_pass(form.cleaned_data) and problem.code == "wrong":
            form.add_error(None, GUEST_HINT)
        return _page(request, form, now, status=422, scanned=True, code=problem.code)
    again = words.clock(problem.next_at) if problem.next_at else ""
    if again:
        form.add_error(None, _("The next try works at %(time)s.") % {"time": again})
    return _page(request, form, now, status=429, again=again, code=problem.code)


def _away(request: KioskRequest, problem: Problem, now: datetime) -> HttpResponse:
    """Say that cards cannot be checked, which is nobody's wrong PIN, with the ways that work. 503."""
    context = {
        "problems": [problem],
        "best": way_left(request.kiosk.branch.policy),
        "back_url": reverse("kiosk"),
        "person_can": _("They can find a seat for you"),
    }
    return render_step(request, "reservations/kiosk_refusal.html", context, now=now, status=503)


def _page(
    request: KioskRequest,
    form: SignInForm,
    now: datetime,
    *,
    status: int = 200,
    scanned: bool = False,
    again: str = "",
    code: str = "",
) -> HttpResponse:
    """Render the form; with `scanned` the number is there and the PIN is next, before `again` nothing works."""
    form.fields["pin" if scanned else "number"].widget.attrs["autofocus"] = True
    then = _then(request)
    context: dict[str, Any] = {"form": form, "then": then, "again": again, "refused_code": code}
    context["here"] = request.get_full_path()
    if gives_passes(request.kiosk, now):
        context["guest_key"] = uuid4()
    return render_step(request, "reservations/kiosk_sign_in.html", context, now=now, status=status)


def _then(request: KioskRequest) -> str:
    then = request.GET.get("then", "")
    return then if then in THEN else "mine"


def _welcomed(request: KioskRequest, visit: str) -> HttpResponse:
    then = _then(request)
    chosen = {key: request.GET[key][:LONGEST_CHOSEN] for key in CHOSEN if key in request.GET and then != "mine"}
    response = see_other(f"kiosk-{then}", **chosen)
    set_cookie(response, VISIT_COOKIE, visit)
    if SCAN_COOKIE in request.COOKIES:
        forget_cookie(response, SCAN_COOKIE)
    return response
