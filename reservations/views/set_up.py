"""The hub of set-up, for managers: what is missing before patrons can book, and the doors to every page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from helpdesk import registry
from helpdesk.roles import MANAGER_ROLES, staff_view
from reservations.set_up.checklist import checklists
from reservations.set_up.doors import DOORS


@never_cache
@staff_view("GET", MANAGER_ROLES)
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the checklist of every branch and the doors of set-up, those of other apps after our own."""
    lists = checklists()
    first = lists[0].branch
    context = {
        "lists": lists,
        "next": next((each.next for each in lists if each.sentence), None),
        "doors": [
            *((door, door.url(first)) for door in DOORS),
            *((door, reverse(door.url_name)) for door in registry.set_up_doors()),
        ],
        "tab": "set-up",
    }
    return render(request, "reservations/set_up.html", context)
