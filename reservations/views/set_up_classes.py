"""The set-up pages of classes of devices, for managers: the list, one class in its form, added and removed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.roles import MANAGER_ROLES, actor_of, staff_view
from helpdesk.toasts import say
from reservations.forms_devices import ClassForm
from reservations.models import DeviceClass
from reservations.rules.problem import Problem, Refused
from reservations.set_up.classes import add_class, change_class, classes_listed, depends_on, remove_class
from reservations.set_up.seen import CHANGED

FIELDS = {"class_twice": "name", "class_not_bookable": "kind"}


@never_cache
@staff_view("GET", MANAGER_ROLES)
def classes(request: HttpRequest) -> HttpResponse:
    """List the classes with what depends on each, and the form of a new one."""
    return _list(request, ClassForm())


@never_cache
@staff_view("POST", MANAGER_ROLES)
def class_add(request: HttpRequest) -> HttpResponse:
    """Add a class."""
    form = ClassForm(request.POST)
    if form.is_valid():
        try:
            kind = add_class(said=form.said(), by=actor_of(request), now=clock.now())
        except Refused as refused:
            blame(form, refused.problems)
        else:
            say(request, _("%(class)s is added.") % {"class": kind.name})
            return redirect("classes")
    return _list(request, form, status=422)


@never_cache
@staff_view("GET", MANAGER_ROLES)
def class_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one class in its form."""
    found = _class(pk)
    return _page(request, found, ClassForm.of(found))


@never_cache
@staff_view("POST", MANAGER_ROLES)
def class_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what the form says of a class."""
    found, form = _class(pk), ClassForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        seen = form.cleaned_data["seen"]
        saved = change_class(class_id=pk, said=form.said(), by=actor_of(request), now=clock.now(), seen=seen)
    except Refused as refused:
        if refused.problems == [CHANGED]:
            fresh = _class(pk)
            form.hold_against(ClassForm.of(fresh))
            return _page(request, fresh, form, status=422)
        return _page(request, found, form, problems=blame(form, refused.problems), status=422)
    say(request, _("%(class)s is saved.") % {"class": saved.name})
    return redirect("classes")


@never_cache
@staff_view("POST", MANAGER_ROLES)
def class_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a class that nothing depends on."""
    found = _class(pk)
    try:
        remove_class(class_id=pk, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return _page(request, found, ClassForm.of(found), problems=refused.problems, status=422)
    say(request, _("%(class)s is removed.") % {"class": found.name})
    return redirect("classes")


def blame(form: ClassForm, problems: list[Problem]) -> list[Problem]:
    """Put what a field can be blamed for at the field; return the rest."""
    for problem in problems:
        if problem.code in FIELDS:
            form.add_error(FIELDS[problem.code], str(problem.sentence))
    return [problem for problem in problems if problem.code not in FIELDS]


def _class(pk: int) -> DeviceClass:
    found = classes_listed().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _list(request: HttpRequest, form: ClassForm, *, status: int = 200) -> HttpResponse:
    context = {"classes": classes_listed(), "form": form, "tab": "set-up", "now": clock.now()}
    return render(request, "reservations/classes.html", context, status=status)


def _page(
    request: HttpRequest,
    found: DeviceClass,
    form: ClassForm,
    *,
    problems: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "kind": found,
        "form": form,
        "depends_on": depends_on(found),
        "problems": problems,
        "tab": "set-up",
        "now": clock.now(),
    }
    return render(request, "reservations/class.html", context, status=status)
