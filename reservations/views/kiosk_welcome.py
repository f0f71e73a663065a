"""The kiosk's start page with its live free counts, how the page looks, and leaving."""

from datetime import datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import clock, live, words
from reservations.availability import free_now
from reservations.calendars import calendar_of
from reservations.choosing import days_to_book
from reservations.day_notice import notice_of
from reservations.kept_out import takes_guests
from reservations.kiosk_look import LOOK_COOKIE
from reservations.kiosk_request import (
    SCAN_COOKIE,
    VISIT_COOKIE,
    KioskRequest,
    forget_cookie,
    forget_person,
    is_poll,
    kiosk_token,
    kiosk_view,
    remember_kiosk,
    render_step,
    see_other,
    set_cookie,
)
from reservations.kiosk_seen import note_kiosk
from reservations.library_away import away_notice
from reservations.patrons.passes import gives_passes
from reservations.patrons.visit import end_visit, life
from reservations.scopes import board_scope

REFUSING = {
    "kiosk-book",
    "kiosk-line",
    "kiosk-cancel",
    "kiosk-check-in",
    "kiosk-finish",
    "kiosk-extend",
    "kiosk-land",
    "kiosk-resume",
    "kiosk-turn-claim",
    "kiosk-turn-leave",
    "kiosk-turn-rejoin",
}
WELCOME = "reservations/kiosk_welcome.html"


@kiosk_view("GET")
def welcome(request: KioskRequest) -> HttpResponse:
    """The three doors. Whoever sees this page is nobody yet: a sign-in that was left behind ends here."""
    now, branch = clock.now(), request.kiosk.branch
    watch, calendar = live.watch(board_scope(branch.pk)), calendar_of(branch.pk)
    note_kiosk(request.kiosk, now)
    opens = calendar.next_opening(now)
    context = {
        "greeting": _greeting(now),
        "free": free_now(branch, now=now),
        "opens": words.when(opens, now) if opens and opens > now else "",
        "live": watch.signed(None, now),
        "at_rest": not request.look,
        "is_stale": "stale" in request.GET,
        "notice": notice_of(calendar, now),
        "polled": is_poll(request),
        "away": away_notice(branch, now),
    }
    if is_poll(request):
        return render_step(request, WELCOME, context, now=now, calendar=calendar, partial="free")
    if request.COOKIES.keys() & {VISIT_COOKIE, SCAN_COOKIE}:
        rotate_token(request)  # the forms of the last person, still in the browser's history, lead nowhere
    context["days"] = days_to_book(branch, now=now)
    context |= {"takes_guests": takes_guests(branch), "gives_passes": gives_passes(request.kiosk, now)}
    response = render_step(request, WELCOME, context, now=now, calendar=calendar)
    remember_kiosk(response, kiosk_token(request))
    forget_person(request, response)
    return response


def _greeting(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    if hour < 12:
        return _("Good morning.")
    return _("Good afternoon.") if hour < 18 else _("Good evening.")


@kiosk_view("POST")
def settings(request: KioskRequest) -> HttpResponse:
    """Change language, text size or contrast for this person, and show the same page again."""
    look = request.look.changed(request.POST.dict())
    response = _refusal_again(request.POST.get("again", "")) or HttpResponseRedirect(
        _page_again(request.POST.get("here", "")), status=303
    )
    if look:
        set_cookie(response, LOOK_COOKIE, str(look), max_age=life())
    else:
        forget_cookie(response, LOOK_COOKIE)
    return response


def _refusal_again(again: str) -> HttpResponse | None:
    """Send the form on to the step that refused it (`again`), so that it answers once more; None for other pages."""
    try:
        found = resolve(again)
    except Resolver404:
        return None
    return HttpResponseRedirect(again, preserve_request=True) if found.url_name in REFUSING else None


def _page_again(here: str) -> str:
    """Return `here` if it is a kiosk page, else the start page's address: no form leads anywhere else."""
    start = reverse("kiosk")
    try:
        resolve(here.partition("?")[0])
    except Resolver404:
        return start
    return here if here.startswith(start) else start


@kiosk_view("POST")
def leave(request: KioskRequest) -> HttpResponse:
    """End the visit; nothing of it is left in the browser, and a form from its history is refused as stale."""
    end_visit(kiosk=request.kiosk, token=request.COOKIES.get(VISIT_COOKIE, ""))
    rotate_token(request)
    response = see_other("kiosk")
    forget_person(request, response)
    forget_cookie(response, LOOK_COOKIE)
    return response
