"""The page of one booking: its whole story for the staff of its branch."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import DESK_ROLES, staff_view, user_of
from reservations.story import story_for


@never_cache
@staff_view("GET", DESK_ROLES)
def booking_story(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything that happened to a booking, and why."""
    story = story_for(user_of(request), pk, now=clock.now())
    context = {"branch": story.booking.branch, "story": story, "tab": "desk"}
    return render_page(request, "reservations/story.html", context)
