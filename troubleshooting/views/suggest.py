"""What the desk is shown while it types: what the question seems to be, why, its guide, what to ask."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from helpdesk.htmx import render_page
from helpdesk.models import User
from helpdesk.roles import DESK_ROLES, staff_view, user_of
from troubleshooting.forms import OTHERS
from troubleshooting.guides.sent import carried, tried_in
from troubleshooting.guides.tried import way_before
from troubleshooting.models import Category
from troubleshooting.models.ticket import TEXT_LIMIT
from troubleshooting.triage.similar import similar
from troubleshooting.triage.suggestion import suggest


@never_cache
@staff_view("POST", DESK_ROLES)
def suggestion(request: HttpRequest) -> HttpResponse:
    """Show what the words seem to be about, or the chosen category. By POST, so that no words stand in an address."""
    context = shown_for(request.POST, Category.objects.offered(), user_of(request))
    return render_page(request, "troubleshooting/desk_suggest.html", context)


def shown_for(sent: Any, categories: Iterable[Category], user: User) -> dict[str, Any]:
    """Return what `desk_suggest.html` shows for the fields of the question form.

    A category that staff chose comes before what the words suggest; among the suggested ones the ticked one counts.
    `similar` are solved questions that `user` may see.
    What was tried travels with the form until the question is saved.
    """
    found = _about(sent, {row.code: row for row in categories}, user)
    category = found["category"]
    if category is None or "scope" not in sent:  # the form of an open question has its guide beside it
        return found
    tried = tried_in(sent)
    return {**found, "way_before": way_before(category.pk, tried), "carried": carried(tried)}


def _about(sent: Any, by_code: Mapping[str, Category], user: User) -> dict[str, Any]:
    chosen = by_code.get(sent.get("category", ""))
    text = sent.get("text", "")[:TEXT_LIMIT]
    others_too = True if sent.get("scope") == OTHERS else None
    asked = text and not chosen
    found = suggest(text, others_too=others_too, categories=by_code.values()) if asked else None
    if found is None:
        return {"category": chosen, "tier": chosen.tier if chosen else None}
    listed = {each.category.code: each.category for each in found.categories}
    ticked = listed.get(sent.get("suggested", ""), found.category)
    tier = found.tier if ticked == found.category else ticked.tier
    return {"category": ticked, "tier": tier, "suggestion": found, "similar": similar(text, user)}
