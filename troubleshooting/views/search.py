"""Search: questions, seats, machines and categories on one page, and the searches that staff keep."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import ALL_ROLES, actor_of, staff_view, user_of
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.search.forms import RenameForm
from troubleshooting.search.page import SearchPage, own_view
from troubleshooting.search.saved import delete_view, rename_view, save_view

PAGE = "troubleshooting/search.html"


@never_cache
@staff_view("GET", ALL_ROLES)
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found; without a question only the kept searches."""
    page = SearchPage(user_of(request), request.GET, clock.now())
    return render_page(request, PAGE, page.context())


@staff_view("POST", ALL_ROLES)
def save(request: HttpRequest) -> HttpResponse:
    """Keep the search that the form holds under a name, for oneself or for a branch."""
    page = SearchPage(user_of(request), request.POST, clock.now())
    form = page.save_form(request.POST)
    if form.is_valid():
        at = {branch.slug: branch.pk for branch in page.branches}
        query, name = form.filters().query, form.cleaned_data["name"]
        try:
            view = save_view(
                name=name, query=query, branch_id=at.get(form.cleaned_data["shared"]), by=actor_of(request)
            )
        except TicketRefused as refused:
            form.add_error("name", refused.sentence)
        else:
            messages.success(request, _("%(name)s is kept.") % {"name": view.name})
            return redirect(f"{reverse('search')}?{view.query}")
    return render_page(request, PAGE, page.context(saving=form), status=422)


@staff_view("POST", ALL_ROLES)
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a kept search another name."""
    view = own_view(user_of(request), pk)
    form = RenameForm(request.POST)
    if form.is_valid():
        try:
            rename_view(view_id=view.pk, name=form.cleaned_data["name"], by=actor_of(request))
        except TicketRefused as refused:
            form.add_error("name", refused.sentence)
        else:
            return redirect(f"{reverse('search')}?{view.query}")
    page = SearchPage(user_of(request), QueryDict(view.query), clock.now())
    return render_page(request, PAGE, page.context(renaming=(view.pk, form)), status=422)


@staff_view("POST", ALL_ROLES)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a kept search of one's own."""
    view = own_view(user_of(request), pk)
    delete_view(view_id=view.pk, by=actor_of(request))
    messages.success(request, _("%(name)s is deleted.") % {"name": view.name})
    return redirect(f"{reverse('search')}?{view.query}")
