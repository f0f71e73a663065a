"""The wall display of a branch."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk import clock, live
from helpdesk.htmx import render_page
from reservations.wall import branch_on_wall, wall_of, wall_scopes


@login_not_required
@never_cache
@require_safe
def wall(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the numbers called and the waits of a branch. Public by intent: it names nobody and takes nothing in."""
    now = clock.now()
    branch = branch_on_wall(slug)
    watched = live.watch(*wall_scopes(branch.pk))
    shown = wall_of(branch, now=now)
    context = {"branch": branch, "wall": shown, "live": watched.signed(shown.next_change_at, now)}
    return render_page(request, "reservations/wall.html", context, partial="live")
