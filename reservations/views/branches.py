"""The set-up pages of branches, for managers: the list, one branch, a new one, its place in the lists, removing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.roles import MANAGER_ROLES, actor_of, staff_view
from reservations.forms_branch import BranchForm
from reservations.models import Branch
from reservations.rules.problem import Problem, Refused
from reservations.set_up.branches import (
    add_branch,
    branch_of,
    branches_listed,
    change_branch,
    move_branch_up,
    remove_branch,
)
from reservations.set_up.seen import CHANGED


@never_cache
@staff_view("GET", MANAGER_ROLES)
def branches(request: HttpRequest) -> HttpResponse:
    """List the branches in their order."""
    return render(request, "reservations/branch_list.html", {"branches": branches_listed(), "tab": "set-up"})


@never_cache
@staff_view("GET", MANAGER_ROLES)
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one branch in its form."""
    found = branch_of(pk)
    return _page(request, found, BranchForm(branch=found))


@never_cache
@staff_view("GET", MANAGER_ROLES)
def branch_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new branch."""
    return _page(request, None, BranchForm())


@never_cache
@staff_view("POST", MANAGER_ROLES)
def branch_add(request: HttpRequest) -> HttpResponse:
    """Add a branch and lead back to what is missing there."""
    return _save(request, None)


@never_cache
@staff_view("POST", MANAGER_ROLES)
def branch_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a branch."""
    return _save(request, branch_of(pk))


@staff_view("POST", MANAGER_ROLES)
def branch_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a branch stand one place further up in the lists."""
    move_branch_up(branch=branch_of(pk), by=actor_of(request), now=clock.now())
    return redirect("branches")


@never_cache
@staff_view("POST", MANAGER_ROLES)
def branch_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a branch that has no past."""
    found = branch_of(pk)
    try:
        remove_branch(branch=found, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return _page(request, found, BranchForm(branch=found), status=422, problems=refused.problems)
    messages.success(request, _("%(branch)s is removed.") % {"branch": found.name})
    return redirect("branches")


def _save(request: HttpRequest, found: Branch | None) -> HttpResponse:
    form = BranchForm(request.POST, branch=found)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    by, now = actor_of(request), clock.now()
    try:
        if found:
            saved = change_branch(branch=found, **form.cleaned_data, by=by, now=now)
        else:
            saved = add_branch(**form.values, by=by, now=now)
    except Refused as refused:
        if found and refused.problems == [CHANGED]:
            fresh = branch_of(found.pk)
            form.hold_against(BranchForm(branch=fresh))
            return _page(request, fresh, form, status=422)
        for problem in refused.problems:
            form.add_error(form.FIELD_OF.get(problem.code, "policy"), str(problem.sentence))
        return _page(request, found, form, status=422)
    messages.success(request, _("%(branch)s is saved.") % {"branch": saved.name})
    return redirect("branches" if found else "set-up")


def _page(
    request: HttpRequest,
    found: Branch | None,
    form: BranchForm,
    *,
    status: int = 200,
    problems: list[Problem] | None = None,
) -> HttpResponse:
    context = {"found": found, "form": form, "problems": problems, "tab": "set-up"}
    return render(request, "reservations/branch_form.html", context, status=status)
