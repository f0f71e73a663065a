"""The set-up pages of local cards, for managers: import a file after a look at what it does; the log of look-ups."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_htmx.http import push_url

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import MANAGER_ROLES, actor_of, staff_view
from reservations.cards.importing import begin_import, drop_import, receive
from reservations.cards.report import refused_lines, unnamed, write_report
from reservations.models import CardImport, PatronLookup
from reservations.models.cards import ImportState
from reservations.patrons import library
from reservations.rules.problem import Problem, Refused

SHOWN_IMPORTS = 20
SHOWN_LINES = 50  # refused lines on the page; the report has more
A_PAGE = 50  # look-ups
NO_FILE = gettext_lazy("Choose a file of at most 16 MB. A larger one is imported with manage.py import_cards.")


class CardFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File of cards"),
        help_text=gettext_lazy("CSV with the columns number, pin, age_band or birth_date, expires_on, action"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        error_messages={
            "required": NO_FILE,
            "invalid": NO_FILE,
            "missing": NO_FILE,
            "empty": gettext_lazy("The file is empty. Choose the file with the cards."),
        },
    )


@never_cache
@staff_view("GET", MANAGER_ROLES)
def cards(request: HttpRequest) -> HttpResponse:
    """Show the imports so far and the form of the next one."""
    return _list(request, CardFileForm())


@never_cache
@staff_view("POST", MANAGER_ROLES)
def card_upload(request: HttpRequest) -> HttpResponse:
    """Read a file and show what it would do; no card is changed."""
    form = CardFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, status=422)
    stream = form.cleaned_data["file"].file
    try:
        read = receive(stream=stream, by=actor_of(request), now=clock.now())
    except Refused as refused:
        form.add_error("file", str(refused.problems[0].sentence))
        return _list(request, form, status=422)
    return redirect("card-import", read.pk)


@never_cache
@staff_view("GET", MANAGER_ROLES)
def card_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one import: what it would do, how far it is, what it did; the page asks for itself while it runs."""
    return _page(request, _import(pk))


@staff_view("POST", MANAGER_ROLES)
def card_import_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the cards of an import be changed, by a task."""
    try:
        begin_import(card_import=_import(pk), by=actor_of(request), now=clock.now())
    except Refused as refused:
        return _page(request, _import(pk), problems=refused.problems)  # as it stands now: somebody was quicker
    return redirect("card-import", pk)


@staff_view("POST", MANAGER_ROLES)
def card_import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away what has not become cards yet."""
    drop_import(card_import=_import(pk), by=actor_of(request), now=clock.now())
    messages.success(request, _("The rest of the import is dropped."))
    return redirect("cards")


@never_cache
@staff_view("GET", MANAGER_ROLES)
def card_import_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the refused lines as a file."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{pk}.csv"'
    write_report(_import(pk), response)
    return response


@never_cache
@staff_view("GET", MANAGER_ROLES)
def lookups(request: HttpRequest) -> HttpResponse:
    """List who of the staff looked somebody up, when, where and why; whom is not shown, and cannot be asked for."""
    rows = PatronLookup.objects.select_related("user", "branch").defer("patron")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "reservations/lookups.html", {"page": page, "tab": "card"})


def _import(pk: int) -> CardImport:
    found = CardImport.objects.select_related("made_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _list(request: HttpRequest, form: CardFileForm, *, status: int = 200) -> HttpResponse:
    imports = CardImport.objects.select_related("made_by").defer("report")[:SHOWN_IMPORTS]
    context = {"imports": imports, "form": form, "tab": "card", "now": clock.now()}
    context["asks_library"] = library.is_asked()
    response = render(request, "reservations/cards.html", context, status=status)
    return push_url(response, False) if status == 422 else response  # the address of the list stays that of the page


def _page(request: HttpRequest, found: CardImport, *, problems: list[Problem] | None = None) -> HttpResponse:
    lines = list(refused_lines(found))
    context = {
        "card_import": found,
        "runs": found.state in {ImportState.READING, ImportState.APPLYING},
        "lines": lines[:SHOWN_LINES],
        "more": max(0, len(lines) - SHOWN_LINES),
        "unnamed": unnamed(found),
        "problems": problems,
        "tab": "card",
        "now": clock.now(),
    }
    status = 422 if problems else 200
    return render_page(request, "reservations/card_import.html", context, partial="progress", status=status)
