"""The tally of the desk: a tap, taking it back, and what is entered later."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import clock, words
from helpdesk.htmx import render_page
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.public import branch_for, branches_for
from troubleshooting.forms_tally import LateForm, TapForm, UndoForm
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models.category import TallyGroup
from troubleshooting.tally import tally, tally_late, undo_last_tally, undo_tally
from troubleshooting.views.desk import answer, refused

if TYPE_CHECKING:
    from reservations.models import Branch

LATE = "troubleshooting/tally_late.html"


@staff_view("POST", DESK_ROLES)
def tap(request: HttpRequest, slug: str) -> HttpResponse:
    """Count one question of a group, now or when it was tapped; the same key counts once."""
    now = clock.now()
    branch = branch_for(user_of(request), slug)
    form = TapForm(request.POST)
    if not form.is_valid():
        return refused(request, branch, now, _("Tap one of the seven buttons."), partial="tally")
    try:
        ticket = tally(branch_id=branch.pk, by=actor_of(request), now=now, **form.cleaned_data)
    except TicketRefused as refusal:
        return refused(request, branch, now, refusal.sentence, partial="tally")
    return answer(request, branch, now, partial="tally", tapped=ticket.category.tally_group)


@staff_view("POST", DESK_ROLES)
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back the last count, or the tap of which only the browser knows whether it arrived."""
    now = clock.now()
    branch = branch_for(user_of(request), slug)
    form = UndoForm(request.POST)
    key = form.cleaned_data["request_key"] if form.is_valid() else None
    who: dict[str, Any] = {"branch_id": branch.pk, "by": actor_of(request), "now": now}
    try:
        undone = undo_tally(request_key=key, **who) if key else undo_last_tally(**who)
    except TicketRefused as refusal:
        return refused(request, branch, now, refusal.sentence, partial="tally")
    tapped = undone[0].category.tally_group if undone else ""
    return answer(request, branch, now, partial="tally", tapped=tapped)


@staff_view("GET", DESK_ROLES)
def late(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what was not counted when it was asked."""
    now = clock.now()
    return _late_page(request, branch_for(user_of(request), slug), now)


@staff_view("POST", DESK_ROLES)
def late_saved(request: HttpRequest, slug: str) -> HttpResponse:
    """Count what was asked earlier, each question with its own time; all of it can be taken back at once."""
    now = clock.now()
    here = branch_for(user_of(request), slug)
    form = _late_form(request, here, now, data=request.POST)
    if not form.is_valid():
        return _late_page(request, here, now, form)
    branch = branch_for(user_of(request), form.cleaned_data["branch"])
    asked = {name: form.cleaned_data[name] for name in ("group", "many", "at", "request_key")}
    try:
        counted = tally_late(branch_id=branch.pk, by=actor_of(request), now=now, **asked)
    except TicketRefused as refusal:
        form.add_error(None, refusal.sentence)
        return _late_page(request, here, now, form)
    said = {"count": len(counted), "what": TallyGroup(asked["group"]).label, "when": words.when(asked["at"], now)}
    sentence = ngettext(
        "Counted %(when)s: %(what)s, %(count)d.", "Counted %(when)s: %(what)s, %(count)d.", len(counted)
    )
    say(request, sentence % said, undo_url=reverse("desk-tally-undo", args=[branch.slug]))
    return redirect("desk-branch", here.slug)


def _late_form(request: HttpRequest, here: "Branch", now: datetime, **options: Any) -> LateForm:
    return LateForm(branches=branches_for(user_of(request)), here=here, now=now, **options)


def _late_page(request: HttpRequest, here: "Branch", now: datetime, form: LateForm | None = None) -> HttpResponse:
    form = form or _late_form(request, here, now)
    context = {"tab": "desk", "branch": here, "form": form, "now": now}
    return render_page(request, LATE, context, status=422 if form.is_bound else 200)
