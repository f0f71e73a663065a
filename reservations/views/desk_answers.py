"""How the desk's actions answer: said and undoable, or refused with the rule, the sum and who may lift it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_htmx.http import reswap, retarget, trigger_client_event

from helpdesk import words
from helpdesk.htmx import render_page
from helpdesk.pages import page_of
from helpdesk.roles import actor_of
from helpdesk.toasts import say
from reservations.booking.override import OF_THE_REASON, may_lift
from reservations.models import Booking, Turn
from reservations.rules.problem import Problem
from reservations.staff_ways import StaffWay, person

CHANGED = "board-changed"  # the event on which a live board fetches itself
DONE = "dialog-done"  # the event on which an open dialog closes
PANEL = "refused"  # the id of the dialog that shows a refusal
LIFTING = {"override", "csrfmiddlewaretoken"}  # fields that "Do it anyway" brings itself


def done(request: HttpRequest, said: str, *, undo_url: str = "") -> HttpResponse:
    """Say what was done, with a way back for ten seconds where there is an `undo_url`.

    htmx gets 204, closes its dialog and wakes the board; without scripts the way leads back to the page that asked.
    """
    say(request, said, undo_url=undo_url)
    if is_htmx(request):
        return trigger_client_event(trigger_client_event(HttpResponse(status=204), CHANGED), DONE)
    return redirect(way_back(request))


def cut(place: Turn, asked: int | None) -> str:
    """Return what is said where a place in line got fewer minutes than were asked for; '' where it got all."""
    if asked is None or asked <= place.minutes:
        return ""
    return _("%(length)s is the longest here.") % {"length": capfirst(words.length(place.minutes))}


def of_those_with_them(before: Sequence[Booking]) -> str:
    """Return what became of the seats that people with an adult had `before`; '' where there was nobody. One query."""
    if not before:
        return ""
    standing = set(Booking.objects.open().filter(pk__in=[row.pk for row in before]).values_list("pk", flat=True))
    kept = ", ".join(row.device.said for row in before if row.pk in standing)
    gone = ", ".join(row.device.said for row in before if row.pk not in standing)
    said = [_("Given back with it, for who was with them: %(seats)s.") % {"seats": gone}] if gone else []
    said += [_("Who is with them still has %(seats)s.") % {"seats": kept}] if kept else []
    return " ".join(said)


def trigger_changed(response: HttpResponse) -> HttpResponse:
    """Wake the live board."""
    return trigger_client_event(response, CHANGED)


def undo_url(event_id: int | None) -> str:
    """Return the address that takes an event of a booking back, '' without one."""
    return reverse("booking-undo", args=[event_id]) if event_id else ""


def refuse(request: HttpRequest, problems: Sequence[Problem], ways: Sequence[StaffWay] = ()) -> HttpResponse:
    """Answer 422 with the panel: `ways`, a person as the last, and where the role may lift every rule, a reason.

    What is wrong with a reason that was given stands at its field, and the rules above it are the same.
    """
    problems, unfit = reason_apart(problems)
    context: dict[str, Any] = {"problems": problems, "back": way_back(request), "tab": "desk", "action": request.path}
    context |= {"may_lift": can_lift(request, problems), "fields": _fields(request), "unfit": unfit}
    context |= {"ways": ways, "person": person(problems, actor_of(request))}
    response = render_page(request, "reservations/refused.html", context, partial="refusal", status=422)
    if not is_htmx(request):
        return response
    if request.htmx.target == PANEL:  # type: ignore[attr-defined]
        return reswap(retarget(response, f"#{PANEL}"), "outerHTML")
    return reswap(retarget(response, "body"), "beforeend")


def reason_apart(problems: Sequence[Problem]) -> tuple[list[Problem], list[str]]:
    """Return the rules that are broken, and what is wrong with the reason to lift them; without rules, all is rules."""
    rules = [problem for problem in problems if problem.code not in OF_THE_REASON]
    if not rules:
        return list(problems), []
    return rules, [str(problem.sentence) for problem in problems if problem.code in OF_THE_REASON]


def can_lift(request: HttpRequest, problems: Sequence[Problem]) -> bool:
    """Return whether this member of staff may override all of them."""
    return bool(problems) and all(may_lift(problem, actor_of(request)) for problem in problems)


def form_problems(form: Form) -> list[Problem]:
    """Return what a form complains about in the shape of a refusal."""
    return [
        Problem(f"bad_{name}".removesuffix("_"), str(sentence), "", lift_by="")
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]


def way_back(request: HttpRequest) -> str:
    """Return the `next` address of form or page, or the page that asked, if it is ours; else the way home.

    Of an answer to a form it is the page that holds the form, for nothing is shown at the form's own address.
    """
    came_from = urlsplit(request.headers.get("Referer", ""))
    same_site = came_from.netloc == request.get_host()
    for target in (request.POST.get("next", ""), request.GET.get("next", ""), came_from.path if same_site else ""):
        if target and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
            return page_of(target)
    return resolve_url("home")


def is_htmx(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]


def _fields(request: HttpRequest) -> list[tuple[str, Any]]:
    """Return what the refused form held, to be sent again."""
    return [(name, value) for name, values in request.POST.lists() if name not in LIFTING for value in values]
