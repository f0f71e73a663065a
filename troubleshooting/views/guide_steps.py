"""The steps of a guide's draft: add one, write it anew, move it, delete it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import REFERENCE_ROLES, actor_of, staff_view
from troubleshooting.forms_guide import StepForm
from troubleshooting.guides import editing
from troubleshooting.guides_page import GuidePage, target_names
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import GuideStep
from troubleshooting.views.guides import show


@staff_view("GET", REFERENCE_ROLES)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of another step."""
    page = _page(code)
    return _form_page(request, page, _form(page))


@staff_view("POST", REFERENCE_ROLES)
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Add a step at the end of the draft."""
    page = _page(code)
    form = _form(page, request.POST)

    def verb() -> Any:
        draft_id = page.draft.pk if page.draft else 0
        return editing.add_step(draft_id=draft_id, written=form.written(), by=actor_of(request), now=clock.now())

    return _saved(request, page, form, verb)


@staff_view("GET", REFERENCE_ROLES)
def step(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Show the form of a step."""
    page = _page(code)
    return _form_page(request, page, _form(page, step=_step_of(page, pk)))


@staff_view("POST", REFERENCE_ROLES)
def save(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Write a step anew; of two who do, the second is told and keeps their words."""
    page = _page(code)
    form = _form(page, request.POST, step=_step_of(page, pk))

    def verb() -> Any:
        changes = form.cleaned_data["changes"]
        who: dict[str, Any] = {"by": actor_of(request), "now": clock.now()}
        return editing.change_step(step_id=pk, changes=changes, written=form.written(), **who)

    return _saved(request, page, form, verb)


@staff_view("POST", REFERENCE_ROLES)
def move(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Let a step change places with the one before or after it."""
    up = request.POST.get("to") == "up"
    return _done(request, code, lambda: editing.move_step(step_id=pk, up=up, by=actor_of(request)), "")


@staff_view("POST", REFERENCE_ROLES)
def remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Delete a step of the draft."""
    said = _("The step is deleted. What led there leads on to where its No went.")
    return _done(request, code, lambda: editing.remove_step(step_id=pk, by=actor_of(request)), said)


def _page(code: str) -> GuidePage:
    """Return the page of a guide that has a draft, else Http404: only a draft has forms."""
    page = GuidePage(code, clock.now())
    if page.draft is None:
        raise Http404
    return page


def _step_of(page: GuidePage, pk: int) -> GuideStep:
    found = page.draft.steps.filter(pk=pk).first() if page.draft else None
    if found is None:
        raise Http404
    return found


def _form(page: GuidePage, data: Any = None, *, step: GuideStep | None = None) -> StepForm:
    steps = [each.shape for each in page.draft.steps.all()] if page.draft else []
    return StepForm(data, targets=target_names(steps), step=step)


def _saved(request: HttpRequest, page: GuidePage, form: StepForm, verb: Callable[[], Any]) -> HttpResponse:
    if not form.is_valid():
        return _form_page(request, page, form, status=422)
    try:
        verb()
    except TicketRefused as refused:
        form.refuse(refused)
        return _form_page(request, page, form, status=422)
    messages.success(request, _("The step is saved in the draft."))
    return redirect("guide", page.category.code)


def _form_page(request: HttpRequest, page: GuidePage, form: StepForm, *, status: int = 200) -> HttpResponse:
    context = {"tab": "guides", "category": page.category, "form": form, "step": form.step, "now": page.now}
    return render_page(request, "troubleshooting/guide_step.html", context, status=status)


def _done(request: HttpRequest, code: str, verb: Callable[[], Any], said: str) -> HttpResponse:
    page = GuidePage(code, clock.now())
    try:
        verb()
    except TicketRefused as refused:
        messages.error(request, refused.sentence)
        return show(request, page, status=422)
    if said:
        messages.success(request, said)
    return redirect("guide", code)
