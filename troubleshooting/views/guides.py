"""Guides: the list, one guide with its figures and versions, its preview, and the verbs that change and publish it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import DESK_ROLES, REFERENCE_ROLES, actor_of, staff_view, user_of
from troubleshooting.guides import editing
from troubleshooting.guides.figures import figures_of, offered
from troubleshooting.guides.live import guide_of
from troubleshooting.guides.sent import carried, tried_in
from troubleshooting.guides.tried import Given, line, way_of
from troubleshooting.guides_page import GuidePage, all_guides
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.refusals import number_in

DESK, KIOSK = "desk", "kiosk"


@staff_view("GET", DESK_ROLES)
def guides(request: HttpRequest) -> HttpResponse:
    """Show every category with its guide; who sees a step that never solves can change it."""
    context = {"tab": "guides", "rows": all_guides(clock.now()), "now": clock.now()}
    return render_page(request, "troubleshooting/guides.html", context)


@staff_view("GET", DESK_ROLES)
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """Show a guide: its draft where there is one, the version in use, or `?version=`."""
    return show(request, GuidePage(code, clock.now(), number_in(request, "version")))


def show(request: HttpRequest, page: GuidePage, *, status: int = 200) -> HttpResponse:
    """Render the page of a guide for whoever may only read it or also change it."""
    context = {**page.context(), "may_edit": user_of(request).role in REFERENCE_ROLES}
    return render_page(request, "troubleshooting/guide.html", context, status=status)


@staff_view("GET", DESK_ROLES)
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """Show a guide as the desk and as the kiosk show it, in `?language=`; nothing is kept of the answers."""
    now = clock.now()
    page = GuidePage(code, now, number_in(request, "version"))
    codes = dict(settings.LANGUAGES)
    language = request.GET.get("language", "")
    language = language if language in codes else get_language() or settings.LANGUAGE_CODE
    screen = KIOSK if request.GET.get("as") == KIOSK else DESK
    context = {
        **page.context(),
        **_preview(request, page, language),
        "languages": list(codes.items()),
        "language": language,
        "screen": screen,
    }
    return render_page(request, "troubleshooting/guide_preview.html", context)


def _preview(request: HttpRequest, page: GuidePage, language: str) -> dict[str, Any]:
    if page.shown is None:
        return {"way": None, "offered": []}
    shown = guide_of(page.shown)
    steps = {step.pk: step for step in shown.steps}
    tried = {pk: answer for pk, answer in tried_in(request.GET).items() if pk in steps}
    with translation.override(language):
        way = way_of(shown, [Given(shown, steps[pk], answer) for pk, answer in tried.items()])
        kiosk = [line(step) for step in offered(shown.steps, figures_of(page.category.pk, page.now))]
    return {"way": way, "offered": kiosk, "carried": carried(tried)}


@staff_view("POST", REFERENCE_ROLES)
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the draft, from the version in use or from the one named by `version`."""
    text = request.POST.get("version", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len("32768") else None

    def verb(page: GuidePage) -> str:
        by, now = actor_of(request), clock.now()
        draft = editing.begin_draft(category_id=page.category.pk, number=number, by=by, now=now)
        return _("Draft %(number)s is yours to change. Nobody else sees it yet.") % {"number": draft.number}

    return _changed(request, code, verb)


@staff_view("POST", REFERENCE_ROLES)
def drop(request: HttpRequest, code: str) -> HttpResponse:
    """Throw the draft away."""

    def verb(page: GuidePage) -> str:
        editing.drop_draft(draft_id=_version_of(request), by=actor_of(request))
        return _("The draft is gone. The version in use stays.")

    return _changed(request, code, verb)


@staff_view("POST", REFERENCE_ROLES)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish the draft, or say what keeps it from being published."""

    def verb(page: GuidePage) -> str:
        version = editing.publish(draft_id=_version_of(request), by=actor_of(request), now=clock.now())
        return _("Version %(number)s is in use now, at the desk and at the kiosk.") % {"number": version.number}

    return _changed(request, code, verb)


def _version_of(request: HttpRequest) -> int:
    """Return the draft that the page showed; 0, which is none, where it names no number."""
    text = request.POST.get("draft", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(2**63)) else 0


def _changed(request: HttpRequest, code: str, verb: Callable[[GuidePage], str]) -> HttpResponse:
    page = GuidePage(code, clock.now())
    try:
        messages.success(request, verb(page))
    except TicketRefused as refused:
        messages.error(request, refused.sentence)
        return show(request, GuidePage(code, clock.now()), status=422)
    return redirect("guide", code)
