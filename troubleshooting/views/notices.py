"""Messages: what was passed on to me, and e-mails that could not be delivered."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock, live
from helpdesk.htmx import render_page
from helpdesk.roles import ALL_ROLES, IT_ROLES, actor_of, staff_view, user_of
from reservations.public import branches_seen
from troubleshooting import cards, notifications
from troubleshooting.models import Notification
from troubleshooting.models.category import Tier
from troubleshooting.models.handoff import Why
from troubleshooting.refusals import is_fragment

TEMPLATE = "troubleshooting/notices.html"
SHOWN = 50
PAGES = {Tier.REFERENCE: "question", Tier.IT: "it-fault"}


@never_cache
@staff_view("GET", ALL_ROLES)
def notices(request: HttpRequest) -> HttpResponse:
    """Show what is new for this member of staff; htmx gets the line that stands on every page."""
    user, now = user_of(request), clock.now()
    watch = live.watch(*(f"notices:{branch.pk}" for branch in branches_seen(user)))
    rows = [_row(notification) for notification in notifications.unread(user)[:SHOWN]]
    context: dict[str, Any] = {
        "tab": "notices",
        "rows": rows,
        "newest": rows[0] if rows else None,
        "strip_url": f"{reverse('notices')}?live={watch.signed(None, now)}",
    }
    if not is_fragment(request):
        context["letters"] = notifications.dead_letters()[:SHOWN] if user.role in IT_ROLES else []
        context["sees_letters"] = user.role in IT_ROLES
    return render_page(request, TEMPLATE, context, partial="strip")


@staff_view("POST", ALL_ROLES)
def read(request: HttpRequest) -> HttpResponse:
    """Mark everything as read and go on to the list."""
    notifications.mark_read(user_of(request), clock.now())
    return redirect("notices")


@staff_view("POST", IT_ROLES)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try an e-mail again that was given up."""
    done = notifications.retry_dead(notification_id=pk, by=actor_of(request), now=clock.now())
    return _letters(request, done, _("It is tried again now."))


@staff_view("POST", IT_ROLES)
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an e-mail that was given up off the list: somebody told them in another way."""
    done = notifications.dismiss(notification_id=pk, by=actor_of(request), now=clock.now())
    return _letters(request, done, _("It is off the list."))


def _letters(request: HttpRequest, done: bool, said: str) -> HttpResponse:
    if done:
        messages.success(request, said)
    else:
        messages.warning(request, _("This e-mail is no longer on the list."))
    return redirect("notices")


def _row(notification: Notification) -> dict[str, Any]:
    handoff = notification.handoff
    is_call = handoff.why == Why.CALL
    url = reverse(PAGES[Tier(handoff.to_tier)], args=[handoff.ticket_id])
    said = _("Late with %(level)s") if handoff.why == Why.LATE else _("New with %(level)s")
    news = said % {"level": handoff.get_to_tier_display()}
    return {
        "at": notification.created_at,
        "url": reverse("reference-branch", args=[handoff.ticket.branch.slug]) if is_call else url,
        "level": handoff.ticket.tier if is_call else handoff.to_tier,
        "news": _("The desk has not come") if is_call else news,
        "branch": handoff.ticket.branch.name,
        "place": cards.place_of(handoff.ticket),
        "what": handoff.ticket.category.label,
        "number": handoff.ticket.number,
        "late": handoff.why == Why.LATE,
    }
