"""One button for several ticked questions, asked about first where they are many, and the way back."""

from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk import clock, toasts
from helpdesk.htmx import render_page
from helpdesk.roles import ALL_ROLES, actor_of, staff_view, user_of
from troubleshooting import bulk
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Category, Ticket


@staff_view("POST", ALL_ROLES)
def act(request: HttpRequest) -> HttpResponse:
    """Do one thing to all ticked questions, one by one; those of which nothing came stay ticked."""
    what, back = request.POST.get("do", ""), _back(request)
    chosen = bulk.chosen_of(request.POST.getlist("ticket"))
    wrong = _refusal(request, what, len(chosen))
    if wrong:
        messages.error(request, wrong)
        return _lead(back, [each.pk for each in chosen])
    if len(chosen) > bulk.SURE and "sure" not in request.POST:
        return _ask(request, what, chosen, back)
    user, category = user_of(request), request.POST.get("category", "")
    result = bulk.run(what=what, chosen=chosen, user=user, by=actor_of(request), now=clock.now(), category=category)
    return _told(request, back, result, bulk.undo_token(what, result, user))


@staff_view("POST", ALL_ROLES)
def undo(request: HttpRequest, token: str) -> HttpResponse:
    """Take back what was done to several questions at once, within ten minutes."""
    back = _back(request)
    try:
        result = bulk.undo(token=token, user=user_of(request), by=actor_of(request), now=clock.now())
    except TicketRefused as refused:
        messages.error(request, refused.sentence)
        return _lead(back, [])
    return _told(request, back, result, "")


def _refusal(request: HttpRequest, what: str, many: int) -> str:
    """Return why nothing can be done, or ''."""
    if what not in bulk.VERBS:
        return _("Choose one of the buttons below the list.")
    if not many:
        return _("Tick one question or more first.")
    if many > bulk.MOST:
        return _("%(many)d are ticked. %(most)d fit at once: tick fewer.") % {"many": many, "most": bulk.MOST}
    if what == bulk.CATEGORY and not Category.objects.filter(code=request.POST.get("category", "")).exists():
        return _("Choose what they are about, then change it.")
    return ""


def _ask(request: HttpRequest, what: str, chosen: list[bulk.Chosen], back: str) -> HttpResponse:
    """Show what would be done to how many questions."""
    seen = Ticket.objects.visible_to(user_of(request)).select_related("category", "branch")
    context = {
        "tab": "search",
        "what": what,
        "verb": bulk.VERBS[what],
        "chosen": chosen,
        "tickets": seen.filter(pk__in=[each.pk for each in chosen]).order_by("-pk"),
        "category": Category.objects.filter(code=request.POST.get("category", "")).first(),
        "back": back,
    }
    return render_page(request, "troubleshooting/bulk_sure.html", context)


def _told(request: HttpRequest, back: str, result: bulk.Result, token: str) -> HttpResponseRedirect:
    """Say what came of it, with the way back where there is one, on the page where it began."""
    if token:
        path = reverse("bulk-undo", args=[token])
        toasts.say(request, result.said, undo_url=f"{path}?{urlencode({'back': back})}")
    elif result.done:
        messages.success(request, result.said)
    else:
        messages.error(request, result.said)
    return _lead(back, result.refused)


def _back(request: HttpRequest) -> str:
    """Return the list that the questions were ticked on: the search or a reference queue of this site."""
    path = request.POST.get("back", "") or request.GET.get("back", "")
    lists = (reverse("search"), reverse("reference"))
    return path if path.startswith(lists) and "\\" not in path else lists[0]


def _lead(back: str, ticked: "list[int] | dict[int, str]") -> HttpResponseRedirect:
    """Lead back to the list, with `ticked` still ticked."""
    parts = urlsplit(back)
    asked = QueryDict(parts.query, mutable=True)
    asked.pop("ticked", None)
    if ticked:
        asked["ticked"] = ",".join(str(number) for number in list(ticked)[: bulk.MOST])
    return redirect(f"{parts.path}?{asked.urlencode()}" if asked else parts.path)
